"""Grids, maps and routes."""


def walk_robot(commands):
    """Place of a robot that starts at (0, 0) facing north: F steps forward, L and R turn."""
    x, y = 0, 0
    dx, dy = 0, 1
    for command in commands:
        if command == "F":
            x += dx
            y += dy
        elif command == "L":
            dx, dy = -dy, dx
        elif command == "R":
            dx, dy = dy, -dx
    return x, y


def test_walk_robot():
    assert walk_robot("FF") == (0, 2)
    assert walk_robot("RFF") == (2, 0)
    assert walk_robot("LF") == (-1, 0)
    assert walk_robot("FRFRF") == (1, 0)


def count_neighbours(grid, row, column):
    """Number of marked cells (1) among the eight around a cell."""
    count = 0
    for r in range(row - 1, row + 2):
        for c in range(column - 1, column + 2):
            if (r, c) == (row, column):
                continue
            if 0 <= r < len(grid) and 0 <= c < len(grid[0]):
                count += grid[r][c]
    return count


def test_count_neighbours():
    grid = [[1, 0, 1], [0, 1, 0], [1, 1, 0]]
    assert count_neighbours(grid, 1, 1) == 4
    assert count_neighbours(grid, 0, 0) == 1
    assert count_neighbours(grid, 2, 2) == 2
    assert count_neighbours(grid, 0, 1) == 3


def rectangle_overlap(first, second):
    """Area that two rectangles (left, bottom, right, top) have in common."""
    width = min(first[2], second[2]) - max(first[0], second[0])
    height = min(first[3], second[3]) - max(first[1], second[1])
    if width <= 0 or height <= 0:
        return 0
    return width * height


def test_rectangle_overlap():
    assert rectangle_overlap((0, 0, 4, 4), (2, 1, 6, 3)) == 4
    assert rectangle_overlap((0, 0, 2, 2), (2, 0, 4, 2)) == 0
    assert rectangle_overlap((0, 0, 9, 9), (1, 2, 3, 5)) == 6
    assert rectangle_overlap((0, 0, 1, 1), (5, 5, 6, 6)) == 0


def route_length(distances, route):
    """Length of a route over a table of distances between pairs of towns; -1 where a road is missing."""
    total = 0
    for start, end in zip(route, route[1:]):
        if (start, end) in distances:
            total += distances[start, end]
        elif (end, start) in distances:
            total += distances[end, start]
        else:
            return -1
    return total


def test_route_length():
    roads = {("A", "B"): 5, ("C", "B"): 7}
    assert route_length(roads, ["A", "B", "C"]) == 12
    assert route_length(roads, ["B", "A"]) == 5
    assert route_length(roads, ["A", "C"]) == -1
    assert route_length(roads, ["A"]) == 0


def compass_turn(current, wanted):
    """Shortest turn from one heading to another in degrees; to the left is negative."""
    turn = (wanted - current) % 360
    if turn > 180:
        turn -= 360
    return turn


def test_compass_turn():
    assert compass_turn(10, 50) == 40
    assert compass_turn(50, 10) == -40
    assert compass_turn(350, 10) == 20
    assert compass_turn(0, 180) == 180
    assert compass_turn(90, 271) == -179


def seat_name(number, per_row):
    """Name of a seat counted from 0, such as "C12": the row is a letter, seats count from 1."""
    row = number // per_row
    place = number % per_row + 1
    return chr(ord("A") + row) + str(place)


def test_seat_name():
    assert seat_name(0, 10) == "A1"
    assert seat_name(9, 10) == "A10"
    assert seat_name(10, 10) == "B1"
    assert seat_name(25, 12) == "C2"


def flood_cells(heights, level):
    """Cells of a row that are under water up to the first one that is higher than the level."""
    wet = 0
    for height in heights:
        if height > level:
            break
        wet += 1
    return wet


def test_flood_cells():
    assert flood_cells([1, 2, 5, 1], 3) == 2
    assert flood_cells([4], 4) == 1
    assert flood_cells([5], 4) == 0
    assert flood_cells([], 4) == 0


def lake_depths(heights):
    """Depth of the water that stays on each place of a terrain after rain."""
    depths = []
    for place, height in enumerate(heights):
        left = max(heights[: place + 1])
        right = max(heights[place:])
        depths.append(min(left, right) - height)
    return depths


def test_lake_depths():
    assert lake_depths([3, 0, 2]) == [0, 2, 0]
    assert lake_depths([1, 2, 3]) == [0, 0, 0]
    assert lake_depths([4, 1, 3, 0, 5]) == [0, 3, 1, 4, 0]


def tile_count(length, width, tile):
    """Square tiles that cover a floor, cut ones counting as whole."""
    along = (length + tile - 1) // tile
    across = (width + tile - 1) // tile
    return along * across


def test_tile_count():
    assert tile_count(10, 10, 5) == 4
    assert tile_count(11, 10, 5) == 6
    assert tile_count(1, 1, 5) == 1
    assert tile_count(10, 6, 5) == 4
