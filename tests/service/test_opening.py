"""A library is asked with the embedder it was made with; a server answers in a model's place."""

import shutil
import socket
from pathlib import Path

import pytest
from pytest_socket import SocketBlockedError

from qa.cli.serving import warn_of_servers
from qa.engine.generation import DecodingOptions, Message, Prefill, Queued, Role, StopFlag
from qa.errors import LibraryError, ServerFailed
from qa.library.indexing import index_folders
from qa.library.store import Store
from qa.service.opening import open_assistant, open_embedder, open_generator, open_retriever
from qa.service.service import open_service
from qa.settings import load_settings
from tests.chat_server import ChatServer, serving
from tests.cli.typed import printed, qa
from tests.conftest import ROOT

pytestmark = pytest.mark.model


def other_embedder(folder: Path) -> Path:
    """A copy of the default embedder whose weights differ in their last bit."""
    default = load_settings().models_dir / "all-minilm-l6-v2"
    shutil.copytree(default, folder)
    weights = folder / "model.safetensors"
    raw = bytearray(weights.read_bytes())
    raw[-4] ^= 1
    weights.write_bytes(raw)
    return folder


def test_the_old_embedder_answers_until_the_library_is_made_anew(tmp_path: Path) -> None:
    other = other_embedder(tmp_path / "other")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "bridge.txt").write_text("Bridge closed\n\nThe old bridge was closed.\n")
    before, now = load_settings(embedder=str(other)), load_settings()
    with Store.create(before.library_dir) as store:
        index_folders(
            [tmp_path / "in"],
            store,
            open_embedder(before),
            before.passage_tokens,
            lambda _: None,
            embedder_name=before.embedder,
        )
    assert open_embedder(before).digest != open_embedder(now).digest

    with open_retriever(now) as retriever:
        (hit,) = retriever.retrieve("Which bridge was closed?", 3)
    assert hit.passage.article_id == "bridge"
    assert hit.cosine > 0.7

    shutil.rmtree(other)
    with (
        open_retriever(now) as retriever,
        pytest.raises(LibraryError, match=r"made with the embedder '.*other', .*qa index"),
    ):
        retriever.retrieve("Which bridge was closed?", 3)


SAT_DOWN = (
    "Antony Blinken and Wang Yi sat down together in Munich on Saturday, after a week in which each"
    " let it be known that he would not be the first to ask, and while guards were still telling"
    " the delegations of both which of the two doors of the hotel was theirs."
)
"""Too long to be read at a glance: a model is asked to put it shortly."""


def talks(folder: Path) -> Path:
    """A folder with one article about a meeting."""
    folder.mkdir()
    (folder / "talks.txt").write_text(f"Talks in Munich\n\n{SAT_DOWN} They spoke for an hour.\n")
    return folder


@pytest.fixture(scope="module")
def indexed_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which that article is indexed, once for all tests."""
    folder = tmp_path_factory.mktemp("talks")
    here = {"QA_HOME": str(folder / "home"), "QA_MODELS_DIR": str(ROOT / "models")}
    assert qa("index", talks(folder / "in"), **here).returncode == 0
    return folder / "home"


@pytest.fixture
def library(indexed_home: Path, tmp_path: Path) -> None:
    """The article, indexed in the test's own home."""
    shutil.copytree(indexed_home, tmp_path / "home")


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("tells", [True, False])
def test_a_server_answers_and_its_answer_is_checked(tells: bool) -> None:
    """There is no [9] to cite, and not every server tells how likely its words are."""
    chat = ChatServer(
        pieces=("Blinken and Wang Yi sat down in", " Munich [9]."),
        logprobs=((-0.1,), (-0.1,)) if tells else (),
    )
    question = "Where did Blinken and Wang Yi sit down?"
    with serving(chat):
        here = {"QA_GENERATOR": chat.url, "QA_GENERATOR_KEY": "sk-abc", "QA_MODEL": "big"}
        answer = printed(qa("ask", question, "--json", **here))
    assert not answer["refused"]
    assert answer["answer"] == "Blinken and Wang Yi sat down in Munich [1]."
    assert answer["model"] == "big"
    (sentence,) = answer["sentences"]
    (citation,) = sentence["citations"]
    assert citation["number"] == 1
    assert citation["quote"] == SAT_DOWN
    asked = chat.requests[0]["messages"][-1]["content"]
    assert SAT_DOWN in asked
    assert answer["evidence"][0]["quote"] == SAT_DOWN
    assert asked.endswith(f"Question: {question}")
    assert {headers["Authorization"] for headers in chat.sent_headers} == {"Bearer sk-abc"}


@pytest.mark.usefixtures("library")
def test_a_server_that_is_not_there_is_told_in_one_line() -> None:
    with serving(ChatServer()) as chat:
        pass
    result = qa("ask", "Where?", QA_GENERATOR=chat.url)
    assert result.returncode == 1
    (line,) = result.stderr.strip().splitlines()
    assert line.startswith(f"qa: The server at {chat.url} cannot be reached")


def test_several_servers_share_the_questions() -> None:
    """And one is asked as ever: side by side, as it has its own queue."""
    prompt = [Message(Role.USER, ("Where?",))]
    with serving(ChatServer()) as first, serving(ChatServer()) as second:
        with open_generator(load_settings(generator=[first.url, second.url])) as generator:
            assert generator.name == "house-model"
            for _ in range(2):
                list(generator.generate(prompt, DecodingOptions(8), StopFlag()))
            assert [len(chat.requests) for chat in (first, second)] == [1, 1]
            waiting = [generator.generate(prompt, DecodingOptions(8), StopFlag()) for _ in range(3)]
            assert [type(next(steps)) for steps in waiting] == [Prefill, Prefill, Queued]
        at_once = load_settings(generator=f"{first.url},{second.url}", generator_at_once=2)
        with open_generator(at_once) as generator:
            waiting = [generator.generate(prompt, DecodingOptions(8), StopFlag()) for _ in range(5)]
            assert [type(next(steps)) for steps in waiting] == [Prefill] * 4 + [Queued]
        with open_generator(load_settings(generator=[first.url])) as generator:
            waiting = [generator.generate(prompt, DecodingOptions(8), StopFlag()) for _ in range(3)]
            assert [type(next(steps)) for steps in waiting] == [Prefill] * 3


def test_a_server_that_breaks_off_for_the_next_question_is_asked_one_by_one() -> None:
    """`llama_cpp.server` does, whose models are "me"'s; and it answers to any model's name."""
    prompt = [Message(Role.USER, ("Where?",))]
    with serving(ChatServer(owned_by="me")) as chat:
        settings = load_settings(generator=chat.url, generator_at_once=4)
        with open_generator(settings) as generator:
            waiting = [generator.generate(prompt, DecodingOptions(8), StopFlag()) for _ in range(2)]
            assert [type(next(steps)) for steps in waiting] == [Prefill, Queued]
        with (
            pytest.raises(
                ServerFailed, match=r"^http\S+ has house-model, other, and no big\. Name"
            ),
            open_generator(load_settings(generator=chat.url, model="big")),
        ):
            pass


def test_a_server_that_is_set_aside_is_told_when_the_page_opens(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with serving(ChatServer()) as first, serving(ChatServer(models=("other",))) as second:
        with open_service(load_settings(generator=[first.url, second.url])) as service:
            assert service.models.server == f"{first.url}, {second.url}"
            warn_of_servers(service)
        with open_service(load_settings(generator=first.url)) as service:
            warn_of_servers(service)
    told = " ".join(capsys.readouterr().err.split())
    assert told == (
        f"warning {second.url} has other, and no house-model. It is set aside. See: qa doctor"
    )


def test_a_service_opens_empty_and_is_filled(tmp_path: Path) -> None:
    with (
        serving(ChatServer()) as chat,
        open_service(load_settings(generator=chat.url, model="big")) as service,
    ):
        assert (service.names(), service.default, service.models.name) == (("main",), "main", "big")
        shelf = service.collection("main").shelf
        written = shelf.incoming("bridge.txt")
        written.write_text("Bridge closed\n\nThe old bridge was closed.\n")
        assert shelf.add(written, "bridge.txt").article_ids == ("bridge",)
        (hit,) = service.collection("main").assistant.look_up("Which bridge was closed?")
        assert hit.passage.article_id == "bridge"
        with pytest.raises(LibraryError, match=r"no collection '\.\./x'"):
            service.collection("../x")


@pytest.mark.disable_socket
def test_without_a_server_nothing_opens_a_socket(tmp_path: Path) -> None:
    """Not even one to loopback: making any raises here."""
    settings = load_settings()
    with Store.create(settings.library_dir) as store:
        index_folders(
            [talks(tmp_path / "in")],
            store,
            open_embedder(settings),
            settings.passage_tokens,
            lambda _: None,
        )
    with pytest.raises(SocketBlockedError):
        socket.socket()
    with open_assistant(settings) as assistant:
        answer = assistant.answer("Where did Blinken and Wang Yi sit down?")
    assert answer.usage.completion_tokens > 0
    assert answer.model == settings.model
