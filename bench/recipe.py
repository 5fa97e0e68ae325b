"""The stock recipe: what a tutorial makes of the same articles, embedder and language model."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

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
        """The answer to a question, from the nearest chunks."""
        vector = self._embedder.encode([question], normalize_embeddings=True)
        _, places = self._index.search(vector, TOP)
        return self.read(question, [self._chunks[place] for place in places[0]])

    def read(self, question: str, texts: Sequence[str]) -> str:
        """The answer to a question from these passages."""
        passages = "\n\n".join(f"[{number}] {text}" for number, text in enumerate(texts, 1))
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
