"""Passwords are kept as hashes, and what is wrong in a file of them is named without telling it."""

from pathlib import Path

import pytest

from qa.errors import BadSettings
from qa.service.passwords import load_users, user_line

# Worked out with openssl: `openssl kdf -keylen 64 -kdfopt pass:password -kdfopt salt:NaCl
# -kdfopt n:1024 -kdfopt r:8 -kdfopt p:16 SCRYPT`, the second vector of RFC 7914, section 12.
RFC_7914 = (
    "rfc:scrypt$1024$8$16$TmFDbA==$/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWIurzDZLiKjiG/xCSedmDDa"
    "xyevuUqD7m2DYMvfoswGQA=="
)


def test_a_password_is_known_and_no_other(tmp_path: Path) -> None:
    line = user_line("ann", "a long enough pässword")
    assert "pässword" not in line
    users = load_users(f"{line}\n{RFC_7914}", tmp_path)
    assert users.names == ("ann", "rfc")
    assert users.knows("ann", "a long enough pässword")
    assert users.knows("rfc", "password")
    assert not users.knows("ann", "password")
    assert not users.knows("rfc", "a long enough pässword")
    assert not users.knows("bob", "a long enough pässword")
    assert not users.knows("ann", "x" * 100_000)


def test_users_come_from_a_file_below_the_home(tmp_path: Path) -> None:
    (tmp_path / "users.txt").write_text(f"# of the desk\n\n{RFC_7914}\n")
    assert load_users("users.txt", tmp_path).knows("rfc", "password")
    assert not load_users("", tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ann:plain-password", "Line 1 of .* is no user with a hashed password"),
        (f"{RFC_7914}\nann:scrypt$x$secret", "Line 2 of"),
        ("ann:scrypt$16384$8$1$abc$secret==", "Line 1 of .* is no user with a hashed password"),
        (f"{RFC_7914}\nann:scrypt$16384$8$1$TmFDbA==$secret", "Line 2 of"),
        (f"ann:scrypt${10**30}$8$1$TmFDbA==$AAAA", "Line 1 of"),
        ("# nobody", "names no user"),
    ],
)
def test_a_wrong_line_is_named_and_not_told(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "users.txt").write_text(text)
    with pytest.raises(BadSettings, match=said) as error:
        load_users("users.txt", tmp_path)
    assert "secret" not in str(error.value)
    assert "plain-password" not in str(error.value)


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match=r"nowhere\.txt cannot be read .* qa password"):
        load_users("nowhere.txt", tmp_path)


def test_parameters_that_no_scrypt_has_let_nobody_in(tmp_path: Path) -> None:
    users = load_users("ann:scrypt$1000000000$8$1$TmFDbA==$AAAA", tmp_path)
    assert not users.knows("ann", "password")


@pytest.mark.parametrize(
    ("name", "password", "said"),
    [
        ("a:b", "long enough", "without spaces and colons"),
        ("ann", "7 chars", "at least 8 characters. Choose a longer one"),
        ("ann", "x" * 1001, "at most 1,000 characters. Choose a shorter one"),
    ],
)
def test_what_cannot_be_a_user(name: str, password: str, said: str) -> None:
    with pytest.raises(BadSettings, match=said):
        user_line(name, password)
