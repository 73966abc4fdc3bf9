"""Measurements, series and machines."""


def smooth(values, reach):
    """Mean of each value and its neighbours within reach, rounded down."""
    out = []
    for place in range(len(values)):
        first = max(0, place - reach)
        last = min(len(values), place + reach + 1)
        window = values[first:last]
        out.append(sum(window) // len(window))
    return out


def test_smooth():
    assert smooth([1, 2, 9], 1) == [1, 4, 5]
    assert smooth([5, 6], 0) == [5, 6]
    assert smooth([], 2) == []
    assert smooth([0, 0, 10, 0, 0], 2) == [3, 2, 2, 2, 3]


def alarm_times(values, high, low):
    """Places where an alarm begins: it starts above high and ends below low."""
    times = []
    active = False
    for place, value in enumerate(values):
        if not active and value > high:
            times.append(place)
            active = True
        elif active and value < low:
            active = False
    return times


def test_alarm_times():
    assert alarm_times([1, 9, 6, 9, 2, 9], 8, 4) == [1, 5]
    assert alarm_times([8, 8], 8, 4) == []
    assert alarm_times([9, 4, 9], 8, 4) == [0]
    assert alarm_times([9, 3, 9], 8, 4) == [0, 2]


def fan_speed(temperature):
    """Per cent of a fan: off below 40 degrees, full from 80 on, in between 2.5 for each degree."""
    if temperature < 40:
        return 0
    if temperature >= 80:
        return 100
    return (temperature - 40) * 5 // 2


def test_fan_speed():
    assert fan_speed(39) == 0
    assert fan_speed(40) == 0
    assert fan_speed(60) == 50
    assert fan_speed(79) == 97
    assert fan_speed(80) == 100
    assert fan_speed(41) == 2


def peaks(values):
    """Places of the values that are higher than both neighbours; the ends have only one."""
    found = []
    for place, value in enumerate(values):
        left = place == 0 or values[place - 1] < value
        right = place == len(values) - 1 or values[place + 1] < value
        if left and right:
            found.append(place)
    return found


def test_peaks():
    assert peaks([1, 3, 2, 5]) == [1, 3]
    assert peaks([4, 4]) == []
    assert peaks([7]) == [0]
    assert peaks([3, 1, 2]) == [0, 2]


def fuel_left(tank, used_per_100, legs):
    """Litres left after each leg in km; the list ends before the first leg that cannot be driven."""
    left = []
    for leg in legs:
        need = leg * used_per_100 / 100
        if need > tank:
            break
        tank -= need
        left.append(tank)
    return left


def test_fuel_left():
    assert fuel_left(50, 10, [100, 200]) == [40.0, 20.0]
    assert fuel_left(10, 10, [100, 1]) == [0.0]
    assert fuel_left(5, 10, [100]) == []


def counter_delta(old, new, size):
    """Units counted between two readings of a counter that starts again at 0 after size - 1."""
    if new >= old:
        return new - old
    return size - old + new


def test_counter_delta():
    assert counter_delta(10, 25, 100) == 15
    assert counter_delta(90, 5, 100) == 15
    assert counter_delta(7, 7, 100) == 0


def grade_bands(scores, limits):
    """How many scores are in each band; limits are the lowest scores of the bands, in rising order."""
    counts = [0] * (len(limits) + 1)
    for score in scores:
        band = 0
        for limit in limits:
            if score >= limit:
                band += 1
        counts[band] += 1
    return counts


def test_grade_bands():
    assert grade_bands([10, 50, 80, 49], [50, 80]) == [2, 1, 1]
    assert grade_bands([], [5]) == [0, 0]
    assert grade_bands([5, 6], [5]) == [0, 2]


def battery_cycle(levels):
    """Sum of all falls of a battery's level in full cycles of 100, rounded down."""
    used = 0
    for before, after in zip(levels, levels[1:]):
        if after < before:
            used += before - after
    return used // 100


def test_battery_cycle():
    assert battery_cycle([100, 40, 90, 30]) == 1
    assert battery_cycle([100, 1]) == 0
    assert battery_cycle([100, 0, 100, 0]) == 2
    assert battery_cycle([]) == 0


def recipe_scale(amounts, people, cooked_for):
    """Amounts of a recipe for another number of people, rounded up to the next five."""
    scaled = {}
    for name, amount in amounts.items():
        exact = amount * people / cooked_for
        steps = -(-exact // 5)
        scaled[name] = int(steps * 5)
    return scaled


def test_recipe_scale():
    assert recipe_scale({"flour": 200}, 6, 4) == {"flour": 300}
    assert recipe_scale({"salt": 7}, 4, 4) == {"salt": 10}
    assert recipe_scale({"oil": 30, "egg": 10}, 1, 2) == {"oil": 15, "egg": 5}
