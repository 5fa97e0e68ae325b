"""Asking what confidence is fitted by: what counts as one's own, and what a kill loses."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qa.answering.confidence import shipped
from qa.answering.finding import Found
from qa.conversing.archive import Archive
from qa.conversing.feedback import Verdict
from qa.conversing.records import KeptExchange
from qa.errors import BadCalibration, BadQuestionSet, IndexMissing
from qa.evaluating.calibrating import fixed_questions
from qa.evaluating.calibration_file import FILE_NAME, keep_calibration
from qa.evaluating.questions import Question
from qa.library.indexing import index_folders
from qa.library.store import Store
from qa.service.calibrating import FOLDER, Step, ask_all, own_questions
from qa.service.opening import Encoders, open_assistant
from qa.settings import Settings, load_settings
from tests.conftest import ROOT
from tests.evaluating.test_calibration_file import FITTED
from tests.ui.harbour import FERRY_ANSWER, FERRY_QUESTION

FIXED = fixed_questions()[::35]
"""Six of them: the first three are answered, the others not."""

LAMP = "The lighthouse of Holme was lit in 1858. Its first keeper was Ann Dale of Wick."
OWN = Question("keeper", "Who was the first keeper of the lighthouse?", ("Ann Dale",), ("lamp",))
ELSEWHERE = Question("ferry", "When did the ferry sail?", ("1901",), ("ferry",))

SCRIPT = """
import sys
from pathlib import Path
from qa.service.calibrating import ask_all
from qa.settings import load_settings
from tests.service.test_calibrating import FIXED
settings = load_settings(
    Path(sys.argv[1]), models_dir=Path(sys.argv[2]), threads=int(sys.argv[3])
)
ask_all(settings, (), lambda step: print(step.done, step.asked, flush=True), fixed=FIXED)
"""


def settings_of(home: Path, defaults: Settings) -> Settings:
    return load_settings(home, models_dir=defaults.models_dir, threads=defaults.threads)


def line_of(question: str, **others: object) -> str:
    line = {"id": question, "question": question, "answers": ["yes"], "articles": ["a"]}
    return json.dumps(line | others) + "\n"


def test_ones_own_are_what_was_named_accepted_and_judged(tmp_path: Path) -> None:
    settings = load_settings(tmp_path / "home")
    assert own_questions(settings, ()) == ()
    assert not settings.home.exists()
    folder = settings.home / "questions"
    folder.mkdir(parents=True)
    (folder / "a.jsonl").write_text(
        line_of("Accepted?")
        + line_of("Drafted?", draft=True)
        + line_of("And then?", history=[{"question": "Who?", "answer": "She."}])
        + line_of("Unknown?", answers=None, articles=[])
    )
    (folder / "b.jsonl").write_text(line_of("Only a draft?", draft=True))
    named = tmp_path / "set.jsonl"
    named.write_text(line_of("Named?") + line_of("accepted?", id="again"))
    with Archive.open(settings.home) as archive:
        id_ = archive.begin("ann", FERRY_QUESTION)
        asked = datetime(2024, 3, 16, tzinfo=UTC)
        archive.keep("ann", id_, KeptExchange(1, FERRY_QUESTION, asked, FERRY_ANSWER))
        archive.judge("ann", id_, 1, Verdict.RIGHT)
    found = [one.question for one in own_questions(settings, [named])]
    assert found == ["Named?", "accepted?", FERRY_QUESTION]
    with pytest.raises(BadQuestionSet, match=r"There is no file .*none\.jsonl"):
        own_questions(settings, [tmp_path / "none.jsonl"])


@pytest.mark.model
def test_a_question_of_ones_own_is_asked_of_ones_own_articles(
    defaults: Settings, encoders: Encoders, tmp_path: Path
) -> None:
    settings = settings_of(tmp_path / "home", defaults)
    with pytest.raises(IndexMissing):
        ask_all(settings, [OWN], lambda _: None, encoders=encoders, fixed=FIXED[:1])
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "lamp.txt").write_text(LAMP)

    def index() -> None:
        with Store.create(settings.library_dir) as store:
            index_folders(
                [articles], store, encoders.embedder, settings.passage_tokens, lambda _: None
            )

    def ask() -> tuple[int, int, bool]:
        steps: list[Step] = []
        own = (OWN, ELSEWHERE)
        asked = ask_all(settings, own, steps.append, encoders=encoders, fixed=FIXED[:1])
        (mine,) = [one for one in asked if one.own]
        assert mine.signals
        return len(asked), max((step.asked for step in steps), default=0), mine.right

    index()
    assert ask() == (2, 2, True)  # what names an article that is not here is left out
    assert ask() == (2, 0, True)
    (articles / "tower.txt").write_text("The water tower of Wick was built in 1911 by Bo Lind.")
    index()
    assert ask() == (2, 1, True)  # asked again of what is another library by now


@pytest.mark.model
def test_the_assistant_is_as_sure_as_the_numbers_of_its_home_make_it(
    defaults: Settings, encoders: Encoders, tmp_path: Path
) -> None:
    settings = settings_of(tmp_path / "home", defaults)
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "lamp.txt").write_text(LAMP)
    with Store.create(settings.library_dir) as store:
        index_folders([articles], store, encoders.embedder, settings.passage_tokens, lambda _: None)

    def found() -> Found:
        with open_assistant(settings, with_model=False, encoders=encoders) as assistant:
            return assistant.find(OWN.question)

    before = found()
    assert before.signals
    assert before.confidence == shipped().of(before.signals)
    keep_calibration(settings, FITTED)
    after = found()
    assert after.signals == before.signals
    assert after.confidence == FITTED.weighing.of(before.signals) != before.confidence
    keep_calibration(settings, replace(FITTED, in_use=False))
    assert found() == before
    (settings.home / FILE_NAME).write_text("{")
    with pytest.raises(BadCalibration, match="qa calibrate --forget"):
        found()


@pytest.mark.model
@pytest.mark.slow
def test_killed_and_gone_on_it_comes_to_the_same(
    defaults: Settings, encoders: Encoders, tmp_path: Path
) -> None:
    def finished(home: Path) -> tuple[list[str], bytes]:
        steps: list[str] = []

        def report(step: Step) -> None:
            steps.append(f"{step.done} {step.asked}")

        ask_all(settings_of(home, defaults), (), report, encoders=encoders, fixed=FIXED)
        (file,) = (home / FOLDER).iterdir()
        return steps, file.read_bytes()

    whole = finished(tmp_path / "whole")
    assert whole[0] == [f"{number} {number}" for number in range(1, 7)]
    command = [sys.executable, "-c", SCRIPT, str(tmp_path / "killed"), str(defaults.models_dir)]
    command += [str(defaults.threads)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        assert [child.stdout.readline() for _ in range(2)] == ["1 1\n", "2 2\n"]
        time.sleep(0.2)  # into the third
        os.kill(child.pid, signal.SIGKILL)
    (file,) = (tmp_path / "killed" / FOLDER).iterdir()
    assert whole[1].startswith(file.read_bytes())
    file.write_bytes(file.read_bytes() + b'{"key": "cut o')
    steps, kept = finished(tmp_path / "killed")
    assert kept == whole[1]
    assert steps[-1] in ("6 4", "6 3", "6 2")  # the first two, at least, were not asked again
