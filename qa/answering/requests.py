"""What sort of thing a question asks for: a fact, or something of the articles as such. Pure.

Decided by closed lists of words and the shape of the whole question, never by a word alone: "How
many people died?" counts no articles. What is not recognised as a whole asks for a fact.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from qa.reading.periods import Period, read_period


class Asks(Enum):
    """What a question wants; FACT is the general way, THANKS wants no answer."""

    FACT = "fact"
    COUNT = "count"
    LISTING = "listing"
    NEWEST = "newest"
    OLDEST = "oldest"
    SUMMARY = "summary"
    TIMELINE = "timeline"
    HELP = "help"
    THANKS = "thanks"


@dataclass(frozen=True, slots=True)
class Request:
    """A question, read.

    `topic` is what remains when the words of the request are taken out, "" for all articles; for a
    FACT it is the question. `since` and `until` are days of publication, both included. `most` is
    how many articles are wanted where the question says so ("the article", "the last three"), and
    `end` says which end of time they are taken from: NEWEST, OLDEST or neither.
    """

    asks: Asks
    topic: str = ""
    since: date | None = None
    until: date | None = None
    source: str | None = None
    most: int | None = None
    end: Asks | None = None


_NUMBERS = "one two three four five six seven eight nine ten".split()

_VOCABULARY = {
    # Things of a library. What else "story" or "item" may mean, only a loose noun may mean.
    "STRONG": r"(?:news\s+)?(?:articles?|cuttings?|clippings?|stor(?:y|ies)|pieces?)"
    r"|news\s+(?:items?|reports?|texts?)|Artikeln?|Beitr[aä]ge?|art[ií]culos?|noticias?",
    "LOOSE": r"<STRONG>|items?|texts?|documents?|reports?|Berichte?n?|Texten?|textes?|textos?",
    "SINGULAR": r"(?:news\s+)?(?:article|cutting|clipping|story|piece|item|text|document|report)"
    r"|Artikels?|Beitrags?|Berichts?|Textes|texte|art[ií]culo|texto|noticia",
    "THE": r"the|this|that|these|those|your|my|our|all|all\s+(?:of\s+)?(?:the|your|these|those|my)"
    r"|every|each|any|an?",
    "HAVE": r"(?:do|have)\s+(?:you|we|i)\s+(?:have|hold|got|know\s+of|keep|read|indexed|find)"
    r"|does\s+(?:the|your|this)\s+<LIBRARY>\s+(?:have|hold|contain)|you(?:\s+have|[’']ve\s+got)"
    r"|(?:are|is)\s+there|can\s+you\s+find|exist|(?:were|was|got)\s+published|gibt\s+es"
    r"|(?:hast|habt)\s+(?:du|ihr)|haben\s+(?:Sie|wir)|(?:avez|as)-(?:vous|tu)|y\s+a-t-il"
    r"|hay|tienes?|tienen",
    "LIBRARY": r"library|collection|archive|index|database",
    "WHERE": r"(?:are\s+)?(?:here|(?:in|with)\s+(?:the|your|this|my|our)\s+<LIBRARY>|in\s+total"
    r"|altogether|in\s+all|(?:came|come)\s+out|did\s+you\s+(?:read|find))",
    "MENTION": r"(?:(?:that|which|die|qui|que)\s+)?(?:mentions?|covers?|discuss(?:es)?"
    r"|contains?(?:\s+the\s+(?:words?|names?))?"
    r"|(?:reports?|writes?)\s+(?:on|about|of)|(?:speaks?|tells?|talks?)\s+(?:of|about)|name"
    r"|deals?\s+with|refers?\s+to|concerns?|(?:is|are|was|were)\s+about|erwähn(?:en|t)"
    r"|behandel(?:n|t)|nenn(?:en|t)|handeln\s+von|mentionne(?:nt)?|(?:parle|traite)(?:nt)?\s+d[eu]s?"
    r"|mencionan?|(?:hablan?|tratan?)\s+(?:de|sobre))",
    "ABOUT": r"<MENTION>|about|regarding|concerning|mentioning|covering|discussing|dealing\s+with"
    r"|relat(?:ed|ing)\s+to|referring\s+to|über|zum?|zur|sur|à\s+propos\s+d[eu]s?|sobre"
    r"|acerca\s+del?",
    "ON": r"<ABOUT>|on|of\s+(?!the\s+(?:law|treaty|constitution))",
    "NEWEST": r"newest|latest|most\s+recent|last|neu(?:e?s)te[rnsm]?|letzte[rnsm]?"
    r"|derni(?:er|ère)s?|plus\s+récents?|últim[oa]s?|más\s+recientes?",
    "OLDEST": r"oldest|earliest|first|älteste[rnsm]?|erste[rnsm]?|premi(?:er|ère)s?"
    r"|plus\s+anciens?|primer[oa]?s?|más\s+antigu[oa]s?",
    "END": r"(?:very\s+)?(?:(?P<number><COUNT>)\s+)?(?:(?P<newest><NEWEST>)|(?P<oldest><OLDEST>))"
    r"(?:\s+(?P<number2><COUNT>))?",
    "COUNT": r"[1-9]\d?|" + "|".join(_NUMBERS),
    "SHOW": r"(?:show|give|find|get|list|name|display|write|make|make\s+up|draw\s+up|create|provide"
    r"|prepare|tell|produce|compile|build|put\s+together)(?:\s+(?:me|us))?|i\s+(?:need|want)"
    r"|what(?:[’']s|\s+is|\s+are|\s+was|\s+were)|which\s+(?:is|are)",
    "SUMMARY": r"summar(?:y|ies)|overview|gist|rundown|recap|synopsis|digest|short\s+version"
    r"|Zusammenfassung|Überblick|Übersicht|résumé|resumen|sumario",
    "SUMMARISE": r"summari[sz]e|sum\s+up|recap|(?:brief|fill)\s+(?:me|us)\s+(?:in\s+)?(?:on|about)"
    r"|catch\s+(?:me|us)\s+up\s+(?:on|with)|tl;?\s?dr:?|résume[rz]?(?:-moi)?"
    r"|resume[rz]?(?=\s+(?:l[ae]s?\b|l[’']))|resum(?:e|ir|a|en)(?=\s+(?:el|l[ao]s?|est[ea])\b)",
    "TIMELINE": r"time[\s-]?line|chronology|chronological\s+(?:list|order|overview|account|summary)"
    r"|sequence\s+of\s+events|course\s+of\s+events|Zeitleiste|Chronologie|cronología"
    r"|línea\s+de(?:l)?\s+tiempo|zeitlicher?\s+Ablauf",
    "IN ORDER": r"(?:in\s+(?:(?:chronological|time|date)\s+order|order\s+of\s+(?:time|date))"
    r"|chronologically|in\s+zeitlicher\s+Reihenfolge|dans\s+l[’']ordre\s+chronologique"
    r"|en\s+orden\s+cronológico)",
    "OF": r"of|on|about|for|from|around|regarding|in|von|vom|zum?|zur|über|der|des|de(?:\s+la|l)?"
    r"|du|sur|sobre",
    "IS": r"[’']s|\s+(?:is|are|was|were)",
    "A": r"(?:(?:an?|the|your|eine?n?|die|das|une?|la|el|le|un)\s+)?"
    r"(?:(?:short|brief|quick|concise|complete|full|little|rough|kurze[nrs]?|breve|bref)\s+)*",
    "HELLO": r"(?:hi|hello|hey|hiya|greetings|good\s+(?:morning|afternoon|evening|day)|hallo|moin"
    r"|guten\s+(?:Tag|Morgen|Abend)|bonjour|bonsoir|salut|hola|buen[oa]s\s+(?:días|tardes|noches))"
    r"(?:\s+(?:there|again|everyone))?",
    "TOPIC": r"(?P<topic>\S.*?)",
}

_SHAPES: tuple[tuple[Asks, str], ...] = (
    (
        Asks.HELP,
        r"(?:<HELLO>\W*)?(?:how\s+are\s+you(?:\s+(?:today|doing))?\W*)?"
        r"(?:(?:what|how)\s+(?:can|do)\s+you\s+(?:do|help(?:\s+me)?|work)(?:\s+for\s+me)?"
        r"|(?:what|which\s+questions)\s+can\s+i\s+ask(?:\s+you)?|who\s+are\s+you|help(?:\s+me)?"
        r"|how\s+do(?:es)?\s+(?:this|it|i\s+use\s+(?:this|it|you))(?:\s+work)?|what\s+(?:is|are)"
        r"\s+(?:you|this(?:\s+(?:page|program|tool|app))?)|was\s+kannst\s+du|que\s+peux-tu\s+faire"
        r"|qué\s+puedes\s+hacer|test|how\s+are\s+you"
        r"|i\s+have\s+a\s+question|what\s+can\s+i\s+do(?:\s+here)?|are\s+you\s+an?\s+\w+)?",
    ),
    (
        Asks.THANKS,
        r"(?:(?:ok(?:ay)?|great|good|perfect|nice|well|very\s+good)\W*)?(?:(?:many\s+)?thanks?"
        r"(?:\s+you)?(?:\s+(?:very|so)\s+much|\s+a\s+lot)?|good\s?bye|bye(?:\s+bye)?|see\s+you"
        r"|danke(?:\s+(?:schön|sehr))?|tschüss|merci(?:\s+beaucoup)?|au\s+revoir|(?:muchas\s+)?"
        r"gracias|adi[oó]s|thx|cheers|ok(?:ay)?|great|perfect)",
    ),
    # Counts
    (
        Asks.COUNT,
        r"(?:how\s+many|wie\s?viele|combien\s+d(?:e\s+|[’'])|cu[aá]nt[oa]s)\s*(?:of\s+<THE>\s+)?"
        r"(?:<STRONG>)(?:\s+(?:<HAVE>))?(?:\s+(?:<ON>)\s+<TOPIC>)?(?:\s+(?:<HAVE>|<WHERE>))*",
    ),
    (
        Asks.COUNT,
        r"how\s+many\s+(?:of\s+<THE>\s+)?(?:<LOOSE>)(?:\s+(?:(?:<HAVE>)(?:\s+(?:<ON>)\s+<TOPIC>)?"
        r"|(?:mentions?|(?:are|is)\s+about)\s+(?P<topic2>\S.*?)|<WHERE>)(?:\s+(?:<WHERE>))?"
        r"|\s+(?:<ABOUT>)\s+(?P<topic3>\S.*?)\s+(?:<HAVE>))",
    ),
    (
        Asks.COUNT,
        r"in\s+how\s+many\s+(?:<LOOSE>)\s+(?:is|are|was|were|do|does|did)\s+<TOPIC>\s+"
        r"(?:mentioned|named|discussed|covered|appear|come\s+up|occur)",
    ),
    (
        Asks.COUNT,
        r"in\s+wie\s?vielen\s+(?:<LOOSE>)\s+(?:wird|werden|kommt|kommen|geht\s+es\s+um)\s+"
        r"<TOPIC>(?:\s+(?:erwähnt|genannt|vor))?",
    ),
    (
        Asks.COUNT,
        r"(?:(?:<SHOW>)\s+)?(?:(?:the\s+)?(?:total\s+)?(?:number|count)\s+of|count(?:\s+up)?)\s+"
        r"(?:<THE>\s+)?(?:<STRONG>)(?:\s+(?:<ABOUT>)\s+<TOPIC>)?(?:\s+(?:<HAVE>|<WHERE>))*",
    ),
    # The ends of time
    (
        Asks.NEWEST,
        r"(?:(?:<SHOW>|open|(?:cu[aá]l|was|welche[rs]?)\s+(?:es|ist)|quel(?:le)?\s+est)\s+)?"
        r"(?:(?:the|your|der|das|die|le|la|l[’']|el)\s+)?(?:<END>)\s+(?P<noun><STRONG>)"
        r"(?:\s+(?:<HAVE>))?(?:\s+(?:<ABOUT>|on)\s+<TOPIC>)?(?:\s+(?:<HAVE>|<WHERE>))*",
    ),
    (
        Asks.NEWEST,
        r"(?:quel\s+est|cu[aá]l\s+es)\s+(?:l[’']|el\s+|le\s+|la\s+)(?P<noun><STRONG>)\s+(?:le\s+)?(?:<END>)"
        r"(?:\s+(?:<ABOUT>)\s+<TOPIC>)?",
    ),
    (
        Asks.NEWEST,
        r"(?:which|what|welche[rs]?)\s+(?P<noun><STRONG>)(?:\s+(?:<ABOUT>|on)\s+<TOPIC>)?\s+"
        r"(?:is|are|was|ist|sind)\s+(?:(?:the|der|die|das)\s+)?(?:<END>)(?:\s+ones?)?",
    ),
    (
        Asks.NEWEST,
        r"when\s+(?:was|did|is)\s+(?:the|your)\s+(?:<END>)\s+(?P<noun><STRONG>)"
        r"(?:\s+(?:<ABOUT>|on)\s+<TOPIC>)?\s+(?:published|appear|come\s+out|from|dated)",
    ),
    # Timelines
    (
        Asks.TIMELINE,  # "what is the timeline for the repair" asks for a fact
        r"(?!what\b.*\sfor\s)(?:(?:<SHOW>|(?:donne|fais)(?:z)?-moi|dame|haz(?:me)?|gib\s+mir|erstelle)\s+)?(?:<A>)"
        r"(?:<TIMELINE>)(?:\s+(?:<OF>)\s+<TOPIC>)?",
    ),
    (
        Asks.TIMELINE,
        r"(?:<SHOW>|describe|put|order|arrange|summari[sz]e|what\s+happened(?:\s+(?:to|with|in|at"
        r"|during|after|before))?)\s+<TOPIC>,?\s+<IN ORDER>",
    ),
    (
        Asks.TIMELINE,
        r"(?:when\s+did\s+(?:what|things)\s+happen|in\s+what\s+order\s+did\s+(?:things|it\s+all|the"
        r"\s+events)\s+happen|what\s+happened\s+when|wann\s+(?:ist|geschah)\s+was"
        r"(?:\s+(?:geschehen|passiert))?|what\s+happened,?\s+<IN ORDER>)"
        r"(?:\s+(?:to|with|in|at|during|after|around)\s+<TOPIC>)?",
    ),
    # Summaries
    (Asks.SUMMARY, r"(?:<SUMMARISE>)(?:\s+of)?(?:\s+<TOPIC>)?(?:\s+for\s+(?:me|us))?"),
    (
        Asks.SUMMARY,
        r"(?:(?:<SHOW>|(?:donne|fais)(?:z)?-moi|dame|haz(?:me)?|gib\s+mir|mach)\s+)?(?:<A>)"
        r"(?:<SUMMARY>)(?:\s+(?:<OF>)\s+<TOPIC>)?",
    ),
    (Asks.SUMMARY, r"fass(?:en?)?(?:\s+(?:Sie|mir|bitte))*\s+<TOPIC>\s+(?:kurz\s+)?zusammen"),
    (
        Asks.SUMMARY,
        r"(?:(?:<SHOW>)\s+)?(?:the\s+)?(?:main|key|most\s+important|central)\s+(?:points?|takeaways?"
        r"|messages?|facts)(?:\s+(?:of|in|from|about|on)\s+(?P<topic>(?:<THE>)\s+(?:<LOOSE>)\b.*?"
        r"|(?:<THE>)\s+.*?(?:<LOOSE>)))?",
    ),
    (
        Asks.SUMMARY,
        r"what(?:<IS>)\s+(?P<topic>(?:<THE>)\s+(?:(?:<NEWEST>|<OLDEST>)\s+)?(?:<LOOSE>)"
        r"(?:\s+(?:about|on|titled|called|headed|[“\"«]).*?)?|(?:this|it|that|these)"
        r"|(?:the|this)(?:(?!\s+of\s).)+?\s+(?:article|story|piece|cutting))\s+(?:all\s+)?about",
    ),
    (
        Asks.SUMMARY,
        r"what\s+do(?:es)?\s+(?P<topic>(?:the|this|that|these|your)\s+(?:(?:<NEWEST>|<OLDEST>)\s+)?"
        r"(?:<STRONG>)(?:\s+(?:about|on|titled|called)\s+.*?)?)\s+say",
    ),
    (
        Asks.SUMMARY,
        r"(?:worum\s+geht\s+es\s+in|wovon\s+handelt|de\s+quoi\s+(?:parle|traite)(?:nt)?"
        r"|de\s+qué\s+tratan?)\s+(?P<topic>(?:(?:dem|den|der|die|diese[mnr]?|les?|l[’']|cet|el|los"
        r"|este)\s*)?(?:<LOOSE>)\b.*?)",
    ),
    # Lists
    (
        Asks.LISTING,
        r"(?:which|what|welche|quels?|qué)\s+(?:of\s+<THE>\s+)?(?:<STRONG>)(?:\s+(?:<HAVE>))?"
        r"(?:\s+(?:<ABOUT>|on)\s+<TOPIC>)?(?:\s+(?:<HAVE>|<WHERE>))*",
    ),
    (
        Asks.LISTING,
        r"(?:which|what)\s+(?:of\s+<THE>\s+)?(?:<LOOSE>)\s+(?:(?:<HAVE>)(?:\s+(?:<ABOUT>|on)\s+"
        r"<TOPIC>)?|mentions?\s+(?P<topic2>\S.*?))",
    ),
    (
        Asks.LISTING,
        r"(?:what|was|qué|qu[’']avez-vous)\s+(?:else\s+)?(?:(?:do\s+(?:you|we)|does\s+(?:the|your)\s+"
        r"<LIBRARY>)\s+have|have\s+(?:you|we)\s+got|is\s+there|(?:was|were|got)\s+published"
        r"|hast\s+du|tienes|hay)(?:\s+(?:<ABOUT>|on)\s+<TOPIC>)?",
    ),
    (
        Asks.LISTING,
        r"(?:show|give|find|get|liste?|name|display|zeige?)(?:\s+(?:me|us|mir))?\s+"
        r"(?:everything|anything|all|(?:<THE>\s+)*(?:titles|headlines)(?:\s+of\s+(?:<THE>\s+)*(?:<STRONG>))?"
        r"|(?:(?:<THE>|alle)\s+)*(?:<STRONG>|documents|reports|texts))(?:\s+(?:that\s+)?(?:<HAVE>))?"
        r"(?:\s+(?:<ABOUT>|on)\s+<TOPIC>)?(?:\s+(?:<HAVE>|<WHERE>))*",
    ),
    (
        Asks.LISTING,
        r"(?:(?:are|is)\s+there|do\s+(?:you|we)\s+have|have\s+you\s+got)\s+(?:(?:any|an?|some|more"
        r"|other)\s+)*(?:anything|something|<LOOSE>)(?:\s+(?:<ABOUT>|on)\s+<TOPIC>)?",
    ),
    (
        Asks.LISTING,
        r"do(?:es)?\s+any\s+(?:of\s+<THE>\s+)?(?:<LOOSE>)\s+(?:<MENTION>)\s+<TOPIC>",
    ),
    (
        Asks.LISTING,
        r"(?:is|are|was|were)\s+<TOPIC>\s+mentioned\s+in\s+(?:any|an?|one)\s+(?:of\s+<THE>\s+)?"
        r"(?:<LOOSE>)",
    ),
    (Asks.LISTING, r"(?:(?:all|the)\s+)*(?:articles|cuttings|stories)\s+(?:<ABOUT>|on)\s+<TOPIC>"),
)


def _filled(pattern: str) -> str:
    """The pattern with the names of vocabulary in it written out."""
    while True:
        written = re.sub(r"(?<!P)<([A-Z][A-Z ]*)>", lambda name: _group(name[1]), pattern)
        if written == pattern:
            return pattern
        pattern = written


def _group(name: str) -> str:
    return f"(?:{_VOCABULARY[name]})"


_READ = tuple((asks, re.compile(_filled(shape), re.IGNORECASE)) for asks, shape in _SHAPES)
_HOW_LONG = re.compile(
    _filled(
        r"\s*\b(?:briefly|shortly|in\s+(?:short|brief|(?:a\s+few|an?|<COUNT>)\s+(?:short\s+)?"
        r"(?:sentences?|words|lines|paragraphs?|bullet\s+points|points)))\b,?"
    ),
    re.IGNORECASE,
)
_POLITE = re.compile(
    _filled(
        r"^(?:(?:<HELLO>|please|ok(?:ay)?|so|and|now|then|well|thanks?(?:\s+you)?|bitte|s[’']il\s+vous"
        r"\s+pla[iî]t|por\s+favor)[,.!:\s]+|(?:can|could|would|will)\s+you\s+(?:please\s+)?"
        r"(?!find\s+out)|(?:i\s+would|i[’']d)\s+like(?:\s+to\s+(?:see|have))?\s+|let\s+me\s+have\s+)+"
    ),
    re.IGNORECASE,
)
_AFTER = re.compile(r"(?:[\s,]+(?:please|bitte|thanks|thank\s+you|por\s+favor))*[\s?.!]*$", re.I)
_A_CLAUSE = re.compile(  # a topic that goes on with a verb was no topic
    r"\b(?:did|does|do|was|were|is|are|has|have|had|will|would|can|could|should)\b", re.IGNORECASE
)
_A_SECOND_QUESTION = re.compile(
    r"[?!]\s+\w|\b(?:and|then|but)\s+(?:tell|say|who|what|when|why|how|where|which|explain)\b",
    re.IGNORECASE,
)
_ALL = re.compile(
    _filled(
        r"(?:(?:<THE>|whole|entire|dem|den|der|die|das|diese[mnrs]?|les?|l[ao]s?|el|cet)\s+|l[’'])*"
        r"(?:(?:<END>)\s+)?(?:<LOOSE>|news|events?|everything|all|it|this|that|these|them|those"
        r"|library|collection|archive|what\s+happened|alles|alle|tout|todo|Ereignisse|événements|hechos)?"
    ),
    re.IGNORECASE,
)
_BEFORE_TOPIC = re.compile(
    _filled(
        r"(?:(?:<THE>|whole|entire|dem|den|der|die|das|diese[mnrs]?|les?|l[ao]s?|el|cet)\s+|l[’'])*"
        r"(?:(?:<END>)\s+)?(?:<LOOSE>|news|events|everything|all|what\s+(?:happened|(?:is|was|we)"
        r"\s+(?:known|know|said|reported)|(?:the|these|your|all)\s+(?:<STRONG>)\s+says?))\s+(?:<ABOUT>|of|on|around|in|to|with|at|titled|called"
        r"|headed|von|vom|d[eu]s?|del|(?=[“\"«]))\s*"
    ),
    re.IGNORECASE,
)
_BEHIND_TOPIC = re.compile(r"(?<=\w)\s+(?:article|cutting|story|piece|affair)$", re.IGNORECASE)
_ONE = re.compile(
    _filled(
        r"(?:(?:the|this|that|your|de[mnr]|das|cet|el|le)\s+|l[’'])(?:(?:<END>)\s+)?"
        r"(?:<SINGULAR>)\b(?!\s+of\b).*|.*\s(?:article|cutting|piece)"
    ),
    re.IGNORECASE,
)
_AT_AN_END = re.compile(
    _filled(r"(?:(?:<THE>|der|die|das|dem|den)\s+)*(?:<END>)\s+(?P<noun><STRONG>)\b"),
    re.IGNORECASE,
)
_SINGULAR = re.compile(_filled("<SINGULAR>"), re.IGNORECASE)
_WHOLE = re.compile(
    r"\b(?:all|titles|headlines|everything|articles|cuttings|Artikel|artículos|what do you have)\b",
    re.I,
)
_TALK = {Asks.HELP, Asks.THANKS}
_OPEN_REQUESTS = {Asks.SUMMARY, Asks.TIMELINE}
"""Asked by words that hardly mean anything else; the others need a topic that is no clause."""


def read_request(question: str, newest: date | None, sources: Sequence[str] = ()) -> Request:
    """Read a question. `newest` is the library's latest day, against which "in May" is read.

    `sources` are the library's own names of its sources; one that the question names with "from",
    "by", "in" or "of" before it narrows the request.
    """
    fact = Request(Asks.FACT, question.strip())
    if _A_SECOND_QUESTION.search(question):
        return fact
    asked = question.strip(" ¿¡?!.\t\n")
    for asks, shape in _READ:
        if asks in _TALK and asked and shape.fullmatch(asked):
            return Request(asks)
    asked = _POLITE.sub("", _AFTER.sub("", _HOW_LONG.sub("", asked).lstrip()))
    source, rest = _without_source(asked, sources)
    period = read_period(rest, newest)
    for days in dict.fromkeys((period, Period(rest))):
        for asks, shape in _READ:
            match = None if asks in _TALK else shape.fullmatch(days.rest)
            request = _request(asks, match, days, source) if match else None
            if request:
                return request
    return fact


def _request(
    asks: Asks, match: re.Match[str], period: Period, source: str | None
) -> Request | None:
    """The request of a shape that fits; None where it is none after all."""
    said = {name.rstrip("23"): words for name, words in match.groupdict().items() if words}
    topic = said.get("topic", "")
    at_an_end = _AT_AN_END.match(topic)
    if at_an_end:
        said |= {name.rstrip("2"): words for name, words in at_an_end.groupdict().items() if words}
    bare = _bare(topic)
    if asks not in _OPEN_REQUESTS and _A_CLAUSE.search(bare):
        return None
    named = bare or period.named or source
    if asks is Asks.LISTING and not (named or _WHOLE.search(match[0])):
        return None
    end = Asks.OLDEST if "oldest" in said else Asks.NEWEST if "newest" in said else None
    if asks is Asks.NEWEST and end:
        asks = end
    return Request(asks, bare, period.since, period.until, source, _most(said, topic), end)


def _most(said: Mapping[str, str], topic: str) -> int | None:
    """How many articles are asked for, where that is said."""
    number = said.get("number", "").lower()
    if number:
        return _NUMBERS.index(number) + 1 if number in _NUMBERS else int(number)
    one = _SINGULAR.fullmatch(said["noun"]) if "noun" in said else _ONE.fullmatch(topic)
    return 1 if one else None


def _bare(topic: str) -> str:
    """What a topic is, without the words that only say that it is one."""
    while (shorter := _BEFORE_TOPIC.sub("", topic, count=1)) != topic:
        topic = shorter
    if not _ALL.fullmatch(topic):
        topic = _BEHIND_TOPIC.sub("", topic)
    topic = re.sub(r"^both\s+", "", topic).strip(' "“”„«»,.:;')
    return "" if _ALL.fullmatch(topic) else topic


def _without_source(asked: str, sources: Sequence[str]) -> tuple[str | None, str]:
    """The source that a question names, and the question without it."""
    for source in sorted(sources, key=len, reverse=True):
        named = re.search(
            rf"\s+(?:that\s+)?(?:(?:came|come|is|are|were)\s+)?(?:from|by|in|of|aus|von|vom|dans|du|de|del)"
            rf"\s+(?:(?:the|der|dem|le|la|el)\s+)?{re.escape(source)}(?!\w)",
            asked,
            re.IGNORECASE,
        )
        if named:
            return source, (asked[: named.start()] + asked[named.end() :]).strip()
    return None, asked
