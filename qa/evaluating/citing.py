"""Measures of citations and claims: what is cited, what is told, and what supports it. Pure.

What supports a sentence is judged by the product's own checker, `supporting_sources`.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from qa.answering.quotations import quotations, stands_in
from qa.answering.support import Words, bears_out
from qa.evaluating.evidence import Piece, holds
from qa.evaluating.metrics import MARKERS, Share, contains_answer
from qa.evaluating.predictions import Prediction, Quote, Said, SaidSentence, ShownSource, Span
from qa.evaluating.questions import Question
from qa.reading.sentences import sentence_spans

LONGEST_WINDOW = 2
"""A sentence of an answer may rest on so many neighbouring sentences of a source."""


def citation_scores(
    prediction: Prediction, quoted: Sequence[Piece], texts: Mapping[str, str]
) -> dict[str, Share]:
    """All measures of the citations of an answer that was given; `quoted` is the evidence, by word.

    citation_recall and citation_precision after ALCE (Gao et al., EMNLP 2023): of the sentences,
    those that what they cite supports; of the citations, those that do not stand idle beside
    others. The judge of support is not ALCE's language model but the product's own checker of
    facts and wording (`qa.answering.support`), over each cited source. It reads them one by one, so
    a sentence is supported if one source of its own supports it, and a citation is precise if its
    source does. A judge of one's own finds what was cited wrongly, and cannot find what it is blind
    to itself.

    citation_holds_evidence: whether at least one citation overlaps the evidence.
    cited_words_in_evidence: of the words cited, each counted once, those that overlap it.
    citation_sentence_precision and citation_sentence_recall: of the articles' sentences that are
    cited, those that overlap it, and of its own sentences those that are cited, wherever they
    stand: HotpotQA's supporting facts (Yang et al., EMNLP 2018).
    quotes_verbatim: of the citations, those whose shown quote is the article's text at their
    offsets; anything below 1 is a fault of the program. sentences_supported: of the sentences,
    those that the answer itself marks as supported. conflict_shown: whether it tells sides.
    """
    said, quotes = prediction.said, prediction.quotes
    if said is None:
        return {}
    scores = {"conflict_shown": Share(float(said.sides > 1)), **_alce(said, prediction)}
    if quoted:
        scores["citation_holds_evidence"] = Share(
            float(any(holds(quote.span, quoted) for quote in quotes))
        )
        cited = _cited_words(quotes, texts)
        if cited:
            inside = sum(holds(word, quoted) for word in cited)
            scores["cited_words_in_evidence"] = Share(inside, len(cited))
        scores |= _sentence_scores(quotes, quoted, texts)
    if quotes:
        verbatim = sum(_verbatim(quote, texts) for quote in quotes)
        scores["quotes_verbatim"] = Share(verbatim, len(quotes))
    if said.sentences:
        supported = sum(sentence.supported for sentence in said.sentences)
        scores["sentences_supported"] = Share(supported, len(said.sentences))
    return scores


def supporting_sources(claim: str, sources: Sequence[ShownSource]) -> frozenset[int]:
    """The numbers of the sources that support a sentence, its markers left out.

    A sentence that quotes rests on its quotations: the words before them are the program's own.
    """
    plain = MARKERS.sub("", claim).strip().rstrip(".")
    if not any(char.isalnum() for char in plain):
        return frozenset()
    return frozenset(source.number for source in sources if _supports(source, plain))


def _supports(source: ShownSource, claim: str) -> bool:
    published = date.fromisoformat(source.published) if source.published else None
    quoted = [one.words for one in quotations(claim)]
    if quoted:
        whole = Words(source.text, published, source.title)
        return all(stands_in(words, whole.folded) for words in quoted)
    spans = sentence_spans(source.text)
    windows = [
        source.text[spans[first][0] : spans[last][1]]
        for first in range(len(spans))
        for last in range(first, min(first + LONGEST_WINDOW, len(spans)))
    ]
    return any(bears_out(claim, Words(text, published, source.title)) for text in windows)


def _alce(said: Said, prediction: Prediction) -> dict[str, Share]:
    def supported(sentence: SaidSentence) -> tuple[bool, ...]:
        numbers = supporting_sources(_words(said, sentence), prediction.sources)
        return tuple(quote.number in numbers for quote in sentence.quotes)

    verdicts = [supported(sentence) for sentence in said.sentences]
    scores = {}
    if verdicts:
        scores["citation_recall"] = Share(sum(any(one) for one in verdicts), len(verdicts))
    if any(verdicts):
        citations = sum(len(one) for one in verdicts)
        scores["citation_precision"] = Share(sum(sum(one) for one in verdicts), citations)
    return scores


def _cited_words(quotes: Sequence[Quote], texts: Mapping[str, str]) -> frozenset[Span]:
    """Every word that is cited, once, however many citations it stands in."""
    return frozenset(
        Span(quote.span.article_id, match.start(), match.end())
        for quote in quotes
        for match in re.compile(r"\w+").finditer(
            texts.get(quote.span.article_id, ""), quote.span.start, quote.span.end
        )
    )


def _sentence_scores(
    quotes: Sequence[Quote], quoted: Sequence[Piece], texts: Mapping[str, str]
) -> dict[str, Share]:
    places = [quote.span for quote in quotes]
    cited = {one for place in places for one in _sentences(place, texts)}
    # a sentence of a piece may be cited wherever the piece stands
    wanted = [
        piece
        for places_of in quoted
        for piece in zip(*(_sentences(one, texts) for one in places_of), strict=False)
    ]
    scores = {}
    if cited:
        scores["citation_sentence_precision"] = Share(
            sum(holds(one, quoted) for one in cited), len(cited)
        )
    if wanted:
        met = sum(any(holds(place, [piece]) for place in places) for piece in wanted)
        scores["citation_sentence_recall"] = Share(met, len(wanted))
    return scores


def _sentences(span: Span, texts: Mapping[str, str]) -> tuple[Span, ...]:
    """The sentences of an article that a span reaches into, in their order."""
    found = (Span(span.article_id, *one) for one in sentence_spans(texts.get(span.article_id, "")))
    return tuple(one for one in found if one.overlaps(span))


def _verbatim(quote: Quote, texts: Mapping[str, str]) -> bool:
    span = quote.span
    text = texts.get(span.article_id)
    return text is not None and span.start < span.end and text[span.start : span.end] == quote.text


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
