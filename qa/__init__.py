"""Cuttings: ask your own articles a question, offline, and open the words an answer rests on."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.service.cuttings import Cuttings

__version__ = "0.2.0"

__all__ = ["Cuttings", "__version__"]


def __getattr__(name: str) -> object:
    """Import what a program asks for only then: `qa --help` needs none of it."""
    if name == "Cuttings":
        from qa.service.cuttings import Cuttings

        return Cuttings
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
