"""Zip archives by friends and by others: what is unpacked, what is refused, and why."""

import io
import random
import stat
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reading.archives import MOST_MEMBERS, MOST_UNPACKED_BYTES, Member, members
from qa.reading.draft import Unreadable
from tests.reading.samples import zipped


def unpacked(raw: bytes) -> list[Member]:
    return list(members(raw, wanted=lambda name: name.endswith(".txt")))


def refusals(raw: bytes) -> dict[str, str | None]:
    return {member.name: member.refusal for member in unpacked(raw)}


def test_wanted_members_come_in_their_order() -> None:
    raw = zipped({"b.txt": "B", "a/c.txt": "C", "d.png": "D", "dir.txt/": ""})
    assert unpacked(raw) == [Member("b.txt", b"B"), Member("a/c.txt", b"C")]


@pytest.mark.parametrize(
    "name", ["../a.txt", "a/../../b.txt", "/etc/a.txt", "C:/a.txt", "..\\a.txt", "\\\\host\\a.txt"]
)
def test_a_path_that_leads_out_is_refused(name: str) -> None:
    assert refusals(zipped({name: "x", "ok.txt": "y"})) == {
        name: "has a path that leads out of the archive. Pack it again without.",
        "ok.txt": None,
    }


def test_a_link_and_a_locked_member_are_refused() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("locked.txt", "x")
    raw = bytearray(written.getvalue())
    listed = raw.rindex(b"PK\x01\x02")
    raw[listed + 8] |= 1  # the flag of encryption in the central directory
    assert refusals(bytes(raw)) == {
        "link.txt": "is a link. Pack the file itself.",
        "locked.txt": "is protected by a password. Pack it again without one.",
    }


def test_a_bomb_is_refused_by_what_comes_out_of_it() -> None:
    raw = bytearray(zipped({"bomb.txt": b"\0" * (8 << 20), "ok.txt": "y"}))
    listed = raw.index(b"PK\x01\x02")
    raw[listed + 24 : listed + 28] = (100).to_bytes(4, "little")  # it claims 100 bytes unpacked
    assert len(raw) < 10_000
    found = refusals(bytes(raw))
    assert found["ok.txt"] is None
    assert found["bomb.txt"] is not None


def test_a_bomb_that_tells_the_truth_is_refused_too() -> None:
    found = refusals(zipped({"bomb.txt": b"\0" * (8 << 20), "ok.txt": "y"}))
    assert found == {
        "bomb.txt": "unpacks to more than 200 times its size, as a zip bomb does."
        " Unpack it by hand if you trust it.",
        "ok.txt": None,
    }


@pytest.mark.slow
def test_nothing_is_unpacked_beyond_the_limit_of_an_archive() -> None:
    block = random.Random(1).randbytes(1 << 10) + bytes(63 << 10)  # packs to a fiftieth
    assert 2 * (100 << 20) < MOST_UNPACKED_BYTES < 3 * (100 << 20)
    found = refusals(zipped({f"{n}.txt": block * 1600 for n in range(4)}))
    refused = {name: why for name, why in found.items() if why}
    assert list(refused) == ["2.txt"]
    assert "nor was anything after it: the archive holds more than 256 MB" in refused["2.txt"]


def test_an_archive_of_too_many_members_is_not_even_listed() -> None:
    with pytest.raises(Unreadable, match=r"holds more than 100,000 files\. Unpack it into"):
        unpacked(b"PK\x01\x02" * (MOST_MEMBERS + 1))


def test_a_damaged_member_is_named_and_the_rest_is_unpacked() -> None:
    raw = bytearray(zipped({"a.txt": "words " * 100, "b.txt": "B"}))
    raw[40] ^= 0xFF
    assert refusals(bytes(raw)) == {"a.txt": "is damaged. Pack the archive again.", "b.txt": None}


@given(st.binary(max_size=200), st.integers(0, 400), st.booleans())
def test_any_bytes_give_members_or_a_reason(noise: bytes, at: int, cut: bool) -> None:
    raw = zipped({"a.txt": "words " * 20, "b.txt": "B"})
    try:
        found = unpacked(raw[:at] + noise + (b"" if cut else raw[at + len(noise) :]))
    except Unreadable:
        return
    assert all(isinstance(member.raw, bytes) for member in found)
