"""The sheet of settings in the page: models, and what people choose for their own questions."""

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from qa.service.passwords import load_users, user_line
from qa.service.uploads import Shelf
from qa.types import AS_SET, Preferences
from tests.ui.conftest import OpenPage, ask
from tests.ui.harbour import FERRY_QUESTION
from tests.ui.scripted import Opened, OpenedCollections, ScriptedAssistant, ScriptedModels, answers
from tests.ui.test_sessions import one_at_a_time
from ui.backend import Backend
from ui.serving import running

pytestmark = pytest.mark.browser


def with_models(backend: Backend, shelf: Shelf, models: ScriptedModels, **parts: object) -> Backend:
    """A backend whose collection is asked of `assistant`, with these models."""
    assistant = parts.get("assistant", ScriptedAssistant(answers))
    assert isinstance(assistant, ScriptedAssistant)
    collections = OpenedCollections({"main": Opened(assistant, shelf)}, models)
    return replace(backend, collections=collections)


def open_settings(page: Page) -> None:
    page.get_by_role("button", name="Settings").click()
    expect(page.get_by_role("heading", name="Settings")).to_be_focused()


def test_a_model_is_pulled_stopped_pulled_again_and_used(
    backend: Backend, shelf: Shelf, open_page: OpenPage
) -> None:
    models = ScriptedModels()
    with running(with_models(backend, shelf, models)) as url:
        page = open_page(url)
        open_settings(page)
        listed = page.locator("#models li")
        expect(listed.nth(0)).to_contain_text("scripted answers now")
        expect(listed.nth(1)).to_contain_text("98 MB · reads 160, writes 8 tokens a second here")
        expect(listed.nth(1)).to_contain_text(
            "qa bench of 2026-11-29: 11 of 20 questions right (3 by its own words), 2.2 s an "
            "answer, 210 MB of memory"
        )
        expect(listed.nth(2)).to_contain_text("1.9 GB · not on this machine")
        expect(listed.nth(2)).not_to_contain_text("bench")

        page.get_by_role("button", name="Download 1.9 GB: large").press("Enter")
        expect(page.locator(".work")).to_contain_text("Downloading large 50%")
        expect(page.locator(".work")).to_contain_text("Not from the hub: it is far away")
        expect(page.get_by_role("progressbar")).to_have_attribute("value", "0.500")
        stop = page.locator("#stop-work")
        expect(stop).to_be_focused()
        page.wait_for_timeout(700)  # it is drawn anew, and keeps the keyboard
        expect(stop).to_be_focused()
        stop.press("Enter")
        expect(page.locator("#models")).to_contain_text("Stopped. What has come so far is kept")

        models.gate_of_pull.set()
        page.get_by_role("button", name="Download 1.9 GB: large").click()
        expect(page.locator("#models")).to_contain_text("large is here.")
        page.get_by_role("button", name="Use: large").click()
        expect(page.locator("#models")).to_contain_text("large answers now")
        expect(page.locator("#banner .describe")).to_contain_text("· large")
    assert models.calls == [("pull", "large"), ("pull", "large"), ("take", "large")]


def test_a_repository_of_the_hub_is_looked_into_and_a_model_of_it_pulled(
    backend: Backend, shelf: Shelf, open_page: OpenPage
) -> None:
    models = ScriptedModels()
    models.gate_of_pull.set()
    with running(with_models(backend, shelf, models)) as url:
        page = open_page(url)
        open_settings(page)
        name = page.get_by_label("A model of the hub")
        name.fill("some model")
        name.press("Enter")
        expect(page.locator("#hub-models")).to_contain_text("names no repository of the hub")
        name.fill("hf:someone/tiny-GGUF")
        page.get_by_role("button", name="Look").click()
        found = page.get_by_role("list", name="Found on the hub").locator("li")
        expect(found.nth(0)).to_contain_text("needs about 3.4 GB of memory")
        expect(found.nth(0)).not_to_contain_text("more than is free")
        expect(found.nth(1)).to_contain_text("needs about 8.8 GB of memory, more than is free now")
        page.get_by_role("button", name="Download 2.5 GB: hf:someone/tiny-GGUF:Q4_K_M").click()
        expect(page.locator("#models")).to_contain_text("hf:someone/tiny-GGUF:Q4_K_M is here.")
    assert models.calls == [("pull", "hf:someone/tiny-GGUF:Q4_K_M")]


def test_a_model_is_taken_when_no_question_is_under_way(
    backend: Backend, shelf: Shelf, open_page: OpenPage
) -> None:
    models, assistant = ScriptedModels(), ScriptedAssistant(one_at_a_time)
    with running(with_models(backend, shelf, models, assistant=assistant)) as url:
        page, other = open_page(url), open_page(url)
        ask(page, "hold")
        expect(page.locator("#live .status")).to_contain_text("Reading")
        open_settings(other)
        other.get_by_role("button", name="Use: small").click()
        expect(other.locator(".work")).to_contain_text("as soon as no question is under way")
        assert models.name == "scripted"
        assistant.gate.set()
        expect(page.locator("#live .answered")).to_be_visible()
        expect(other.locator("#models")).to_contain_text("small answers now")

        other.get_by_role("button", name="Use: broken").click()
        expect(other.get_by_role("alert")).to_have_text("broken is damaged or cut off.")
        expect(other.locator("#models li[aria-current]")).to_contain_text("small")
        ask(page, FERRY_QUESTION)
        expect(page.locator("#exchange-2.answered a.cite").first).to_be_visible()


def test_preferences_are_each_persons_own_and_kept(
    backend: Backend, shelf: Shelf, open_page: OpenPage
) -> None:
    assistant = ScriptedAssistant(answers)
    with running(with_models(backend, shelf, ScriptedModels(), assistant=assistant)) as url:
        mine, theirs = open_page(url), open_page(url)
        open_settings(mine)
        mine.get_by_label("Passages").fill("6")
        mine.get_by_label("Strictness").select_option("0.25")
        mine.get_by_role("button", name="Keep").click()
        expect(mine.locator("#preferences")).to_contain_text("Kept: from the next question on.")
        mine.reload()
        open_settings(mine)
        expect(mine.get_by_label("Passages")).to_have_value("6")
        expect(mine.get_by_label("Longest sentence")).to_have_value("")
        expect(mine.get_by_label("Strictness")).to_have_value("0.25")
        mine.keyboard.press("Escape")
        for page in (mine, theirs):
            assistant.preferred.clear()
            ask(page, FERRY_QUESTION)
            expect(page.locator("#live .answered")).to_be_visible()
            chosen = Preferences(passages=6, refuse_below=0.25) if page is mine else AS_SET
            assert assistant.preferred[-1] == chosen

        told = mine.evaluate(
            "fetch('cuttings/settings/prefer?passages=99', {method: 'POST'}).then(r => r.text())"
        )
        assert "passages is a whole number from 1 to 20" in told
        open_settings(mine)
        expect(mine.get_by_label("Passages")).to_have_value("6")
        mine.get_by_role("button", name="Back to what is usual here").click()
        expect(mine.get_by_label("Passages")).to_have_value("")
        expect(mine.get_by_label("Strictness")).to_have_value("")


def test_it_says_whose_numbers_tell_how_likely_an_answer_is(
    backend: Backend, shelf: Shelf, open_page: OpenPage
) -> None:
    with running(with_models(backend, shelf, ScriptedModels())) as url:
        page = open_page(url)
        open_settings(page)
        expect(page.locator("#numbers")).to_have_text(
            "How likely an answer is to be right is calculated from numbers. "
            "The numbers that come with Cuttings are in use."
        )


def test_who_shares_a_page_cannot_change_its_model(
    backend: Backend, shelf: Shelf, open_page: OpenPage, tmp_path: Path
) -> None:
    (tmp_path / "users.txt").write_text(user_line("ann", "a long password") + "\n")
    users = load_users(str(tmp_path / "users.txt"), tmp_path)
    models = ScriptedModels()
    with running(with_models(backend, shelf, models), users=users) as url:
        page = open_page(url, http_credentials={"username": "ann", "password": "a long password"})
        open_settings(page)
        expect(page.locator("#models")).to_contain_text("up to whoever runs Cuttings here")
        expect(page.locator("#models button")).to_have_count(0)
        expect(page.get_by_label("A model of the hub")).to_have_count(0)
        for action in ("take?name=small", "pull?name=large", "stop"):
            told = page.evaluate(
                f"fetch('cuttings/settings/{action}', {{method: 'POST'}}).then(r => r.text())"
            )
            assert "up to whoever runs Cuttings here" in told
        expect(page.get_by_label("Passages")).to_be_visible()
    assert models.calls == []


def test_where_a_server_answers_there_is_no_model_to_choose(
    backend: Backend, shelf: Shelf, open_page: OpenPage
) -> None:
    models = ScriptedModels(name="qwen3:8b", server="http://127.0.0.1:9/v1")
    with running(with_models(backend, shelf, models)) as url:
        page = open_page(url)
        open_settings(page)
        expect(page.locator("#models")).to_contain_text("A server answers, by the model qwen3:8b.")
        expect(page.locator("#models li")).to_have_count(0)
        told = page.evaluate(
            "fetch('cuttings/settings/take?name=small', {method: 'POST'}).then(r => r.text())"
        )
        assert "Set generator and model in qa.toml" in told
    assert models.calls == []
