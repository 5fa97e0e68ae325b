"""Question sets in other people's forms."""

import json
from pathlib import Path

import pytest

from qa.errors import BadQuestionSet
from qa.evaluating.drafts import count_drafts
from qa.evaluating.foreign_sets import (
    ForeignArticle,
    article_file,
    foreign_articles,
    load_question_set,
)
from qa.evaluating.questions import Nugget, Question, load_questions
from qa.reading.articles import read_file
from qa.types import Turn


def csv(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "set.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_csv_file_with_the_same_columns(tmp_path: Path) -> None:
    path = csv(
        tmp_path,
        "\ufeffid,question,answers,articles,evidence,tags,history,author\n"
        'a,"What, and when?",42 million | forty-two million,bridge,It cost 42 million.,'
        "money|new,,desk\n"
        "b,Who?,,,,,,\n"
        'c,Which?,"[""one|two""]",bridge,,,"[{""question"": ""Who?"", ""answer"": ""Ann.""}]",\n',
    )
    assert load_question_set(path) == (
        Question("a", "What, and when?", ("42 million", "forty-two million"), ("bridge",),
                 ("It cost 42 million.",), (), ("money", "new"), {"author": "desk"}),
        Question("b", "Who?", ()),
        Question("c", "Which?", ("one|two",), ("bridge",), (), (Turn("Who?", "Ann."),)),
    )  # fmt: skip


def test_nuggets_and_the_mark_of_a_draft_are_json_in_a_csv_file(tmp_path: Path) -> None:
    path = csv(
        tmp_path,
        "id,question,answers,nuggets,draft\n"
        'a,Who?,Ann,"[{""text"": ""It was Ann."", ""vital"": true}]",false\n'
        "b,Where?,There,,FALSE\nc,When?,Then,,\nd,Why?,So,,true\ne,How?,So,,TRUE\n",
    )
    assert load_question_set(path) == (
        Question("a", "Who?", ("Ann",), nuggets=(Nugget("It was Ann.", vital=True),)),
        Question("b", "Where?", ("There",)),
        Question("c", "When?", ("Then",)),
    )
    assert count_drafts(path) == 2
    path = csv(tmp_path, "id,question,answers,draft\na,Who?,Ann,true\n")
    with pytest.raises(BadQuestionSet, match=r'1 drafts\. Empty the column "draft"'):
        load_question_set(path)


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_csv_file_from_another_office(tmp_path: Path, delimiter: str) -> None:
    rows = [("id", "question", "answers"), ("a", "Who, then?", "Ann")]
    path = csv(tmp_path, "\r\n".join(delimiter.join(row) for row in rows))
    assert load_question_set(path) == (Question("a", "Who, then?", ("Ann",)),)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("id,question\na,Who?\n", 'line 1: there is no column "answers"'),
        ("id,question,answers\na,,Ann\n", 'line 2: "question" is missing'),
        ("id,question,answers\na,Who?,Ann\na,Who?,Ann\n", "line 3: the id 'a' is taken by line 2"),
        ("id,question,answers\na,Who?,Ann,more\n", "line 2: more fields than the header"),
        ('id,question,answers\na,Who?,"[""Ann"\n', 'line 2: "answers" is no JSON, but'),
        (
            "id,question,answers,draft\na,Who?,Ann,yes\n",
            '"draft" is no JSON, but "yes". Write true',
        ),
        ("id,question,answers,nuggets\na,Who?,Ann,It was.\n", 'line 2: "nuggets" is no JSON, but'),
        ("id,question,answers,history\na,Who?,Ann,Who?\n", 'line 2: "history" is no JSON, but'),
        ('id,question,answers\na,Who?,"Ann\n', "Double the quotes"),
        ("id,question,answers\n", "holds no question"),
    ],
)
def test_a_bad_csv_file_is_named_with_what_is_wrong(tmp_path: Path, text: str, says: str) -> None:
    path = csv(tmp_path, text)
    with pytest.raises(BadQuestionSet, match=str(path)) as raised:
        load_question_set(path)
    assert says in str(raised.value)


CONTEXT = "The bridge opened in 2021. It cost 42 million euros. The mayor spoke."
SQUAD = {
    "version": "v2.0",
    "data": [
        {
            "title": "Aldera_Bridge",
            "paragraphs": [
                {
                    "context": CONTEXT,
                    "qas": [
                        {
                            "id": "1",
                            "question": "What did it cost?",
                            "is_impossible": False,
                            "answers": [
                                {"text": "42 million euros", "answer_start": 35},
                                {"text": "42 million", "answer_start": 35},
                                {"text": "42 million", "answer_start": 35},
                            ],
                        },
                        {
                            "id": "2",
                            "question": "What did the tunnel cost?",
                            "is_impossible": True,
                            "answers": [],
                            "plausible_answers": [{"text": "42 million", "answer_start": 35}],
                        },
                    ],
                },
                {"context": "A second paragraph.", "qas": []},
            ],
        }
    ],
}


def test_a_squad_file(tmp_path: Path) -> None:
    path = tmp_path / "dev.json"
    path.write_text(json.dumps(SQUAD))
    assert load_question_set(path) == (
        Question("1", "What did it cost?", ("42 million euros", "42 million"), ("aldera-bridge",),
                 ("It cost 42 million euros.",)),
        Question("2", "What did the tunnel cost?", (), ("aldera-bridge",)),
    )  # fmt: skip
    assert list(foreign_articles(path)) == [
        ForeignArticle("aldera-bridge", "Aldera Bridge", f"{CONTEXT}\n\nA second paragraph.")
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[]", ': there is [] where an object with "data" belongs.'),
        ("{}", ': "data" is missing.'),
        ('{"data": 1}', ': "data" must be a list, not 1.'),
        ('{"data": [{"title": "x"}]}', ', article 1: "paragraphs" is missing.'),
        (
            '{"data": [{"title": "x", "paragraphs": [{"context": "It rained.", "qas": []}, {}]}]}',
            ', article 1, paragraph 2: "context" is missing.',
        ),
        ("not json", ": not JSON (Expecting value: line 1 column 1 (char 0))."),
        ("[" * 100_000, ": not JSON ("),
        ("\x00", " is not a text file"),
    ],
)
def test_what_is_no_squad_file_is_named(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "dev.json"
    path.write_text(text)
    for read in (load_question_set, lambda it: list(foreign_articles(it))):
        with pytest.raises(BadQuestionSet) as raised:
            read(path)
        assert str(raised.value).startswith(f"{path}{says}")


@pytest.mark.parametrize(
    ("question", "says"),
    [
        (
            # the white space between the first sentence and the second
            {"id": "7", "question": "?", "answers": [{"text": "2021", "answer_start": 26}]},
            'question 7: "answer_start" is 26, where no sentence of the context stands.',
        ),
        (
            {"id": "7", "question": "?", "answers": [{"text": "2021", "answer_start": "0"}]},
            'question 7: "answer_start" must be a whole number, not "0".',
        ),
        ({"id": "7", "question": "?", "answers": ["2021"]}, 'question 7: there is "2021" where'),
        ({"id": "7", "question": "?"}, 'question 7: "answers" is missing.'),
        ({"id": "7", "answers": []}, 'question 7: "question" is missing.'),
        ({"question": "?", "answers": []}, 'article 1, paragraph 1, question 1: "id" is missing.'),
    ],
)
def test_a_bad_question_of_a_squad_file_is_named(
    tmp_path: Path, question: object, says: str
) -> None:
    path = tmp_path / "dev.json"
    paragraph = {"context": CONTEXT, "qas": [question]}
    path.write_text(json.dumps({"data": [{"title": "x", "paragraphs": [paragraph]}]}))
    with pytest.raises(BadQuestionSet) as raised:
        load_question_set(path)
    assert str(raised.value).startswith(f"{path}, {says}")


def test_the_articles_are_read_again_under_the_ids_of_the_questions(tmp_path: Path) -> None:
    path = tmp_path / "articles" / "000001.txt"
    path.parent.mkdir()
    text = "It was “new”.\n\nIt cost 42 million."
    for article in (ForeignArticle("MED-10", 'The "new": bridge', text),
                    ForeignArticle("7", "", text)):  # fmt: skip
        path.write_text(article_file(article), encoding="utf-8")
        (read,) = read_file(path, path.parent).articles
        assert (read.id, read.text) == (article.id, text)
        assert read.title == (article.title or "It was “new”.")


def beir(folder: Path) -> Path:
    (folder / "qrels").mkdir(parents=True)
    (folder / "corpus.jsonl").write_text(
        '{"_id": "d1", "title": "Bridge", "text": "It cost 42 million."}\n'
        '{"_id": "d2", "text": "It rained."}\n'
    )
    (folder / "queries.jsonl").write_text(
        '{"_id": "q1", "text": "bridge cost"}\n{"_id": "q2", "text": "not judged"}\n'
    )
    (folder / "qrels" / "test.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t0\nq3\td1\t1\n"
    )
    return folder


def test_a_beir_folder(tmp_path: Path) -> None:
    folder = beir(tmp_path / "scifact")
    (question,) = load_question_set(folder)
    assert question == Question("q1", "bridge cost", (), ("d1",), answers_known=False)
    assert question.answerable
    assert list(foreign_articles(folder)) == [
        ForeignArticle("d1", "Bridge", "It cost 42 million."),
        ForeignArticle("d2", "", "It rained."),
    ]


def test_what_is_no_beir_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadQuestionSet, match="is no BEIR folder"):
        load_question_set(tmp_path)
    folder = beir(tmp_path / "bad")
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\n")
    with pytest.raises(BadQuestionSet, match=r'test\.tsv, line 2: "q1\\td1" is no judgement'):
        load_question_set(folder)
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\tgood\n")
    with pytest.raises(BadQuestionSet, match=r"test\.tsv, line 2: .* a whole number"):
        load_question_set(folder)
    (folder / "corpus.jsonl").write_text('\n{"title": "Bridge"}\n')
    with pytest.raises(BadQuestionSet, match=r'corpus\.jsonl, line 2: "_id" is missing'):
        list(foreign_articles(folder))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("[1]", 'there is [1] where an object with "_id" belongs.'),
        ('{"text": "bridge cost"}', '"_id" is missing.'),
        ('{"_id": "q1"}', '"text" is missing.'),
        ('{"_id": "q1", "text": 7}', '"text" must be a text, not 7.'),
        ("{", "not JSON (Expecting property name"),
    ],
)
def test_a_bad_query_of_a_beir_folder_is_named(tmp_path: Path, line: str, says: str) -> None:
    folder = beir(tmp_path / "scifact")
    path = folder / "queries.jsonl"
    path.write_text(f'{{"_id": "q3", "text": "when"}}\n{line}\n')
    with pytest.raises(BadQuestionSet) as raised:
        load_question_set(folder)
    assert str(raised.value).startswith(f"{path}, line 2: {says}")


def test_json_lines_are_read_as_ever_and_bring_no_articles(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text('{"id": "a", "question": "Who?", "answers": null, "articles": ["bridge"]}\n')
    (question,) = load_question_set(path)
    assert (question,) == load_questions(path)
    assert (question.answers, question.answers_known) == ((), False)
    with pytest.raises(BadQuestionSet, match="brings no articles along"):
        list(foreign_articles(path))
