"""Where the page is served, and where it is not."""

import re
import socket
import urllib.request

import pytest

from qa.errors import PageError
from tests.ui.scripted import ScriptedAssistant, answers
from ui.page import running


def test_another_address_than_loopback_is_refused() -> None:
    with (
        pytest.raises(PageError, match=r"not on 0\.0\.0\.0: without a password"),
        running(ScriptedAssistant(answers), (), "", host="0.0.0.0"),
    ):
        pass


def test_a_busy_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with (
            pytest.raises(PageError, match=rf"Port {port} of 127\.0\.0\.1 .* --port"),
            running(ScriptedAssistant(answers), (), "", port=port),
        ):
            pass


@pytest.mark.parametrize("host", ["localhost", "::1"])
def test_every_name_of_this_machine_serves(host: str) -> None:
    with running(ScriptedAssistant(answers), (), "", host=host) as url:
        assert re.fullmatch(r"http://(localhost|\[::1\]):\d+/", url)
        with urllib.request.urlopen(url) as response:
            assert response.status == 200
