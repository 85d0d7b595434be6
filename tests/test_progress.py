"""Lines of progress by a clock that the test winds."""

from types import SimpleNamespace

import pytest

from losslandscape import progress


@pytest.fixture
def told(monkeypatch, caplog):
    """What is logged while so many items take so many seconds each."""

    def lines(seconds, done=0):
        clock = SimpleNamespace(now=100.0)
        time = SimpleNamespace(monotonic=lambda: clock.now)
        monkeypatch.setattr(progress, "time", time)
        with caplog.at_level("INFO"):
            for second in progress.steps(seconds, "point", done):
                clock.now += second
        return caplog.messages

    return lines


def test_items_come_in_order_and_each_once():
    assert list(progress.steps(range(5), "point")) == [0, 1, 2, 3, 4]
    assert list(progress.steps([], "point")) == []


def test_work_of_a_few_seconds_says_nothing(told):
    assert told([1, 1, 1, 1]) == []


def test_a_line_comes_every_five_seconds_and_at_the_end(told):
    assert told([2] * 7) == [
        "point 3 of 7, 8 s left",
        "point 6 of 7, 2 s left",
        "point 7 of 7, 0 s left",
    ]


def test_each_slow_item_has_a_line(told):
    assert told([10, 30]) == ["point 1 of 2, 10 s left", "point 2 of 2, 0 s left"]


def test_what_was_done_before_is_counted_but_not_timed(told):
    assert told([10, 10, 10], done=97) == [
        "point 98 of 100, 20 s left",
        "point 99 of 100, 10 s left",
        "point 100 of 100, 0 s left",
    ]
