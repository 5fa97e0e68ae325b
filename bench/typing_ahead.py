"""What looking ahead saves: questions typed at 40 words a minute, then Enter, on the clock.

    python bench/typing_ahead.py [--quick N] [--out FOLDER]

Each question is asked twice on one engine, once typed in real time through the page's `LookAhead`
and once not, in turn; before each, the engine has read the system text and something else, and
keeps nothing. Timed is Enter to the first sentence that is shown and to the whole answer, retrieval
included. Raw figures go to --out, so that an interrupted run goes on; a question takes three
quarters of a minute.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
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
from qa.engine.queueing import Gate
from qa.settings import load_settings
from qa.types import Answered, Preferences, Retrieved, Turn, Writing

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
    """See measure_typing; questions that are refused show no words before the end."""
    shown = [row for row in rows if row["pasted_shown_s"] and row["typed_shown_s"]]
    count = f"n = {len(rows)}"
    saved = [row["pasted_decoded"] - row["typed_decoded"] for row in rows]
    shares = [less / row["pasted_decoded"] for less, row in zip(saved, rows, strict=True)]
    wasted = [row["read_ahead"] - less for row, less in zip(rows, saved, strict=True)]
    typed = f"typed at {WORDS_A_MINUTE} words a minute"
    return [
        seconds_line("Enter to first sentence, pasted", column(shown, "pasted_shown_s")),
        seconds_line(f"Enter to first sentence, {typed}", column(shown, "typed_shown_s")),
        ratio_line(
            "typed / pasted: Enter to first sentence",
            ratios(shown, "typed_shown_s", "pasted_shown_s"),
        ),
        seconds_line("Enter to whole answer, pasted", column(rows, "pasted_s")),
        seconds_line(f"Enter to whole answer, {typed}", column(rows, "typed_s")),
        ratio_line("typed / pasted: Enter to whole answer", ratios(rows, "typed_s", "pasted_s")),
        Line(
            "tokens read before Enter instead of after it",
            f"{statistics.median(saved):.0f}",
            f"{statistics.median(shares):.0%} of what a pasted question reads and writes, {count}",
        ),
        Line("tokens read ahead in vain", f"{statistics.median(wasted):.0f}", count),
        seconds_line("retrieval of it, pasted", column(rows, "pasted_retrieved_s")),
        seconds_line("retrieval of it, typed", column(rows, "typed_retrieved_s")),
        Line(
            "texts read for, a question", f"{statistics.median(column(rows, 'texts')):.0f}", count
        ),
    ]


def keys(question: str) -> Iterator[tuple[float, str]]:
    """When each key is pressed, in seconds, and what then stands in the box; Enter is the last."""
    random, at_s = Random(f"{SEED} {question}"), 0.0
    interval_s = 60 / (WORDS_A_MINUTE * CHARACTERS_A_WORD)
    for length in (*range(1, len(question) + 1), len(question)):
        at_s += interval_s * random.uniform(1 - JITTER, 1 + JITTER)
        yield at_s, question[:length]


def _pasted(parts: Opened, question: str) -> Row:
    with _counting(parts.engine) as context:
        asked = _ask(parts, question)
        return {
            "pasted_s": asked["s"],
            "pasted_shown_s": asked["shown_s"],
            "pasted_retrieved_s": asked["retrieved_s"],
            "pasted_decoded": context.tokens_asked,
        }


def _typed(parts: Opened, question: str) -> Row:
    """Type a question in real time, ask it, and count what had been done for it by then."""
    watched = _Watched(parts.assistant)
    with _counting(parts.engine) as context, closing(LookAhead(watched, Gate())) as lookahead:
        *typing, enter = keys(question)
        started = time.monotonic()
        for at_s, text in typing:
            time.sleep(max(0.0, started + at_s - time.monotonic()))
            lookahead.typed("typist", text, ())
        time.sleep(max(0.0, started + enter[0] - time.monotonic()))
        lookahead.asked("typist", question)
        texts = len(watched.texts)
        asked = _ask(parts, question)
        return {
            "typed_s": asked["s"],
            "typed_shown_s": asked["shown_s"],
            "typed_retrieved_s": asked["retrieved_s"],
            "typed_decoded": context.tokens_asked,
            "read_ahead": context.tokens_read_ahead,
            "texts": texts,
        }


def _ask(parts: Opened, question: str) -> Row:
    """Ask, on the clock: when the quotes were there, the first sentence, and the answer."""
    row: Row = {"shown_s": None}
    started = time.perf_counter()
    for event in parts.assistant.ask(question):
        passed_s = time.perf_counter() - started
        match event:
            case Retrieved():
                row["retrieved_s"] = passed_s
            case Writing() if row["shown_s"] is None:
                row["shown_s"] = passed_s
            case Answered():
                row["s"] = passed_s
    return row


def _forget(parts: Opened) -> None:
    """Have the engine read something else behind the system text, and keep nothing from before."""
    write(parts.engine, ELSE, DecodingOptions(1))
    parts.engine._kept = KeptStates(KEPT_STATES_BYTES)


class _Watched:
    """The assistant as looking ahead uses it, with the texts that it read for."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self.texts: list[str] = []

    def preferring(self, preferences: Preferences) -> "_Watched":
        """The same: nobody prefers anything here."""
        return self

    def read_ahead(
        self, question: str, history: Sequence[Turn] = (), stop: StopFlag | None = None
    ) -> None:
        """Read ahead, and note for which text."""
        self.texts.append(question)
        self._assistant.read_ahead(question, history, stop)


class _Counted:
    """An engine's context that counts tokens: read ahead (nobody wants logits), and the others."""

    def __init__(self, context: Any) -> None:
        self._context = context
        self.tokens_read_ahead = 0
        self.tokens_asked = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)

    def decode(self, tokens: Sequence[int], stop: StopFlag, logits: int = 1) -> bool:
        """Decode, and count."""
        decoded = bool(self._context.decode(tokens, stop, logits=logits))
        if decoded and logits:
            self.tokens_asked += len(tokens)
        elif decoded:
            self.tokens_read_ahead += len(tokens)
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
