"""The commands over a shared library: the same output, or one line about what to do instead."""

import json
from pathlib import Path

import pytest

from qa.cli.flags import settings_with
from qa.doctor.check import CheckState
from qa.doctor.library import check_library
from qa.library.places import create_library
from qa.settings import load_settings
from tests.cli.typed import fails, printed, qa
from tests.library.stories import STORIES, index, write
from tests.postgres_server import PASSWORD, Server

pytestmark = pytest.mark.cluster


@pytest.fixture
def shared(postgres: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a shared library of the stories, set for every command of the test."""
    monkeypatch.setenv("QA_INDEX", postgres.address())
    monkeypatch.setenv("QA_COLLECTION", "typed")
    with create_library(settings_with()) as store:
        index(store, write(tmp_path / "in", STORIES))
        return store.place


def test_articles_are_listed_shown_removed_and_exported(shared: str, tmp_path: Path) -> None:
    assert [row["id"] for row in printed(qa("articles", "list", "--json"))] == [
        "bridge", "mayor", "port",
    ]  # fmt: skip
    assert "The mayor resigned." in qa("articles", "show", "mayor").stdout
    out = tmp_path / "out"
    assert printed(qa("articles", "export", out, "--json"))["exported"] == 3
    assert (out / "mayor.md").read_text().startswith("---\nid: mayor\n")
    assert qa("articles", "remove", "mayor").stdout.startswith("1 removed.")
    fails(qa("articles", "show", "mayor"), "no article")


def test_collections_name_the_place_without_its_password(shared: str) -> None:
    rows = printed(qa("collections", "list", "--json"))
    assert {"typed": 3}.items() <= {row["name"]: row["articles"] for row in rows}.items()
    refused = qa("collections", "remove", "typed")
    fails(refused, f"This deletes {shared}.", "qa collections remove typed --yes")
    assert PASSWORD not in refused.stderr
    assert qa("collections", "remove", "typed", "--yes").returncode == 0
    fails(qa("articles", "list"), "There is no index in postgresql://")


def test_what_is_not_done_for_a_shared_library_says_what_is(shared: str, tmp_path: Path) -> None:
    fails(qa("articles", "check"), "qa articles check is for a library on this machine", "amcheck")
    fails(qa("backup", tmp_path / "file"), "qa backup is for a library on this machine", "pg_dump")
    fails(qa("restore", tmp_path / "file"), "qa restore is for a library on this machine")


def test_the_doctor_looks_at_the_shared_library(postgres: Server, shared: str) -> None:
    check = check_library("Index", settings_with())
    assert (check.state, check.finding) == (CheckState.OK, f"3 articles in {shared}")
    empty = check_library("Index", load_settings(index=postgres.address(), collection="none"))
    assert empty.state is CheckState.WARNING
    wrong = check_library("Index", load_settings(index=postgres.address("no")))
    assert wrong.state is CheckState.FAILED
    assert "did not take the password" in wrong.finding


def test_an_address_of_another_kind_is_refused_without_being_shown() -> None:
    for wrong in ("mysql://u:hidden-word@h/d", "hidden-word"):
        refused = qa("articles", "list", QA_INDEX=wrong)
        fails(refused, "The setting index is wrong: an address looks like postgresql://")
        assert "hidden-word" not in refused.stderr + json.dumps(refused.stdout)
