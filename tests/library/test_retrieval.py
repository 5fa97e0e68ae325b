"""Questions become hits: fusion by hand, nonsense, and what moves when the library does."""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.errors import IndexMissing, LibraryError
from qa.library.embedder import Vectors
from qa.library.records import Recipe
from qa.library.retrieval import KEPT, Retriever, fuse, readable, telling_terms
from qa.types import Found, Fusion, Scope
from tests.fakes import FakeEmbedder
from tests.library.stores import Stores
from tests.library.stories import STORIES, index, write


def test_fusion_by_hand() -> None:
    scores = fuse({1: 0.9, 2: 0.1, 3: 0.5}, {3: 8.0, 2: 4.0})
    # Cosines become 1, 0, .5 and BM25 0, .5, 1.
    assert scores == pytest.approx({1: 0.5, 2: 0.25, 3: 0.75})
    assert fuse({}, {}) == {}
    assert fuse({7: 0.3}, {7: 2.0}) == pytest.approx({7: 0.5})


def test_one_ranking_alone_by_hand() -> None:
    cosines, bm25 = {1: 0.9, 2: 0.1, 3: 0.5}, {3: 8.0, 2: 4.0}
    assert fuse(cosines, bm25, Fusion.DENSE) == pytest.approx({1: 1.0, 2: 0.0, 3: 0.5})
    assert fuse(cosines, bm25, Fusion.LEXICAL) == pytest.approx({1: 0.0, 2: 0.5, 3: 1.0})


def test_the_words_of_a_query_without_stop_words() -> None:
    assert telling_terms("Where did the mayor meet the Mayor's rival?") == [
        "mayor",
        "meet",
        "rival",
    ]
    assert telling_terms("Who are they?") == ["who", "are", "they"]
    assert telling_terms('a" OR NEAR(b) -c* title:d_e') == ["near", "b", "c", "title", "d", "e"]
    assert telling_terms("?! _ 😀") == []


def test_words_in_quotes_count_as_a_phrase_besides() -> None:
    assert telling_terms('Who said "human rights" matter?') == [
        "said",
        "human",
        "rights",
        "matter",
        "human rights",
    ]
    assert telling_terms("„Ever Given“ and “the canal”") == [
        "ever",
        "given",
        "canal",
        "ever given",
        "the canal",
    ]
    assert telling_terms('"canal" 5" pipe') == ["canal", "5", "pipe"]


def test_the_stop_words_dropped_are_those_of_the_question_s_language() -> None:
    assert telling_terms("Was kostete die Brücke?") == ["kostete", "brücke"]
    assert telling_terms("die hard") == ["die", "hard"]
    assert telling_terms("Où est le phare de l’île ?") == ["phare", "île"]
    assert telling_terms("¿Cuánto mide el faro?") == ["mide", "faro"]


def test_text_without_spaces_is_asked_for_by_pairs() -> None:
    assert telling_terms("海塔什么时候修好？") == ["海塔", "塔什", "候修", "修好"]
    assert telling_terms("塔") == ["塔"]
    assert telling_terms("「海塔修」") == ["海塔", "塔修", "海塔 塔修"]


LANGUAGES = {
    "tower.txt": "海塔修好\n\n海塔星期一修好，高三十米。",
    "ship.txt": "新船下水\n\n新船星期二下水，可载八十人。",
    "light.txt": "Licht in Grünhöfen\n\nDer Leuchtturm von Grünhöfen leuchtet wieder.",
    "port.txt": "Der Hafen\n\nDer Hafen bleibt im Winter leer.",
}


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("海塔有多高？", "tower"),
        ("塔", "tower"),
        ("米", "tower"),
        ("船可载多少人？", "ship"),
        ("Was leuchtet in Grünhöfen?", "light"),
        ("Was leuchtet in Gru\u0308nho\u0308fen?", "light"),
        ("Grunhofen", "light"),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_words_are_found_in_every_script_and_spelling(
    stores: Stores, tmp_path: Path, question: str, first: str, form: Literal["NFC", "NFD"]
) -> None:
    files = {name: unicodedata.normalize(form, text) for name, text in LANGUAGES.items()}
    with stores.create(tmp_path) as store:
        index(store, write(tmp_path / "in", files), passage_tokens=30)
        retriever = Retriever(store, FakeEmbedder(), fusion=Fusion.LEXICAL)
        hits = retriever.retrieve(question, 4)
        assert hits[0].passage.article_id == first
        article = store.article(first)
        assert article is not None
        assert article.text == unicodedata.normalize("NFC", LANGUAGES[f"{first}.txt"])


def test_only_the_beginning_of_a_long_question_is_read() -> None:
    assert readable(" a\n b ") == "a b"
    assert readable("w " * 1000) == " ".join(["w"] * 256)
    assert readable("x" * 100_000) == "x" * 4000
    assert readable("a\udcffb") == "ab"
    assert readable("e\u0301te\u0301") == "été"


class CountingEmbedder(FakeEmbedder):
    """Counts the questions that it embeds."""

    asked = 0

    def embed(self, texts: Sequence[str]) -> Vectors:
        """As the fake."""
        self.asked += 1
        return super().embed(texts)


def test_what_was_searched_lately_is_not_searched_again_until_the_library_changes(
    stores: Stores, tmp_path: Path
) -> None:
    with stores.create(tmp_path) as store:
        index(store, write(tmp_path / "in", STORIES), passage_tokens=30)
        embedder = CountingEmbedder()
        retriever = Retriever(store, embedder)
        three = retriever.retrieve("Why was the old bridge closed?", 3)
        assert retriever.retrieve("Why was the old bridge closed?", 1) == three[:1]
        assert embedder.asked == 1
        for number in range(KEPT):
            retriever.retrieve(f"bridge {number}", 1)
        assert retriever.retrieve("Why was the old bridge closed?", 3) == three  # forgotten by now
        assert embedder.asked == KEPT + 2
        assert retriever.retrieve("Why was the old bridge closed?", 3, Scope(sources=())) == three
        assert embedder.asked == KEPT + 2

        files = {**STORIES, "later.txt": "Old bridge\n\nThe old bridge was closed for good."}
        index(store, write(tmp_path / "in", files), passage_tokens=30)
        later = retriever.retrieve("Why was the old bridge closed?", 4)
        assert "later" in [hit.passage.article_id for hit in later]


def test_hits_by_words_and_by_meaning(stores: Stores, tmp_path: Path) -> None:
    with stores.create(tmp_path) as store:
        embedder = FakeEmbedder()
        index(store, write(tmp_path / "in", STORIES), passage_tokens=30)
        retriever = Retriever(store, embedder)
        hits = retriever.retrieve("Why was the old bridge closed?", 2)
        assert [hit.passage.article_id for hit in hits] == ["bridge", "mayor"]
        best = hits[0]
        assert best.found_by is Found.BOTH
        # Five of its six words stand in the passage, which has the best BM25, and all three pairs
        # that tell something: "the old", "old bridge", "bridge closed" (in the headline).
        assert best.score == pytest.approx(0.84 * 5 / 6 + 0.08 + 0.08)
        (rough,) = retriever.retrieve("Why was the old bridge closed?", 1, rough=True)
        assert rough == replace(best, score=rough.score)
        assert rough.score == pytest.approx(1)  # the best by meaning, and by words
        question, passage = embedder.embed(
            ["Why was the old bridge closed?", "Bridge closed\n" + best.passage.text]
        )
        assert best.cosine == pytest.approx(float(question @ passage), abs=1e-5)
        assert hits[0].score >= hits[1].score
        assert len(retriever.retrieve("bridge", 99)) == store.passage_count() == 3
        assert retriever.retrieve("bridge", 0) == ()


@pytest.mark.parametrize(
    ("fusion", "found", "without_a_word"),
    [
        # no word of the question stands in the story of the port
        (Fusion.BOTH, {"bridge": Found.BOTH, "mayor": Found.BOTH, "port": Found.DENSE}, 3),
        (Fusion.DENSE, dict.fromkeys(("bridge", "mayor", "port"), Found.DENSE), 3),
        (Fusion.LEXICAL, dict.fromkeys(("bridge", "mayor"), Found.LEXICAL), 0),
    ],
)
def test_candidates_come_from_the_rankings_that_are_asked(
    stores: Stores, tmp_path: Path, fusion: Fusion, found: dict[str, Found], without_a_word: int
) -> None:
    with stores.create(tmp_path) as store:
        index(store, write(tmp_path / "in", STORIES), passage_tokens=30)
        retriever = Retriever(store, FakeEmbedder(), fusion=fusion)
        hits = retriever.retrieve("Who resigned over the old bridge?", 9)
        assert {hit.passage.article_id: hit.found_by for hit in hits} == found
        assert len(retriever.retrieve("zebra", 9)) == without_a_word


def test_copies_are_collapsed_and_others_fill_the_list(stores: Stores, tmp_path: Path) -> None:
    text = "Heavy rain\n\nThe river rose two metres overnight and flooded the lower town again."
    files = {"one.txt": text, "two.txt": text, "three.txt": "Dry spell\n\nThe river fell."}
    with stores.create(tmp_path) as store:
        index(store, write(tmp_path / "in", files), passage_tokens=30)
        hits = Retriever(store, FakeEmbedder()).retrieve("How many metres did the river rise?", 2)
        assert [(hit.passage.article_id, hit.also_in) for hit in hits] == [
            ("one", ("two",)),
            ("three", ()),
        ]


WIRE = "The ferry sank off the coast on Monday with forty people on board, officials said."


def test_a_story_in_a_hundred_papers_takes_one_place(stores: Stores, tmp_path: Path) -> None:
    files = {f"paper{n:03}.md": f"---\ntitle: Paper {n}\n---\n{WIRE}" for n in range(120)}
    files |= {"inquiry.txt": "An inquiry\n\nThe ferry had been inspected in March."}
    with stores.create(tmp_path) as store:
        index(store, write(tmp_path / "in", files), passage_tokens=30)
        hits = Retriever(store, FakeEmbedder()).retrieve("When did the ferry sink?", 2)
    first, second = hits if hits[1].passage.article_id == "inquiry" else hits[::-1]
    assert second.passage.article_id == "inquiry"
    assert second.also_in == ()
    assert set(first.also_in) | {first.passage.article_id} == {f"paper{n:03}" for n in range(120)}
    assert len(first.also_in) == 119


DATED = {
    f"{name}.md": f"---\ntitle: {title}\n{fields}---\n{text}\n"
    for name, title, fields, text in (
        ("old", "Mayor elected", "published: 2021-05-02\nsource: The Herald\n", "A mayor won."),
        ("mid", "Mayor resigns", "published: 2022-07-01\nsource: Wire\n", "The mayor resigned."),
        ("new", "Mayor returns", "published: 2023-01-09\nsource: Wire\n", "The mayor is back."),
        ("undated", "On mayors", "", "A mayor leads a town."),
    )
}


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (Scope(), {"old", "mid", "new", "undated"}),
        (Scope(since=date(2022, 7, 1)), {"mid", "new"}),
        (Scope(until=date(2022, 7, 1)), {"old", "mid"}),
        (Scope(date(2022, 1, 1), date(2022, 12, 31)), {"mid"}),
        (Scope(date(2024, 1, 1)), set()),
        (Scope(sources=("wire",)), {"mid", "new"}),
        (Scope(sources=("WIRE", "the herald")), {"old", "mid", "new"}),
        (Scope(until=date(2022, 1, 1), sources=("Wire",)), set()),
    ],
)
def test_a_scope_narrows_both_rankings(
    stores: Stores, tmp_path: Path, scope: Scope, expected: set[str]
) -> None:
    with stores.create(tmp_path) as store:
        index(store, write(tmp_path / "in", DATED), passage_tokens=30)
        retriever = Retriever(store, FakeEmbedder())
        for question in ("What became of the mayor?", "zebra"):  # by words, and by meaning alone
            hits = retriever.retrieve(question, 9, scope)
            assert {hit.passage.article_id for hit in hits} == expected
            assert all(scope.holds(hit.passage) for hit in hits if not scope.sources)


def test_a_scope_reaches_what_a_full_library_hides(stores: Stores, tmp_path: Path) -> None:
    """The one article of that day is far below the best fifty of either ranking."""
    files = {
        f"{n:03}.md": f"---\npublished: 2020-01-01\n---\nMayor mayor mayor number {n} spoke {n}.\n"
        for n in range(200)
    }
    files["last.md"] = "---\npublished: 2023-05-05\n---\nA long report on roads; the mayor came.\n"
    with stores.create(tmp_path) as store:
        index(store, write(tmp_path / "in", files), passage_tokens=30)
        retriever = Retriever(store, FakeEmbedder())
        assert "last" not in {
            hit.passage.article_id for hit in retriever.retrieve("mayor mayor", 16)
        }
        (hit,) = retriever.retrieve("mayor mayor", 16, Scope(since=date(2023, 1, 1)))
        assert hit.passage.article_id == "last"
        assert hit.found_by is Found.BOTH


def test_an_unknown_source_is_named_with_those_that_exist(stores: Stores, tmp_path: Path) -> None:
    with stores.create(tmp_path) as store:
        index(store, write(tmp_path / "in", DATED), passage_tokens=30)
        retriever = Retriever(store, FakeEmbedder())
        with pytest.raises(LibraryError, match=r"'AFP'. Sources in the library: The Herald, Wire"):
            retriever.retrieve("mayor", 3, Scope(sources=("AFP",)))


def test_a_library_made_anew_with_another_embedder_is_followed(
    stores: Stores, tmp_path: Path
) -> None:
    old, new = FakeEmbedder(), FakeEmbedder(digest="fake-embedder-2", dimension=64)
    folder = write(tmp_path / "in", STORIES)
    opened: list[Recipe] = []

    def reopen(recipe: Recipe) -> FakeEmbedder:
        opened.append(recipe)
        return new

    with stores.create(tmp_path) as store:
        index(store, folder, embedder=old)
        retriever = Retriever(store, old, reopen)
        assert retriever.retrieve("mayor resigned", 1)[0].passage.article_id == "mayor"
        assert opened == []
        index(store, folder, embedder=new)
        assert retriever.retrieve("mayor resigned", 1)[0].passage.article_id == "mayor"
        assert [recipe.embedder for recipe in opened] == ["fake-embedder-2"]
        with pytest.raises(LibraryError, match=r"another embedder"):
            Retriever(store, old).retrieve("mayor", 1)


def test_a_reader_follows_the_library(stores: Stores, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", STORIES)
    with stores.create(tmp_path) as writer, stores.open(tmp_path) as reader:
        with pytest.raises(IndexMissing, match=r"There is no article in .*qa index FOLDER"):
            Retriever(reader, FakeEmbedder()).retrieve("mayor", 1)
        index(writer, folder)
        retriever = Retriever(reader, FakeEmbedder())
        assert retriever.retrieve("mayor resigned", 1)[0].passage.article_id == "mayor"
        (folder / "mayor.txt").unlink()
        (folder / "new.txt").write_text("Zoo opens\n\nThe zoo opened with two zebras.")
        index(writer, folder)
        found = {hit.passage.article_id for hit in retriever.retrieve("mayor resigned zebras", 9)}
        assert found == {"bridge", "port", "new"}


@pytest.fixture(scope="module")
def retriever(stores: Stores, tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    tmp_path = tmp_path_factory.mktemp("library")
    store = stores.create(tmp_path)
    index(store, write(tmp_path / "in", STORIES))
    return Retriever(store, FakeEmbedder())


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
