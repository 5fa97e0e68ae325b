"""The questions that the page begins with."""

from pathlib import Path

import pytest

from qa.cli.serving import example_questions
from qa.library.indexing import index_folders
from qa.library.store import Store
from tests.fakes import FakeEmbedder

ASKED = '{"id": "q", "question": "Who kept it?", "answers": ["Ann"], "articles": ["lamp"]}\n'


def test_examples_are_of_the_question_set_and_else_of_the_titles(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "lamp.md").write_text("# The lamp\n\nAnn Dale kept it.\n", encoding="utf-8")
    with Store.create(tmp_path / "index") as store:
        index_folders([folder], store, FakeEmbedder(), 60, lambda _: None)
        titles = ("What happened: The lamp?",)
        assert example_questions(store) == titles
        questions = folder / "questions.jsonl"
        questions.write_text(ASKED, encoding="utf-8")
        assert example_questions(store) == ("Who kept it?",)
        questions.write_text('{"question": "of another program"}\n', encoding="utf-8")
        capsys.readouterr()
        assert example_questions(store) == titles
    told = " ".join(capsys.readouterr().err.split())
    assert "No example is taken from a question set" in told
    assert "line 1" in told
