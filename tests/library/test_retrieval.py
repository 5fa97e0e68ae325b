"""Questions become hits: fusion by hand, nonsense, and what moves when the library does."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.errors import IndexMissing
from qa.library.retrieval import Retriever, any_word, fuse, readable
from qa.library.store import Store
from qa.types import Found
from tests.fakes import FakeEmbedder
from tests.library.stories import STORIES, index, write


def test_fusion_by_hand() -> None:
    scores = fuse({1: 0.9, 2: 0.1, 3: 0.5}, {3: 8.0, 2: 4.0})
    # Cosines become 1, 0, .5 and BM25 0, .5, 1.
    assert scores == pytest.approx({1: 0.5, 2: 0.25, 3: 0.75})
    assert fuse({}, {}) == {}
    assert fuse({7: 0.3}, {7: 2.0}) == pytest.approx({7: 0.5})


def test_words_of_a_query_are_quoted_and_stop_words_dropped() -> None:
    assert any_word("Where did the mayor meet the Mayor's rival?") == (
        '"mayor" OR "meet" OR "rival"'
    )
    assert any_word("Who are they?") == '"who" OR "are" OR "they"'
    assert any_word('a" OR NEAR(b) -c* title:d_e') == (
        '"near" OR "b" OR "c" OR "title" OR "d" OR "e"'
    )
    assert any_word("?! _ 😀") == ""


def test_only_the_beginning_of_a_long_question_is_read() -> None:
    assert readable(" a\n b ") == "a b"
    assert readable("w " * 1000) == " ".join(["w"] * 256)
    assert readable("x" * 100_000) == "x" * 4000
    assert readable("a\udcffb") == "ab"


def test_hits_by_words_and_by_meaning(tmp_path: Path) -> None:
    with Store.create(tmp_path) as store:
        embedder = FakeEmbedder()
        index(store, write(tmp_path / "in", STORIES), passage_tokens=30)
        retriever = Retriever(store, embedder, tmp_path)
        hits = retriever.retrieve("Why was the old bridge closed?", 2)
        assert [hit.passage.article_id for hit in hits] == ["bridge", "mayor"]
        best = hits[0]
        assert best.found_by is Found.BOTH
        assert best.score == pytest.approx(1)
        question, passage = embedder.embed(
            ["Why was the old bridge closed?", "Bridge closed\n" + best.passage.text]
        )
        assert best.cosine == pytest.approx(float(question @ passage), abs=1e-5)
        assert hits[0].score >= hits[1].score
        assert len(retriever.retrieve("bridge", 99)) == store.passage_count() == 3
        assert retriever.retrieve("bridge", 0) == ()


def test_copies_are_collapsed_and_others_fill_the_list(tmp_path: Path) -> None:
    text = "Heavy rain\n\nThe river rose two metres overnight and flooded the lower town again."
    files = {"one.txt": text, "two.txt": text, "three.txt": "Dry spell\n\nThe river fell."}
    with Store.create(tmp_path) as store:
        index(store, write(tmp_path / "in", files), passage_tokens=30)
        hits = Retriever(store, FakeEmbedder(), tmp_path).retrieve("How far did the river rise?", 2)
        assert [(hit.passage.article_id, hit.also_in) for hit in hits] == [
            ("one", ("two",)),
            ("three", ()),
        ]


def test_a_reader_follows_the_library(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", STORIES)
    with Store.create(tmp_path) as writer, Store.open(tmp_path) as reader:
        with pytest.raises(IndexMissing, match=r"There is no article in .*qa index FOLDER"):
            Retriever(reader, FakeEmbedder(), tmp_path).retrieve("mayor", 1)
        index(writer, folder)
        retriever = Retriever(reader, FakeEmbedder(), tmp_path)
        assert retriever.retrieve("mayor resigned", 1)[0].passage.article_id == "mayor"
        (folder / "mayor.txt").unlink()
        (folder / "new.txt").write_text("Zoo opens\n\nThe zoo opened with two zebras.")
        index(writer, folder)
        found = {hit.passage.article_id for hit in retriever.retrieve("mayor resigned zebras", 9)}
        assert found == {"bridge", "port", "new"}


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    tmp_path = tmp_path_factory.mktemp("library")
    store = Store.create(tmp_path)
    index(store, write(tmp_path / "in", STORIES))
    return Retriever(store, FakeEmbedder(), tmp_path)


@pytest.mark.parametrize(
    "question",
    [
        "",
        " \n",
        '"',
        "* OR NEAR(",
        "😀",
        "\0",
        "\udcff",
        "_",
        "the who",
        "x" * 100_000,
        "a b " * 9999,
    ],
)
def test_nonsense_is_answered_with_hits_or_none(retriever: Retriever, question: str) -> None:
    hits = retriever.retrieve(question, 3)
    assert len(hits) == (3 if readable(question) else 0)


@settings(deadline=None)
@given(st.text(max_size=80))
def test_any_question_may_be_asked(retriever: Retriever, question: str) -> None:
    hits = retriever.retrieve(question, 2)
    assert all(0 <= hit.score <= 1.000001 and -1.000001 <= hit.cosine <= 1.000001 for hit in hits)
    assert list(hits) == sorted(hits, key=lambda hit: -hit.score)
