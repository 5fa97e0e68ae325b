"""A question finds its evidence: whole, part by part, by name, and in two steps."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from qa.answering.finding import TOLD_ABOUT, Finder, Found
from qa.library.indexing import index_folders
from qa.library.retrieval import Retriever
from qa.library.span_reader import SpanReading
from qa.library.store import Store
from qa.types import Scope
from tests.fakes import FakeCrossEncoder, FakeEmbedder, FakeReader

ARTICLES = {
    "vote": ("2024-03-05", "Rosa Kemp was elected mayor of Orrin. She won 5,210 votes in all."),
    "tarn": ("2023-11-02", "The Tarn tunnel was dug for trains. It is nine kilometres long."),
    "selk": ("2023-12-14", "The Selk tunnel was dug for lorries. It is five miles long."),
    "fire": ("2024-05-01", "Lumen was blamed for the mill fire by the county."),
    "lumen": ("2021-02-03", "Ida Moss heads the glass maker Lumen, which employs 300 people."),
    "old-toll": ("2022-05-02", "The Marit sank; 14 people drowned."),
    "new-toll": ("2022-05-09", "The Marit sank; 47 people drowned."),
    "rain": (None, "Rain is expected in the hills."),
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder: Path = tmp_path_factory.mktemp("articles")
    for name, (published, text) in ARTICLES.items():
        head = f"---\ntitle: Note\n{f'published: {published}' if published else ''}\n---\n"
        (folder / f"{name}.md").write_text(f"{head}{text}\n", encoding="utf-8")
    with Store.create(tmp_path_factory.mktemp("index")) as store:
        index_folders([folder], store, FakeEmbedder(), 60, lambda _: None)
        yield store


def finder(store: Store, found: Mapping[str, float] | None = None) -> Finder:
    retriever = Retriever(store, FakeEmbedder())
    reader = None if found is None else FakeReader(found)
    return Finder(retriever, FakeCrossEncoder(), reader)


class Direct(FakeReader):
    """Finds nothing for a question that holds another."""

    def read(self, question: str, texts: Sequence[str]) -> tuple[SpanReading, ...]:
        """See FakeReader."""
        if " that " in question:
            return tuple(SpanReading(-5.0, ()) for _ in texts)
        return super().read(question, texts)


class Single(FakeReader):
    """Finds nothing for two questions in one."""

    def read(self, question: str, texts: Sequence[str]) -> tuple[SpanReading, ...]:
        """See FakeReader."""
        read = super().read(question, texts)
        return tuple(SpanReading(-5.0, ()) for _ in texts) if ", and" in question else read


def articles(found: Found) -> list[str]:
    return [one.article_id for one in found.evidence]


def assert_whole(found: Found) -> None:
    """Hits are exactly those of the evidence, each once, in the order in which it comes."""
    numbers = list(dict.fromkeys(one.number for one in found.evidence))
    assert numbers == list(range(1, len(found.hits) + 1))
    assert len({hit.passage.id for hit in found.hits}) == len(found.hits)
    for one in found.evidence:
        passage = found.hits[one.number - 1].passage
        assert passage.id == one.passage_id
        assert passage.text[one.start - passage.start : one.end - passage.start] == one.quote


def test_an_article_that_speaks_of_nobody_asked_for_comes_behind(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "mother.md").write_text("How old is she? She is 83.\n", encoding="utf-8")
    engineer = "Ruth Ade became chief engineer in May. She is old in the trade."
    (folder / "engineer.md").write_text(engineer, encoding="utf-8")
    with Store.create(tmp_path / "index") as store:
        index_folders([folder], store, FakeEmbedder(), 60, lambda _: None)
        found = finder(store, {"83": 4.0}).find("How old is Ruth Ade?", 4)
        nobody = finder(store, {"83": 4.0}).find("How old is she?", 4)
    assert articles(found)[0] == "engineer"
    assert articles(nobody)[0] == "mother"


def test_the_evidence_with_its_hits_and_all_that_was_looked_at(store: Store) -> None:
    found = finder(store).find("Who was elected mayor of Orrin?", 3)
    assert [one.quote for one in found.evidence] == ["Rosa Kemp was elected mayor of Orrin."]
    assert (len(found.hits), len(found.looked_at), found.through) == (1, 3, "")
    assert found.signals is not None
    farther = finder(store).find("Which mayor of Selk sang?", 3)
    assert 1 > found.confidence > farther.confidence
    assert_whole(found)


def test_where_nothing_bears_on_it_there_is_no_confidence(store: Store) -> None:
    found = finder(store).find("Which pianist played at Warsaw?", 3)
    assert (found.evidence, found.hits, found.confidence, found.signals) == ((), (), 0.0, None)
    assert len(found.looked_at) == 3


def test_no_article_in_the_scope_is_no_evidence(store: Store) -> None:
    scope = Scope(until=date(2000, 1, 1))
    found = finder(store).find("Who was elected mayor of Orrin?", 3, scope)
    assert (found.evidence, found.looked_at) == ((), ())


def test_two_questions_in_one_are_looked_up_apart_as_well(store: Store) -> None:
    question = "Who was elected mayor of Orrin, and who heads the glass maker Lumen?"
    found = finder(store).find(question, 2)
    assert {"vote", "lumen"} <= set(articles(found))
    alone = finder(store).find("Who was elected mayor of Orrin?", 2)
    assert found.confidence >= alone.confidence - 1e-9
    assert_whole(found)


def test_each_question_in_one_is_read_as_it_stands_and_what_it_finds_for_sure_leads(
    store: Store,
) -> None:
    """The part is looked up with what says whose votes; a reader of single questions finds them."""
    reader = Single({"5,210": 9.0})
    retriever = Retriever(store, FakeEmbedder())
    question = "Who heads the glass maker Lumen of Orrin, and how many votes did she win?"
    found = Finder(retriever, FakeCrossEncoder(), reader).find(question, 2)
    assert reader.asked == [
        question,
        "Who heads the glass maker Lumen of Orrin?",
        "how many votes did she win?",
    ]
    assert found.evidence[0].short == "5,210"
    assert "lumen" in articles(found)
    assert_whole(found)


def test_a_name_that_the_first_look_does_not_cover_is_looked_up_by_itself(store: Store) -> None:
    """One passage is read for the whole question; the other tunnel is in the next one."""
    question = "Which tunnel is longer, the Tarn tunnel or the Selk tunnel?"
    found = finder(store).find(question, 1)
    assert {"tarn", "selk"} <= set(articles(found))
    assert_whole(found)


def test_a_name_that_no_article_has_brings_nothing(store: Store) -> None:
    found = finder(store).find("Was the Tarn tunnel or the Wick tunnel dug for trains?", 1)
    assert set(articles(found)) == {"tarn"}


def test_things_without_a_name_are_compared_by_what_tells_of_each(store: Store) -> None:
    found = finder(store).find("Compare the mill fire with rain in the hills", 1)
    assert set(articles(found)) == {"fire", "rain"}
    assert found.confidence >= TOLD_ABOUT
    other = finder(store).find("Compare the mill fire with the price of glass", 1)
    assert articles(other) == ["fire"]  # nothing tells of that price
    assert other.confidence < TOLD_ABOUT


def test_the_reader_reads_twice_the_passages_that_are_wanted(store: Store) -> None:
    reader = FakeReader({"14 people": 5.0})
    retriever = Retriever(store, FakeEmbedder())
    found = Finder(retriever, FakeCrossEncoder(), reader).find("How many people drowned?", 2)
    assert len(reader.texts) == 4
    assert found.evidence[0].short == "14 people"


REASON = "Two boys had played with matches"


@pytest.fixture
def long_story(tmp_path: Path) -> Iterator[Store]:
    """A story of nine passages, the first seven of which have words of the question."""
    told = [f"On day {n} the mill at Osk burnt down again in every window." for n in range(7)]
    folder = tmp_path / "articles"
    folder.mkdir()
    text = "\n\n".join([*told, f"{REASON}, the judge heard from a witness.", "Rain came late."])
    (folder / "mill.txt").write_text(text, encoding="utf-8")
    with Store.create(tmp_path / "index") as store:
        index_folders([folder], store, FakeEmbedder(), 14, lambda _: None)
        yield store


def test_the_rest_of_the_likeliest_article_is_read_too(long_story: Store) -> None:
    """Three passages are wanted and six found; the reason has no word of the question."""
    assert len(long_story.passages("mill")) == 9
    retriever = Retriever(long_story, FakeEmbedder())
    asked = "Why did the mill at Osk burn down?"
    assert not any(REASON in hit.passage.text for hit in retriever.retrieve(asked, 6, rough=True))
    for articles, question, read in (
        (long_story, asked, 9),
        (None, asked, 6),
        (long_story, "Which mill burnt down at Osk?", 9),
    ):
        reader = FakeReader({REASON: 4.0})
        found = Finder(retriever, FakeCrossEncoder(), reader, articles).find(question, 3)
        assert len(reader.texts) == read
        assert (found.evidence[0].short == REASON) is (read == 9)
        assert_whole(found)


def test_whom_an_article_is_about_is_read_above_passages_that_name_nobody(tmp_path: Path) -> None:
    """What follows "He" is not met by a question about Barty, and is once his name stands above."""
    front = "Barty Sleight smokes eels at Holme."
    texts = {"smoker": f"{front}\n\nThe heat is judged by the back of a hand on the door."}
    with notes(tmp_path, texts, limit=14) as store:
        assert len(store.passages("smoker")) == 2
        reader = FakeReader({"back of a hand": 4.0})
        crossing = FakeCrossEncoder()
        found = Finder(Retriever(store, FakeEmbedder()), crossing, reader, store)
        (first, *_) = found.find("how does barty judge the heat", 2).evidence
    assert first.short == "back of a hand"
    above = {text.partition("\n")[0] for text in reader.texts if "back of a hand" in text}
    assert above == {"Barty: Note"}
    assert any(text.startswith("Barty: Note. ") for _, text in crossing.scored)
    assert not any(front in text and text.startswith("Barty: ") for _, text in crossing.scored)


def test_an_order_finds_what_its_question_finds(store: Store) -> None:
    asked, ordered = "Who was elected mayor of Orrin?", "Tell me who was elected mayor of Orrin."
    assert finder(store).find(ordered, 3) == finder(store).find(asked, 3)
    assert finder(store).retrieve(ordered, 3) == finder(store).retrieve(asked, 3)


@pytest.mark.parametrize(
    "asked", ["Tell me about the mill fire", "Why is the mill fire in the news?"]
)
def test_a_topic_is_looked_up_by_itself_and_whatever_tells_of_it_answers(
    store: Store, asked: str
) -> None:
    topic = finder(store, {}).find(asked, 1)
    assert articles(topic) == ["fire"]
    assert topic.confidence == TOLD_ABOUT
    nothing = finder(store, {}).find("Tell me about giraffes", 1)
    assert nothing.evidence == ()
    assert nothing.confidence == 0


def test_the_latest_on_a_topic_comes_first(store: Store) -> None:
    latest = finder(store).find("What is the latest on the Marit?", 2)
    assert articles(latest) == ["new-toll", "old-toll"]
    (newest, _) = latest.evidence
    assert latest.hits[newest.number - 1].passage.published == date(2022, 5, 9)


def test_two_steps_through_a_question_inside(store: Store) -> None:
    question = "Who heads the glass maker that was blamed for the mill fire?"
    direct = replace(finder(store), reader=Direct({"Lumen": 5.0, "Ida Moss": 6.0}))
    found = direct.find(question, 2)
    assert found.through == "Lumen"
    assert articles(found)[0] == "lumen"
    assert "fire" in articles(found)
    assert found.evidence[0].short == "Ida Moss"
    assert_whole(found)


def test_where_the_question_inside_finds_nothing_it_is_asked_as_it_stands(store: Store) -> None:
    question = "Who heads the bank that was robbed on the moon?"
    assert finder(store, {}).find(question, 2).through == ""


def test_the_latest_state_comes_first(store: Store) -> None:
    found = finder(store).find("How many people of the Marit drowned so far?", 4)
    assert articles(found)[:2] == ["new-toll", "old-toll"]


@contextmanager
def notes(folder: Path, texts: Mapping[str, str], limit: int = 60) -> Iterator[Store]:
    """A library of undated notes, each text by its article's id."""
    (folder / "in").mkdir()
    for name, text in texts.items():
        whole = f"---\ntitle: Note\n---\n{text}\n"
        (folder / "in" / f"{name}.md").write_text(whole, encoding="utf-8")
    with Store.create(folder / "index") as store:
        index_folders([folder / "in"], store, FakeEmbedder(), limit, lambda _: None)
        yield store


@pytest.mark.parametrize("doubt", [5.0, -2.0])  # told outright by the second, too
def test_asked_when_the_day_in_full_comes_first(tmp_path: Path, doubt: float) -> None:
    """Beside the year of the other article, "November 17" is half an answer."""
    texts = {
        "a": "The lamp of Skagen was lit on November 17.",
        "b": "On 17 November 1858 somebody lit it, the lamp of old Skagen.",
        "c": "The church of Skagen burnt on 3 May 1901.",
    }
    spans = {"November 17": 5.0, "17 November 1858": doubt, "3 May 1901": 5.0}
    with notes(tmp_path, texts) as store:
        found = finder(store, spans).find("When was the lamp of Skagen lit?", 3)
    assert found.evidence[0].short == "17 November 1858"


def test_the_fuller_day_of_something_else_does_not_come_first(tmp_path: Path) -> None:
    """ "12 June 2019" may be a day of 2019, and is no day on which the school was built."""
    texts = {
        "a": "The school of Skagen was built in 2019.",
        "b": "A flood shut the school on 12 June 2019.",
    }
    spans = {"in 2019": 5.0, "12 June 2019": 5.0}
    with notes(tmp_path, texts) as store:
        found = finder(store, spans).find("When was the school of Skagen built?", 2)
    assert [one.short for one in found.evidence] == ["in 2019", "12 June 2019"]


def test_to_a_yes_or_no_what_scores_far_below_is_evidence(tmp_path: Path) -> None:
    """A correction has few of the question's words, and must not be missed."""
    texts = {
        "a": "The tower of Skagen is 46 metres high, the council wrote.",
        "b": "That Skagen tower was measured anew in May: 44 metres.",
    }
    with notes(tmp_path, texts) as store:
        looked = finder(store, {"46 metres": 4.0, "44 metres": -2.5})
        assert articles(looked.find("Is the tower of Skagen 46 metres high?", 2)) == ["a", "b"]
        assert articles(looked.find("How high is the tower of Skagen?", 2)) == ["a"]
