"""Fits what sort of answer a question wants, and says how well it tells.

    python training/wanted.py

Learns from `wanted.jsonl`, questions of ours with the sort of answer that each wants, and from some
of the reader's questions (`everyday.jsonl`), which all want one thing: a sample of them, then those
that a first fit takes for the wish to be told a story. Leaves the numbers in
`qa/surveying/wanted.json`. The figures are of five folds; of the questions of the report part,
which were written apart from the rest and have no part in the fit; and of what the reader's
questions on articles that are not learnt from are taken for.
"""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sets import everyday_questions
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import classification_report
from sklearn.model_selection import cross_val_predict
from splits import Part

import qa.surveying
from qa.surveying.wanted import STORIES, WANTED_FILE, Wanted, Weights, runs_of

QUESTIONS = Path(__file__).with_name("wanted.jsonl")
ONES = 1000
"""Questions of the reader's that are learnt from beside."""
ALMOST = 0.3
"""What a question counts that is learnt because it was mistaken: at 1 real wishes are lost, too."""
SEVERAL = {"list", "change", "before-after", "comparison"}
"""What the reader's questions may ask for that is more than one thing."""
SEED = 4
FEWEST = 4
"""Questions that must have a run of words before anything is learnt of it."""
LOOSENESS = 10.0
"""Inverse weight of the squared weights beside the loss."""
DIGITS = 2


def main() -> None:
    """Fit, store, report."""
    rows = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    own = [(row["question"], row["wants"]) for row in rows if row["part"] == "training"]
    kept = [(row["question"], row["wants"]) for row in rows if row["part"] == "report"]
    asked = ones(learnt_from=True)
    some = Random(SEED).sample(asked, ONES)
    learnt = own + [(question, Wanted.ONE.value) for question in some]
    first = fitted(learnt, [1.0] * len(learnt))
    mistaken = [
        question for question in sorted({*asked} - {*some}) if first.likeliest(question) in STORIES
    ]
    counts = [1.0] * len(learnt) + [ALMOST] * len(mistaken)
    weights = fitted(learnt + [(one, Wanted.ONE.value) for one in mistaken], counts)
    stored = json.dumps({"bias": weights.bias, "runs": weights.runs}, ensure_ascii=False)
    file = Path(qa.surveying.__path__[0]) / WANTED_FILE
    file.write_text(stored.replace("], ", "],\n") + "\n", encoding="utf-8")
    print("five folds, of ours, before what was mistaken is learnt:")
    print(classification_report([sort for _, sort in own], folded(learnt)[: len(own)], digits=3))
    print(
        f"{len(weights.runs)} runs, {len(mistaken)} questions mistaken at first; the report part:"
    )
    said = [weights.likeliest(question).value for question, _ in kept]
    print(classification_report([sort for _, sort in kept], said, digits=3))
    others = ones(learnt_from=False)
    print(f"{len(others)} of the reader's questions that want one thing are taken for:")
    for name, tried in (("first", first), ("last", weights)):
        taken = Counter(tried.likeliest(question).value for question in others)
        print(f"  {name}: " + ", ".join(f"{count} {sort}" for sort, count in taken.most_common()))


def ones(*, learnt_from: bool) -> list[str]:
    """The reader's questions that want one thing, of articles that are learnt from or kept."""
    return [
        one.question
        for one in everyday_questions()
        if (one.part is Part.TRAINING) is learnt_from and one.asks not in SEVERAL
    ]


def fitted(learnt: Sequence[tuple[str, str]], counts: Sequence[float]) -> Weights:
    """The numbers that tell the sorts of these questions, each of which counts so much."""
    vectors, matrix, wants = vectorised(learnt)
    return rounded(regression().fit(matrix, wants, sample_weight=counts), vectors)


def folded(learnt: Sequence[tuple[str, str]]) -> NDArray[np.str_]:
    """The sort that each question is given by a fit to four fifths without it."""
    _, matrix, wants = vectorised(learnt)
    told: NDArray[np.str_] = cross_val_predict(regression(), matrix, wants, cv=5)
    return told


def regression() -> LogisticRegression:
    """The model, untaught."""
    return LogisticRegression(C=LOOSENESS, max_iter=2000)


def vectorised(
    learnt: Sequence[tuple[str, str]],
) -> tuple[DictVectorizer, csr_matrix, NDArray[np.str_]]:
    """The names of the runs, a row of them for each question, and the sorts."""
    known = Counter(run for question, _ in learnt for run in runs_of(question))
    runs = {run for run, questions in known.items() if questions >= FEWEST}
    vectors = DictVectorizer()
    matrix = vectors.fit_transform([features(question, runs) for question, _ in learnt])
    return vectors, matrix, np.array([sort for _, sort in learnt])


def features(question: str, runs: set[str]) -> dict[str, float]:
    """The runs that are learnt, each as much as any, of unit length together."""
    own = [run for run in runs_of(question) if run in runs]
    return dict.fromkeys(own, 1 / len(own) ** 0.5) if own else {}


def rounded(model: LogisticRegression, vectors: DictVectorizer) -> Weights:
    """The numbers as they ship, in the order of the sorts."""
    order = [list(model.classes_).index(sort.value) for sort in Wanted]
    names = vectors.get_feature_names_out()
    added = model.coef_[order].T.round(DIGITS)
    runs = {str(run): tuple(map(float, own)) for run, own in zip(names, added, strict=True)}
    return Weights(runs, tuple(map(float, model.intercept_[order].round(DIGITS))))


if __name__ == "__main__":
    main()
