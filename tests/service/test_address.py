"""What cannot be served on is named: the port or the host, whichever it is."""

import socket
from pathlib import Path

import pytest

from qa.errors import PageError
from qa.service.address import free_address
from qa.service.passwords import load_users

ANN = load_users("ann:scrypt$2$1$1$TmFDbA==$AAAA", Path())


def test_a_port_that_is_taken_or_is_none_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        for port in (taken, 65536):
            with pytest.raises(PageError, match=rf"Port {port} of 127\.0\.0\.1 .* --port"):
                free_address("127.0.0.1", port, ANN)


def test_a_host_that_is_not_of_this_machine_is_named() -> None:
    # An address of documentation, which no machine has (RFC 5737).
    with pytest.raises(PageError, match=r"^192\.0\.2\.1 is no address of this .* --host") as error:
        free_address("192.0.2.1", 0, ANN)
    assert "port" not in str(error.value).lower()
