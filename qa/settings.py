"""Settings: `qa.toml` in the home, over it `QA_*` in the environment, over it flags.

The *home* is where models, index and runs live: `$QA_HOME`, else the nearest folder upward that
holds a `qa.toml`, else the platform's user-data folder. Settings are read once, at the edge, and
passed in; nothing below the command line fetches one.
"""

import os
import re
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from qa.errors import BadSettings
from qa.messages import nearest
from qa.types import Fusion

FILE_NAME = "qa.toml"

MAIN, COLLECTIONS = "main", "collections"
"""The collection that is meant when none is named, and the folder that holds the others."""

BETWEEN_ADDRESSES = ", "
"""What parts the servers in `generator` from each other."""

DECIDING = (
    "embedder",
    "cross_encoder",
    "context_tokens",
    "max_answer_tokens",
    "passages",
    "passage_tokens",
    "fusion",
    "refuse_below",
)
"""Names of the settings that decide an answer, beside who answers: the model or a server."""


class Settings(BaseSettings):
    """Everything that can be set, each with its range. Folders are absolute after loading."""

    model_config = SettingsConfigDict(env_prefix="QA_", extra="forbid", frozen=True)

    home: Path
    models_dir: Path = Field(default=Path("models"), description="model files, below the home")
    index_dir: Path = Field(default=Path("index"), description="the library, below the home")
    index: SecretStr = Field(
        default=SecretStr(""),
        description="address of a shared library in PostgreSQL, `postgresql://USER@HOST/DATABASE`, "
        "in place of the one in `index_dir`; a password is better in the environment than in a "
        "file",
    )
    runs_dir: Path = Field(default=Path("runs"), description="evaluation runs, below the home")
    collection: str = Field(
        default=MAIN, description="the collection in use, each a library of its own"
    )
    articles: tuple[Path, ...] = Field(
        default=(), description="folders that `qa index` reads when none is named"
    )

    model: str = Field(
        default="qwen2.5-coder-1.5b",
        description="a catalogue name or the path of a GGUF file; "
        "with a `generator`, its name there",
    )
    generator: str = Field(
        default="",
        description="address of an OpenAI-compatible server that answers in the model's place; "
        "or of several, as a list in `qa.toml`, between commas elsewhere",
    )
    generator_key: SecretStr = Field(
        default=SecretStr(""),
        description="the key that each server asks for; better in the environment than in a file",
    )
    generator_at_once: int = Field(
        default=1, ge=1, le=64, description="questions that each of several servers answers at once"
    )
    embedder: str = Field(
        default="all-minilm-l6-v2", description="a catalogue name or the path of a folder"
    )
    cross_encoder: str = Field(
        default="ms-marco-minilm-l12",
        description="a catalogue name or the path of a folder "
        "with `model.onnx` and `tokenizer.json`",
    )
    threads: int = Field(default=0, ge=0, le=256, description="CPU threads; 0 = all cores")
    context_tokens: int = Field(
        default=4096, ge=1024, le=131072, description="the model's context, prompt and answer"
    )
    max_answer_tokens: int = Field(default=256, ge=16, le=2048, description="longest answer")

    answer_seconds: float = Field(
        default=300, ge=1, le=86400, description="longest time to read and write one answer"
    )

    passages: int = Field(default=4, ge=1, le=20, description="passages that are read for evidence")
    passage_tokens: int = Field(
        default=112,
        ge=32,
        le=480,
        description="longest passage, in the embedder's tokens, title not counted",
    )
    fusion: Fusion = Field(
        default=Fusion.BOTH,
        description="what brings up passages: their meaning (dense), their words (lexical) or both",
    )
    refuse_below: float = Field(
        default=0.2,
        ge=0,
        le=1,
        description="evidence less likely than this to answer is shown and claims nothing; "
        "higher is stricter",
    )

    host: str = Field(
        default="127.0.0.1",
        description="address of the chat page; beyond loopback with `auth` only",
    )
    auth: str = Field(
        default="",
        description="file of the page's users, below the home, a line of `qa password` for each; "
        "in `QA_AUTH` also the lines themselves",
    )
    port: int = Field(default=7860, ge=0, le=65535, description="0 = any free port")

    @property
    def library_dir(self) -> Path:
        """Where the library of the collection in use stands."""
        if self.collection == MAIN:
            return self.index_dir
        return self.index_dir / COLLECTIONS / self.collection

    @property
    def shared_index(self) -> str:
        """The address of the shared library, password and all; "" where it is in `index_dir`."""
        return self.index.get_secret_value()

    @property
    def model_on_server(self) -> str:
        """The name by which the generator knows the model; "" = the first that it has.

        The default model and a GGUF file are meant for this machine.
        """
        is_here = self.model == Settings.model_fields["model"].default
        return "" if is_here or self.model.endswith(".gguf") else self.model

    @property
    def generators(self) -> tuple[str, ...]:
        """The addresses of the servers that answer; none where a model here does."""
        return tuple(self.generator.split(BETWEEN_ADDRESSES)) if self.generator else ()

    @field_validator("generator", mode="before")
    @classmethod
    def _between_commas(cls, generator: object) -> object:
        """A list as one text, so that it is one thing wherever it comes from."""
        if isinstance(generator, list | tuple) and all(isinstance(one, str) for one in generator):
            return BETWEEN_ADDRESSES.join(generator)
        return generator

    @field_validator("generator", mode="after")
    @classmethod
    def _addresses(cls, generator: str) -> str:
        if not generator:
            return ""
        addresses = [_address(one.strip(" ")) for one in generator.split(",")]
        for address in addresses:
            if addresses.count(address) > 1:
                msg = f"{address} stands in it twice; a server is named once"
                raise ValueError(msg)
        return BETWEEN_ADDRESSES.join(addresses)

    @field_validator("index", mode="after")
    @classmethod
    def _shared(cls, index: SecretStr) -> SecretStr:
        address = index.get_secret_value().strip()
        if address and not re.match(r"postgres(ql)?://", address):
            msg = "an address looks like postgresql://USER@HOST/DATABASE; a folder is index_dir"
            raise ValueError(msg)
        return SecretStr(address)

    @field_validator("generator_key", mode="after")
    @classmethod
    def _sendable(cls, key: SecretStr) -> SecretStr:
        plain = key.get_secret_value().strip()
        if not re.fullmatch(r"[!-~]*", plain):
            msg = "a key is made of letters, digits and signs of ASCII, without spaces"
            raise ValueError(msg)
        return SecretStr(plain)

    @field_validator("collection", mode="after")
    @classmethod
    def _plain_name(cls, collection: str) -> str:
        if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", collection):
            msg = (
                "a collection's name is up to 64 of a-z 0-9 - _, and begins with a letter or digit"
            )
            raise ValueError(msg)
        return collection

    @field_validator("home", mode="after")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    def model_post_init(self, context: Any, /) -> None:
        """Place relative folders below the home."""
        for name in ("models_dir", "index_dir", "runs_dir"):
            object.__setattr__(self, name, self.home / getattr(self, name).expanduser())
        object.__setattr__(
            self, "articles", tuple(self.home / path.expanduser() for path in self.articles)
        )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags over environment over `qa.toml`; the file comes in through `_from_file`."""
        flags = dict(init_settings()) if isinstance(init_settings, InitSettingsSource) else {}
        from_file = flags.pop("_from_file", {})
        return (
            InitSettingsSource(settings_cls, init_kwargs=flags),
            env_settings,
            InitSettingsSource(settings_cls, init_kwargs=from_file),
        )


def _address(given: str) -> str:
    """A server's address without a slash at its end. Raises ValueError."""
    parts = urlsplit(given)  # raises ValueError itself for a malformed host
    is_plain = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    if not is_plain or re.search(r"\s", given):
        msg = "an address looks like http://127.0.0.1:8080/v1"
        raise ValueError(msg)
    if parts.username is not None or parts.query or parts.fragment:
        msg = "an address holds no user, no key and no question mark; a key is generator_key"
        raise ValueError(msg)
    return given.rstrip("/")


def limits(name: str) -> tuple[float, float]:
    """The least and the greatest value of a number that can be set."""
    schema = Settings.model_json_schema()["properties"][name]
    return schema["minimum"], schema["maximum"]


def find_home() -> Path:
    """The folder in which models, index and runs live; it need not exist yet.

    Raises BadSettings where there is no place for it.
    """
    named = os.environ.get("QA_HOME")
    start = Path.cwd()
    try:
        if named:
            return Path(named).expanduser().absolute()
        for folder in (start, *start.parents):
            if (folder / FILE_NAME).is_file():
                return folder
        return Path(platformdirs.user_data_dir("cuttings", appauthor=False))
    except RuntimeError as error:  # this user has no home of its own, as a service may have none
        raise BadSettings(
            "There is no place for models and index: this user has no home folder. Name one for"
            " them, as a whole path, in QA_HOME."
        ) from error


def load_settings(home: Path | None = None, **flags: Any) -> Settings:
    """Read the settings of a home, else of the one that is found; flags that are None were not
    given.

    Raises BadSettings naming the key, what is wrong with it, and the nearest known key.
    """
    home = home.expanduser().absolute() if home else find_home()
    file = home / FILE_NAME
    try:
        from_file = tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(f"{file} is not valid TOML: {error}. Correct that line.") from error
    given = {name: value for name, value in flags.items() if value is not None}
    known = set(Settings.model_fields) - {"home"}
    for key in from_file:
        if key not in known:
            raise BadSettings(f"{file}: there is no setting {key!r}.{_nearest(key, known)}")
    for variable in os.environ:
        key = variable.removeprefix("QA_").lower()
        if variable.startswith("QA_") and key not in known | {"home"}:
            raise BadSettings(f"{variable}: there is no such setting.{_nearest(key, known)}")
    try:
        return Settings(**(given | {"home": home, "_from_file": from_file}))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"][:1])
        reason = first["msg"].removeprefix("Value error, ")
        raise BadSettings(
            f"The setting {key}{_shown(key, first.get('input'))} is wrong: {reason}. "
            f"Set it in {file}, in QA_{key.upper()} or by its flag."
        ) from error


def _shown(key: str, given: object) -> str:
    """What was given, but for what may hold a key."""
    holds_key = key in ("generator_key", "auth", "index") or (
        key == "generator" and "@" in str(given)
    )
    return "" if holds_key else f" = {given!r}"


def _nearest(key: str, known: set[str]) -> str:
    close = nearest(key, known)
    return f" Did you mean {close!r}?" if close else f" Known: {', '.join(sorted(known))}."
