"""Which server is asked next, and for how long one is set aside, worked out by hand."""

import math
import threading

from qa.engine.server_connection import Server
from qa.engine.server_pool import BackOff, ServerPool
from qa.errors import ServerFailed

A, B = Server("http://a/v1"), Server("http://b/v1")
DOWN = ServerFailed("The server is down", "Start it.")
PATIENCE_S = 20.0  # for what happens at once unless it does not happen


class Clock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def pool(clock: Clock, *, at_once: int = 1, drawn: float = 0.5) -> ServerPool:
    return ServerPool([A, B], at_once, BackOff(clock, lambda: drawn))


def test_a_back_off_doubles_up_to_a_bound_and_is_any_part_of_it() -> None:
    """1, 2, 4, 8, 16 seconds and then 30; of these the part that is drawn."""
    whole, half, none = BackOff(draw=lambda: 1), BackOff(draw=lambda: 0.5), BackOff(draw=lambda: 0)
    assert [whole.seconds(count) for count in range(1, 8)] == [1, 2, 4, 8, 16, 30, 30]
    assert [half.seconds(count) for count in (1, 2, 9, 5000)] == [0.5, 1, 15, 15]
    assert none.seconds(3) == 0
    assert {0 <= BackOff().seconds(1) <= 1 for _ in range(100)} == {True}


def test_the_least_busy_one_that_has_rested_longest_is_next() -> None:
    servers = pool(Clock(), at_once=2)
    assert [servers.take([A, B], 0) for _ in range(3)] == [A, B, A]
    servers.give_back(A)
    servers.give_back(B)  # A answers one still
    assert servers.take([A, B], 0) == B
    servers.give_back(A)
    servers.give_back(B)
    assert not servers.is_busy
    assert [servers.take([A, B], 0) for _ in range(5)] == [A, B, A, B, None]
    assert servers.is_busy


def test_one_has_so_many_places_and_a_place_given_back_is_taken_at_once() -> None:
    servers, taken = pool(Clock()), []
    assert [servers.take([A], 0), servers.take([A], 0)] == [A, None]
    waiting = threading.Thread(target=lambda: taken.append(servers.take([A], PATIENCE_S)))
    waiting.start()
    servers.give_back(A)
    waiting.join(PATIENCE_S)
    assert taken == [A]


def test_who_fails_is_set_aside_until_due_and_then_comes_last() -> None:
    clock = Clock()
    servers = pool(clock)
    assert servers.take([A, B], 0) == A
    servers.set_aside(A, DOWN)
    servers.give_back(A)
    assert servers.failure_of(A) is DOWN
    assert servers.failure_of(B) is None
    assert (servers.due_in_s([A]), servers.due_in_s([A, B]), servers.due_in_s([])) == (
        0.5,
        0.0,
        math.inf,
    )
    clock.now += 0.4
    assert [servers.take([A, B], 0), servers.take([A, B], 0)] == [B, None]
    clock.now += 0.1
    servers.give_back(B)
    assert [servers.take([A, B], 0), servers.take([A, B], 0)] == [B, A]


def test_failures_in_a_row_count_until_a_whole_answer() -> None:
    clock = Clock()
    servers = pool(clock, drawn=1.0)
    for wait in (1, 2, 4):
        servers.set_aside(A, DOWN)
        assert servers.due_in_s([A]) == wait
    servers.answered(A)
    assert servers.failure_of(A) is None
    assert servers.due_in_s([A]) == 0
    servers.set_aside(A, DOWN)
    assert servers.due_in_s([A]) == 1


def test_one_that_is_due_is_tried_with_one_question() -> None:
    clock = Clock()
    servers = pool(clock, at_once=3)
    servers.set_aside(A, DOWN)
    clock.now += 1
    assert [servers.take([A], 0), servers.take([A], 0)] == [A, None]
    servers.answered(A)
    assert servers.take([A], 0) == A
