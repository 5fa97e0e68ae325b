"""The flags that commands share, and the settings and the scope that they make."""

from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qa.errors import BadQuestion
from qa.types import Scope

if TYPE_CHECKING:
    from qa.settings import Settings

DAY = "%Y-%m-%d"


class Engine(Enum):
    """Where the heavy part of a command runs."""

    HERE = "here"
    RAY = "ray"


EngineFlag = Annotated[
    Engine, typer.Option("--engine", help="Work in this process, or on a cluster, by Ray.")
]
AddressFlag = Annotated[
    str | None,
    typer.Option("--address", help="HOST:PORT of a Ray cluster; else one of this machine's cores."),
]

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object for programs.")]
ModelFlag = Annotated[
    str | None, typer.Option("--model", help="A catalogue name or the path of a GGUF file.")
]
CollectionFlag = Annotated[
    str | None, typer.Option("--collection", help="A collection by name; `main` when none is.")
]
SinceFlag = Annotated[
    datetime | None,
    typer.Option(formats=[DAY], metavar="YYYY-MM-DD", help="Only what was published since then."),
]
UntilFlag = Annotated[
    datetime | None,
    typer.Option(formats=[DAY], metavar="YYYY-MM-DD", help="Only what was published until then."),
]
SourceFlag = Annotated[
    list[str] | None,
    typer.Option("--source", help="Only articles from this source; may be given several times."),
]


def settings_with(**flags: Any) -> "Settings":
    """The settings of this process; flags that are None were not given. Raises BadSettings.

    Here and not at the top of every command's module, because it loads pydantic: `qa --help` would
    take half as long again.
    """
    from qa.settings import load_settings

    return load_settings(**flags)


def check_engine(engine: Engine, address: str | None) -> None:
    """A usage error for an address of what is not asked for."""
    if address and engine is not Engine.RAY:
        raise typer.BadParameter("--address names a Ray cluster: add --engine ray")


def scope_of(since: datetime | None, until: datetime | None, sources: list[str] | None) -> Scope:
    """The scope that the flags name; a usage error when no day lies in it."""
    try:
        return Scope.asked(since and since.date(), until and until.date(), sources)
    except BadQuestion as error:
        raise typer.BadParameter(str(error)) from error
