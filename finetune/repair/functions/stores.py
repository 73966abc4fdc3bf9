"""Stock, queues and orders."""


def reorder_list(stock, minimum):
    """Articles to buy, in the order of their names, with how many are missing up to twice the minimum."""
    wanted = []
    for name in sorted(stock):
        if stock[name] < minimum[name]:
            wanted.append((name, 2 * minimum[name] - stock[name]))
    return wanted


def test_reorder_list():
    assert reorder_list({"nut": 3, "bolt": 1}, {"nut": 3, "bolt": 4}) == [("bolt", 7)]
    assert reorder_list({"b": 0, "a": 0}, {"b": 1, "a": 2}) == [("a", 4), ("b", 2)]
    assert reorder_list({}, {}) == []


def pack_boxes(weights, limit):
    """Number of boxes when things are packed in their order, each box taking as much as the limit allows."""
    boxes = 0
    room = 0
    for weight in weights:
        if weight > room:
            boxes += 1
            room = limit
        room -= weight
    return boxes


def test_pack_boxes():
    assert pack_boxes([4, 4, 4], 8) == 2
    assert pack_boxes([5, 5], 9) == 2
    assert pack_boxes([], 9) == 0
    assert pack_boxes([1, 2, 3, 4], 10) == 1


def serve_queue(customers, per_minute):
    """Minutes until each customer has been served, per_minute of them at a time, counted from 1."""
    times = {}
    for place, customer in enumerate(customers):
        times[customer] = place // per_minute + 1
    return times


def test_serve_queue():
    assert serve_queue(["a", "b", "c"], 2) == {"a": 1, "b": 1, "c": 2}
    assert serve_queue([], 2) == {}
    assert serve_queue(["x", "y"], 1) == {"x": 1, "y": 2}


def merge_orders(first, second):
    """Sum of two orders by article; articles of which nothing is left are taken out."""
    merged = dict(first)
    for name, count in second.items():
        merged[name] = merged.get(name, 0) + count
    return {name: count for name, count in merged.items() if count > 0}


def test_merge_orders():
    assert merge_orders({"tea": 2}, {"tea": 1, "jam": 3}) == {"tea": 3, "jam": 3}
    assert merge_orders({"tea": 2}, {"tea": -2}) == {}
    assert merge_orders({}, {"tea": 1}) == {"tea": 1}


def oldest_batch(batches, today):
    """Number of the batch (number, expiry) that goes bad first and is still good; None for none."""
    best = None
    for number, expiry in batches:
        if expiry >= today and (best is None or expiry < best[1]):
            best = (number, expiry)
    return best[0] if best else None


def test_oldest_batch():
    assert oldest_batch([(1, 9), (2, 5), (3, 7)], 6) == 3
    assert oldest_batch([(1, 4)], 4) == 1
    assert oldest_batch([(1, 3)], 4) is None
    assert oldest_batch([(1, 8), (2, 8)], 2) == 1


def lift_trips(people, capacity):
    """Trips of a lift that takes people in their order, as long as their weights fit."""
    trips = 0
    load = 0
    for weight in people:
        if trips == 0 or load + weight > capacity:
            trips += 1
            load = 0
        load += weight
    return trips


def test_lift_trips():
    assert lift_trips([70, 80, 90], 150) == 2
    assert lift_trips([], 150) == 0
    assert lift_trips([100, 100, 100], 150) == 3
    assert lift_trips([50, 50, 50], 150) == 1


def shelf_place(sizes, item):
    """Number of the smallest shelf that an item fits on, the first of equal ones; -1 for none."""
    place = -1
    for number, size in enumerate(sizes):
        if size >= item and (place == -1 or size < sizes[place]):
            place = number
    return place


def test_shelf_place():
    assert shelf_place([10, 4, 6], 5) == 2
    assert shelf_place([4, 4], 4) == 0
    assert shelf_place([1, 2], 3) == -1
    assert shelf_place([9, 8, 7], 1) == 2


def delivery_cost(weight, express):
    """Cost of a parcel: 5 up to 2 kg, 1 for each further kg begun, half as much again for express."""
    cost = 500
    if weight > 2000:
        cost += (weight - 2000 + 999) // 1000 * 100
    if express:
        cost = cost * 3 // 2
    return cost


def test_delivery_cost():
    assert delivery_cost(2000, False) == 500
    assert delivery_cost(2001, False) == 600
    assert delivery_cost(4000, False) == 700
    assert delivery_cost(500, True) == 750


def refill(levels, supply, full):
    """Fill tanks up in their order with a supply; return the new levels and what is left of it."""
    filled = []
    for level in levels:
        need = min(full - level, supply)
        supply -= need
        filled.append(level + need)
    return filled, supply


def test_refill():
    assert refill([5, 8], 10, 10) == ([10, 10], 3)
    assert refill([5, 8], 4, 10) == ([9, 8], 0)
    assert refill([10], 4, 10) == ([10], 4)
