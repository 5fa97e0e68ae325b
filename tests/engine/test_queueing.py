"""First come, first served, whatever the threads do."""

import threading

from qa.engine.queueing import FairQueue, Gate


def test_everybody_knows_their_place() -> None:
    queue = FairQueue()
    assert len(queue) == 0
    with queue.place() as first, queue.place() as second, queue.place() as third:
        assert [place.ahead(0) for place in (first, second, third)] == [0, 1, 2]
        assert len(queue) == 3
    assert len(queue) == 0


def test_whoever_gives_up_makes_room_for_those_behind() -> None:
    queue = FairQueue()
    with queue.place() as first:
        with queue.place():
            third = queue.place()
            place = third.__enter__()
            assert place.ahead(0) == 2
        assert place.ahead(0) == 1
        third.__exit__(None, None, None)
        assert first.ahead(0) == 0


def test_four_threads_are_served_in_the_order_in_which_they_came() -> None:
    queue, served, inside = FairQueue(), [], threading.Lock()
    standing = [threading.Event() for _ in range(4)]

    def come(number: int) -> None:
        with queue.place() as place:
            standing[number].set()
            while place.ahead(5):
                pass
            assert inside.acquire(blocking=False), "only one has the turn"
            served.append(number)
            inside.release()

    with queue.place():
        threads = [threading.Thread(target=come, args=(number,)) for number in range(4)]
        for number, thread in enumerate(threads):
            thread.start()
            assert standing[number].wait(5)
    for thread in threads:
        thread.join(5)
    assert served == [0, 1, 2, 3]


def test_what_is_next_up_stands_behind_the_one_whose_turn_it_is() -> None:
    queue = FairQueue()
    with queue.place() as first, queue.place() as second, queue.place(next_up=True) as third:
        assert [place.ahead(0) for place in (first, third, second)] == [0, 1, 2]
    with queue.place(next_up=True) as alone:
        assert alone.ahead(0) == 0


def test_a_gate_closes_when_everybody_has_left_and_opens_again() -> None:
    gate, happened = Gate(), []
    closing, first_in = threading.Event(), threading.Event()

    def pass_slowly() -> None:
        with gate.passing() as passed:
            first_in.set()
            assert closing.wait(5)
            happened.append(("first leaves", passed))

    def close() -> None:
        closing.set()
        with gate.closed():
            happened.append(("closed", True))
            with gate.passing(lambda: True) as passed:
                happened.append(("one gives up", passed))

    threads = [threading.Thread(target=pass_slowly), threading.Thread(target=close)]
    threads[0].start()
    assert first_in.wait(5)
    threads[1].start()
    for thread in threads:
        thread.join(5)
    assert happened == [("first leaves", True), ("closed", True), ("one gives up", False)]
    with gate.passing() as passed:
        assert passed


def test_whoever_wants_to_be_alone_waits_for_the_others_and_not_they_for_them() -> None:
    gate = Gate()
    with gate.passing(), gate.passing(lambda: True, alone=True) as passed:
        assert not passed
    with gate.passing(alone=True) as passed:
        with gate.passing() as other:
            assert (passed, other) == (True, True)
        with gate.passing(lambda: True, alone=True) as second:
            assert not second
    with gate.passing(alone=True) as passed:  # whoever gave up holds nobody up
        assert passed


def test_a_closed_gate_lets_nobody_through_before_it_opens() -> None:
    gate, happened = Gate(), []

    def come() -> None:
        with gate.passing() as passed:
            happened.append(passed)

    with gate.closed():
        thread = threading.Thread(target=come)
        thread.start()
        thread.join(0.3)
        assert thread.is_alive()
        assert happened == []
    thread.join(5)
    assert happened == [True]
