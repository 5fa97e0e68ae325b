"""The library in the page: articles added, asked about, filtered, removed and brought back."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from qa.answering.assistant import Assistant
from qa.library.retrieval import Retriever
from qa.library.store import Store
from qa.reading.formats import READERS
from qa.service.uploads import Shelf
from tests.fakes import FakeCrossEncoder, FakeEmbedder
from tests.reading.samples import docx, paragraph, pdf, zipped
from tests.ui.conftest import OpenPage, Serve, ask
from tests.ui.harbour import ARTICLES, BUDGET, FERRY
from tests.ui.scripted import Opened, OpenedCollections, ScriptedAssistant, answers
from ui.backend import Backend
from ui.serving import running

pytestmark = pytest.mark.browser


def test_upload_ask_about_it_remove_and_be_refused(
    serve: Serve, open_page: OpenPage, store: Store, tmp_path: Path
) -> None:
    lighthouse = "Keeper Ilse Brandt painted the lighthouse green in October."
    assistant = Assistant(
        Retriever(store, FakeEmbedder()),
        None,
        FakeCrossEncoder(),
        passages=4,
        refuse_below=0.15,
        max_answer_tokens=64,
        answer_seconds=60,
    )
    (tmp_path / "light.md").write_text(f"# A new coat\n\n{lighthouse}", encoding="utf-8")
    (tmp_path / "song.mp3").write_bytes(b"ID3")
    page = open_page(serve(assistant))
    expect(page.locator("#banner .describe")).to_have_text(
        "4 articles, the newest of 15 March 2024 · scripted"
    )

    page.get_by_role("button", name="Library").click()
    expect(page.get_by_role("heading", name="Library")).to_be_focused()
    page.get_by_label("Choose files").set_input_files(
        [tmp_path / "light.md", tmp_path / "song.mp3"]
    )
    results = page.locator("#uploaded li")
    expect(results.first).to_have_text("light.md: added as light")
    expect(results.last).to_have_text("song.mp3: is not in a format read here.")
    expect(page.locator("#article-list")).to_contain_text("5 articles")
    expect(page.locator("#banner .describe")).to_contain_text("5 articles")
    page.keyboard.press("Escape")

    ask(page, "What colour did the keeper paint the lighthouse?")
    expect(page.locator("#live .answered a.cite").first).to_be_visible()
    page.locator("#live .answered a.cite").first.click()
    expect(page.locator("#sources mark.open")).to_contain_text("lighthouse green")

    page.get_by_role("button", name="Library").click()
    page.get_by_role("button", name="Remove A new coat").click()
    expect(page.locator("#article-list [role=status]").first).to_have_text(
        "Removed: A new coat. Undo"
    )
    expect(page.locator("#article-list")).to_contain_text("4 articles")
    page.keyboard.press("Escape")
    ask(page, "Which colour did the keeper paint the lighthouse?")
    expect(page.locator("#exchange-2 .refusal")).to_be_visible()


def test_a_removed_article_is_brought_back_and_a_list_is_filtered(
    serve: Serve, open_page: OpenPage, shelf: Shelf
) -> None:
    page = open_page(serve(ScriptedAssistant(answers)))
    page.get_by_role("button", name="Library").click()
    titles = page.locator("#article-list .line")
    expect(titles).to_have_count(4)
    page.get_by_label("Search articles").fill("budget")
    expect(titles).to_have_text([BUDGET.title])
    page.get_by_role("button", name=f"Remove {BUDGET.title}").click()
    expect(titles).to_have_count(0)
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Enter")
    expect(titles).to_have_text([BUDGET.title])
    assert shelf.article(BUDGET.article_id) == ARTICLES[2]

    page.get_by_label("Search articles").fill("")
    page.get_by_label("From").fill("2024-03-14")
    expect(titles).to_have_count(2)
    page.get_by_label("Source").select_option("Harbour Courier")
    expect(titles).to_have_text([FERRY.title])
    titles.click()
    expect(page.locator(".article-text")).to_contain_text(FERRY.text)


def test_a_folder_is_uploaded_with_its_files(
    serve: Serve, open_page: OpenPage, shelf: Shelf, tmp_path: Path
) -> None:
    for year in ("2023", "2024"):
        (tmp_path / "notes" / year).mkdir(parents=True)
        (tmp_path / "notes" / year / "index.md").write_text(f"# The year {year}\n\nIt passed.")
    page = open_page(serve(ScriptedAssistant(answers)))
    page.get_by_role("button", name="Library").click()
    page.get_by_label("Choose a folder").set_input_files(tmp_path / "notes")
    expect(page.locator("#uploaded li")).to_have_count(2)
    expect(page.locator("#article-list")).to_contain_text("6 articles")
    added = shelf.article("notes-2023-index-11e9bae2")
    assert added is not None
    assert added.title == "The year 2023"


def drop(page: Page, files: list[Path]) -> None:
    """Let go of files and folders over the library's sheet, as a file manager would."""
    box = page.locator(".upload").bounding_box()
    assert box is not None
    session = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        dragged = {"items": [], "files": list(map(str, files)), "dragOperationsMask": 1}
        place = {"x": box["x"] + 20, "y": box["y"] + 20}
        session.send("Input.dispatchDragEvent", {"type": kind, "data": dragged, **place})


def test_files_and_folders_are_dropped(
    serve: Serve, open_page: OpenPage, shelf: Shelf, tmp_path: Path
) -> None:
    (tmp_path / "notes" / "2024").mkdir(parents=True)
    (tmp_path / "notes" / "2024" / "spring.md").write_text("# Spring\n\nIt came.")
    (tmp_path / "notes" / ".hidden.md").write_text("# Hidden\n\nNot read.")
    (tmp_path / "light.md").write_text("# A new coat\n\nThe lighthouse is green.")
    page = open_page(serve(ScriptedAssistant(answers)))
    page.get_by_role("button", name="Library").click()
    drop(page, [tmp_path / "light.md", tmp_path / "notes"])
    expect(page.locator("#uploaded li")).to_have_text(
        [
            "light.md: added as light",
            "notes/2024/spring.md: added as notes-2024-spring-3cd1f4fd",
        ]
    )
    expect(page.locator("#article-list")).to_contain_text("6 articles")
    assert shelf.article("notes-2024-spring-3cd1f4fd") is not None


def test_each_file_that_is_dropped_has_its_result(
    serve: Serve, open_page: OpenPage, tmp_path: Path
) -> None:
    mail = "From: Ann <ann@a.example>\nSubject: Weir\nDate: Sun, 5 Mar 2023 10:00:00 -0000\n\nOpen."
    files: dict[str, bytes] = {
        "a.eml": mail.encode(),
        "b.pdf": pdf([["The weir is open."]]),
        "c.csv": b"title,text\nA,One.\nB,Two.\nC,\n",
        "d.zip": zipped({"in/d.txt": "A note.", "in/e.docx": docx(paragraph("A letter."))}),
        "e.doc": b"\xd0\xcf\x11\xe0",
        "f.txt": b" ",
        "g.pdf": b"%PDF-1.4",
        "h.mp3": b"ID3",
    }
    for name, raw in files.items():
        (tmp_path / name).write_bytes(raw)
    page = open_page(serve(ScriptedAssistant(answers)))
    page.get_by_role("button", name="Library").click()
    drop(page, [tmp_path / name for name in files])
    expect(page.locator("#uploaded li")).to_have_text(
        [
            "a.eml: added as a",
            "b.pdf: added as b",
            re.compile(r"^c\.csv: 2 articles added c\.csv, line 4 .*text"),
            "d.zip: 2 articles added",
            "e.doc: is an old Word document. Save it as .docx.",
            "f.txt: is empty. Delete it or put the article into it.",
            re.compile(r"^g\.pdf: is no PDF, or a damaged one\."),
            "h.mp3: is not in a format read here.",
        ]
    )
    expect(page.locator(".upload p").first).to_have_text(f"Add articles: {', '.join(READERS)}.")
    expect(page.locator("#article-list")).to_contain_text("10 articles")


def test_a_collection_is_picked(
    backend: Backend, open_page: OpenPage, shelf: Shelf, tmp_path: Path
) -> None:
    with Store.create(tmp_path / "other") as store:
        other = Shelf(store, FakeEmbedder(), tmp_path / "other-uploads", 64)
        asked = ScriptedAssistant(answers), ScriptedAssistant(answers)
        opened = {"main": Opened(asked[0], shelf), "canals": Opened(asked[1], other)}
        collections = OpenedCollections(opened)
        with running(replace(backend, collections=collections)) as url:
            page = open_page(url)
            page.get_by_role("button", name="Library").click()
            page.get_by_role("link", name="canals").click()
            expect(page.locator("#banner .describe")).to_have_text("canals: 0 articles · scripted")
            expect(page.locator("#empty")).to_contain_text("There is no article here yet. Add some")
            ask(page, "Who dug it?")
            expect(page.locator("#live .answered")).to_be_visible()
            page.reload()
            expect(page.locator("#banner .describe")).to_contain_text("canals")
            ask(page, "And when?")
            expect(page.locator("#exchange-2.answered")).to_be_visible()
    assert [question for question, _ in asked[1].asked] == ["Who dug it?", "And when?"]
    assert asked[0].asked == []
