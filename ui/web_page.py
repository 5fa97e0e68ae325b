"""A conversation as one HTML file that needs nothing else: its answers, and each one's sources."""

from pathlib import Path

from markupsafe import Markup

from .exchange import Exchange
from .panel import sources_of
from .rendering import render_exchange

HERE = Path(__file__).parent


def as_web_page(title: str, exchanges: tuple[Exchange, ...]) -> str:
    """The page; a citation leads to its source, where the words it rests on are marked."""
    told = Markup("").join(
        Markup("{}{}").format(
            render_exchange(exchange), sources_of(exchange, {}) if exchange.hits else ""
        )
        for exchange in exchanges
    )
    style = Markup((HERE / "web_page.css").read_text(encoding="utf-8"))
    page = Markup(
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        "<title>{title}</title><style>{style}</style></head>"
        "<body><main><h1>{title}</h1>{told}</main></body></html>\n"
    )
    return str(page.format(title=title, style=style, told=told))
