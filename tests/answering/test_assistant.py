"""The walk of a question over a real library, with fakes for the models."""

from datetime import date
from pathlib import Path

import pytest
from reportlab.pdfgen import canvas

from qa.answering.answer_json import answer_object
from qa.answering.assistant import LONGEST_QUESTION, check_question
from qa.engine.generation import StopFlag
from qa.errors import BadQuestion, IndexMissing
from qa.library.indexing import index_folders
from qa.library.store import Store
from qa.types import (
    Answer,
    Answered,
    Outcome,
    Preferences,
    Reading,
    RefusalReason,
    Retrieved,
    Scope,
    Side,
    Turn,
    Understood,
    Writing,
)
from tests.answering.lamp_and_ferry import (
    LIT,
    LIT_QUOTE,
    SAID,
    SAILS,
    SAILS_QUOTES,
    assistant,
    index,
    over,
)
from tests.fakes import FakeEmbedder

NOBODY_ASKED = "Who won the women's singles at Wimbledon?"


def assert_whole(answer: Answer, store: Store) -> None:
    """Every piece of evidence, citation and sentence stands where it says; hits are those used."""
    numbers = [one.number for one in answer.evidence]
    assert set(numbers) == set(range(1, len(answer.hits) + 1))
    assert list(dict.fromkeys(numbers)) == sorted(set(numbers))
    for one in answer.evidence:
        passage = answer.hits[one.number - 1].passage
        article = store.article(one.article_id)
        assert article is not None
        assert article.text[one.start : one.end] == one.quote
        assert (passage.id, passage.article_id) == (one.passage_id, one.article_id)
    for sentence in answer.sentences:
        assert answer.text[sentence.start : sentence.end] == sentence.text
        for citation in sentence.citations:
            passage = answer.hits[citation.number - 1].passage
            assert citation.passage_id == passage.id
            assert passage.start <= citation.start < citation.end <= passage.end


def test_a_quote_that_answers_is_the_answer_and_no_model_is_asked(store: Store) -> None:
    asked, generator = assistant(store)
    answer = asked.answer(LIT)
    assert answer.text == f"“{LIT_QUOTE}” [1]"
    assert answer.outcome is Outcome.ANSWERED
    assert [one.quote for one in answer.evidence] == [LIT_QUOTE]
    assert (generator.prompts, answer.usage.completion_tokens) == ([], 0)
    assert_whole(answer, store)
    printed = answer_object(answer)
    (citation,) = printed["sentences"][0]["citations"]
    assert (citation["quote"], citation["article_id"]) == (LIT_QUOTE, "lamp")


def test_the_evidence_comes_first_and_each_checked_sentence_before_the_answer(
    store: Store,
) -> None:
    asked, _ = assistant(store, SAID)
    events = list(asked.ask(SAILS))
    assert [type(event) for event in events] == [
        Retrieved, Reading, Reading, Writing, Writing, Answered,
    ]  # fmt: skip
    first, last = events[0], events[-1]
    assert isinstance(first, Retrieved)
    assert isinstance(last, Answered)
    assert {one.quote for one in first.evidence} == SAILS_QUOTES
    assert (first.hits, first.evidence) == (last.answer.hits, last.answer.evidence)
    written = [event.delta for event in events if isinstance(event, Writing)]
    number = {one.article_id: one.number for one in first.evidence}
    assert written == [
        f"The ferry to Læsø sails at noon [{number['ferry']}].",
        f"A second ferry sails to Læsø from May on [{number['second']}].",
    ]
    assert last.answer.text == " ".join(written)
    assert [one.text for one in last.answer.sentences] == written
    assert " ".join(last.answer.written) == SAID
    assert_whole(last.answer, store)


def test_reading_goes_from_nothing_to_all_and_never_back(store: Store) -> None:
    asked, _ = assistant(store, SAID)
    read = [event for event in asked.ask(SAILS) if isinstance(event, Reading)]
    done = [event.done_tokens for event in read]
    assert done == sorted(done)
    assert done[-1] == read[-1].total_tokens


def test_what_is_shown_is_what_the_model_reads(store: Store) -> None:
    asked, generator = assistant(store, SAID)
    answer = asked.answer(SAILS)
    ((_, user),) = generator.prompts
    read = "".join(user.parts)
    for one in answer.evidence:
        assert one.quote in read
    assert "90 minutes" not in read  # stands in a passage, and bears on nothing that was asked
    assert {hit.passage.article_id for hit in answer.hits} == {"ferry", "second"}


def test_where_a_sentence_of_the_model_falls_short_the_quotes_are_told_and_it_writes_no_more(
    store: Store,
) -> None:
    """What is lost with the sentence may be half of the answer."""
    noon = "The ferry to Læsø sails at noon."
    asked, _ = assistant(
        store, f"{noon} The second sails to Anholt. {' '.join(['It is paid.'] * 9)}"
    )
    answer = asked.answer(SAILS)
    assert {sentence.text[1:-5] for sentence in answer.sentences} == SAILS_QUOTES
    assert answer.written == (noon, "The second sails to Anholt.")
    assert answer.usage.prompt_tokens > 0
    words = len(f"{noon} The second sails to Anholt. It".split())
    assert 0 < answer.usage.completion_tokens <= 2 * words
    assert_whole(answer, store)


def test_what_the_model_adds_is_never_written(store: Store) -> None:
    asked, _ = assistant(store, f"{SAID} The third ferry sails to Anholt. Napoleon was on board.")
    events = list(asked.ask(SAILS))
    text = "".join(event.delta for event in events if isinstance(event, Writing))
    last = events[-1]
    assert isinstance(last, Answered)
    for shown in (text, last.answer.text):
        assert "Anholt" not in shown
        assert "Napoleon" not in shown
    assert len(last.answer.sentences) == 2


def test_where_nothing_of_the_model_stands_the_quotes_are_told(store: Store) -> None:
    asked, _ = assistant(store, "Napoleon sails it. No ferry sails to Læsø.")
    events = list(asked.ask(SAILS))
    assert not any(isinstance(event, Writing) for event in events)
    last = events[-1]
    assert isinstance(last, Answered)
    assert last.answer.outcome is Outcome.ANSWERED
    assert {sentence.text[1:-5] for sentence in last.answer.sentences} == SAILS_QUOTES
    assert_whole(last.answer, store)


def test_a_sentence_said_twice_is_told_once(store: Store) -> None:
    noon = "The ferry to Læsø sails at noon."
    asked, _ = assistant(store, f"{noon} {noon} A second ferry sails to Læsø from May on.")
    assert len(asked.answer(SAILS).sentences) == 2


def test_without_a_model_quotes_are_the_answer(store: Store) -> None:
    asked = over(store, None)
    answer = asked.answer(SAILS)
    assert answer.model == asked.model_name == "none"
    assert answer.outcome is Outcome.ANSWERED
    assert {sentence.text[1:-5] for sentence in answer.sentences} == SAILS_QUOTES
    assert_whole(answer, store)


def test_what_comes_close_is_quoted_and_no_model_is_asked(store: Store) -> None:
    asked, generator = assistant(store)
    question = "How was the wick of the lighthouse at Skagen trimmed?"
    likely = asked.find(question).confidence
    asked = asked.preferring(Preferences(refuse_below=min(1.0, likely + 0.01)))
    events = list(asked.ask(question))
    first, last = events
    assert isinstance(first, Retrieved)
    assert isinstance(last, Answered)
    answer = last.answer
    assert answer.outcome is Outcome.CLOSE
    assert answer.refusal is not None
    assert answer.refusal.reason is RefusalReason.NOT_IN_SOURCES
    assert answer.text == answer.refusal.message
    assert answer.sentences == ()
    assert answer.evidence[0].quote == LIT_QUOTE
    assert (first.hits, first.evidence) == (answer.hits, answer.evidence)
    assert answer.confidence == pytest.approx(likely)
    assert generator.prompts == []
    assert_whole(answer, store)


def test_where_nothing_bears_on_it_there_are_no_quotes_and_no_model_is_asked(store: Store) -> None:
    asked, generator = assistant(store)
    answer = asked.answer(NOBODY_ASKED)
    assert answer.outcome is Outcome.NOTHING
    assert answer.refusal is not None
    assert answer.refusal.reason is RefusalReason.NOTHING_RELEVANT
    assert (answer.evidence, answer.sentences, answer.confidence) == ((), (), None)
    assert answer.hits != ()  # what was looked through
    assert generator.prompts == []


def test_even_who_tells_everything_is_told_nothing_of_nothing(store: Store) -> None:
    asked, _ = assistant(store)
    answer = asked.preferring(Preferences(refuse_below=0.0)).answer(NOBODY_ASKED)
    assert answer.outcome is Outcome.NOTHING


@pytest.mark.parametrize(
    "question",
    ["Is there a ferry to Læsø that sails?", "Does the ferry sail to Læsø?", "Was it lit in 1858?"],
)
def test_yes_or_no_is_told_by_quotes_and_never_by_a_word(question: str, store: Store) -> None:
    asked, generator = assistant(store, "Yes. Yes, the ferry to Læsø sails at noon.")
    answer = asked.answer(question)
    assert answer.outcome is Outcome.ANSWERED
    assert generator.prompts == []
    for sentence in answer.sentences:
        assert sentence.text.startswith("“")
    assert "Yes" not in answer.text


def test_a_verdict_of_the_model_is_left_out(store: Store) -> None:
    """The question does not open with a verb, and yet the model says yes."""
    asked, _ = assistant(store, f"Yes. Yes, the ferry to Læsø sails at noon. No, {SAID[33:]}")
    answer = asked.answer(SAILS)
    assert len(answer.sentences) == 2
    assert "Yes" not in answer.text
    assert "No," not in answer.text


def test_articles_that_differ_stand_side_by_side_the_newest_first(
    store: Store, tmp_path: Path
) -> None:
    newer = (
        "---\npublished: 2024-05-01\n---\nA plaque\n\nThe lighthouse at Skagen was lit in 1861.\n"
    )
    index(store, tmp_path / "articles", plaque=newer)
    asked, generator = assistant(store, found={"1858": 6.0, "1861": 6.0})
    answer = asked.answer(LIT)
    number = {one.article_id: one.number for one in answer.evidence}
    assert answer.text == (
        "The articles differ; the newest comes first."
        f" 1 May 2024: “The lighthouse at Skagen was lit in 1861.” [{number['plaque']}]"
        f" 18 February 2023: “{LIT_QUOTE}” [{number['lamp']}]"
    )
    assert answer.conflict == (
        Side("1 May 2024: “The lighthouse at Skagen was lit in 1861.”", (number["plaque"],)),
        Side(f"18 February 2023: “{LIT_QUOTE}”", (number["lamp"],)),
    )
    assert generator.prompts == []
    assert_whole(answer, store)


def test_only_the_articles_in_the_scope_are_read(store: Store) -> None:
    asked, _ = assistant(store)
    scope = Scope(since=date(2023, 1, 1), sources=("island post",))
    (*_, last) = asked.ask(SAILS, scope=scope)
    assert isinstance(last, Answered)
    assert [hit.passage.article_id for hit in last.answer.hits] == ["second"]
    (first, last) = asked.ask(SAILS, scope=Scope(until=date(2022, 12, 31)))
    assert isinstance(first, Retrieved)
    assert isinstance(last, Answered)
    assert last.answer.outcome is Outcome.NOTHING
    assert first.hits == last.answer.hits == ()


def test_a_citation_names_the_page_of_its_words(tmp_path: Path) -> None:
    """Each page holds one sentence; a passage that runs over both names the page of each."""
    (tmp_path / "in").mkdir()
    page = canvas.Canvas(str(tmp_path / "in" / "report.pdf"))
    for line in ("The tower of Skagen was built in 1858.", "The lamp was lit by Anna Ancher."):
        page.drawString(72, 720, line)
        page.showPage()
    page.save()
    with Store.create(tmp_path / "index") as store:
        index_folders([tmp_path / "in"], store, FakeEmbedder(), 60, lambda _: None)
        asked, _ = assistant(store)
        printed = answer_object(asked.answer("By whom was the lamp lit?"))
    assert [source["page"] for source in printed["sources"]] == [1]
    (citation,) = printed["sentences"][0]["citations"]
    assert citation["quote"] == "The lamp was lit by Anna Ancher."
    assert citation["page"] == 2


SAILED = Turn("When does the ferry to Læsø sail?", "“The ferry to Læsø sails at noon.” [1]")
CARS = "How many cars does the ferry to Læsø carry?"


def test_a_follow_up_is_written_out_and_says_so_before_anything_is_found(store: Store) -> None:
    asked, generator = assistant(store, CARS.removeprefix("How many cars does"))
    first, *_, last = asked.ask("And how many cars does it carry?", [SAILED])
    assert first == Understood(CARS)
    assert isinstance(last, Answered)
    answer = last.answer
    assert (answer.question, answer.understood) == ("And how many cars does it carry?", CARS)
    assert "76 cars" in answer.text
    assert answer_object(answer)["understood"] == CARS
    turns, begun = generator.prompts[0][-2:]
    assert SAILED.question in turns.parts[0]
    assert begun.parts == ("How many cars does",)
    assert answer.usage.prompt_tokens > 0


@pytest.mark.parametrize("written", ["It carries 76 cars.", "Who sails it?", ""])
def test_a_line_that_asks_something_else_is_not_looked_up(written: str, store: Store) -> None:
    asked, _ = assistant(store, written, SAID)
    answer = asked.answer("And how many cars does it carry?", [SAILED])
    assert answer.understood == f"And how many cars does it carry? ({SAILED.question})"
    assert "76 cars" in " ".join(one.quote for one in answer.evidence)


def test_without_a_model_a_follow_up_is_looked_up_with_the_question_before_it(
    store: Store,
) -> None:
    answer = over(store, None).answer("And how many cars does it carry?", [SAILED])
    assert "76 cars" in answer.evidence[0].quote


def test_a_question_that_stands_alone_is_not_written_out(store: Store) -> None:
    asked, generator = assistant(store)
    answer = asked.answer(LIT, [SAILED])
    assert (answer.understood, generator.prompts) == ("", [])
    assert answer_object(answer)["understood"] is None


def test_a_follow_up_that_is_stopped_while_it_is_written_out_has_no_answer(store: Store) -> None:
    asked, _ = assistant(store, CARS)
    stop = StopFlag()
    stop.set()
    assert list(asked.ask("And how many cars does it carry?", [SAILED], stop)) == []


def test_a_question_about_the_library_is_answered_by_it(store: Store) -> None:
    """Two of the three articles mention the island; neither a model nor a cross-encoder counts."""
    generator = assistant(store)[1]
    asked = over(store, generator, whole_library=True)
    first, last = asked.ask("How many articles mention Læsø?")
    assert isinstance(first, Retrieved)
    assert isinstance(last, Answered)
    answer = last.answer
    assert answer.outcome is Outcome.ANSWERED
    assert answer.text.startswith("2 ")
    assert {hit.passage.article_id for hit in answer.hits} == {"ferry", "second"}
    assert answer.confidence is None
    assert generator.prompts == []
    assert_whole(answer, store)
    assert over(store, None, whole_library=True).answer(LIT).text == f"“{LIT_QUOTE}” [1]"


def test_what_it_is_is_found_out_before_the_library_counts(store: Store) -> None:
    """All three articles would be counted, as "it" may be the library; it is the island."""
    before = Turn("Where is Læsø?", "Læsø lies in the Kattegat.")
    _, generator = assistant(store, "Læsø?")
    asked = over(store, generator, whole_library=True)
    answer = asked.answer("How many articles mention it?", [before])
    assert answer.understood == "How many articles mention Læsø?"
    assert answer.text.startswith("2 ")
    assert asked.answer("Summarise this.", [before]).understood == ""  # all that is there


@pytest.mark.parametrize(
    ("question", "written", "told_of"),
    [
        ("How many articles mention that?", "Læsø?", {"ferry", "second"}),
        (
            "Do you have more articles on that?",
            "Do you have more articles on Læsø?",
            {"ferry", "second"},
        ),
        ("Give me a timeline of that.", "Give me a timeline of Læsø.", {"second"}),  # it has a day
    ],
)
def test_that_is_what_was_told_of_and_not_the_whole_library(
    question: str, written: str, told_of: set[str], store: Store
) -> None:
    before = Turn("Where is Læsø?", "Læsø lies in the Kattegat.")
    asked = over(store, assistant(store, written)[1], whole_library=True)
    answer = asked.answer(question, [before])
    assert answer.understood.endswith(written)
    assert {hit.passage.article_id for hit in answer.hits} == told_of


@pytest.mark.parametrize(
    "question", ["Summarise the article about the ferry", "Timeline of the ferry"]
)
def test_a_topic_is_its_own_whatever_was_asked_before(question: str, store: Store) -> None:
    asked = over(store, None, whole_library=True)
    alone = asked.answer(question)
    assert {hit.passage.article_id for hit in alone.hits} <= {"ferry", "second"}
    assert asked.answer(question, [Turn(LIT, LIT_QUOTE)]).hits == alone.hits


def test_a_context_too_small_for_the_evidence(store: Store) -> None:
    asked, _ = assistant(store, context_tokens=50)
    with pytest.raises(BadQuestion, match="50 tokens"):
        asked.answer(SAILS)


@pytest.mark.parametrize("moment", [Retrieved, Reading, Writing])
def test_a_stopped_question_ends_without_an_answer_and_the_next_is_answered(
    moment: type[Retrieved | Reading | Writing], store: Store
) -> None:
    asked, generator = assistant(store, SAID, SAID)
    stop = StopFlag()
    events = []
    for event in asked.ask(SAILS, stop=stop):
        events.append(event)
        if isinstance(event, moment):
            stop.set()
    assert not any(isinstance(event, Answered) for event in events)
    assert len(asked.answer(SAILS).sentences) == 2
    assert len(generator.prompts) == 2


def test_a_question_that_is_given_up_leaves_the_model_ready(store: Store) -> None:
    asked, _ = assistant(store, SAID, SAID)
    events = asked.ask(SAILS)
    while not isinstance(next(events), Reading):
        pass
    events.close()  # type: ignore[attr-defined]
    assert len(asked.answer(SAILS).sentences) == 2


def test_what_is_read_ahead_is_what_will_be_asked(store: Store) -> None:
    asked, generator = assistant(store, SAID)
    asked.read_ahead("Which ferry sails to Læsø")  # typed, but for its question mark
    asked.answer(SAILS)
    (ahead,), (prompt,) = generator.read, generator.prompts
    assert ahead[0] == prompt[0]
    assert ahead[1].parts[:-1] == prompt[1].parts[:-1]
    assert SAILS not in ahead[1].parts[-1]


@pytest.mark.parametrize("question", [LIT, NOBODY_ASKED, "Does the ferry sail to Læsø?"])
def test_nothing_is_read_ahead_where_no_model_will_be_asked(question: str, store: Store) -> None:
    asked, generator = assistant(store)
    asked.read_ahead(question)
    assert generator.read == []
    over(store, None).read_ahead(SAILS)  # and without a model nothing happens


def test_for_a_follow_up_the_turns_are_read_ahead(store: Store) -> None:
    asked, generator = assistant(store)
    asked.read_ahead("And how many cars", [SAILED])
    (ahead,) = generator.read
    assert SAILED.question in ahead[-1].parts[0]
    assert "cars" not in ahead[-1].parts[-1]


def test_reading_ahead_ends_when_it_is_stopped(store: Store) -> None:
    asked, generator = assistant(store)
    stop = StopFlag()
    stop.set()
    asked.read_ahead(SAILS, stop=stop)
    assert generator.read == []


@pytest.mark.parametrize("question", ["", "   ", "\n", "?!…", "🙂"])
def test_an_empty_question(question: str) -> None:
    with pytest.raises(BadQuestion, match="is empty"):
        check_question(question)


def test_a_question_as_long_as_an_article() -> None:
    with pytest.raises(BadQuestion, match=r"100,000 characters; at most 2,000"):
        check_question("a" * 100_000)
    assert check_question(" " + "a" * LONGEST_QUESTION) == "a" * LONGEST_QUESTION
    assert check_question("Ou\u0300 ?") == "Où ?"


def test_an_empty_library(tmp_path: Path) -> None:
    with Store.create(tmp_path / "empty") as store:
        asked, _ = assistant(store)
        with pytest.raises(IndexMissing, match="qa index FOLDER"):
            asked.answer("When?")
