"""The command line as a person types it: exit codes, one-line errors, JSON on stdout."""

import json
import shutil
from pathlib import Path

import pytest

from qa import __version__
from qa.library.store import Store
from qa.types import Article
from tests.cli.typed import fails, printed, qa, qa_process
from tests.conftest import ROOT, SEEDS

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def indexed_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the seeds are indexed, once for all tests."""
    home = tmp_path_factory.mktemp("indexed") / "home"
    here = {"QA_HOME": str(home), "QA_MODELS_DIR": str(ROOT / "models")}
    assert qa("index", SEEDS, **here).returncode == 0
    return home


@pytest.fixture
def library(indexed_home: Path, tmp_path: Path) -> None:
    """The seeds, indexed in the test's own home."""
    shutil.copytree(indexed_home, tmp_path / "home")


def test_index_articles_search_and_remove(tmp_path: Path) -> None:
    first = printed(qa("index", SEEDS, "--json"))
    files = sorted(path.relative_to(SEEDS) for path in SEEDS.rglob("*.md"))
    ids = [str(file.with_suffix("")) for file in files]
    assert first["added"] == ids
    assert first["articles"] == len(ids)

    again = printed(qa("index", "--json"))
    assert again["unchanged"] == ids
    assert again["added"] == again["updated"] == again["removed"] == []

    shown = printed(qa("articles", "show", ids[0], "--json"))
    assert shown["id"] == ids[0]
    found = printed(qa("search", "prezident Petr Pavel", "-k", "3", "--json"))["sources"]
    assert len(found) == 3
    assert found[0]["article_id"].startswith("czechia/")
    for source in found:
        text = printed(qa("articles", "show", source["article_id"], "--json"))["text"]
        assert text[source["start"] : source["end"]] == source["text"]

    assert qa("articles", "remove", ids[0]).returncode == 0
    listed = printed(qa("articles", "list", "--json"))
    assert [article["id"] for article in listed] == ids[1:]
    assert printed(qa("index", "--json"))["added"] == [ids[0]]


@pytest.mark.usefixtures("library")
def test_an_answer_whose_quotes_stand_in_the_articles() -> None:
    answer = printed(qa_process("ask", "Where did Blinken and Wang Yi meet?", "--json"))

    assert not answer["refused"]
    assert "Munich" in answer["answer"]
    citations = [one for sentence in answer["sentences"] for one in sentence["citations"]]
    assert citations
    for citation in citations:
        source = answer["sources"][citation["number"] - 1]
        assert citation["article_id"] == source["article_id"]
        text = printed(qa("articles", "show", citation["article_id"], "--json"))["text"]
        assert text[citation["start"] : citation["end"]] == citation["quote"]
        assert "Munich" in citation["quote"]
    for sentence in answer["sentences"]:
        assert answer["answer"][sentence["start"] : sentence["end"]] == sentence["text"]
    assert answer["outcome"] == "answered"
    for one in answer["evidence"]:
        text = printed(qa("articles", "show", one["article_id"], "--json"))["text"]
        assert text[one["start"] : one["end"]] == one["quote"]
    timings = answer["timings"]
    assert 0 < timings["retrieve_s"] < timings["first_token_s"] < timings["total_s"]


@pytest.mark.usefixtures("library")
def test_a_question_the_articles_do_not_answer_is_refused() -> None:
    answer = printed(qa("ask", "Who won the 2019 women's singles at Wimbledon?", "--json"))
    assert answer["refused"]
    assert answer["refusal"]["message"] == answer["answer"]
    assert answer["outcome"] in ("close", "nothing")
    assert answer["sentences"] == []
    assert answer["sources"]


@pytest.mark.usefixtures("library")
def test_a_question_in_another_language_is_answered_or_refused() -> None:
    answer = printed(qa("ask", "Wo haben sich Blinken und Wang Yi getroffen?", "--json"))
    assert answer["refused"] or "Münch" in answer["answer"] or "Munich" in answer["answer"]


@pytest.mark.usefixtures("library")
def test_a_search_by_days_and_source() -> None:
    def found(*flags: str) -> set[str]:
        sources = printed(qa("search", "Who met in Munich?", "-k", "100", *flags, "--json"))
        return {source["published"] for source in sources["sources"]}

    days = {day for day in found() if day}
    assert len(days) > 3
    first, last = min(days), max(days)
    assert found("--since", last) == {last}
    assert found("--until", first) == {first}
    assert found("--since", first, "--until", last, "--source", "cuttings DESK") == days
    fails(qa("search", "Who?", "--source", "Nobody"), "'Nobody'", "Cuttings desk")
    assert qa("search", "Who?", "--since", "2023-02-01", "--until", "2023-01-01").returncode == 2
    assert qa("search", "Who?", "--since", "yesterday").returncode == 2


def test_collections_know_nothing_of_each_other(tmp_path: Path) -> None:
    for name in ("ferries", "canals"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "one.txt").write_text(f"On {name}\n\nThe {name} were busy in 1932.\n")
        indexed = qa("index", tmp_path / name, "--collection", name, "--json")
        assert printed(indexed)["added"] == ["one"]
    for name in ("ferries", "canals"):
        (source,) = printed(qa("search", "busy", "--collection", name, "--json"))["sources"]
        assert source["title"] == f"On {name}"
    fails(qa("search", "busy"), "There is no index")
    fails(qa("search", "busy", "--collection", "../x"), "collection", "a-z 0-9")
    listed = printed(qa("collections", "list", "--json"))
    assert [(one["name"], one["articles"]) for one in listed] == [("canals", 1), ("ferries", 1)]
    fails(qa("collections", "remove", "canals"), "--yes")
    assert qa("collections", "remove", "canals", "--yes").returncode == 0
    fails(qa("search", "busy", "--collection", "canals"), "There is no index")


def test_bad_questions_cost_nothing() -> None:
    fails(qa("ask", "  "), "empty")
    fails(qa("ask", "a" * 100_000), "100,000 characters", "2,000")
    fails(qa("search", "?"), "empty")


def test_bad_folders_and_files(tmp_path: Path) -> None:
    fails(qa("ask", "Who?"), "There is no index", "qa index FOLDER")
    fails(qa("index"), "No folder of articles is known", "qa index FOLDER")
    fails(qa("index", tmp_path / "nowhere"), "nowhere", "does not exist")
    (tmp_path / "empty").mkdir()
    fails(qa("index", tmp_path / "empty"), "empty")

    folder = tmp_path / "odd"
    folder.mkdir()
    (folder / "fine.txt").write_text("A fine title\n\nThe bridge opened in 1932.\n")
    (folder / "empty.txt").write_text("")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 10)
    summary = printed(qa("index", folder, "--json"))
    assert summary["added"] == ["fine"]
    assert {Path(one["path"]).name for one in summary["skipped"]} == {"empty.txt", "binary.txt"}
    assert qa("index", folder).stderr.count("skipped") == 2


@pytest.mark.usefixtures("library")
def test_bad_models(tmp_path: Path) -> None:
    fails(qa("ask", "Who?", "--model", "qwen2.5-coder-1.6b"), "qwen2.5-coder-1.5b")
    fails(qa("ask", "Who?", "--model", tmp_path / "none.gguf"), "none.gguf")
    truncated = tmp_path / "cut.gguf"
    truncated.write_bytes(b"GGUF" + b"\x03\0\0\0" + b"\0" * 64)
    fails(qa_process("ask", "Who?", "--model", truncated), "cut.gguf")  # llama.cpp prints nothing
    (tmp_path / "text.gguf").write_text("no model")
    fails(qa("ask", "Who?", "--model", tmp_path / "text.gguf"), "text.gguf")


def test_bad_settings(tmp_path: Path) -> None:
    fails(qa("articles", "list", QA_PASAGES="3"), "QA_PASAGES", "'passages'")
    fails(qa("articles", "list", QA_PASSAGES="many"), "passages", "'many'")
    home = tmp_path / "home"
    home.mkdir()
    (home / "qa.toml").write_text("passages = = 3")
    fails(qa("articles", "list"), "qa.toml", "TOML")


def test_usage_errors_and_help() -> None:
    assert qa("ask").returncode == 2
    assert qa("no-such-command").returncode == 2
    assert qa("--help").returncode == 0
    assert qa("--version").stdout.strip() == __version__


@pytest.mark.usefixtures("library")
def test_evaluating_the_search_alone_and_resuming(tmp_path: Path) -> None:
    out = tmp_path / "run"
    command: list[str | Path] = [
        "eval",
        SEEDS / "questions.jsonl",
        "--retrieval-only",
        "--out",
        out,
    ]
    assert qa(*command, "--limit", "8").returncode == 0
    measures = json.loads((out / "metrics.json").read_text())
    lines = (SEEDS / "questions.jsonl").read_text(encoding="utf-8").splitlines()[:8]
    assert measures["recall@5"]["count"] == sum(bool(json.loads(one)["answers"]) for one in lines)
    low, high = measures["recall@5"]["interval"]
    assert 0 < low <= measures["recall@5"]["value"] <= high <= 1
    assert measures["recall@10"]["value"] >= measures["recall@5"]["value"]
    assert (out / "report.html").stat().st_size > 5_000
    predictions = (out / "predictions.jsonl").read_text()
    assert len(predictions.splitlines()) == 8

    fails(qa(*command, "--limit", "8"), "--resume")
    (out / "predictions.jsonl").write_text(predictions[: len(predictions) // 2])
    assert qa(*command, "--limit", "8", "--resume").returncode == 0
    assert (out / "predictions.jsonl").read_text() == predictions


@pytest.mark.usefixtures("library")
def test_evaluating_the_quotes_without_a_model(tmp_path: Path) -> None:
    runs = [tmp_path / "two", tmp_path / "one"]
    for out, workers in zip(runs, ("2", "1"), strict=True):
        asked = ("eval", SEEDS / "questions.jsonl", "--limit", "3", "--workers", workers)
        told = qa(*asked, "--quotes-only", "--out", out, QA_MODEL="none")
        assert told.returncode == 0, told.stderr
    two, one = ([json.loads(line) for line in (out / "predictions.jsonl").read_text().splitlines()]
                for out in runs)  # fmt: skip
    assert [{**line, "timings": 0} for line in two] == [{**line, "timings": 0} for line in one]
    assert [line["model"] for line in two] == ["none"] * 3
    assert "six nautical miles" in two[0]["answer"]
    assert "Evaluation of the quotes alone" in (runs[0] / "report.html").read_text()
    both = qa("eval", SEEDS / "questions.jsonl", "--quotes-only", "--retrieval-only")
    assert both.returncode == 2
    assert "leave --quotes-only out" in both.stderr


def test_a_bad_question_set(tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"id": "1"}\n')
    fails(qa("eval", bad), "bad.jsonl", "line 1")
    fails(qa("eval", tmp_path / "none.jsonl"), "none.jsonl")


@pytest.mark.usefixtures("library")
def test_a_terminal_that_is_not_utf8_and_a_proxy_stop_nothing() -> None:
    found = qa_process(
        *("search", "the prime minister Babiš", "-k", "1"),
        PYTHONIOENCODING="ascii",
        ALL_PROXY="socks5://127.0.0.1:9",
    )
    assert found.returncode == 0, found.stderr
    assert "Babi?" in found.stdout


def test_a_locale_that_is_not_utf8_changes_no_name_and_no_json(tmp_path: Path) -> None:
    with Store.create(tmp_path / "index") as store, store.changing() as changes:
        article = Article("a", "Babiš", "Ano.", "Právo", None, "0")
        changes.put(article, tmp_path / "žluť.txt")
    ascii_alone = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    arguments = ("articles", "list", "--source", "Právo", "--json")
    listed = qa_process(*arguments, QA_INDEX_DIR=str(tmp_path / "index"), **ascii_alone)
    assert listed.returncode == 0, listed.stderr
    assert listed.stdout.isascii()
    assert [line["title"] for line in json.loads(listed.stdout)] == ["Babiš"]
