"""Games and their scores."""


def bowling_frame(first, second, following):
    """Points of a bowling frame; following holds the next rolls, which a strike or a spare adds."""
    if first == 10:
        return 10 + following[0] + following[1]
    if first + second == 10:
        return 10 + following[0]
    return first + second


def test_bowling_frame():
    assert bowling_frame(10, 0, [3, 4]) == 17
    assert bowling_frame(6, 4, [5, 2]) == 15
    assert bowling_frame(3, 4, [9, 9]) == 7


def tennis_score(mine, yours):
    """Score of a tennis game from points won, e.g. "30-15", "deuce", "advantage me" or "game you"."""
    names = ["0", "15", "30", "40"]
    if mine >= 4 and mine - yours >= 2:
        return "game me"
    if yours >= 4 and yours - mine >= 2:
        return "game you"
    if mine >= 3 and yours >= 3:
        if mine == yours:
            return "deuce"
        return "advantage me" if mine > yours else "advantage you"
    return names[mine] + "-" + names[yours]


def test_tennis_score():
    assert tennis_score(2, 1) == "30-15"
    assert tennis_score(3, 3) == "deuce"
    assert tennis_score(4, 3) == "advantage me"
    assert tennis_score(5, 6) == "advantage you"
    assert tennis_score(4, 2) == "game me"
    assert tennis_score(1, 4) == "game you"
    assert tennis_score(3, 0) == "40-0"


def card_points(cards):
    """Best points of a blackjack hand: pictures are 10, an ace is 11, or 1 where 11 is too much."""
    total = 0
    aces = 0
    for card in cards:
        if card == "A":
            aces += 1
            total += 11
        elif card in ("J", "Q", "K"):
            total += 10
        else:
            total += int(card)
    while total > 21 and aces > 0:
        total -= 10
        aces -= 1
    return total


def test_card_points():
    assert card_points(["A", "K"]) == 21
    assert card_points(["A", "A", "9"]) == 21
    assert card_points(["10", "5", "J"]) == 25
    assert card_points(["A", "5", "Q"]) == 16
    assert card_points([]) == 0


def league_points(results):
    """Points of a team from goals (own, other): 3 for a win, 1 for a draw."""
    points = 0
    for own, other in results:
        if own > other:
            points += 3
        elif own == other:
            points += 1
    return points


def test_league_points():
    assert league_points([(2, 1), (0, 0), (1, 3)]) == 4
    assert league_points([]) == 0
    assert league_points([(1, 0), (4, 4)]) == 4


def mastermind(secret, guess):
    """Pegs of a guess: colours in the right place, and right colours in the wrong place."""
    black = sum(a == b for a, b in zip(secret, guess))
    common = 0
    for colour in set(guess):
        common += min(secret.count(colour), guess.count(colour))
    return black, common - black


def test_mastermind():
    assert mastermind("RGBY", "RGBY") == (4, 0)
    assert mastermind("RGBY", "YBGR") == (0, 4)
    assert mastermind("RRGB", "RGGG") == (2, 0)
    assert mastermind("RGBY", "OOOO") == (0, 0)


def ladder_end(start, rolls, jumps, goal):
    """Square after some rolls on a board with jumps; a roll beyond the goal is not moved."""
    square = start
    for roll in rolls:
        if square + roll > goal:
            continue
        square += roll
        square = jumps.get(square, square)
    return square


def test_ladder_end():
    assert ladder_end(0, [3, 4], {3: 10}, 20) == 14
    assert ladder_end(18, [5, 2], {}, 20) == 20
    assert ladder_end(0, [6], {6: 1}, 20) == 1
    assert ladder_end(19, [2], {}, 20) == 19


def dart_rest(start, throws):
    """What is left in a game of darts; a throw below zero or to one does not count."""
    rest = start
    for throw in throws:
        after = rest - throw
        if after < 0 or after == 1:
            continue
        rest = after
        if rest == 0:
            break
    return rest


def test_dart_rest():
    assert dart_rest(101, [60, 20]) == 21
    assert dart_rest(40, [39, 20]) == 20
    assert dart_rest(20, [25, 20, 0]) == 0
    assert dart_rest(2, [2]) == 0


def elo_change(own, other, won):
    """Points gained by a simple rating: 16 each way, moved by a 25th of the difference, between 1 and 31."""
    if won:
        change = 16 + (other - own) // 25
        return max(1, min(31, change))
    change = 16 + (own - other) // 25
    return -max(1, min(31, change))


def test_elo_change():
    assert elo_change(1500, 1500, True) == 16
    assert elo_change(1500, 1600, True) == 20
    assert elo_change(1500, 1600, False) == -12
    assert elo_change(2500, 1000, True) == 1
    assert elo_change(2500, 1000, False) == -31


def domino_chain(pieces):
    """Whether pieces (left, right) fit together in their order without being turned."""
    for before, after in zip(pieces, pieces[1:]):
        if before[1] != after[0]:
            return False
    return True


def test_domino_chain():
    assert domino_chain([(1, 2), (2, 5), (5, 5)]) is True
    assert domino_chain([(1, 2), (3, 4)]) is False
    assert domino_chain([]) is True
