"""How long until the first word: of one question, of a follow-up, of two conversations in turn."""

import statistics
from collections.abc import Sequence

from bare import bare_context
from figures import Figures, Line, column, ratio_line, ratios, seconds_line
from joint import answer_options, build_messages
from measuring import Row
from workbench import (
    SOMETHING_ELSE,
    Opened,
    Workbench,
    Written,
    empty_cells,
    opened,
    prompt_tokens,
    write,
)

from qa.evaluating.questions import Question
from qa.types import Hit, Turn


def measure_first_token(bench: Workbench) -> None:
    """The engine's first token against a bare prefill of the same tokens, the cells empty."""
    figures = Figures(bench.out, "first-token")
    todo = figures.missing(bench.questions)
    if not todo:
        return
    settings = bench.settings
    with (
        opened(bench, kept_states_bytes=0) as parts,
        bare_context(bench.model, settings.context_tokens, bench.threads) as bare,
    ):
        bare.read(prompt_tokens(parts.engine, SOMETHING_ELSE))  # its buffers are made by the first
        for index, question in enumerate(todo):
            hits = parts.assistant.look_up(question.question)
            tokens = prompt_tokens(parts.engine, build_messages(question.question, hits, ()))
            empty_cells(parts.engine)
            bare_before = bare.read(tokens) if index % 2 else None  # each goes first in its turn
            ours = _first_token(parts, question.question, hits)
            bare_s = bare_before or bare.read(tokens)
            figures.add(
                question.id,
                tokens=len(tokens),
                reused=ours.finished.reused_tokens,
                ours_s=ours.at_s[0],
                bare_s=bare_s,
            )


def tell_first_token(rows: Sequence[Row]) -> list[Line]:
    """See measure_first_token."""
    tokens = statistics.median(column(rows, "tokens"))
    return [
        seconds_line(f"first token of a prompt of {tokens:.0f} tokens", column(rows, "ours_s")),
        ratio_line(
            "first token / bare llama.cpp prefill of the same tokens",
            ratios(rows, "ours_s", "bare_s"),
            most=1.05,
        ),
    ]


def measure_follow_up(bench: Workbench) -> None:
    """A follow-up's first token against the first question's.

    Through the assistant, which may find other passages for it, and over the same passages.
    """
    figures = Figures(bench.out, "follow-up")
    todo = figures.missing(bench.follow_ups)
    if not todo:
        return
    with opened(bench, kept_states_bytes=0) as parts:
        for question in todo:
            asked = _ask_both(parts, question)
            figures.add(question.id, **asked, **_same_passages(parts, question))


def tell_follow_up(rows: Sequence[Row]) -> list[Line]:
    """See measure_follow_up."""
    asked = [row for row in rows if row["asked_s"] and row["asked_first_s"]]
    read = [row["same_tokens"] - row["same_reused"] for row in rows]
    lines = [
        ratio_line(
            "follow-up / first question, over the same passages: first token",
            ratios(rows, "same_s", "same_first_s"),
            most=0.25,
        ),
        Line(
            "tokens that such a follow-up reads, beyond its own",
            f"{statistics.median(column(rows, 'same_read_more')):.0f}",
            f"at most {max(column(rows, 'same_read_more')):.0f}; read {min(read)} – {max(read)}",
            "≤ 32",
            max(column(rows, "same_read_more")) <= 32,
        ),
    ]
    kept = [row for row in asked if row["asked_passages_kept"] == row["asked_passages"]]
    for name, some in (("with the passages that it finds", asked), ("where they are alike", kept)):
        if some:
            lines.append(
                ratio_line(
                    f"the same as `qa` asks it, retrieval included, {name}",
                    ratios(some, "asked_s", "asked_first_s"),
                )
            )
    return lines


def measure_alternating(bench: Workbench) -> None:
    """Two conversations in turn, A B A' B', with states kept and without."""
    figures = Figures(bench.out, "alternating")
    todo = figures.missing(bench.follow_ups)
    pairs = list(zip(todo[::2], todo[1::2], strict=False))
    if not pairs:
        return
    for pair in pairs:
        rows: dict[str, Row] = {question.id: {} for question in pair}
        for way, budget in (("kept", None), ("dropped", 0)):
            with opened(bench, kept_states_bytes=budget) as parts:
                _take_turns(parts, pair, way, rows)
        for question in pair:
            figures.add(question.id, **rows[question.id])


def tell_alternating(rows: Sequence[Row]) -> list[Line]:
    """See measure_alternating."""
    return [
        ratio_line(
            "follow-up after another conversation's question, states kept / dropped: first token",
            ratios(rows, "kept_s", "dropped_s"),
        ),
        seconds_line("the same, kept", column(rows, "kept_s")),
        seconds_line("the same, dropped", column(rows, "dropped_s")),
    ]


def _first_token(
    parts: Opened, question: str, hits: tuple[Hit, ...], history: Sequence[Turn] = ()
) -> Written:
    messages = build_messages(question, hits, history)
    return write(parts.engine, messages, answer_options(hits, 1))


def _ask_both(parts: Opened, question: Question) -> Row:
    """A question and its follow-up, asked of the assistant."""
    empty_cells(parts.engine)
    first = parts.assistant.answer(question.history[0].question)
    passages = tuple(hit.passage.id for hit in first.hits)
    turn = Turn(first.question, first.text, passages)
    then = parts.assistant.answer(question.question, (turn,))
    return {
        "asked_first_s": first.timings.first_token_s,
        "asked_s": then.timings.first_token_s,
        "asked_tokens": then.usage.prompt_tokens,
        "asked_reused": then.usage.reused_tokens,
        "asked_passages": len(passages),
        "asked_passages_kept": len(set(passages) & {hit.passage.id for hit in then.hits}),
    }


def _same_passages(parts: Opened, question: Question) -> Row:
    """A question and its follow-up over the passages of the first."""
    turn = question.history[0]
    hits = parts.assistant.look_up(turn.question)
    empty_cells(parts.engine)
    first = _first_token(parts, turn.question, hits)
    then = _first_token(parts, question.question, hits, (turn,))
    grown = then.finished.prompt_tokens - first.finished.prompt_tokens
    read = then.finished.prompt_tokens - then.finished.reused_tokens
    return {
        "same_first_s": first.at_s[0],
        "same_s": then.at_s[0],
        "same_tokens": then.finished.prompt_tokens,
        "same_reused": then.finished.reused_tokens,
        "same_read_more": read - grown,
    }


def _take_turns(
    parts: Opened, pair: tuple[Question, Question], way: str, rows: dict[str, Row]
) -> None:
    """Both first questions, then both follow-ups, over the passages of the first questions."""
    hits = [parts.assistant.look_up(question.history[0].question) for question in pair]
    for question, found in zip(pair, hits, strict=True):
        _first_token(parts, question.history[0].question, found)
    for question, found in zip(pair, hits, strict=True):
        then = _first_token(parts, question.question, found, question.history[:1])
        rows[question.id] |= {
            f"{way}_s": then.at_s[0],
            f"{way}_reused": then.finished.reused_tokens,
            f"{way}_tokens": then.finished.prompt_tokens,
        }
