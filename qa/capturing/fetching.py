"""Fetches one page from the network, when it is asked for by name, and nothing that belongs to it.

Only machines in the open net are asked, unless the others are allowed: whatever a name resolves to
is looked at first, for the address itself and for each that it sends on to, and the connection goes
to that very number, so that nobody can give another one in between. Behind a proxy, which resolves
names itself, only names and numbers can be looked at.
"""

import asyncio
import importlib.metadata
import socket
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx

from qa.capturing.addresses import Address, is_public, parse_address
from qa.capturing.visits import Visit, suffix_of_media
from qa.errors import CannotClip
from qa.reading.web_archives import MOST_PAGE_BYTES

PATIENCE_SECONDS = 15.0
"""Until a connection stands, and from one piece of an answer to the next."""

MOST_MOVES = 10

_VERSION = importlib.metadata.version("cuttings")
HEADERS = {
    "User-Agent": f"Mozilla/5.0 (compatible; Cuttings/{_VERSION}; one page, asked for by name)",
    "Accept": "text/html,application/xhtml+xml,application/pdf,image/*;q=0.8,*/*;q=0.5",
    "Accept-Language": "*",
}

NOT_SHOWN = frozenset({401, 402, 403, 407, 451})

IN_A_BROWSER = (
    "Open it in your browser and clip it by the bookmarklet of qa chat, which takes what you see."
)

Tell = Callable[[str], None]
"""Is told the name of each machine before it is asked."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a visit may take: seconds with all that an address sends on to, bytes by suffix, and
    which machines may be asked, by number or name.
    """

    seconds: float = 60.0
    most_bytes: Mapping[str, int] = field(default_factory=lambda: MOST_PAGE_BYTES)
    may_ask: Callable[[str], bool] = is_public


OPEN_NET = Bounds()
OWN_NETWORK_TOO = Bounds(may_ask=lambda _: True)


def fetch(written: str, tell: Tell, bounds: Bounds = OPEN_NET) -> Visit:
    """What stands at an address now. Raises CannotClip, which names the address and the reason."""
    address = parse_address(written)
    return asyncio.run(_within_time(address, tell, bounds))


async def _within_time(address: Address, tell: Tell, bounds: Bounds) -> Visit:
    try:
        async with asyncio.timeout(bounds.seconds):
            return await _follow(address, tell, bounds)
    except TimeoutError as error:
        raise CannotClip(
            f"{address.url} did not come whole within {bounds.seconds:g} seconds. Try again, or"
            " save it in a browser."
        ) from error


async def _follow(address: Address, tell: Tell, bounds: Bounds) -> Visit:
    """Ask an address, and those that it sends on to."""
    moved: list[str] = []
    while len(moved) <= MOST_MOVES:
        tell(address.host)
        proxy = _proxy_for(address)
        targets = await _targets(address, proxy, bounds)
        found = await _first_answer(address, targets, proxy, bounds)
        if isinstance(found, Visit):
            return Visit(
                address, found.when, found.media_type, found.body, found.headers, tuple(moved)
            )
        moved.append(address.url)
        address = found
    raise CannotClip(
        f"{moved[0]} sends on from one address to the next, {MOST_MOVES} times and more."
        f" {IN_A_BROWSER}"
    )


def _proxy_for(address: Address) -> str | None:
    """The proxy that the environment names for an address."""
    if urllib.request.proxy_bypass(address.host):
        return None
    named = urllib.request.getproxies()
    return named.get(address.url.partition(":")[0]) or named.get("all")


async def _targets(address: Address, proxy: str | None, bounds: Bounds) -> Sequence[str]:
    """The addresses to connect to: by the machine's number, or by name where a proxy resolves it.

    Raises CannotClip for a machine that is not in the open net and not allowed.
    """
    if proxy:
        if not bounds.may_ask(address.host):
            raise _not_in_the_open(address)
        return [address.url]
    try:
        resolved = await asyncio.get_running_loop().getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM
        )
    except (socket.gaierror, UnicodeError) as error:
        raise CannotClip(
            f"There is no machine of the name {address.host}, or no network. See that the address"
            " is right and that this machine is online."
        ) from error
    numbers = list(dict.fromkeys(str(info[4][0]) for info in resolved))
    if not all(map(bounds.may_ask, numbers)):
        raise _not_in_the_open(address)
    return [address.of_machine(number) for number in numbers]


def _not_in_the_open(address: Address) -> CannotClip:
    return CannotClip(
        f"{address.host} is this machine, or one in its own network, which others must not make"
        " you ask. If you mean it: qa clip --allow-private"
    )


async def _first_answer(
    address: Address, targets: Sequence[str], proxy: str | None, bounds: Bounds
) -> Visit | Address:
    """What the first of these that can be reached answers. Raises CannotClip."""
    failed: httpx.HTTPError | None = None
    for target in targets:
        try:
            return await _ask(address, target, proxy, bounds)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            failed = error
        except httpx.HTTPError as error:
            raise CannotClip(
                f"{address.url}: the connection broke off ({_cause(error)}). Try again."
            ) from error
    raise CannotClip(
        f"{address.host} cannot be reached ({_cause(failed)}). See that the address is right and"
        " that this machine is online."
    ) from failed


async def _ask(address: Address, target: str, proxy: str | None, bounds: Bounds) -> Visit | Address:
    """One request: the page, or the address that it sends on to."""
    host = httpx.URL(address.url).netloc.decode("ascii")
    async with (
        _client(proxy) as client,
        client.stream(
            "GET",
            target,
            headers={**HEADERS, "Host": host},
            extensions={"sni_hostname": address.host},
        ) as response,
    ):
        if response.has_redirect_location:
            return address.joined(response.headers["Location"])
        _check_status(address, response.status_code)
        return await _read(address, response, bounds)


def _client(proxy: str | None) -> httpx.AsyncClient:
    """A client that keeps no cookies from one request to the next. Raises CannotClip."""
    try:
        return httpx.AsyncClient(
            proxy=proxy,
            verify=httpx.create_ssl_context(),
            timeout=PATIENCE_SECONDS,
            trust_env=False,
            follow_redirects=False,
        )
    except (ValueError, ImportError) as error:  # of a kind that it does not speak, or cannot here
        kind = str(proxy).partition("://")[0]
        raise CannotClip(
            f"The environment names a proxy of the kind {kind}:// ({_cause(error)}). Name one of"
            " http://, https://, socks5:// or socks5h://; the last two need the package socksio."
        ) from error


async def _read(address: Address, response: httpx.Response, bounds: Bounds) -> Visit:
    """The body of an answer, as far as it is read. Raises CannotClip."""
    stated = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    pieces = response.aiter_bytes()
    body = bytearray(await anext(pieces, b""))
    media_type = _media_type(stated, body)
    most = bounds.most_bytes[suffix_of_media(media_type, address)]
    async for piece in pieces:
        body += piece
        if len(body) > most:
            break
    if len(body) > most:
        raise CannotClip(
            f"{address.url} is larger than {most >> 20} MB. Save it in a browser, and read the"
            " file by: qa index FILE"
        )
    if not body.strip():
        raise CannotClip(f"{address.url} is empty: nothing was kept. {IN_A_BROWSER}")
    headers = [pair for pair in response.headers.multi_items() if pair[0] != "content-type"]
    kind = response.headers.get("Content-Type", "") if stated == media_type else media_type
    headers.append(("content-type", kind))
    return Visit(address, datetime.now(UTC), media_type, bytes(body), tuple(headers))


def _media_type(stated: str, begin: bytearray) -> str:
    """What an answer is: as it says, or where it says nothing of it, by its first bytes."""
    if stated not in {"", "application/octet-stream", "binary/octet-stream"}:
        return stated
    if begin.startswith(b"%PDF-"):
        return "application/pdf"
    return "text/html" if begin[:1024].lstrip().lower().startswith((b"<!doctype", b"<html")) else ""


def _check_status(address: Address, status: int) -> None:
    """Raise CannotClip for an answer that holds no page."""
    if status == httpx.codes.OK:
        return
    if status in NOT_SHOWN:
        said, step = "is not shown to everybody: it may want a login or a payment", IN_A_BROWSER
    elif status in (404, 410):
        said, step = "is not there", "See that the address is right."
    elif status == 429:
        said, step = "was asked for too often", "Try again later."
    elif status >= 500:
        said, step = "cannot be given by its server now", "Try again later."
    else:
        said, step = "gives no page", IN_A_BROWSER
    raise CannotClip(f"{address.url} {said} ({status}). Nothing was kept. {step}")


def _cause(error: BaseException | None) -> str:
    """What lies behind a failure, in a few words."""
    if isinstance(error, httpx.TimeoutException):
        return f"no answer within {PATIENCE_SECONDS:g} seconds"
    while error is not None and (error.__cause__ or error.__context__):
        error = error.__cause__ or error.__context__
    return " ".join(str(error).split()) or type(error).__name__
