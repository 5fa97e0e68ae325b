"""The chat page beside the endpoint: on one address, before one model."""

import base64
import json
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from qa.service.passwords import load_users, user_line
from tests.api.served import FakeService, running
from tests.ui.conftest import OpenPage, ask
from tests.ui.harbour import FERRY_QUESTION
from ui.backend import Backend
from ui.serving import mounted


def got(url: str, **headers: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as response:
            return response.status, response.headers["content-type"]
    except urllib.error.HTTPError as error:
        return error.code, error.headers["content-type"]


@pytest.mark.slow
def test_page_and_endpoint_ask_for_the_same_users_each_in_its_way(backend: Backend) -> None:
    users = load_users(user_line("anna", "anna long"), Path())
    basic = "Basic " + base64.b64encode(b"anna:anna long").decode()
    with mounted(backend, users) as page, running(FakeService({}), users, page=page) as (url, _):
        assert got(url) == (401, "text/plain; charset=utf-8")
        assert got(f"{url}/", Authorization=basic) == (200, "text/html; charset=utf-8")
        assert got(f"{url}/cuttings/settings", Authorization=basic)[0] == 200
        assert got(f"{url}/v1/models") == (401, "application/json")
        assert got(f"{url}/v1/models", Authorization="Bearer anna:anna long")[0] == 200
        assert got(f"{url}/healthz")[0] == 200


@pytest.mark.browser
def test_a_question_is_answered_on_the_page_beside_it(
    backend: Backend, open_page: OpenPage
) -> None:
    with mounted(backend) as page, running(FakeService({}), page=page) as (url, _):
        shown = open_page(f"{url}/")
        ask(shown, FERRY_QUESTION)
        shown.locator("#live, #earlier").get_by_text("The captain called it a good day.").wait_for()
        with urllib.request.urlopen(f"{url}/v1/models") as response:
            assert json.loads(response.read())["object"] == "list"
