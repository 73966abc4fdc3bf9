from swfactory.graphs.timeshare import TimeShare


def test_one_alone_takes_all():
    now = iter([10.0, 13.0])
    time = TimeShare(lambda: next(now))
    time.start("a")
    assert time.stop("a") == 3.0


def test_what_all_took_adds_up_to_the_time_that_passed():
    now = iter([0.0, 4.0, 6.0, 7.0, 20.0, 21.0])
    time = TimeShare(lambda: next(now))
    time.start("a")
    time.start("b")  # a was alone for 4
    assert time.stop("a") == 4.0 + 1.0
    assert time.stop("b") == 1.0 + 1.0
    time.start("c")  # nobody was at work in between
    assert time.stop("c") == 1.0
