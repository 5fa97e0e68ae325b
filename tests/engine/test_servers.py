"""Several servers that share the questions, by small real servers on loopback."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from qa.engine.constraints import Quotations
from qa.engine.generation import (
    DecodingOptions,
    Finished,
    FinishReason,
    Message,
    Prefill,
    Queued,
    Role,
    Step,
    StopFlag,
    Token,
)
from qa.engine.server_connection import Refused, Server
from qa.engine.server_pool import BackOff
from qa.engine.server_protocol import UNTOLD
from qa.engine.servers import ServersEngine
from qa.errors import ModelError, ServerFailed
from tests.chat_server import ChatServer, serving

KEY = "sk-not-to-be-shown"
OPTIONS = DecodingOptions(max_new_tokens=24)
PROMPT = [Message(Role.USER, ("Where did they meet?",))]
ESTIMATE = 5 + 6  # 20 bytes
PATIENCE_S = 20.0  # for what happens at once unless it does not happen

READING = Prefill(0, ESTIMATE)
ANSWER = [
    READING,
    Prefill(ESTIMATE, ESTIMATE),
    Token("Munich", UNTOLD),
    Token(" [1].", UNTOLD),
    Finished(FinishReason.END, ESTIMATE, 0, 2),
]

Run = Callable[[ChatServer], ChatServer]


@pytest.fixture
def run() -> Iterator[Run]:
    """Starts servers that stop with the test."""
    with ExitStack() as running:
        yield lambda chat: running.enter_context(serving(chat))


class Hours:
    """A clock that moves only when somebody sleeps by it, or a test says so."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def back_off(self, drawn: float = 1.0) -> BackOff:
        """Of every back-off, the part that is drawn."""
        return BackOff(lambda: self.now, lambda: drawn, self.sleep)


def over(
    *chats: ChatServer,
    hours: Hours | None = None,
    model: str = "",
    at_once: int = 1,
    silence_s: float = PATIENCE_S,
) -> ServersEngine:
    return ServersEngine(
        [Server(chat.url, KEY) for chat in chats],
        model=model,
        context_tokens=4096,
        at_once=at_once,
        silence_s=silence_s,
        back_off=(hours or Hours()).back_off(),
    )


def ask(engine: ServersEngine, options: DecodingOptions = OPTIONS) -> list[Step]:
    return list(engine.generate(PROMPT, options, StopFlag()))


def words(steps: Sequence[Step]) -> list[str]:
    return [step.text for step in steps if isinstance(step, Token)]


def gone() -> ChatServer:
    """A server that has been there."""
    with serving(ChatServer()) as chat:
        return chat


def asked(*chats: ChatServer) -> list[int]:
    return [len(chat.requests) for chat in chats]


def test_questions_go_from_server_to_server(run: Run) -> None:
    first, second = run(ChatServer()), run(ChatServer())
    engine = over(first, second)
    assert engine.name == "house-model"
    assert [ask(engine) for _ in range(4)] == [ANSWER] * 4
    assert asked(first, second) == [2, 2]


def test_two_servers_answer_side_by_side(run: Run) -> None:
    """Each waits for the other's answer to begin, so one after the other would never end."""
    first, second = run(ChatServer()), run(ChatServer())
    engine, both = over(first, second), threading.Barrier(2, timeout=PATIENCE_S)

    def answer(_: int) -> list[Step]:
        steps = []
        for step in engine.generate(PROMPT, OPTIONS, StopFlag()):
            if step == Token("Munich", UNTOLD):
                both.wait()
            steps.append(step)
        return steps

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(answer, range(2))) == [ANSWER] * 2
    assert asked(first, second) == [1, 1]


def test_eight_questions_at_once_are_each_answered_whole_although_a_server_breaks_off(
    run: Run,
) -> None:
    broken, sound = run(ChatServer(pieces=("Munich",), finish_reason=None)), run(ChatServer())
    engine = over(broken, sound)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: ask(engine), range(8)))
    assert [words(steps) for steps in answers] == [["Munich", " [1]."]] * 8
    assert asked(broken, sound) == [1, 8]


def test_who_waits_is_served_in_the_order_of_coming(run: Run) -> None:
    """Two are answered; the third and the fourth wait, and the fourth never goes before."""
    engine = over(run(ChatServer()), run(ChatServer()))
    one, two, three, four = (engine.generate(PROMPT, OPTIONS, StopFlag()) for _ in range(4))
    assert [next(one), next(two)] == [READING, READING]
    assert [next(three), next(four)] == [Queued(1), Queued(2)]
    assert list(one) == ANSWER[1:]
    assert next(four) == Queued(2)  # a server is free, and it is the third one's
    assert [next(three), next(three)] == [Queued(0), READING]
    assert next(four) == Queued(1)
    assert list(two) == ANSWER[1:]
    assert [next(four), next(four)] == [Queued(0), READING]
    assert list(three) == list(four) == ANSWER[1:]


def test_what_continues_a_question_goes_before_those_that_wait(run: Run) -> None:
    engine = over(run(ChatServer()))
    one, two, three, on = (
        engine.generate(PROMPT, options, StopFlag())
        for options in (OPTIONS, OPTIONS, OPTIONS, DecodingOptions(24, continues=True))
    )
    assert [next(one), next(two), next(three)] == [READING, Queued(1), Queued(2)]
    assert [next(on), next(three)] == [Queued(2), Queued(3)]  # behind the first that waits


def test_a_server_that_is_stated_to_answer_two_at_once_does(run: Run) -> None:
    chat = run(ChatServer())
    engine = over(chat, at_once=2)
    one, two, three = (engine.generate(PROMPT, OPTIONS, StopFlag()) for _ in range(3))
    assert [next(one), next(two), next(three)] == [READING, READING, Queued(1)]


def test_a_question_that_waits_can_be_stopped_and_one_that_is_left_gives_its_place_back(
    run: Run,
) -> None:
    engine, stop = over(run(ChatServer())), StopFlag()
    one = engine.generate(PROMPT, OPTIONS, StopFlag())
    waiting = engine.generate(PROMPT, OPTIONS, stop)
    assert [next(one), next(waiting)] == [READING, Queued(1)]
    stop.set()
    assert list(waiting) == [Finished(FinishReason.STOPPED, ESTIMATE, 0, 0)]
    one.close()  # type: ignore[attr-defined]
    assert ask(engine) == ANSWER


@pytest.mark.parametrize(
    "failing",
    [
        ChatServer(status=500),
        ChatServer(status=503),
        ChatServer(status=429),
        ChatServer(status=401),
        ChatServer(status=404),
        ChatServer(body=b"<html>A page</html>\n"),
        ChatServer(body=b"data: ", headers={"Content-Length": "900"}),
        ChatServer(pieces=(), finish_reason=None),
        ChatServer(pieces=(), thoughts=("Is it",), finish_reason=None),
        ChatServer(
            pieces=(), finish_reason=None, ends_with=('data: {"error": {"message": "no memory"}}',)
        ),
    ],
    ids=["500", "503", "429", "401", "404", "page", "cut", "nothing", "thoughts", "error"],
)
def test_where_a_server_fails_before_its_first_word_another_answers(
    run: Run, failing: ChatServer
) -> None:
    chat = ChatServer()
    sound, broken = run(ChatServer()), run(chat)
    engine = over(broken, sound)
    for name in ("status", "body", "headers", "pieces", "thoughts", "finish_reason", "ends_with"):
        setattr(chat, name, getattr(failing, name))
    steps = ask(engine)
    assert steps[-4:] == ANSWER[1:]
    assert asked(broken, sound)[1] == 1
    failed_so_often = len(broken.requests)
    assert ask(engine) == ANSWER  # it is set aside, and the clock stands still
    assert asked(broken, sound) == [failed_so_often, 2]


def test_where_a_server_dies_another_answers(run: Run) -> None:
    sound = run(ChatServer())
    with serving(ChatServer()) as mortal:
        engine = over(mortal, sound)
    assert ask(engine) == [READING, *ANSWER]
    assert asked(mortal, sound) == [0, 1]


def test_a_server_that_is_silent_for_too_long_is_given_up(run: Run) -> None:
    slow, sound = run(ChatServer(stalls_before="headers")), run(ChatServer())
    engine = over(slow, sound, silence_s=0.3)
    assert ask(engine) == [READING, *ANSWER]
    (failure,) = engine.set_aside
    assert failure.finding == f"The server at {slow.url} fell silent (no answer within 0.3 seconds)"
    assert slow.was_left.wait(PATIENCE_S)


def test_an_answer_that_breaks_off_goes_on_behind_the_words_that_are_told(run: Run) -> None:
    """Whichever way the other server parts the same words; none is told twice."""
    for pieces in (("Munich", " [1]."), ("Munich [", "1]."), ("Mun", "ich", " [1].")):
        broken = run(ChatServer(pieces=("Munich",), finish_reason=None))
        sound = run(ChatServer(pieces=pieces))
        steps = ask(over(broken, sound))
        assert steps[:3] == ANSWER[:3]
        assert "".join(words(steps)) == "Munich [1]."
        assert steps[-1] == Finished(FinishReason.END, ESTIMATE, 0, len(pieces))
        assert asked(broken, sound) == [1, 1]


def test_an_empty_token_among_words_that_are_told_is_no_other_word(run: Run) -> None:
    tokens = [{"token": text, "logprob": -0.5} for text in ("Mun", "", "ich", " [1].")]
    choice = {
        "delta": {"content": "Munich [1]."},
        "finish_reason": "stop",
        "logprobs": {"content": tokens},
    }
    broken = run(ChatServer(pieces=("Munich",), finish_reason=None))
    sound = run(ChatServer(body=f"data: {json.dumps({'choices': [choice]})}\n\n".encode()))
    assert ask(over(broken, sound))[2:] == [
        Token("Munich", UNTOLD),
        Token(" [1].", -0.5),
        Finished(FinishReason.END, ESTIMATE, 0, 4),
    ]


@pytest.mark.parametrize("pieces", [("In Munich",), ("Mun",), ("Munch", "en")])
def test_an_answer_that_breaks_off_is_not_begun_anew_in_other_words(
    run: Run, pieces: tuple[str, ...]
) -> None:
    broken = run(ChatServer(pieces=("Munich",), finish_reason=None))
    other = run(ChatServer(pieces=pieces))
    engine, told = over(broken, other), list[Step]()
    with pytest.raises(ServerFailed, match=f"{broken.url} broke off in mid-answer"):
        told.extend(engine.generate(PROMPT, OPTIONS, StopFlag()))
    assert told == ANSWER[:3]
    assert ask(engine)[-1] == Finished(FinishReason.END, ESTIMATE, 0, len(pieces))  # by the other


def test_only_where_none_answers_one_line_names_them_all(run: Run) -> None:
    """Both are asked, and after their back-off of a second once more."""
    hours, sick = Hours(), run(ChatServer())
    with serving(ChatServer()) as mortal:
        engine = over(mortal, sick, hours=hours)
    sick.status, sick.body = 500, f'{{"error": "no memory for {KEY}"}}'.encode()
    with pytest.raises(ServerFailed) as raised:
        ask(engine)
    assert str(raised.value) == (
        f"No server of generator answers: the server at {mortal.url} cannot be reached "
        f"(Connection refused); the server at {sick.url} failed (500: no memory for …). "
        "Start it, or correct generator; without one the model on this machine answers. "
        "See its log, and ask again."
    )
    assert sum(hours.slept) == pytest.approx(1)
    assert len(sick.requests) == 1  # the second time its list of models fails


def test_while_all_are_set_aside_for_longer_nobody_is_asked(run: Run) -> None:
    """Two tries a question: the back-offs are 1, 2, 4 and 8 seconds."""
    hours, sick = Hours(), run(ChatServer())
    engine = over(sick, hours=hours)
    sick.status = 500
    with pytest.raises(ServerFailed, match=r"See its log, and ask again\.$"):
        ask(engine)
    hours.now += 2
    with pytest.raises(ServerFailed, match=r"^The server .* It is asked again in 8 s\.$"):
        ask(engine)
    hours.now += 2
    heard, slept = len(sick.sent_headers), sum(hours.slept)
    with pytest.raises(ServerFailed, match=r"It is asked again in 6 s\.$"):
        ask(engine)
    assert (len(sick.sent_headers), sum(hours.slept)) == (heard, slept)
    hours.now += 6
    sick.status = 200
    assert ask(engine) == ANSWER


def test_a_server_that_recovers_is_looked_at_and_answers_again(run: Run) -> None:
    hours, first, second = Hours(), run(ChatServer()), run(ChatServer())
    engine = over(first, second, hours=hours)
    first.status = 503
    assert ask(engine)[-4:] == ANSWER[1:]
    first.status = 200
    busy = engine.generate(PROMPT, OPTIONS, StopFlag())
    assert next(busy) == READING  # by the second
    waiting = engine.generate(PROMPT, OPTIONS, StopFlag())
    assert next(waiting) == Queued(1)
    looked = len(first.sent_headers)
    hours.now += 1
    assert list(waiting) == [Queued(0), *ANSWER]  # by the first, although the second is busy
    assert len(first.sent_headers) == looked + 2  # a look, and the question
    assert list(busy) == ANSWER[1:]
    assert [ask(engine) for _ in range(2)] == [ANSWER] * 2
    assert asked(first, second) == [3, 3]


def test_a_wrong_request_is_asked_of_no_other(run: Run) -> None:
    first, second = run(ChatServer()), run(ChatServer())
    engine = over(first, second)
    first.status, first.body = 400, b'{"error": {"message": "too long for me"}}'
    with pytest.raises(Refused, match=f"{first.url} refused the prompt .400: too long for me"):
        ask(engine)
    assert second.requests == []
    first.status, first.body = 200, None
    assert [ask(engine) for _ in range(2)] == [ANSWER] * 2
    assert len(second.requests) == 1  # and the first one was not set aside for it


def test_where_the_key_is_wrong_everywhere_its_setting_is_named(run: Run) -> None:
    first, second = run(ChatServer()), run(ChatServer())
    engine = over(first, second)
    first.status = second.status = 401
    first.body = second.body = f'{{"error": "no such key: {KEY}"}}'.encode()
    with pytest.raises(ServerFailed) as raised:
        ask(engine)
    message = str(raised.value)
    assert first.url in message
    assert second.url in message
    assert message.count("QA_GENERATOR_KEY") == 1
    assert KEY not in message


def test_all_are_looked_at_before_the_first_question(run: Run) -> None:
    sound = run(ChatServer())
    lost = gone()
    engine = over(lost, sound)
    (failure,) = engine.set_aside
    assert failure.finding == f"The server at {lost.url} cannot be reached (Connection refused)"
    assert len(sound.sent_headers) == 1
    assert ask(engine) == ANSWER
    assert len(sound.sent_headers) == 2
    first, second = gone(), gone()
    with pytest.raises(ModelError, match=f"No server .*{first.url}.*{second.url}.*Start it"):
        over(first, second)


def test_a_server_without_the_model_is_set_aside_and_named(run: Run) -> None:
    hours = Hours()
    other = run(ChatServer(models=("llama3:latest",)))
    sound = run(ChatServer(models=("qwen3:8b", "house-model")))
    assert over(other, sound).name == "llama3:latest"  # the first of the first
    engine = over(other, sound, hours=hours, model="qwen3:8b")
    assert [ask(engine) for _ in range(2)] == [ANSWER] * 2
    assert asked(other, sound) == [0, 2]
    assert {request["model"] for request in sound.requests} == {"qwen3:8b"}
    sound.status = 500
    lacks = f"No server .*{other.url} has llama3:latest, and no qwen3:8b; the server at {sound.url}"
    with pytest.raises(ServerFailed, match=lacks):
        ask(engine)
    assert other.requests == []


def test_each_server_is_asked_by_what_it_understands(run: Run) -> None:
    """Only llama.cpp's own quotes along a grammar, also where it comes back as another server."""
    hours, plain, llama = Hours(), run(ChatServer()), run(ChatServer(owned_by="llamacpp"))
    engine = over(plain, llama, hours=hours)
    quoting = DecodingOptions(24, Quotations(("They met in Munich.",)))
    for _ in range(2):
        assert ask(engine, quoting) == ANSWER
    assert ["grammar" in chat.requests[0] for chat in (plain, llama)] == [False, True]
    plain.status = llama.status = 503
    with pytest.raises(ServerFailed):
        ask(engine, quoting)
    hours.now += 4
    plain.status, plain.owned_by = 200, "llamacpp"
    assert ask(engine, quoting)[-4:] == ANSWER[1:]
    assert "grammar" in plain.requests[-1]


def test_a_name_without_latest_and_a_server_without_a_list_will_do(run: Run) -> None:
    first, second = run(ChatServer(models=("llama3:latest",))), run(ChatServer(models=None))
    engine = over(first, second, model="llama3")
    assert [ask(engine) for _ in range(2)] == [ANSWER] * 2
    assert asked(first, second) == [1, 1]
