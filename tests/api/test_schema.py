"""Whatever is sent to the endpoint is answered as its own schema says, by schemathesis.

It makes requests from the schema, and others that break it. Each answer must have a status, a
content type and a body that the schema names for it; no request may end in an error of the server.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import positive_data_acceptance

from qa.library.store import Store
from qa.service.uploads import Shelf
from tests.answering.lamp_and_ferry import SAID, over
from tests.api.served import FakeService, Opened, running
from tests.fakes import FakeEmbedder, ScriptedGenerator

ANSWERS = 2_000
"""More than any run of these tests asks."""

OPERATIONS = (
    ("POST", "/v1/chat/completions"),
    ("POST", "/v1/embeddings"),
    ("GET", "/v1/models"),
    ("GET", "/v1/models/{name}"),
    ("GET", "/v1/articles/{article_id}"),
    ("GET", "/healthz"),
    ("GET", "/metrics"),
)

load_all_checks()


@pytest.fixture(scope="module")
def served_schema(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The schema that the endpoint tells of itself."""
    opened = Opened(
        over(store, ScriptedGenerator([SAID] * ANSWERS), whole_library=True),
        Shelf(store, FakeEmbedder(), tmp_path_factory.mktemp("uploads"), 60),
    )
    with running(FakeService({"main": opened})) as (url, _):
        yield schemathesis.openapi.from_url(f"{url}/openapi.json")


def test_the_schema_names_all_that_is_served(served_schema: Any) -> None:
    named = {(one.ok().method.upper(), one.ok().path) for one in served_schema.get_all_operations()}
    assert named == set(OPERATIONS)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_what_is_well_formed_is_answered_by_the_schema(
    served_schema: Any, method: str, path: str
) -> None:
    """That a request is well formed is not all: a question may be empty, which is refused."""
    assert max(asked(served_schema[path][method], GenerationMode.POSITIVE)) < 500


@pytest.mark.parametrize(("method", "path"), [one for one in OPERATIONS if one[0] == "POST"])
def test_what_breaks_the_schema_is_refused_by_it(
    served_schema: Any, method: str, path: str
) -> None:
    statuses = asked(served_schema[path][method], GenerationMode.NEGATIVE)
    assert min(statuses) >= 400
    assert max(statuses) < 500


def asked(operation: Any, mode: GenerationMode) -> set[int]:
    """The statuses of the answers to requests of that mode, each held against the schema."""
    statuses: set[int] = set()

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    def ask(case: Any) -> None:
        response = case.call_and_validate(excluded_checks=[positive_data_acceptance])
        statuses.add(response.status_code)

    ask()
    return statuses
