"""Days, weeks and hours."""


def shift_length(start, end):
    """Minutes between two clock times such as "22:30" and "06:00"; the second may be on the next day."""
    start_hour, start_minute = start.split(":")
    end_hour, end_minute = end.split(":")
    begin = int(start_hour) * 60 + int(start_minute)
    finish = int(end_hour) * 60 + int(end_minute)
    if finish < begin:
        finish += 1440
    return finish - begin


def test_shift_length():
    assert shift_length("08:00", "16:30") == 510
    assert shift_length("22:30", "06:00") == 450
    assert shift_length("12:15", "12:15") == 0
    assert shift_length("23:59", "00:01") == 2


def overlap_days(first, second):
    """Number of days that two stays share; a stay is a pair of first and last day."""
    begin = max(first[0], second[0])
    end = min(first[1], second[1])
    if begin > end:
        return 0
    return end - begin + 1


def test_overlap_days():
    assert overlap_days((1, 5), (3, 9)) == 3
    assert overlap_days((1, 5), (5, 6)) == 1
    assert overlap_days((1, 2), (3, 4)) == 0
    assert overlap_days((10, 20), (12, 14)) == 3


def next_weekday(today, wanted):
    """Days until the next wanted weekday, numbered from 0; today itself is a week away."""
    ahead = (wanted - today) % 7
    if ahead == 0:
        return 7
    return ahead


def test_next_weekday():
    assert next_weekday(0, 3) == 3
    assert next_weekday(5, 1) == 3
    assert next_weekday(4, 4) == 7
    assert next_weekday(6, 0) == 1


def spoken_duration(seconds):
    """Say a duration in words, such as "1 h 5 min", without parts that are zero."""
    parts = []
    hours = seconds // 3600
    minutes = seconds % 3600 // 60
    rest = seconds % 60
    if hours > 0:
        parts.append(f"{hours} h")
    if minutes > 0:
        parts.append(f"{minutes} min")
    if rest > 0 or not parts:
        parts.append(f"{rest} s")
    return " ".join(parts)


def test_spoken_duration():
    assert spoken_duration(0) == "0 s"
    assert spoken_duration(59) == "59 s"
    assert spoken_duration(3900) == "1 h 5 min"
    assert spoken_duration(7322) == "2 h 2 min 2 s"
    assert spoken_duration(60) == "1 min"


def free_slots(meetings, opening, closing):
    """Gaps between sorted meetings (start, end) of a day that is open from opening to closing."""
    gaps = []
    cursor = opening
    for start, end in meetings:
        if start > cursor:
            gaps.append((cursor, start))
        cursor = max(cursor, end)
    if cursor < closing:
        gaps.append((cursor, closing))
    return gaps


def test_free_slots():
    assert free_slots([(9, 10), (11, 12)], 8, 13) == [(8, 9), (10, 11), (12, 13)]
    assert free_slots([], 8, 12) == [(8, 12)]
    assert free_slots([(8, 12)], 8, 12) == []
    assert free_slots([(8, 11), (9, 10)], 8, 12) == [(11, 12)]


def quarter_label(year, month):
    """Name of the fiscal quarter of a month, where the fiscal year begins in April."""
    if month < 4:
        year -= 1
        month += 12
    quarter = (month - 4) // 3 + 1
    return f"FY{year} Q{quarter}"


def test_quarter_label():
    assert quarter_label(2024, 4) == "FY2024 Q1"
    assert quarter_label(2024, 12) == "FY2024 Q3"
    assert quarter_label(2024, 3) == "FY2023 Q4"
    assert quarter_label(2024, 7) == "FY2024 Q2"


def train_arrival(departure, stops, pause):
    """Minute of arrival after legs of given minutes, with a pause at every stop but the last."""
    clock = departure
    for number, minutes in enumerate(stops):
        clock += minutes
        if number < len(stops) - 1:
            clock += pause
    return clock % 1440


def test_train_arrival():
    assert train_arrival(600, [30, 20], 5) == 655
    assert train_arrival(600, [45], 5) == 645
    assert train_arrival(1430, [5, 5, 5], 2) == 9
    assert train_arrival(0, [], 9) == 0


def longest_streak(days):
    """Length of the longest run of consecutive day numbers in a sorted list without repeats."""
    best = 0
    current = 0
    previous = None
    for day in days:
        if previous is not None and day == previous + 1:
            current += 1
        else:
            current = 1
        best = max(best, current)
        previous = day
    return best


def test_longest_streak():
    assert longest_streak([]) == 0
    assert longest_streak([4]) == 1
    assert longest_streak([1, 2, 3, 7, 8]) == 3
    assert longest_streak([1, 3, 4, 6, 7, 8, 9]) == 4
