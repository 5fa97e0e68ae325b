"""The stock recipe: what a tutorial makes of the same articles, embedder and language model."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from figures import Figures, Line, column, ratio_line, ratios, seconds_line
from measuring import Row, timed
from workbench import SEEDS, Workbench, opened

from qa.evaluating.metrics import MARKERS, contains_answer
from qa.reading.articles import read_file, walk

CHUNK_CHARS = 1000
TOP = 5
MOST_TOKENS = 256

SYSTEM = (
    "Answer the question using only the passages below. Cite the passages you use like [1]. "
    "If the passages do not contain the answer, say that you cannot find it."
)


class StockRecipe:
    """Chunks of 1,000 characters, a flat index of inner products, `create_chat_completion`."""

    def __init__(self, articles: Path, embedder: Path, model: Path, *, context: int, threads: int):
        import faiss
        from llama_cpp import Llama
        from sentence_transformers import SentenceTransformer

        self._chunks = [
            article.text[start : start + CHUNK_CHARS]
            for file in walk(articles).files
            for article in read_file(file, articles).articles
            for start in range(0, len(article.text), CHUNK_CHARS)
        ]
        self._embedder: Any = SentenceTransformer(
            str(embedder), device="cpu", local_files_only=True
        )
        vectors = self._embedder.encode(self._chunks, normalize_embeddings=True)
        self._index: Any = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(vectors)
        self._llama: Any = Llama(
            str(model), n_ctx=context, n_threads=threads, n_threads_batch=threads, verbose=False
        )

    def answer(self, question: str) -> str:
        """The answer to a question."""
        vector = self._embedder.encode([question], normalize_embeddings=True)
        _, places = self._index.search(vector, TOP)
        passages = "\n\n".join(
            f"[{number}] {self._chunks[place]}" for number, place in enumerate(places[0], 1)
        )
        completion = self._llama.create_chat_completion(
            [
                {"role": "system", "content": SYSTEM},
                {"role": "user", "content": f"Passages:\n\n{passages}\n\nQuestion: {question}"},
            ],
            temperature=0,
            max_tokens=MOST_TOKENS,
        )
        return str(completion["choices"][0]["message"]["content"])

    def close(self) -> None:
        """Free the model's memory."""
        self._llama.close()


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
