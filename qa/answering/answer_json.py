"""An Answer as the JSON object that `qa ask --json` prints and a run's predictions hold."""

from typing import Any

from qa.types import Answer, Citation, Evidence, Hit, Sentence


def answer_object(answer: Answer) -> dict[str, Any]:
    """The answer in plain lists and dicts; every offset is one into an article's text."""
    refusal, conflict = answer.refusal, answer.conflict
    return {
        "question": answer.question,
        "answer": answer.text,
        "refused": refusal is not None,
        "refusal": refusal and {"reason": refusal.reason.value, "message": refusal.message},
        "conflict": conflict
        and [{"claim": side.claim, "numbers": list(side.numbers)} for side in conflict],
        "sentences": [_sentence(sentence, answer.hits) for sentence in answer.sentences],
        "sources": [source_object(number, hit) for number, hit in enumerate(answer.hits, 1)],
        "outcome": answer.outcome.value,
        "evidence": [evidence_object(evidence) for evidence in answer.evidence],
        "understood": answer.understood or None,
        "confidence": None if answer.confidence is None else round(answer.confidence, 4),
        "model": answer.model,
        "usage": {name: getattr(answer.usage, name) for name in answer.usage.__slots__},
        "timings": {name: getattr(answer.timings, name) for name in answer.timings.__slots__},
    }


def _sentence(sentence: Sentence, hits: tuple[Hit, ...]) -> dict[str, Any]:
    return {
        "text": sentence.text,
        "start": sentence.start,
        "end": sentence.end,
        "supported": sentence.supported,
        "citations": [_citation(citation, hits) for citation in sentence.citations],
    }


def _citation(citation: Citation, hits: tuple[Hit, ...]) -> dict[str, Any]:
    passage = hits[citation.number - 1].passage
    quote = passage.text[citation.start - passage.start : citation.end - passage.start]
    return {
        "number": citation.number,
        "passage_id": citation.passage_id,
        "article_id": passage.article_id,
        "start": citation.start,
        "end": citation.end,
        "quote": quote,
        "page": passage.page_at(citation.start),
    }


def evidence_object(evidence: Evidence) -> dict[str, Any]:
    """One quote in plain values; `answer` are the few words that answer by themselves, or None."""
    return {
        "quote": evidence.quote,
        "number": evidence.number,
        "article_id": evidence.article_id,
        "passage_id": evidence.passage_id,
        "start": evidence.start,
        "end": evidence.end,
        "score": round(evidence.score, 4),
        "also_in": list(evidence.also_in),
        "answer": evidence.short or None,
    }


def source_object(number: int, hit: Hit) -> dict[str, Any]:
    """One numbered passage in plain values."""
    passage = hit.passage
    return {
        "number": number,
        "passage_id": passage.id,
        "article_id": passage.article_id,
        "title": passage.title,
        "source": passage.source,
        "published": passage.published and passage.published.isoformat(),
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
        "page": passage.page,
        "score": round(hit.score, 4),
        "also_in": list(hit.also_in),
    }
