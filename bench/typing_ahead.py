"""What looking ahead saves: questions typed at 40 words a minute, then Enter, on the clock.

    python bench/typing_ahead.py [--quick N] [--out FOLDER]

Each question is asked twice on one engine, once typed in real time through the page's `LookAhead`
and once not, in turn; before each, the engine has read the system text and something else, and
keeps nothing. Timed is Enter to the first token, retrieval included. Raw figures go to --out, so
that an interrupted run goes on; a question takes half a minute.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import takewhile
from pathlib import Path
from random import Random
from typing import Any

from figures import Figures, Line, column, ratio_line, ratios, seconds_line, table
from measuring import Row
from qa_ui.lookahead import LookAhead
from workbench import Opened, Workbench, opened, write

from qa.answering.assistant import Assistant
from qa.answering.prompt import SYSTEM
from qa.engine.decoding import KEPT_STATES_BYTES, LlamaEngine
from qa.engine.generation import DecodingOptions, Message, Role, StopFlag
from qa.engine.kept_states import KeptStates
from qa.settings import load_settings
from qa.types import Hit, Reading, Retrieved, Turn, Writing

WORDS_A_MINUTE = 40
CHARACTERS_A_WORD = 5  # with the space behind it, as typing is counted

# Every key comes so much earlier or later than evenly, at most.
JITTER = 0.4
SEED = 20230218

ELSE = [Message(Role.SYSTEM, (SYSTEM,)), Message(Role.USER, ("Say hello.",))]


def measure_typing(bench: Workbench) -> None:
    """Enter to the first token, of questions that were typed and of the same ones pasted."""
    figures = Figures(bench.out, "typing")
    todo = figures.missing(bench.questions)
    if not todo:
        return
    with opened(bench) as parts:
        for index, question in enumerate(todo):
            row: Row = {}
            ways = [_pasted, _typed]
            for way in ways[:: -1 if index % 2 else 1]:
                _forget(parts)
                row |= way(parts, question.question)
            figures.add(question.id, characters=len(question.question), **row)


def tell_typing(rows: Sequence[Row]) -> list[Line]:
    """See measure_typing; questions that are refused without the model have no first token."""
    answered = [row for row in rows if row["pasted_s"] and row["typed_s"]]
    count = f"n = {len(answered)}"
    gained = [row["typed_reused"] - row["pasted_reused"] for row in answered]
    open_tokens = [row["tokens"] - row["pasted_reused"] for row in answered]
    shares = [more / open_ for more, open_ in zip(gained, open_tokens, strict=True)]
    wasted = [row["read_ahead"] - more for row, more in zip(answered, gained, strict=True)]
    foreseen = column(answered, "foreseen")
    whole = sum(row["foreseen"] == row["passages"] for row in answered)
    return [
        seconds_line("Enter to first token, pasted", column(answered, "pasted_s")),
        seconds_line(
            f"Enter to first token, typed at {WORDS_A_MINUTE} words a minute",
            column(answered, "typed_s"),
        ),
        ratio_line("typed / pasted: Enter to first token", ratios(answered, "typed_s", "pasted_s")),
        Line(
            "tokens of the prompt read before Enter",
            f"{statistics.median(gained):.0f}",
            f"{statistics.median(shares):.0%} of what a pasted question has to read, {count}",
        ),
        Line("tokens read ahead in vain", f"{statistics.median(wasted):.0f}", count),
        Line(
            "passages foreseen at Enter, in their order",
            f"{statistics.median(foreseen):.0f}",
            f"mean {statistics.fmean(foreseen):.1f}, all of them for {whole} questions, {count}",
        ),
        seconds_line("retrieval of it, pasted", column(answered, "pasted_retrieved_s")),
        seconds_line("retrieval of it, typed", column(answered, "typed_retrieved_s")),
        Line("looks a question", f"{statistics.median(column(answered, 'looks')):.0f}", count),
    ]


def keys(question: str) -> Iterator[tuple[float, str]]:
    """When each key is pressed, in seconds, and what then stands in the box; Enter is the last."""
    random, at_s = Random(f"{SEED} {question}"), 0.0
    interval_s = 60 / (WORDS_A_MINUTE * CHARACTERS_A_WORD)
    for length in (*range(1, len(question) + 1), len(question)):
        at_s += interval_s * random.uniform(1 - JITTER, 1 + JITTER)
        yield at_s, question[:length]


def _pasted(parts: Opened, question: str) -> Row:
    asked = _ask(parts, question)
    return {
        "pasted_s": asked["s"],
        "pasted_retrieved_s": asked["retrieved_s"],
        "pasted_reused": asked["reused"],
        "tokens": asked["tokens"],
    }


def _typed(parts: Opened, question: str) -> Row:
    """Type a question in real time, ask it, and count what had been done for it by then."""
    watched = _Watched(parts.assistant)
    with _counting(parts.engine) as context, closing(LookAhead(watched)) as lookahead:
        *typing, enter = keys(question)
        started = time.monotonic()
        for at_s, text in typing:
            time.sleep(max(0.0, started + at_s - time.monotonic()))
            lookahead.typed("typist", text, ())
        time.sleep(max(0.0, started + enter[0] - time.monotonic()))
        read = lookahead.asked("typist", question)
        looks, reading = watched.looks, watched.reading
        asked = _ask(parts, question, read)
        pairs = zip(reading, asked["passages"], strict=False)
        return {
            "typed_s": asked["s"],
            "typed_retrieved_s": asked["retrieved_s"],
            "typed_reused": asked["reused"],
            "read_ahead": context.tokens_read_ahead,
            "looks": looks,
            "passages": len(asked["passages"]),
            "foreseen": sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs)),
        }


def _ask(parts: Opened, question: str, read_before: Sequence[str] = ()) -> Row:
    """Ask until the first token: its time, if there is one, and what of the prompt was known."""
    row: Row = {"s": None, "reused": 0, "tokens": 0}
    stop, started = StopFlag(), time.perf_counter()
    for event in parts.assistant.ask(question, stop=stop, read_before=read_before):
        match event:
            case Retrieved(hits):
                row["passages"] = [hit.passage.id for hit in hits]
                row["retrieved_s"] = time.perf_counter() - started
            case Reading(done, total) if not row["tokens"]:
                row |= {"reused": done, "tokens": total}
            case Writing() if not stop.is_set():
                row["s"] = time.perf_counter() - started
                stop.set()
    return row


def _forget(parts: Opened) -> None:
    """Have the engine read something else behind the system text, and keep nothing from before."""
    write(parts.engine, ELSE, DecodingOptions(1))
    parts.engine._kept = KeptStates(KEPT_STATES_BYTES)


class _Watched:
    """The assistant as looking ahead uses it, with what it was used for."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self.looks = 0
        self.reading: list[str] = []

    def look_up(
        self, question: str, history: Sequence[Turn] = (), *, read_before: Sequence[str] = ()
    ) -> tuple[Hit, ...]:
        """Look up, and count it."""
        self.looks += 1
        return self._assistant.look_up(question, history, read_before=read_before)

    def read_ahead(
        self, hits: tuple[Hit, ...], history: Sequence[Turn] = (), stop: StopFlag | None = None
    ) -> None:
        """Read ahead, and note which passages."""
        self.reading = [hit.passage.id for hit in hits]
        self._assistant.read_ahead(hits, history, stop)


class _Counted:
    """An engine's context that counts the tokens read ahead: those whose logits nobody wants."""

    def __init__(self, context: Any) -> None:
        self._context = context
        self.tokens_read_ahead = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)

    def decode(self, tokens: Sequence[int], stop: StopFlag, logits: int = 1) -> bool:
        """Decode, and count."""
        decoded = bool(self._context.decode(tokens, stop, logits=logits))
        self.tokens_read_ahead += len(tokens) * (decoded and not logits)
        return decoded


@contextmanager
def _counting(engine: LlamaEngine) -> Iterator[_Counted]:
    """The engine's context, counting as long as the block runs."""
    context = engine._context
    counted = _Counted(context)
    engine._context = counted  # type: ignore[assignment]
    try:
        yield counted
    finally:
        engine._context = context


def main() -> None:
    """Measure, and print the lines of the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", type=int, metavar="N", help="only the first N questions")
    parser.add_argument("--out", type=Path, help="folder of the raw figures")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        out = (options.out or Path(folder)).absolute()
        out.mkdir(parents=True, exist_ok=True)
        bench = Workbench(load_settings(index_dir=out / "index"), out, options.quick)
        bench.index_seeds()
        measure_typing(bench)
        print(bench.machine(), file=sys.stderr)
        print(table(tell_typing(Figures(out, "typing").rows())))


if __name__ == "__main__":
    main()
