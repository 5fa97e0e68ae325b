"""Measures of long answers: overlap with whole accepted sentences, and nuggets told. Pure."""

from collections.abc import Sequence

from qa.answering.support import Words, bears_out
from qa.evaluating.metrics import MARKERS, Share
from qa.evaluating.predictions import Said, SaidSentence
from qa.evaluating.questions import Nugget, Question
from qa.reading import wording
from qa.reading.figures import read_figures, states
from qa.reading.words import words

LONG_WORDS = 8
"""From so many words on an accepted answer is a long one. The overlap with a shorter one is
`answer_f1` over again; of three in four of RepLiQA's, whole sentences, it tells more."""

ROUGES = ("rouge1", "rougeL")

NUGGET_WORDS = 0.5
"""Share of a nugget's words that a sentence has to have where its citation bears the nugget out."""


def rouge_scores(said: Said, accepted: Sequence[str]) -> dict[str, Share]:
    """ROUGE-1 and ROUGE-L, recall and F1, against the accepted answers that are long (Lin, 2004).

    By torchmetrics, over words in small letters without stemming; each the best over the answers.
    A refusal scores 0; a question without a long answer has none of them.
    """
    long = [one for one in accepted if len(words(one)) >= LONG_WORDS]
    if not long:
        return {}
    names = [f"{rouge}_{part}" for rouge in ROUGES for part in ("recall", "f1")]
    if said.refused:
        return dict.fromkeys(names, Share(0.0))
    from torchmetrics.functional.text.rouge import rouge_score

    told = MARKERS.sub("", said.text)
    found = [
        # its own words are ASCII's alone
        rouge_score(told, one, rouge_keys=ROUGES, normalizer=str.lower, tokenizer=words)
        for one in long
    ]
    return {
        name: Share(max(float(one[name.replace("_f1", "_fmeasure")]) for one in found))
        for name in names
    }


def nuggets_told(question: Question, said: Said) -> tuple[bool, ...]:
    """Of each nugget of a question, whether the answer tells it.

    It does by its own wording, where the answer bears the nugget out by the product's own checker
    (`qa.answering.support`); or by its evidence, where the words that a sentence cites bear it out
    and the sentence has the nugget's figures and half of its words. A refusal tells none.
    """
    if said.refused:
        return tuple(False for _ in question.nuggets)
    return tuple(_told(nugget.text, said) for nugget in question.nuggets)


def nugget_scores(nuggets: Sequence[Nugget], told: Sequence[bool]) -> dict[str, Share]:
    """Recall of the vital nuggets and of all, strict: half a nugget is none.

    After the TREC RAG tracks of 2024 and 2025 (Pradeep et al., SIGIR 2025), where a language model
    judges what is told; here `nuggets_told` does.
    """
    vital = [one for nugget, one in zip(nuggets, told, strict=True) if nugget.vital]
    scores = {"nugget_recall": told, "nugget_vital_recall": vital}
    return {name: Share(sum(some), len(some)) for name, some in scores.items() if some}


def _told(nugget: str, said: Said) -> bool:
    claim = nugget.strip().rstrip(".")
    if bears_out(claim, Words(MARKERS.sub("", said.text))):
        return True
    return any(
        _touches(claim, MARKERS.sub("", said.text[one.start : one.end])) and _cites(claim, one)
        for one in said.sentences
    )


def _cites(claim: str, sentence: SaidSentence) -> bool:
    return any(bears_out(claim, Words(quote.text)) for quote in sentence.quotes)


def _touches(claim: str, sentence: str) -> bool:
    """Whether a sentence has the figures of a nugget, and enough of its words."""
    wanted = set(wording.content_words(claim))
    met = wanted & set(wording.words(sentence))
    figures = read_figures(sentence)
    return len(met) >= NUGGET_WORDS * len(wanted) and all(
        states(figures, one) for one in read_figures(claim) if not one.loose
    )
