"""Fits what sort of answer a question wants, and says how well it tells.

    python training/wanted.py

Learns from `wanted.jsonl`, questions of ours with the sort of answer that each wants, and from some
of the reader's questions (`everyday.jsonl`), which all want one thing; leaves the numbers in
`qa/surveying/wanted.json`. The figures are of five folds, and of the questions of the report part,
which were written apart from the rest and have no part in the fit.
"""

import json
from collections import Counter
from pathlib import Path
from random import Random

import numpy as np
from sets import everyday_questions
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import classification_report
from sklearn.model_selection import cross_val_predict
from splits import Part

import qa.surveying
from qa.surveying.wanted import WANTED_FILE, Wanted, Weights, runs_of

QUESTIONS = Path(__file__).with_name("wanted.jsonl")
ONES = 1000
"""Questions of the reader's that are learnt from beside."""
BEFORE = 4
"""Of the lessons before this: in it some ask for several things."""
FEWEST = 4
"""Questions that must have a run of words before anything is learnt of it."""
LOOSENESS = 10.0
"""Inverse weight of the squared weights beside the loss."""
DIGITS = 2


def main() -> None:
    """Fit, store, report."""
    rows = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    learnt = [(row["question"], row["wants"]) for row in rows if row["part"] == "training"]
    kept = [(row["question"], row["wants"]) for row in rows if row["part"] == "report"]
    own = len(learnt)
    learnt += [(question, Wanted.ONE.value) for question in ones()]
    known = Counter(run for question, _ in learnt for run in runs_of(question))
    runs = {run for run, questions in known.items() if questions >= FEWEST}
    vectors = DictVectorizer()
    matrix = vectors.fit_transform([features(question, runs) for question, _ in learnt])
    wants = np.array([sort for _, sort in learnt])
    model = LogisticRegression(C=LOOSENESS, max_iter=1000)
    told = cross_val_predict(model, matrix, wants, cv=5)
    print("five folds, of ours:")
    print(classification_report(wants[:own], told[:own], digits=3))
    weights = rounded(model.fit(matrix, wants), vectors)
    stored = json.dumps({"bias": weights.bias, "runs": weights.runs}, ensure_ascii=False)
    file = Path(qa.surveying.__path__[0]) / WANTED_FILE
    file.write_text(stored.replace("], ", "],\n") + "\n", encoding="utf-8")
    print(f"{len(runs)} runs; the report part:")
    said = [weights.likeliest(question).value for question, _ in kept]
    print(classification_report([sort for _, sort in kept], said, digits=3))


def ones() -> list[str]:
    """Questions that want one thing, of articles that are learnt from."""
    asked = [
        one.question
        for one in everyday_questions()
        if one.part is Part.TRAINING and one.lesson < BEFORE
    ]
    return Random(BEFORE).sample(asked, ONES)


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
