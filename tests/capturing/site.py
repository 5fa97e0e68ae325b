"""A web server on loopback: pages, redirects, refusals, and answers that never end."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

from tests.loopback import on_loopback


@dataclass(frozen=True)
class Answer:
    """What the server says to a path; with `then_hangs` it says no more until the client goes."""

    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    then_hangs: bool = False


@dataclass
class Site:
    """Answers by path; `asked` are the requests, a proxy's with the whole address."""

    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    url: str = ""

    def at(self, path: str) -> str:
        return self.url + path


@contextmanager
def serving(site: Site) -> Iterator[Site]:
    """The site, listening on a free port of loopback; `site.url` is its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, self.headers["Host"]))
            answer = site.answers.get(self.path, Answer(b"Not here.", status=404))
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)
            if answer.then_hangs:
                self.connection.recv(1)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with on_loopback(Handler) as url:
        site.url = url
        yield site


PAGE = (
    "<html><head><title>{title}</title>{head}</head><body><article><p>{text}</p></article>"
    "</body></html>"
)


def page(title: str, text: str, head: str = "") -> bytes:
    """A page of a newspaper."""
    return PAGE.format(title=title, text=text, head=head).encode()
