"""What is an address of a page, and which machines are in the open net."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.capturing.addresses import Address, is_public, parse_address
from qa.errors import CannotClip


@pytest.mark.parametrize(
    ("written", "address"),
    [
        (" https://Gazette.example ", Address("https://gazette.example", "gazette.example", 443)),
        (
            "http://gazette.example:8080/a b?c=ü#part",
            Address("http://gazette.example:8080/a%20b?c=%C3%BC", "gazette.example", 8080),
        ),
        ("https://münchen.example/", Address("https://xn--mnchen-3ya.example/",
                                             "xn--mnchen-3ya.example", 443)),
        ("http://[2001:db8::1]/", Address("http://[2001:db8::1]/", "2001:db8::1", 80)),
    ],
)  # fmt: skip
def test_addresses(written: str, address: Address) -> None:
    assert parse_address(written) == address


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("gazette.example/a", "begin with http://"),
        ("file:///etc/passwd", "begin with http://"),
        ("ftp://gazette.example/a", "begin with http://"),
        ("javascript:alert(1)", "begin with http://"),
        ("https://", "begin with http://"),
        ("http://gazette.example:0/", "begin with http://"),
        ("http://[::1", "no address"),
        ("http://gazette.example/\n", None),
        ("http://gaz\nette.example/", "no address"),
        ("https://ann:secret@gazette.example/", "name or a password"),
        ("https://gazette.example/" + "a" * 8000, "too long"),
    ],
)
def test_what_is_no_address(written: str, reason: str | None) -> None:
    if reason is None:
        assert parse_address(written).host == "gazette.example"
        return
    with pytest.raises(CannotClip, match=reason) as refused:
        parse_address(written)
    assert "secret" not in str(refused.value)


@given(st.text() | st.builds("http://{}".format, st.text()))
def test_any_text_is_an_address_or_refused_in_one_way(written: str) -> None:
    try:
        address = parse_address(written)
    except CannotClip:
        return
    assert address.url.isascii()
    assert parse_address(address.url) == address


@pytest.mark.parametrize(
    "ip",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.1.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fd00::1",
        "ff02::1", "::ffff:127.0.0.1", "2002:7f00:1::", "64:ff9b::a00:1",
    ],
)  # fmt: skip
def test_machines_that_are_not_in_the_open_net(ip: str) -> None:
    assert not is_public(ip)


@pytest.mark.parametrize("ip", ["93.184.215.14", "2606:2800:21f::1", "64:ff9b::5db8:d70e"])
def test_machines_that_are(ip: str) -> None:
    assert is_public(ip)


@given(st.ip_addresses(v=4))
def test_a_number_in_ipv6_clothes_is_judged_as_what_it_is(ip: ipaddress.IPv4Address) -> None:
    public = is_public(str(ip))
    assert is_public(f"::ffff:{ip}") == public
    assert is_public(str(ip)) == is_public(str(int(ip))) == public


@pytest.mark.parametrize(
    ("host", "public"),
    [
        ("gazette.example", True), ("localhost", False), ("a.localhost.", False),
        ("printer.local", False), ("nas.home.arpa", False), ("intranet", False), ("127.1", False),
        ("0x7f000001", False), ("8.8.8.8", True), ("notlocal.example", True), ("", False),
    ],
)  # fmt: skip
def test_names_as_far_as_they_tell(host: str, public: bool) -> None:
    assert is_public(host) == public
