"""Messages become a question with its history; an answer becomes a message. Pure."""

from itertools import pairwise
from urllib.parse import quote, urlencode

from qa.answering.answer_json import answer_object
from qa.answering.markers import MARKER
from qa.api.errors import ApiError
from qa.api.schemas import (
    Annotation,
    AnswerMessage,
    ChatCompletion,
    ChatMessage,
    ChatRequest,
    ChatUsage,
    Choice,
    CitedWords,
    Findings,
    UrlCitation,
)
from qa.errors import BadQuestion
from qa.types import Answer, Citation, Evidence, Outcome, Scope, Turn

ID = "{id}"
"""Stands in the address of articles for that of one."""


def question_of(messages: list[ChatMessage]) -> str:
    """The last message, which is to be the user's; ApiError when it is not."""
    if messages[-1].role != "user":
        raise ApiError(
            400, "The last message is the question, and so the user's.", "bad_question", "messages"
        )
    return messages[-1].text


def history_of(messages: list[ChatMessage]) -> tuple[Turn, ...]:
    """The earlier questions that were answered, each with its answer."""
    said = [one for one in messages[:-1] if one.role in ("user", "assistant")]
    return tuple(
        Turn(asked.text, answered.text)
        for asked, answered in pairwise(said)
        if (asked.role, answered.role) == ("user", "assistant")
    )


def scope_of(request: ChatRequest) -> Scope:
    """Which articles are searched; ApiError when no day is left."""
    try:
        return Scope.asked(request.since, request.until, request.sources)
    except BadQuestion as error:
        raise ApiError(400, str(error), "bad_scope", "since") from error


def completion(answer: Answer, id_: str, created: int, address: str) -> ChatCompletion:
    """The whole answer; see `annotations` for the address."""
    message = AnswerMessage(content=content(answer), annotations=annotations(answer, address))
    return ChatCompletion(
        id=id_,
        created=created,
        model=answer.model,
        choices=[Choice(message=message)],
        usage=usage(answer),
        **findings(answer).model_dump(),
    )


def usage(answer: Answer) -> ChatUsage:
    """What the answer cost, in the model's tokens."""
    read, written = answer.usage.prompt_tokens, answer.usage.completion_tokens
    return ChatUsage(prompt_tokens=read, completion_tokens=written, total_tokens=read + written)


def findings(answer: Answer) -> Findings:
    """What the answer rests on."""
    told = answer_object(answer)
    return Findings(
        outcome=told["outcome"],
        citations=[
            CitedWords(**citation, confidence=told["confidence"])
            for sentence in told["sentences"]
            for citation in sentence["citations"]
        ],
        **{
            name: told[name]
            for name in ("evidence", "sources", "conflict", "confidence", "understood")
        },
    )


def content(answer: Answer) -> str:
    """What is told; where it only comes close, with the quotes, each behind its number."""
    quotes = answer.evidence if answer.outcome is Outcome.CLOSE else ()
    return "\n".join([answer.text, *map(_numbered, quotes)])


def _numbered(evidence: Evidence) -> str:
    return f"[{evidence.number}] “{evidence.quote}”"


def annotations(answer: Answer, address: str) -> list[Annotation]:
    """Each `[n]` of the content, with the address of the words that it cites.

    A citation without one is that of its whole sentence. `address` is that of the collection's
    articles, with an `{id}`; the words are named as RFC 5147 does: `#char=1042,1129`.
    """
    found = []
    for sentence in answer.sentences:
        cited = {one.number: one for one in reversed(sentence.citations)}
        marks = MARKER.finditer(answer.text, sentence.start, sentence.end)
        places = [(int(mark[1]), mark.start(1) - 1, mark.end()) for mark in marks]
        bare = cited.keys() - {number for number, _, _ in places}
        places += [(number, sentence.start, sentence.end) for number in sorted(bare)]
        found += [
            _annotation(cited[number], start, end, answer, address)
            for number, start, end in places
            if number in cited
        ]
    end = len(answer.text)
    for evidence in answer.evidence if answer.outcome is Outcome.CLOSE else ():
        start, end = end + 1, end + 1 + len(_numbered(evidence))
        mark_end = start + len(f"[{evidence.number}]")
        found.append(_annotation(evidence, start, mark_end, answer, address))
    return found


def _annotation(
    cited: Citation | Evidence, start: int, end: int, answer: Answer, address: str
) -> Annotation:
    passage = answer.hits[cited.number - 1].passage
    article = address.replace(ID, quote(passage.article_id))
    url = f"{article}#char={cited.start},{cited.end}"
    return Annotation(
        url_citation=UrlCitation(url=url, title=passage.title, start_index=start, end_index=end)
    )


def article_address(base_url: str, collection: str | None) -> str:
    """The address of an article, with `{id}` in its place."""
    asked = f"?{urlencode({'collection': collection})}" if collection else ""
    return f"{base_url}v1/articles/{ID}{asked}"


def pieces(answer: Answer) -> list[str]:
    """The content in pieces to be streamed, each to the end of a sentence; joined, the whole."""
    whole = content(answer)
    ends = sorted({one.end for one in answer.sentences} | {len(answer.text), len(whole)})
    return [whole[start:end] for start, end in pairwise([0, *ends]) if end > start]
