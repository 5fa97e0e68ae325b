"""A question taken apart: two questions in one, things to compare, a question inside another. Pure.

Each part is looked up by itself; the whole question is always looked up as well, so that what is
not recognised here loses nothing.
"""

import re
from dataclasses import dataclass
from enum import Enum

from qa.reading import wording
from qa.reading.languages import language_of
from qa.reading.words import stem
from qa.surveying.request_shapes import filled
from qa.surveying.wanted import TAUGHT, Wanted, wanted

_ASKING = (
    "who|whom|whose|what|when|where|why|how|which|wer|wen|was|wann|wo|warum|wieso|wie|welche[rsn]?"
    "|qui|que|quand|où|pourquoi|comment|combien|quel(?:le)?s?|quién|qué|cuándo|dónde|cómo|cuántos?"
)
_SECOND = re.compile(
    rf"(?:[?]\s+(?:and\s+|und\s+|et\s+|y\s+)?|,?\s+(?:and|und|et|y)\s+)"
    rf"(?=(?:(?:in|on|at|by|for|to|from|with)\s+)?(?!(?-i:WHO)\b)(?:{_ASKING})s?\b)",
    re.IGNORECASE,
)
_WHETHER = re.compile(
    r"^\W*(?:(?:and|but|so)\s+)?(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would"
    r"|shall|should|may|might|must|(?:is|are|was|were|do|does|did|has|have|had|could|would|should|wo)"
    r"n[’']t|ist|sind|war|waren|hat|haben|hatte|wird|werden|kann|gibt"
    r"|est-ce|a-t-\w+|es|está|son|fue|hay|¿(?:es|está|son|fue|hay|ha|han))\b(?!\s+there\s+any\s+more)",
    re.IGNORECASE,
)
_OR = re.compile(r"\b(?:or|oder|ou)\b")
_DEFINES = re.compile(
    r"\W*(?:and\s+)?(?:who|what|wer|qui|quién)(?:[’']s|\s+(?:is|was|are|were|ist|war|est|es))\s+"
    r"(?:(?:the|an?)\s+)?(?P<name>[^?.]+?)\W*",
    re.IGNORECASE,
)
_WHY = re.compile(r"\b(?:why|how come|warum|wieso|weshalb|pourquoi|por qué)\b|为什么|なぜ", re.I)
_WHEN = re.compile(
    r"^\W*(?:(?:and|but|so|und|et|y)\s+)?(?:(?:on|in|since|until|by|at|an|am|in|à|en)\s+)?"
    r"(?:when|(?:what|which)\s+(?:day|date|month|year)|what\s+(?:is|was)\s+the\s+date|wann"
    r"|welche[mrn]?\s+(?:tag|jahr|monat)|quand|quel(?:le)?\s+(?:jour|année|mois|date)|cuándo"
    r"|qué\s+(?:día|año|mes))\b",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"^\W*(?:and\s+|but\s+|so\s+)?(?:how\s+(?!many|much|long|far|old|tall|high|often|big|large|deep"
    r"|fast|wide|heavy|late|soon)|what\s+(?:became|happened|changed)|tell|explain|describe)"
    r"|\b(?:compare|positions?|react\w*|views?|explain|differ\w*)\b",
    re.IGNORECASE,
)
_COMPARE = re.compile(
    r"\W*(?:compare\s+(.+?)\s+(?:and|with|to|against)\s+(.+?)"
    r"|how\s+(?:do|does|did)\s+(.+?)\s+compare\s+(?:and|with|to|against)\s+(.+?))\W*",
    re.IGNORECASE,
)
_TELL = re.compile(r"\W*(?:tell|explain|describe|compare)\b", re.IGNORECASE)
_ORDER = "tell|show|give|list|name|enumerate|say|explain|describe|compare|inform"
_POLITE = re.compile(
    filled(r"^\W*(?:(?:<HELLO>|<THANKS>|<WELL>)\s*[,.!:]+\s*|")
    + r"please[\s,]+(?-i:(?![A-Z][\w’'-]+\s[A-Z])))*"
    rf"(?:(?:can|could|would|will)\s+you\s+(?:please\s+)?(?=(?:{_ORDER})\b))?",
    re.IGNORECASE,
)
_ORDERED = re.compile(
    r"\W*(?:(?:(?:tell|show)\s+(?:me|us)|say|explain(?:\s+to\s+(?:me|us))?|describe)"
    r"|(?:do\s+you|does\s+any(?:one|body))\s+(?:happen\s+to\s+)?know"
    r"|i(?:[’']d\s+like|\s+would\s+like|\s+want|\s+need)\s+to\s+know)\s+"
    rf"(?P<asked>(?:{_ASKING})\b.+)"
    r"|\W*(?:(?:give|show|tell)\s+(?:me|us)|list|name|enumerate)\s+(?:all\s+)?(?:of\s+)?"
    r"(?P<listed>the\s.+)",
    re.IGNORECASE | re.DOTALL,
)
_BEHIND_NOUN = re.compile(r"\s(?:of|in|on|at|for|from|to|with|by|that|who|which|where|and)\s", re.I)
_SHORTENED = re.compile(rf"^(\W*(?:{_ASKING}))[’']?s(?=\s)(?!\s+(?-i:[a-z]+(?:ed|en|ne))\b)", re.I)
_TOPIC = re.compile(
    r"\W*(?:(?:tell|show|inform)\s+(?:me|us)\s+(?:(?:more|something|everything|all)\s+)?"
    r"(?:about|of)|(?:explain|describe)"
    r"|what\s+(?:do|does|should|must|can)\s+(?:\w+\s+)(?:(?:need|have)\s+to\s+)?know\s+(?:about|of)"
    r"|what\s+(?:do|does)\s+(?:(?:the|your|my|these|all)\s+)*(?:articles?|papers?|cuttings?|sources?"
    r"|documents?|texts?)\s+(?:say|report|tell|write)\s+(?:\w+\s+)?(?:about|on|of)"
    r"|what\s+is\s+(?:known|said|reported|written)\s+(?:about|of)"
    r"|what(?:[’']s|\s+is|\s+are)\s+(?:(?:the\s+)?(?:new|news|latest|story)|going\s+on|happening|up)\s+"
    r"(?:with|about|on|at|in|of|from))\s+(?P<told>.+?)\W*"
    r"|\W*why\s+(?:is|are|was|were)\s+(?P<news>.+?)\s+(?:in|making)\s+the\s+(?:news|headlines)\W*",
    re.IGNORECASE | re.DOTALL,
)
_WHICH_MORE = re.compile(
    r"^\W*which\b[^?]*\b(?:is|are|was|were|do|does|did|has|have|had|\w+ed|\w+s)\s+"
    r"(?:more|less|better|worse|(?!under|over|after|ever|never|other)\w{2,}er)\b(?!\s+of\b)",
    re.IGNORECASE,
)
_TURN = re.compile(r"\b(first|second|third|fourth|fifth)\s+(\w+)", re.IGNORECASE)
_BEHIND = re.compile(r"\?\s*\(.+\?\)\s*$", re.DOTALL)
_INNER = re.compile(
    r"\b(?:the|an?|that)\s+(?P<thing>\w+(?:\s\w+)?)\s+(?P<link>that|who|which|where)\s+"
    r"(?P<rest>[^?]+)",
    re.IGNORECASE,
)
_VERB_BEHIND = re.compile(  # "what did the judge that … propose": its own verb comes at the end
    r"\W*(?!who\s+(?:is|are|was|were)\b)(?:(?P<asking>what|whom?|when|where|why|how)\s+)?"
    r"(?:(?P<be>is|are|was|were)|do|does|did|has|have|had|can|could|will|would|should)\s*",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?<!\w)[^\W\d_a-zß-ÿ][\w’'-]*(?:\s+(?:(?:of|de|von|van|al|bin)\s+)?[A-ZÀ-Þ][\w’'-]*)*"
)
_PERSON = re.compile(r"man|woman|person|judge|teacher|\w+(?:er|or|ist|ian|ant|man|woman)", re.I)


@dataclass(frozen=True, slots=True)
class Inner:
    """A question inside another: `asked` first; what it finds stands in the place of `clause`."""

    asked: str
    clause: str


def asks_whether(question: str) -> bool:
    """Whether it is to be answered by yes or no: it opens with a verb of that kind, or ends so."""
    return _WHETHER.match(question) is not None and not _OR.search(question)


def asking_words(question: str) -> frozenset[str]:
    """The words that it asks with, lower-case; "whom" is "who"."""
    asked = re.findall(rf"\b(?:{_ASKING})\b", question, re.IGNORECASE)
    return frozenset(word.lower().replace("whom", "who") for word in asked)


def asks_why(question: str) -> bool:
    """Whether a reason is asked for."""
    return _WHY.search(question) is not None


def asks_when(question: str) -> bool:
    """Whether a day is asked for, by the question or one of several in it."""
    return any(_WHEN.match(part) for part in several(question))


def is_open(question: str) -> bool:
    """Whether no few words could answer it: why, how or whether is asked."""
    return asks_whether(question) or asks_why(question) or _OPEN.search(question) is not None


def takes_telling(question: str) -> bool:
    """Whether one sentence will hardly do: how, why, several things or several questions."""
    how_or_why = is_open(question) and not asks_whether(question)
    return how_or_why or asks_list(question) or len(several(question)) > 1


def untaught(question: str) -> bool:
    """Whether a reader that learnt from questions over one text was never asked the like.

    So it is where who somebody is, which of two, or a change is asked, where no question is asked
    ("tell me", "compare"), in other languages, and with a question behind it in brackets, as a
    follow-up that nobody has written out.
    """
    return (
        asks_which(question)
        or _TELL.match(question) is not None
        or asks_change(question)
        or defines(question)
        or not taught(question)
        or _BEHIND.search(question) is not None
    )


class Taught(Enum):
    """How far a reader that learnt from questions over one text knows questions of a sort."""

    WELL = "well"
    LITTLE = "little"
    NOT = "not"


def how_taught(question: str) -> Taught:
    """How far the reader was asked the like; it met few reasons, which are no few words."""
    if untaught(question):
        return Taught.NOT
    return Taught.LITTLE if asks_why(question) else Taught.WELL


def taught(question: str) -> bool:
    """Whether it is in the language that cross-encoder and reader were taught."""
    return language_of(question) in TAUGHT


def defines(question: str) -> bool:
    """Whether it asks who or what something is, by its name and nothing else."""
    match = _DEFINES.fullmatch(question)
    return match is not None and named(f"is {match['name']}") == (match["name"],)


def as_question(request: str) -> str:
    """What is asked by an order, "list the …", "tell me why …", as the question that it stands for.

    Questions are what the models learnt from, and those that say "who is" in full; what is neither
    an order nor shortened is left as it is, without a greeting and the like before it.
    """
    request = _POLITE.sub("", request) or request
    order = _ORDERED.fullmatch(request)
    if order is None:
        return _SHORTENED.sub(r"\1 is", request)
    asked = order["asked"] or f"What {_is_or_are(order['listed'])} {order['listed']}"
    return f"{asked[0].upper()}{asked[1:].rstrip(' .!?')}?"


def _is_or_are(listed: str) -> str:
    """The verb that things ask for, by their first noun: "the names of", "the score in"."""
    noun = _BEHIND_NOUN.split(listed, maxsplit=1)[0].rstrip(" .!?")
    return (
        "are" if re.search(r"(?<![sui])s$|\b(?:people|men|women|children)$", noun, re.I) else "is"
    )


def told_about(question: str) -> tuple[str, ...]:
    """What a question wants told, whatever it is, as "tell me about A" does; else nothing.

    Several names where "tell me about" and "compare" have no other words behind them, the things
    that are compared, else its one topic.
    """
    topic = topic_of(question)
    things = compared(question)
    if things or (asking_words(question) and not topic):
        return things
    tell = _TELL.match(question)
    if not tell:
        return (topic,) if topic else ()
    names, rest = named(question), topic or question[tell.end() :]
    for name in names:
        rest = rest.replace(name, " ")
    if len(names) > 1:
        return () if wording.content_words(rest) else names
    return (topic or question[tell.end() :],)


def topic_of(question: str) -> str:
    """What all is to be told about, as in "tell me about A" and "what is new with A"; or ""."""
    match = _TOPIC.fullmatch(question)
    topic = (match["told"] or match["news"]) if match else ""
    return "" if asking_words(topic) else topic


def compared(question: str) -> tuple[str, ...]:
    """The two things that a question compares, each a name or without any; else nothing.

    The pay of somebody is no such thing: what else is told of that person does not answer.
    """
    match = _COMPARE.fullmatch(question)
    things = tuple(thing for thing in match.groups() if thing) if match else ()
    names = [named(f"is {thing}") for thing in things]
    whole = all(own in ((), (thing,)) for own, thing in zip(names, things, strict=True))
    return things if whole else ()


def asks_which(question: str) -> bool:
    """Whether it lets choose between things: "older, A or B", or "which bridge is older"."""
    if _WHICH_MORE.search(question):
        return True
    return len(named(question)) > 1 and _OR.search(question) is not None


def asks_change(question: str) -> bool:
    """Whether it asks how something became what it is: every state is wanted, with its day."""
    return _wants(question, Wanted.CHANGE)


def of_another_turn(question: str, text: str) -> bool:
    """Whether a text is about the first round, say, where the question is about the second."""
    asked, told = _turns(question), _turns(text)
    return any(noun in told and not turns & told[noun] for noun, turns in asked.items())


def asks_several(question: str) -> bool:
    """Whether several things are asked for: "which countries", "who all was there"."""
    return _wants(question, Wanted.SEVERAL)


def compares(question: str) -> bool:
    """Whether it sets things side by side: two compared, "A or B"."""
    return asks_which(question) or bool(compared(question))


def asks_list(question: str) -> bool:
    """Whether several things are to be told of: several, or two side by side."""
    return asks_several(question) or compares(question)


def several(question: str) -> tuple[str, ...]:
    """The questions in one, each with its own question word; the question alone if it is one.

    "When and where did it land?" is one: nothing is asked by "when" alone.
    """
    parts = [part.strip(" ,?") for part in _SECOND.split(question) if part.strip(" ,?")]
    if len(parts) < 2 or asking_words(parts[0]) == {parts[0].lower()}:
        return (question,)
    return tuple(_SHORTENED.sub(r"\1 is", f"{part}?") for part in parts)


def named(question: str) -> tuple[str, ...]:
    """The names in a question, as it spells them, each a run of words with capitals, in order."""
    first = re.match(r"\W*\w+", question)
    opening = first.end() if first else 0
    tell = _TELL.match(question)  # "Compare" is no part of the name behind it
    found = _NAME.finditer(question, tell.end() if tell else 0)
    runs = [match.group() for match in found if match.start() >= opening]
    # behind another word, or a name of one word would count as the capital that opens a text
    return tuple(run for run in runs if wording.names(f"a {run}") - wording.CALENDAR)


def about_one(question: str, name: str) -> str:
    """The question with every other name left out, to look up what is said of this one."""
    for other in named(question):
        if other != name:
            question = question.replace(other, "", 1)
    return " ".join(question.split())


def inner(question: str) -> Inner | None:
    """The question inside: "who heads the company that was blamed …?" asks which company was.

    A verb of the question outside that comes behind it is taken to be the last word. None where the
    end of the clause cannot be told ("when was the bridge that collapsed built"),
    and where "who" begins another question ("do they know who …").
    """
    match = _INNER.search(question)
    if match is None or match.start() == 0 or len(several(question)) > 1:
        return None
    thing, link, rest = match["thing"], match["link"].lower(), match["rest"].strip()
    clause = match.group().strip()
    if len(thing.split()) > 1 and link == "who" and not _PERSON.fullmatch(thing.split()[-1]):
        return None
    outside = _VERB_BEHIND.fullmatch(question, 0, match.start())
    if outside and (outside["be"] or not outside["asking"]):
        return None
    if outside:
        rest, _, verb = rest.rpartition(" ")
        clause = clause.removesuffix(verb).rstrip()
        if not rest:
            return None
    asking = "Who" if link == "who" or _PERSON.fullmatch(thing.split()[-1]) else f"Which {thing}"
    asked = f"In which {thing} {rest}?" if link == "where" else f"{asking} {rest}?"
    return Inner(asked, clause)


def _wants(question: str, sort: Wanted) -> bool:
    """Whether it wants this sort of answer; two questions in one are taken apart before."""
    return wanted(question) is sort and len(several(question)) == 1


def _turns(text: str) -> dict[str, set[str]]:
    """Which turns of what a text names: "round" → "second"."""
    turns: dict[str, set[str]] = {}
    for turn, noun in _TURN.findall(text):
        turns.setdefault(stem(noun.lower()), set()).add(turn.lower())
    return turns
