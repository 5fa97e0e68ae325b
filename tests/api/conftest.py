"""Articles of a lighthouse and two ferries, served once for all tests of a module."""

from collections.abc import Iterator

import pytest
from openai import OpenAI

from qa.library.indexing import index_folders
from qa.library.store import Store
from qa.service.uploads import Shelf
from tests.answering.lamp_and_ferry import ARTICLES, SAID, over
from tests.api.served import FakeService, Opened, running
from tests.fakes import FakeEmbedder, ScriptedGenerator

ANSWERS = 20
"""So often the scripted model answers in a module's tests."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The articles in a real library."""
    folder = tmp_path_factory.mktemp("articles")
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    with Store.create(tmp_path_factory.mktemp("index")) as store:
        index_folders([folder], store, FakeEmbedder(), 60, lambda _: None)
        yield store


@pytest.fixture(scope="module")
def service(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeService]:
    """Those articles as the collection that is asked, beside an empty one."""
    folder = tmp_path_factory.mktemp("uploads")
    with Store.create(tmp_path_factory.mktemp("empty")) as empty:
        opened = {
            name: Opened(
                over(library, ScriptedGenerator([SAID] * ANSWERS), whole_library=True),
                Shelf(library, FakeEmbedder(), folder, 60),
            )
            for name, library in (("main", store), ("empty", empty))
        }
        yield FakeService(opened)


@pytest.fixture(scope="module")
def url(service: FakeService) -> Iterator[str]:
    """The service's address."""
    with running(service) as (url, _):
        yield url


@pytest.fixture(scope="module")
def client(url: str) -> Iterator[OpenAI]:
    """OpenAI's own client."""
    with OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as client:
        yield client
