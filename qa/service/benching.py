"""The language models that are here, one by one: loaded, asked the bench's questions, measured."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from qa.engine.memory import resident_bytes
from qa.errors import ModelError
from qa.evaluating.benching import (
    BenchQuestion,
    BenchRow,
    ask_all,
    keep_row,
    kept_row,
    median_s,
)
from qa.models.catalogue import ModelKind, resolve_model
from qa.models.choosing import model_lines, pace_of
from qa.service.opening import open_generator
from qa.settings import Settings


def models_here(settings: Settings) -> tuple[str, ...]:
    """The names of the language models that are on this machine, whole."""
    lines = model_lines(settings.models_dir, settings.model)
    return tuple(line.name for line in lines if line.is_here)


def kept_rows(settings: Settings) -> dict[str, BenchRow]:
    """What is kept of the models that are here, by their names."""
    rows = {}
    for name in models_here(settings):
        row = kept_row(settings.home, _file(settings, name))
        if row:
            rows[name] = row
    return rows


def bench_models(
    settings: Settings,
    names: Sequence[str],
    questions: Sequence[BenchQuestion],
    *,
    again: bool,
    asked: Callable[[str, int], None],
    failed: Callable[[str, ModelError], None],
) -> Iterator[BenchRow]:
    """A row for each model: the one that is kept, unless all are to be measured `again`.

    `asked` is told the model at hand and how many of its questions are done. A model that cannot be
    used (it is too large for the memory that is free, say) goes to `failed`, and the others go on.
    Each row is kept as soon as it is there.
    """
    for name in names:
        try:
            path = _file(settings, name)
            row = None if again else kept_row(settings.home, path)
            if row is None:
                row = _measured(settings, name, path, questions, partial(asked, name))
                keep_row(settings.home, path, row)
        except ModelError as error:
            failed(name, error)
        else:
            yield row


def _measured(
    settings: Settings,
    name: str,
    path: Path,
    questions: Sequence[BenchQuestion],
    asked: Callable[[int], None],
) -> BenchRow:
    here = settings.model_copy(update={"model": name, "generator": ""})
    before = resident_bytes()
    with open_generator(here) as generator:
        told = ask_all(generator, questions, here.max_answer_tokens, asked)
        after = resident_bytes()
    pace = pace_of(path, settings.models_dir)  # noted when the model was closed
    return BenchRow(
        model=name,
        size_bytes=path.stat().st_size,
        memory_bytes=after - before if after and before else None,
        read_per_s=pace.read_per_s if pace else None,
        written_per_s=pace.written_per_s if pace else None,
        questions=len(told),
        wrote_right=sum(one.wrote_right for one in told),
        right=sum(one.right for one in told),
        seconds=median_s(told),
        measured=datetime.now(UTC).date().isoformat(),
    )


def _file(settings: Settings, name: str) -> Path:
    return resolve_model(name, settings.models_dir, ModelKind.LANGUAGE)
