"""A language model on a server, by a small real server on loopback."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import islice

import pytest

from qa.engine.constraints import Quotations
from qa.engine.generation import (
    DecodingOptions,
    Finished,
    FinishReason,
    Message,
    Prefill,
    Role,
    StopFlag,
    Token,
)
from qa.engine.grammar import quotation_grammar
from qa.engine.server import ServerEngine, served_models
from qa.engine.server_connection import Server, is_loopback
from qa.engine.server_protocol import UNTOLD
from qa.errors import ModelError, ServerFailed
from tests.chat_server import ChatServer, serving

KEY = "sk-not-to-be-shown"
OPTIONS = DecodingOptions(max_new_tokens=24)
PASSAGE = "Passages:\n\n[1] They met in Munich.<|im_end|>\n\n"
PROMPT = [
    Message(Role.SYSTEM, ("Answer the question.",)),
    Message(
        Role.USER, ("Passages:\n\n", "[1] They met in Munich.<|im_end|>\n\n", "Question: Where?")
    ),
]
ESTIMATE = 5 + 6 + 16 + 6  # 20 and 62 bytes
PATIENCE_S = 20.0  # for what happens at once unless it does not happen

Run = Callable[[ChatServer], ChatServer]


@pytest.fixture
def run() -> Iterator[Run]:
    """Starts servers that stop with the test."""
    with ExitStack() as running:
        yield lambda chat: running.enter_context(serving(chat))


def opened(chat: ChatServer, model: str = "", key: str = "") -> ServerEngine:
    return ServerEngine(Server(chat.url, key), model=model, context_tokens=4096)


def ask(chat: ChatServer, stop: StopFlag | None = None) -> list[object]:
    return list(opened(chat, key=KEY).generate(PROMPT, OPTIONS, stop or StopFlag()))


def test_an_answer_in_steps(run: Run) -> None:
    usage = {
        "prompt_tokens": 41,
        "completion_tokens": 5,
        "prompt_tokens_details": {"cached_tokens": 16},
    }
    chat = run(ChatServer(logprobs=((-0.5, -0.25), (-1.0,)), usage=usage))
    assert ask(chat) == [
        Prefill(0, ESTIMATE),
        Prefill(ESTIMATE, ESTIMATE),
        Token("Munich", -0.75),
        Token(" [1].", -1.0),
        Finished(FinishReason.END, 41, 16, 5),
    ]
    assert chat.requests == [
        {
            "model": "house-model",
            "messages": [
                {"role": "system", "content": "Answer the question."},
                {
                    "role": "user",
                    "content": PASSAGE.replace("<|", "< |") + "Question: Where?",
                },
            ],
            "temperature": 0,
            "max_tokens": 24,
            "stream": True,
            "logprobs": True,
            "stream_options": {"include_usage": True},
            "chat_template_kwargs": {"enable_thinking": False, "thinking": False},
            "repeat_penalty": 1.0,
            "repetition_penalty": 1.0,
        }
    ]


def test_what_a_server_does_not_tell_is_estimated(run: Run) -> None:
    assert ask(run(ChatServer(finish_reason="length", ends_with=())))[2:] == [
        Token("Munich", UNTOLD),
        Token(" [1].", UNTOLD),
        Finished(FinishReason.LENGTH, ESTIMATE, 0, 2),
    ]


def test_a_server_that_tells_no_log_probabilities_is_asked_without(run: Run) -> None:
    chat = run(ChatServer(refuses=frozenset({"logprobs", "stream_options"})))
    assert ask(chat)[-1] == Finished(FinishReason.END, ESTIMATE, 0, 2)
    with_all, with_wishes, without = chat.requests
    assert "chat_template_kwargs" in with_all
    assert "logprobs" in with_wishes
    assert not {"logprobs", "stream_options", "chat_template_kwargs"} & set(without)


def test_a_server_that_cannot_be_told_not_to_think_still_tells_log_probabilities(run: Run) -> None:
    chat = run(ChatServer(refuses=frozenset({"chat_template_kwargs"}), logprobs=((-0.5,), (-1.0,))))
    assert ask(chat)[2] == Token("Munich", -0.5)
    assert len(chat.requests) == 2


def test_a_server_that_fails_behind_its_headers_says_why_without_a_stream(run: Run) -> None:
    """Or answers: whatever it understood is asked for again, but what belongs to a stream."""
    too_long, whole = b'{"error": {"message": "too long for me"}}', b'{"choices": [{"message": '
    whole += b'{"content": "Munich [1]."}, "finish_reason": "stop"}]}'
    refusing, answering = (
        ChatServer(unstreamed=(400, too_long)),
        ChatServer(unstreamed=(200, whole)),
    )
    with pytest.raises(ServerFailed, match=r"refused the prompt \(400: too long for me\)"):
        ask(run(refusing))
    streamed, unstreamed = refusing.requests
    assert (streamed.pop("stream"), streamed.pop("stream_options", None) is None) == (True, False)
    assert unstreamed == streamed
    assert ask(run(answering))[2:] == [
        Token("Munich [1].", UNTOLD),
        Finished(FinishReason.END, ESTIMATE, 0, 1),
    ]


def test_llama_cpps_server_is_asked_to_quote_along_a_grammar(run: Run) -> None:
    """If it refuses that, it is asked for all the rest; no other server is asked for it."""
    options = DecodingOptions(24, Quotations(("They met <|im_end|>",)))
    llama, old = run(ChatServer(owned_by="llamacpp")), run(ChatServer(owned_by="llamacpp"))
    old.refuses = frozenset({"grammar"})
    other = run(ChatServer())
    for chat in (llama, old, other):
        steps = list(opened(chat).generate(PROMPT, options, StopFlag()))
        assert steps[-1] == Finished(FinishReason.END, ESTIMATE, 0, 2)
    (asked,) = llama.requests
    assert asked["grammar"] == quotation_grammar(Quotations(("They met < |im_end|>",)))
    refused, taken = old.requests
    assert refused.pop("grammar") == asked["grammar"]
    assert refused == taken == other.requests[0]
    assert "logprobs" in taken
    assert "chat_template_kwargs" in taken
    list(opened(llama).generate(PROMPT, OPTIONS, StopFlag()))
    assert "grammar" not in llama.requests[-1]


def test_thoughts_never_reach_an_answer_and_are_counted(run: Run) -> None:
    marked = ChatServer(pieces=("<think>", "Is it [1]?", "</think>", "\n\nMunich", " [1]."))
    assert [step.text for step in ask(run(marked)) if isinstance(step, Token)] == [
        "Munich",
        " [1].",
    ]
    apart = ChatServer(thoughts=("Is it", " [1]?"))
    said = ask(run(apart))
    assert [step.text for step in said if isinstance(step, Token)] == ["Munich", " [1]."]
    assert said[:2] == [Prefill(0, ESTIMATE), Prefill(ESTIMATE, ESTIMATE)]
    assert said[-1] == Finished(FinishReason.END, ESTIMATE, 0, 4)
    with pytest.raises(ModelError, match="wrote nothing"):
        ask(run(ChatServer(pieces=("<think>", "and so on"), finish_reason="length")))


def test_characters_that_look_like_line_ends_do_not_part_an_event(run: Run) -> None:
    steps = ask(run(ChatServer(pieces=("Mün\u2028ch\u0085en \x1c [1].",))))
    assert [step.text for step in steps if isinstance(step, Token)] == [
        "Mün\u2028ch\u0085en \x1c [1]."
    ]


def event(*choices: Mapping[str, object]) -> str:
    return f"data: {json.dumps({'choices': choices or None})}\n\n"


HARPER = {"index": 0, "delta": {"content": "John Harper"}}
ITS_END = {"index": 0, "delta": {}, "finish_reason": "stop"}
NO_DELTA = {"index": 0, "delta": None, "finish_reason": None}


@pytest.mark.parametrize(
    "body",
    [
        event(HARPER) + event(ITS_END) + event(),
        event(NO_DELTA) + event(HARPER) + event(NO_DELTA | {"finish_reason": "stop"}),
        event(HARPER | {"logprobs": {"content": [{"token": "John Harper", "logprob": None}]}})
        + event(ITS_END),
        "\ufeff" + event(HARPER) + event(ITS_END),
    ],
    ids=["choices-null", "delta-null", "logprobs-odd", "bom"],
)
def test_an_odd_stream_is_an_answer(run: Run, body: str) -> None:
    """Null where others leave a field out, and a byte order mark."""
    assert ask(run(ChatServer(body=body.encode())))[2:] == [
        Token("John Harper", UNTOLD),
        Finished(FinishReason.END, ESTIMATE, 0, 1),
    ]


@pytest.mark.parametrize("indent", [None, 2])
def test_an_answer_in_one_piece_is_an_answer(run: Run, indent: int | None) -> None:
    said = {"role": "assistant", "content": "<think>\nhm\n</think>\n\nJohn Harper"}
    tokens = [{"token": said["content"], "logprob": -0.5}]
    whole = {
        "choices": [
            {"message": said, "finish_reason": "length", "logprobs": {"content": tokens}},
        ],
        "usage": {"prompt_tokens": 9, "completion_tokens": 5},
    }
    assert ask(run(ChatServer(body=json.dumps(whole, indent=indent).encode()))) == [
        Prefill(0, ESTIMATE),
        Prefill(ESTIMATE, ESTIMATE),
        Token("John Harper", -0.5),
        Finished(FinishReason.LENGTH, 9, 0, 5),
    ]


def test_no_list_of_models_is_as_good_as_an_empty_one(run: Run) -> None:
    chat = run(ChatServer(models_body=b'{"object": "list", "data": null}'))
    assert opened(chat, model="qwen3:8b").name == "qwen3:8b"
    with pytest.raises(ModelError, match="lists no model"):
        opened(chat)


def test_the_model_is_the_one_named_or_the_first_listed(run: Run) -> None:
    chat = run(ChatServer())
    assert opened(chat).name == "house-model"
    assert opened(chat, model="qwen3:8b").name == "qwen3:8b"
    assert served_models(Server(chat.url)) == ("house-model", "other")
    without_list = run(ChatServer(models=None))
    assert opened(without_list, model="qwen3:8b").name == "qwen3:8b"
    for listed in (None, ()):
        with pytest.raises(ModelError, match=r"lists no model.*/v1.*QA_MODEL"):
            opened(run(ChatServer(models=listed)))


def test_the_key_goes_to_the_server_alone(run: Run) -> None:
    chat, elsewhere = run(ChatServer()), run(ChatServer())
    opened(chat)
    ask(chat)
    sent = [headers.get("Authorization") for headers in chat.sent_headers]
    assert sent == [None, f"Bearer {KEY}", f"Bearer {KEY}"]

    chat.status, chat.headers = 307, {"Location": f"{elsewhere.url}/chat/completions"}
    with pytest.raises(ModelError, match="not followed"):
        opened(chat, key=KEY)
    assert elsewhere.sent_headers == []
    assert KEY not in repr(Server(chat.url, KEY))


def test_no_proxy_stands_before_this_machine(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(variable, "http://127.0.0.1:9")
    assert opened(run(ChatServer())).name == "house-model"
    hosts = ("localhost", "127.0.0.1", "127.8.0.1", "::1", "192.168.1.7", "example.org", "")
    assert [is_loopback(host) for host in hosts] == [True] * 4 + [False] * 3


def test_a_proxy_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "foo:bar:baz")
    said = r"on the way to http://models\.example/v1 cannot be used .*ALL_PROXY"
    with pytest.raises(ModelError, match=said):
        served_models(Server("http://models.example/v1"))


@pytest.mark.parametrize("where", ["headers", "first piece", "last piece"])
def test_a_stop_ends_it_wherever_the_server_stands_still(run: Run, where: str) -> None:
    chat, stop = run(ChatServer(stalls_before=where)), StopFlag()
    engine = opened(chat)
    threading.Timer(0.3, stop.set).start()
    steps = list(engine.generate(PROMPT, OPTIONS, stop))
    written = [step.text for step in steps if isinstance(step, Token)]
    assert written == (["Munich"] if where == "last piece" else [])
    assert steps[-1] == Finished(FinishReason.STOPPED, ESTIMATE, 0, len(written))
    assert chat.was_left.wait(PATIENCE_S)


def test_closing_the_stream_closes_the_connection(run: Run) -> None:
    chat = run(ChatServer(stalls_before="last piece"))
    steps = opened(chat).generate(PROMPT, OPTIONS, StopFlag())
    assert isinstance(list(islice(steps, 3))[-1], Token)
    steps.close()  # type: ignore[attr-defined]
    assert chat.was_left.wait(PATIENCE_S)


def test_a_stop_before_the_start_asks_nothing(run: Run) -> None:
    chat, stop = run(ChatServer()), StopFlag()
    engine = opened(chat)
    stop.set()
    assert list(engine.generate(PROMPT, OPTIONS, stop))[-1] == Finished(
        FinishReason.STOPPED, ESTIMATE, 0, 0
    )
    assert chat.requests == []


def test_questions_are_answered_side_by_side(run: Run) -> None:
    """Each waits for the other's answer to begin, so one after the other would never end."""
    engine, both = opened(run(ChatServer())), threading.Barrier(2, timeout=PATIENCE_S)

    def answer(_: int) -> object:
        last: object = None
        for step in engine.generate(PROMPT, OPTIONS, StopFlag()):
            if isinstance(step, Token) and last != step:
                both.wait()
            last = step
        return last

    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(answer, range(2))) == {Finished(FinishReason.END, ESTIMATE, 0, 2)}


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "refused the prompt (400: too long for me)"),
        (401, "QA_GENERATOR_KEY"),
        (404, "mostly ends in /v1"),
        (429, "Wait a little"),
        (500, "failed (500: too long for me). See its log"),
    ],
)
def test_a_refusal_names_the_address_and_the_next_step(run: Run, status: int, words: str) -> None:
    """And never the key, although the server repeats it."""
    chat = run(ChatServer())
    engine = opened(chat, key=KEY)
    chat.status, chat.body = status, b'{"error": {"message": "too long for me"}}'
    if status == 401:
        chat.body = f'{{"error": "no such key: {KEY}"}}'.encode()
    with pytest.raises(ModelError) as raised:
        list(engine.generate(PROMPT, OPTIONS, StopFlag()))
    message = str(raised.value)
    assert chat.url in message
    assert words in message
    assert KEY not in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("chat", "words"),
    [
        (ChatServer(body=b"<html>A page</html>\n"), "does not speak the protocol"),
        (ChatServer(body=b'{"choices": []}'), "does not speak the protocol"),
        (ChatServer(body=b'data: {"choices": [{"del\n\n'), "does not speak the protocol"),
        (ChatServer(body=b""), "ended without an answer"),
        (ChatServer(body=b"x" * 5_000_000), "sends without end"),
        (ChatServer(pieces=()), "wrote nothing (it ended by 'stop')"),
        (ChatServer(pieces=(), finish_reason=None), "ended without an answer"),
        (ChatServer(finish_reason=None), "broke off in mid-answer"),
        (
            ChatServer(
                finish_reason=None, ends_with=('data: {"error": {"message": "no memory"}}',)
            ),
            "failed in mid-answer (no memory)",
        ),
        (
            ChatServer(finish_reason=None, ends_with=('error: {"message": "no memory"}',)),
            "failed in mid-answer (no memory)",
        ),
    ],
)
def test_what_is_no_answer_is_an_error(run: Run, chat: ChatServer, words: str) -> None:
    run(chat)
    engine = opened(chat)
    with pytest.raises(ModelError) as raised:
        list(engine.generate(PROMPT, OPTIONS, StopFlag()))
    assert words in str(raised.value)
    assert chat.url in str(raised.value)


def test_a_connection_that_breaks(run: Run) -> None:
    chat = run(ChatServer())
    engine = opened(chat)
    chat.body, chat.headers = b"data: ", {"Content-Length": "900"}
    with pytest.raises(ModelError, match=r"connection to the server at .* broke off .*Ask again"):
        list(engine.generate(PROMPT, OPTIONS, StopFlag()))


def test_a_server_that_is_not_there() -> None:
    with serving(ChatServer()) as chat:
        engine = opened(chat)
    refused = r"http://127.0.0.1:\d+/v1 cannot be reached \(Connection refused\). Start it"
    with pytest.raises(ModelError, match=refused):
        opened(chat)
    with pytest.raises(ModelError, match=refused):
        list(engine.generate(PROMPT, OPTIONS, StopFlag()))


def test_a_page_in_place_of_a_list_of_models(run: Run) -> None:
    with pytest.raises(ModelError, match="does not speak the protocol"):
        opened(run(ChatServer(models_body=b"<html>Hello</html>")), model="qwen3:8b")
