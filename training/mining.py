"""What the reader that ships takes for an answer and is none: hard negatives of its own making.

Cuts that share words with a question no longer mislead a reader that has learnt from such; what a
search brings and it believes itself does (as in Xiong et al., ANCE, ICLR 2021). Questions
are looked up over the articles that are learnt from, cut as the program cuts them. Each comes with
the passage that answers, if that is found, and the one of the others that the reader believes most,
if it does.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from questions_over_texts import Example, read_examples
from sets import Everyday

from qa.answering.finding import PassageSearch
from qa.answering.span_readings import read_spans, title_above
from qa.library.embedder import SentenceEmbedder
from qa.library.indexing import index_folders
from qa.library.span_reader import OnnxReader, PassageReader
from qa.library.store import Store
from qa.types import EVERYTHING, Found, Hit, Scope

PASSAGE_TOKENS = 112
"""Of a passage, as the program cuts articles where no other length is set."""

PASSAGES = 8
"""So many are looked up for a question, as the program reads."""

BELIEVED = -1.0
"""How far a best span may score below "none here" in what is worth learning that it is none."""


@dataclass(frozen=True, slots=True)
class NearestPassages:
    """Finds passages by meaning alone, as near as their vectors are."""

    store: Store
    embedder: SentenceEmbedder

    def retrieve(
        self, question: str, k: int, scope: Scope = EVERYTHING, *, rough: bool = False
    ) -> tuple[Hit, ...]:
        """The k nearest passages, nearest first."""
        nearest = self.store.nearest(self.embedder.embed_questions([question])[0], k, scope)
        passages = self.store.passages_in(nearest)
        order = sorted(passages, key=lambda row: -nearest[row])
        return tuple(Hit(passages[row], nearest[row], Found.DENSE, nearest[row]) for row in order)


def mine(
    asked: Sequence[Everyday], texts: Mapping[str, str], embedder: Path, file: Path, threads: int
) -> list[Example]:
    """The mined examples of these questions, from the file or, where it lacks, written to it.

    `texts` are the articles by their ids, `embedder` the folder of all-MiniLM-L6-v2.
    """
    if file.is_file():
        return read_examples(file)
    made: list[Example] = []
    articles = file.with_suffix(".articles")
    articles.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (articles / f"{name}.txt").write_text(text + "\n", encoding="utf-8")
    with Store.create(file.with_suffix(".library")) as store:
        vectors = SentenceEmbedder(embedder, threads)
        index_folders([articles], store, vectors, PASSAGE_TOKENS, lambda _: None)
        search, reader = NearestPassages(store, vectors), OnnxReader(embedder, threads)
        for count, one in enumerate(asked, 1):
            answer = texts[one.text][slice(*one.answer)] if one.answer else ""
            made += mined(
                one.question, answer, texts[one.text][slice(*one.sentence)], search, reader
            )
            if count % 100 == 0:
                print(f"mined {count} of {len(asked)} questions", flush=True)
    part = file.with_suffix(".part")
    lines = (json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in made)
    part.write_text("".join(lines), encoding="utf-8")
    part.replace(file)
    return made


def mined(
    question: str, answer: str, sentence: str, search: PassageSearch, reader: PassageReader
) -> Iterator[Example]:
    """The passage with the answer in its sentence, if one is found, and the worst that has none.

    A worst that is not believed is none. Without an answer any passage is a negative. What has the
    words of the answer elsewhere is neither: it may well answer.
    """
    hits = search.retrieve(question, PASSAGES)
    readings = read_spans(question, hits, reader)
    believed = [one.spans[0].score if one.spans else -100.0 for one in readings]
    negatives: list[tuple[float, Hit]] = []
    for score, hit in zip(believed, hits, strict=True):
        above, text = title_above(hit.passage), hit.passage.text
        at = text.find(sentence) if answer else -1
        if at >= 0:
            start = len(above) + at + sentence.index(answer)
            yield Example("everyday", question, above + text, ((start, start + len(answer)),))
        elif not answer or answer not in text:
            negatives.append((score, hit))
    worst = max(negatives, key=lambda one: one[0], default=None)
    if worst and worst[0] > BELIEVED:
        passage = worst[1].passage
        yield Example("everyday-mined", question, title_above(passage) + passage.text)
