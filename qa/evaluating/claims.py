"""Measures of claims: what was fed and told, sentence by sentence, and what it rests on. Pure."""

from collections.abc import Mapping, Sequence

from qa.evaluating.citing import supporting_sources
from qa.evaluating.evidence import Piece, holds
from qa.evaluating.metrics import Share, contains_answer
from qa.evaluating.predictions import Prediction, Said, SaidSentence
from qa.evaluating.questions import Question
from qa.reading.sentences import sentence_spans


def claim_scores(
    question: Question, prediction: Prediction, quoted: Sequence[Piece], texts: Mapping[str, str]
) -> dict[str, Share]:
    """Four of RAGChecker's measures (Ru et al., NeurIPS 2024); `quoted` is the evidence, by word.

    Its claims are what a language model draws from texts, and so is its judge one. Here claims are
    sentences, and the judge is the product's own checker (`supporting_sources`), which is stricter
    on other wordings and blind to what it cannot read.

    claim_recall: of the sentences of the evidence, those that a source which was shown supports;
    context_precision: of these sources, those that support such a sentence. noise_sensitivity: of
    the sentences told, those that a source supports though they are beside the question: they
    neither contain an accepted answer nor cite the evidence (where nothing answers, all are).
    unsupported_claims, there called hallucination: of the sentences told, those that no source
    supports, whichever they cite.
    """
    said, sources = prediction.said, prediction.sources
    if said is None:
        return {}
    scores = {}
    wanted = [supporting_sources(claim, sources) for claim in _claims(quoted, texts)]
    if wanted:
        scores["claim_recall"] = Share(sum(map(bool, wanted)), len(wanted))
        if sources:
            scores["context_precision"] = Share(len(frozenset().union(*wanted)), len(sources))
    told = () if said.refused else said.sentences
    borne_out = [bool(supporting_sources(_words(said, one), sources)) for one in told]
    if told:
        scores["unsupported_claims"] = Share(borne_out.count(False), len(told))
    if told and question.answers_known and (quoted or not question.answerable):
        noise = [
            borne and not _to_the_point(said, one, question, quoted)
            for one, borne in zip(told, borne_out, strict=True)
        ]
        scores["noise_sensitivity"] = Share(sum(noise), len(told))
    return scores


def _claims(quoted: Sequence[Piece], texts: Mapping[str, str]) -> list[str]:
    """The sentences of each piece of evidence, from the first place where it stands."""
    found = []
    for piece in quoted:
        quote = texts[piece[0].article_id][piece[0].start : piece[0].end]
        found += [quote[start:end] for start, end in sentence_spans(quote)]
    return found


def _words(said: Said, sentence: SaidSentence) -> str:
    return said.text[sentence.start : sentence.end]


def _to_the_point(
    said: Said, sentence: SaidSentence, question: Question, quoted: Sequence[Piece]
) -> bool:
    return contains_answer(_words(said, sentence), question.answers) or any(
        holds(quote.span, quoted) for quote in sentence.quotes
    )
