"""How fast an answer is written, and what answering several questions at once could gain."""

import statistics
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from bare import bare_context
from figures import Figures, Line, column, ratio_line, ratios, seconds_line, times
from joint import answer_options, build_messages
from measuring import Row
from workbench import (
    Opened,
    Workbench,
    empty_cells,
    opened,
    prompt_tokens,
    write,
)

from qa.engine.generation import DecodingOptions, Message
from qa.evaluating.questions import Question
from qa.types import Hit

QUOTING = "Copy the whole sentence of the passage that says so, word for word, in quotation marks."

RUN = 4
"""Tokens in a row that must stand in a passage to count as copied."""

QUOTES_FROM = 0.5
"""An answer quotes when this share of its tokens is copied."""

MOST_TOKENS = 256

SEQUENCES = (1, 2, 4)
REPEATS = 15
BATCH_QUESTIONS = 6


def measure_decode(bench: Workbench) -> None:
    """Tokens a second, first to last, against `Llama.create_completion`, for two prompts.

    The prompt as it is, and one that also asks for the sentence that says so.
    """
    figures = Figures(bench.out, "decode")
    todo = figures.missing(bench.questions)
    if not todo:
        return
    with opened(bench) as parts, closing(_stock_llama(bench)) as stock:
        for index, question in enumerate(todo):
            hits = parts.assistant.look_up(question.question)
            plain = _compare(parts, stock, question.question, hits, index)
            quoting = _compare(parts, stock, f"{question.question} {QUOTING}", hits, index)
            figures.add(
                question.id,
                **{f"plain_{name}": value for name, value in plain.items()},
                **{f"quoting_{name}": value for name, value in quoting.items()},
            )


def tell_decode(rows: Sequence[Row]) -> list[Line]:
    """See measure_decode. Answers of one token have no speed and are left out."""
    answers = [
        {name: row[f"{way}_{name}"] for name in ("ours", "stock", "copied")}
        for row in rows
        for way in ("plain", "quoting")
        if row[f"{way}_ours"] and row[f"{way}_stock"]
    ]
    quoting = [row["ours"] / row["stock"] for row in answers if row["copied"] >= QUOTES_FROM]
    others = [row["ours"] / row["stock"] for row in answers if row["copied"] < QUOTES_FROM]
    lines = []
    if quoting:
        lines.append(
            ratio_line("decode speed / `create_completion`, answers that quote", quoting, least=1.5)
        )
        lines.append(Line("the slowest of them", times(min(quoting))))
    if others:
        lines.append(ratio_line("the same, answers that do not quote", others))
        worst = min(others)
        lines.append(Line("the slowest of them", times(worst), "", "≥ 0.97 ×", worst >= 0.97))
    alike = sum(row[f"{way}_alike"] for row in rows for way in ("plain", "quoting"))
    lines.append(Line("answers with the same text either way", f"{alike} of {2 * len(rows)}"))
    return lines


def _stock_llama(bench: Workbench) -> Any:
    from llama_cpp import Llama

    return Llama(
        str(bench.model),
        n_ctx=bench.settings.context_tokens,
        n_threads=bench.threads,
        n_threads_batch=bench.threads,
        verbose=False,
    )


@dataclass(frozen=True, slots=True)
class _Decoded:
    """Pieces of an answer, each at so many seconds, and its tokens."""

    pieces: Sequence[str]
    at_s: Sequence[float]
    tokens: Sequence[int]
    after_first: int

    @property
    def speed(self) -> float | None:
        """Tokens a second from the first piece to the last; None for a single piece."""
        if len(self.pieces) < 2:
            return None
        return self.after_first / (self.at_s[-1] - self.at_s[0])


def _decoded(stock: Any, pieces: Sequence[str], at_s: Sequence[float]) -> _Decoded:
    """Both ways' tokens are counted alike, in the text: a piece need not be one token."""
    tokens = _tokens(stock, "".join(pieces))
    return _Decoded(pieces, at_s, tokens, len(tokens) - len(_tokens(stock, "".join(pieces[:1]))))


def _compare(parts: Opened, stock: Any, question: str, hits: tuple[Hit, ...], turn: int) -> Row:
    """Both decode the same prompt, to the same length; each goes first in its turn."""
    messages = build_messages(question, hits, ())
    prompt = prompt_tokens(parts.engine, messages)

    def decode_ours(most: int) -> _Decoded:
        written = write(parts.engine, messages, answer_options(hits, most))
        return _decoded(stock, written.pieces, written.at_s)

    if turn % 2:
        plain = _complete(stock, prompt, MOST_TOKENS)
        ours = decode_ours(len(plain.tokens))
    else:
        ours = decode_ours(MOST_TOKENS)
        plain = _complete(stock, prompt, len(ours.tokens))
    return {
        "ours": ours.speed,
        "stock": plain.speed,
        "tokens": len(ours.tokens),
        "copied": copied_share(ours.tokens, [_tokens(stock, hit.passage.text) for hit in hits]),
        "alike": "".join(ours.pieces) == "".join(plain.pieces),
        "text": "".join(ours.pieces),
    }


def _complete(stock: Any, prompt: list[int], most: int) -> _Decoded:
    """What `Llama.create_completion` makes of a prompt, greedily."""
    pieces, at_s = [], []
    for chunk in stock.create_completion(prompt, max_tokens=most, temperature=0, stream=True):
        if text := chunk["choices"][0]["text"]:
            pieces.append(text)
            at_s.append(perf_counter())
    return _decoded(stock, pieces, at_s)


def _tokens(stock: Any, text: str) -> list[int]:
    tokens: list[int] = stock.tokenize(text.encode(), add_bos=False)
    return tokens


def copied_share(answer: Sequence[int], passages: Sequence[Sequence[int]]) -> float:
    """Share of an answer's tokens that lie in a run of RUN that stands in a passage."""
    known = {run for passage in passages for run in _runs(passage)}
    copied = {
        place + offset
        for place, run in enumerate(_runs(answer))
        if run in known
        for offset in range(RUN)
    }
    return len(copied) / len(answer) if answer else 0.0


def _runs(tokens: Sequence[int]) -> list[tuple[int, ...]]:
    return [tuple(tokens[place : place + RUN]) for place in range(len(tokens) - RUN + 1)]


def measure_batch(bench: Workbench) -> None:
    """What one question's reading and writing cost, and reading and writing for several at once."""
    figures = Figures(bench.out, "batch")
    todo = figures.missing(bench.questions[:BATCH_QUESTIONS])
    if not todo:
        return
    settings = bench.settings
    with (
        opened(bench, kept_states_bytes=0) as parts,
        bare_context(bench.model, settings.context_tokens, bench.threads, max(SEQUENCES)) as bare,
    ):
        before = _prompt(parts, bench.questions[-1])
        for question in todo:
            prompt = _prompt(parts, question)
            empty_cells(parts.engine)
            written = write(parts.engine, prompt.messages, prompt.options)
            alone_s = bare.read(before.tokens) + bare.read(prompt.tokens)
            bare.share(max(SEQUENCES))
            steps = {
                f"step_{sequences}_s": statistics.median(
                    bare.step(prompt.tokens[-1], sequences) for _ in range(REPEATS)
                )
                for sequences in SEQUENCES
            }
            figures.add(
                question.id,
                prefill_s=written.at_s[0],
                decode_s=written.at_s[-1] - written.at_s[0],
                two_alone_s=alone_s,
                two_together_s=bare.read_together(before.tokens, prompt.tokens),
                **steps,
            )
            before = prompt


def tell_batch(rows: Sequence[Row]) -> list[Line]:
    """The arithmetic of answering four questions at once: reading as it is, steps shared.

    A question takes its prefill and its decode; four at once take the prefill at the cost measured
    for two together, and a step of four in place of four steps of one. Drafts, which a batch would
    have to give up (they fill the same rows of the kernels), are in the decode of one at a time.
    """
    together = statistics.median(ratios(rows, "two_together_s", "two_alone_s"))
    step = {count: statistics.median(column(rows, f"step_{count}_s")) for count in SEQUENCES}
    prefill = statistics.median(column(rows, "prefill_s"))
    decode = statistics.median(column(rows, "decode_s"))
    shares = {count: step[count] / step[1] / count for count in SEQUENCES}
    gain = (prefill + decode) / (prefill * min(together, 1) + decode * shares[4])
    return [
        seconds_line("one question at a time: reading", column(rows, "prefill_s")),
        seconds_line("writing", column(rows, "decode_s")),
        ratio_line(
            "two prompts read in the same batches / one after the other",
            ratios(rows, "two_together_s", "two_alone_s"),
        ),
        *(
            Line(
                f"a step of {count} sequences / of one",
                times(step[count] / step[1]),
                f"{step[count] * 1000:.0f} ms, {shares[count]:.2f} × a sequence",
            )
            for count in SEQUENCES[1:]
        ),
        Line(
            "questions a minute, four at once / one at a time, at best",
            times(gain),
            f"({prefill:.2f} + {decode:.2f}) / ({prefill:.2f} · {min(together, 1):.2f}"
            f" + {decode:.2f} · {shares[4]:.2f})",
            "≥ 1.3 ×",
            gain >= 1.3,
        ),
    ]


@dataclass(frozen=True, slots=True)
class _Prompt:
    """A prompt, its tokens, and how its answer is decoded."""

    messages: Sequence[Message]
    tokens: Sequence[int]
    options: DecodingOptions


def _prompt(parts: Opened, question: Question) -> _Prompt:
    hits = parts.assistant.look_up(question.question)
    messages = build_messages(question.question, hits, ())
    return _Prompt(
        messages, prompt_tokens(parts.engine, messages), answer_options(hits, MOST_TOKENS)
    )
