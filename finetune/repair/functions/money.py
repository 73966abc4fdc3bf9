"""Prices, taxes and accounts, in cents."""


def progressive_tax(income, brackets):
    """Tax of an income; a bracket is a pair of upper limit and per cent, the last limit being None."""
    tax = 0
    lower = 0
    for limit, percent in brackets:
        if limit is None or income < limit:
            tax += (income - lower) * percent // 100
            break
        tax += (limit - lower) * percent // 100
        lower = limit
    return tax


def test_progressive_tax():
    brackets = [(1000, 0), (3000, 10), (None, 20)]
    assert progressive_tax(500, brackets) == 0
    assert progressive_tax(2000, brackets) == 100
    assert progressive_tax(3000, brackets) == 200
    assert progressive_tax(5000, brackets) == 600


def change_coins(amount, coins):
    """Coins that make up an amount, the largest first, each as often as it fits; coins come in falling order."""
    given = []
    for coin in coins:
        while amount >= coin:
            given.append(coin)
            amount -= coin
    return given


def test_change_coins():
    assert change_coins(87, [50, 20, 10, 5, 1]) == [50, 20, 10, 5, 1, 1]
    assert change_coins(0, [5, 1]) == []
    assert change_coins(40, [20, 10]) == [20, 20]


def bulk_price(unit, count):
    """Price of count pieces: a tenth off from 10 pieces on, a fifth off from 100 on."""
    total = unit * count
    if count >= 100:
        return total * 80 // 100
    if count >= 10:
        return total * 90 // 100
    return total


def test_bulk_price():
    assert bulk_price(100, 9) == 900
    assert bulk_price(100, 10) == 900
    assert bulk_price(100, 99) == 8910
    assert bulk_price(100, 100) == 8000


def split_bill(total, people):
    """Shares of a bill that add up to it; the first ones pay the cents that are left over."""
    share = total // people
    left = total % people
    shares = []
    for number in range(people):
        if number < left:
            shares.append(share + 1)
        else:
            shares.append(share)
    return shares


def test_split_bill():
    assert split_bill(100, 3) == [34, 33, 33]
    assert split_bill(101, 3) == [34, 34, 33]
    assert split_bill(9, 3) == [3, 3, 3]


def overdraft_days(balance, movements):
    """Number of days on which an account ends below zero."""
    days = 0
    for amount in movements:
        balance += amount
        if balance < 0:
            days += 1
    return days


def test_overdraft_days():
    assert overdraft_days(10, [-5, -10, 3, 2]) == 2
    assert overdraft_days(0, [0, 0]) == 0
    assert overdraft_days(5, [-6, 6, -6]) == 2


def compound(capital, percent, years):
    """Capital after some years, the interest of each year rounded down and added."""
    for _ in range(years):
        capital += capital * percent // 100
    return capital


def test_compound():
    assert compound(1000, 10, 0) == 1000
    assert compound(1000, 10, 2) == 1210
    assert compound(105, 10, 1) == 115


def format_cents(cents):
    """Write an amount such as -1,234.05, with commas between thousands."""
    sign = "-" if cents < 0 else ""
    whole = abs(cents) // 100
    rest = abs(cents) % 100
    return f"{sign}{whole:,}.{rest:02d}"


def test_format_cents():
    assert format_cents(123405) == "1,234.05"
    assert format_cents(-7) == "-0.07"
    assert format_cents(100) == "1.00"
    assert format_cents(0) == "0.00"


def loyalty_level(points, years):
    """Level of a customer: gold from 1000 points, silver from 300, one level up after 10 years."""
    levels = ["basic", "silver", "gold", "platinum"]
    level = 0
    if points >= 1000:
        level = 2
    elif points >= 300:
        level = 1
    if years >= 10:
        level += 1
    return levels[level]


def test_loyalty_level():
    assert loyalty_level(0, 0) == "basic"
    assert loyalty_level(300, 9) == "silver"
    assert loyalty_level(999, 10) == "gold"
    assert loyalty_level(1000, 0) == "gold"
    assert loyalty_level(1000, 12) == "platinum"
    assert loyalty_level(299, 10) == "silver"


def late_fee(days, price):
    """Fee of a book that is late: free for 3 days, then 10 cents a day, never more than its price."""
    if days <= 3:
        return 0
    fee = (days - 3) * 10
    return min(fee, price)


def test_late_fee():
    assert late_fee(3, 500) == 0
    assert late_fee(4, 500) == 10
    assert late_fee(100, 500) == 500
    assert late_fee(13, 500) == 100
