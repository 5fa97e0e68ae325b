"""Whole answers on the clock, ours and the stock recipe's in turn."""

from collections.abc import Sequence

from figures import Figures, Line, column, ratio_line, ratios, seconds_line
from measuring import Row, timed
from recipe import StockRecipe
from workbench import SEEDS, Workbench, opened

from qa.evaluating.metrics import MARKERS, contains_answer


def measure_answer(bench: Workbench) -> None:
    """Whole answers, retrieval included, ours and the recipe's in turn."""
    figures = Figures(bench.out, "answer")
    todo = figures.missing(bench.questions)
    if not todo:
        return
    stock = StockRecipe(
        SEEDS,
        bench.embedder,
        bench.model,
        context=bench.settings.context_tokens,
        threads=bench.threads,
    )
    stock.answer("Who is it?")  # both are warm: the first call of a library is slower
    with opened(bench) as parts:
        parts.assistant.answer("Who is it?")
        for index, question in enumerate(todo):
            before = timed(stock.answer, question.question) if index % 2 else None
            ours_s, answer = timed(parts.assistant.answer, question.question)
            stock_s, text = before or timed(stock.answer, question.question)
            right = contains_answer(MARKERS.sub("", answer.text), question.answers)
            figures.add(
                question.id,
                ours_s=ours_s,
                stock_s=stock_s,
                ours_right=right and answer.refusal is None,
                stock_right=contains_answer(MARKERS.sub("", text), question.answers),
                ours_text=answer.text,
                stock_text=text,
            )
    stock.close()


def tell_answer(rows: Sequence[Row]) -> list[Line]:
    """See measure_answer."""
    ours, recipe = (sum(column(rows, name)) for name in ("ours_right", "stock_right"))
    return [
        seconds_line("whole answer", column(rows, "ours_s")),
        seconds_line("the stock recipe's", column(rows, "stock_s")),
        ratio_line(
            "whole answer, the stock recipe's / ours", ratios(rows, "stock_s", "ours_s"), least=2.0
        ),
        Line(
            "right answers, ours and the stock recipe's",
            f"{ours:.0f} and {recipe:.0f}",
            f"of {len(rows)}",
            "no fewer",
            ours >= recipe,
        ),
    ]
