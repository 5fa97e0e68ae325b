"""The page's users, each with a password that is kept only as a hash.

A line is `NAME:scrypt$N$r$p$SALT$HASH`, salt and hash in base64 (RFC 7914, by hashlib).
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from qa.errors import BadSettings

COST, BLOCK, PARALLEL = 1 << 14, 8, 1
"""16 MB and some 50 ms for each try, as RFC 7914 advises for logging in."""

SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 1000  # characters

_LINE = re.compile(
    r"(?P<name>[^\s:]{1,64}):scrypt\$(?P<n>\d{1,10})\$(?P<r>\d{1,9})\$(?P<p>\d{1,9})"
    r"\$(?P<salt>[A-Za-z0-9+/=]+)\$(?P<hash>[A-Za-z0-9+/=]+)"
)


@dataclass(frozen=True, slots=True)
class HashedPassword:
    """What a line says of a password: scrypt's parameters, its salt and what it gave."""

    n: int
    r: int
    p: int
    salt: bytes
    digest: bytes


class Users:
    """Names and hashes; knows nothing of passwords but whether one is right."""

    def __init__(self, hashed: Mapping[str, HashedPassword]) -> None:
        self._hashed = dict(hashed)

    @property
    def names(self) -> tuple[str, ...]:
        """Every user, in the order of the file."""
        return tuple(self._hashed)

    def __bool__(self) -> bool:
        return bool(self._hashed)

    def knows(self, name: str, password: str) -> bool:
        """Whether that is the user's password; as slow for a name that is nobody's."""
        hashed = self._hashed.get(name) or next(iter(self._hashed.values()), None)
        if hashed is None or len(password) > LONGEST_PASSWORD:
            return False
        given = _scrypt(password, hashed.salt, hashed.n, hashed.r, hashed.p)
        return hmac.compare_digest(hashed.digest, given) and name in self._hashed


def user_line(name: str, password: str) -> str:
    """The line for a user. Raises BadSettings for a name or a password that cannot be used."""
    if not re.fullmatch(r"[^\s:]{1,64}", name):
        raise BadSettings("A user's name is up to 64 characters, without spaces and colons.")
    if len(password) < SHORTEST_PASSWORD:
        raise BadSettings(
            f"A password has at least {SHORTEST_PASSWORD} characters. Choose a longer one."
        )
    if len(password) > LONGEST_PASSWORD:
        raise BadSettings(
            f"A password has at most {LONGEST_PASSWORD:,} characters. Choose a shorter one."
        )
    salt = secrets.token_bytes(16)
    digest = _scrypt(password, salt, COST, BLOCK, PARALLEL)
    parts = (base64.b64encode(part).decode() for part in (salt, digest))
    return f"{name}:scrypt${COST}${BLOCK}${PARALLEL}${'$'.join(parts)}"


def load_users(auth: str, home: Path) -> Users:
    """The users of a setting: a file's, below the home, or the lines themselves; none for "".

    Raises BadSettings naming the line that is wrong, but nothing of what stands in it.
    """
    if not auth:
        return Users({})
    text, where = auth, "QA_AUTH"
    if ":scrypt$" not in auth:
        file = home / Path(auth).expanduser()
        try:
            text, where = file.read_text(encoding="utf-8"), str(file)
        except (OSError, UnicodeDecodeError) as error:
            raise BadSettings(
                f"The file of users {file} cannot be read ({error}). Make a line of it with: "
                "qa password NAME"
            ) from error
    users: dict[str, HashedPassword] = {}
    for number, line in enumerate(map(str.strip, text.splitlines()), 1):
        if not line or line.startswith("#"):
            continue
        found = _LINE.fullmatch(line)
        hashed = _hashed(found) if found else None
        if found is None or hashed is None:
            raise BadSettings(
                f"Line {number} of {where} is no user with a hashed password. Make one with: "
                "qa password NAME"
            )
        users[found["name"]] = hashed
    if not users:
        raise BadSettings(f"{where} names no user. Make a line with: qa password NAME")
    return Users(users)


def _hashed(line: re.Match[str]) -> HashedPassword | None:
    """What a line says; None where its salt or its hash is no base64."""
    try:
        salt, digest = (base64.b64decode(line[part], validate=True) for part in ("salt", "hash"))
    except ValueError:
        return None
    return HashedPassword(int(line["n"]), int(line["r"]), int(line["p"]), salt, digest)


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    try:
        return hashlib.scrypt(
            password.encode("utf-8", "surrogatepass"), salt=salt, n=n, r=r, p=p, maxmem=1 << 27
        )
    except ValueError:  # a line with parameters that no scrypt has: nobody's password fits
        return b""
