"""The words and shapes in which people ask something of articles as such. Pure data.

A shape is a pattern of a whole question, without what is polite in it. `<NAME>` in it stands for an
entry of the vocabulary. English in full; German, French and Spanish for what is commonest.
"""

import re

NUMBERS = "one two three four five six seven eight nine ten".split()

_VOCABULARY = {
    # Things of a library. What else "story" or "item" may mean, only a loose noun may mean.
    "STRONG": r"(?:news\s+)?(?:articles?|cuttings?|clippings?|stor(?:y|ies)|pieces?)"
    r"|news\s+(?:items?|reports?|texts?)|Artikeln?|Beitr[aä]ge?|art[ií]culos?|noticias?",
    "LOOSE": r"<STRONG>|items?|texts?|documents?|reports?|Berichte?n?|Texten?|textes?|textos?",
    "SINGULAR": r"(?:news\s+)?(?:article|cutting|clipping|story|piece|item|text|document|report)"
    r"|Artikels?|Beitrags?|Berichts?|Textes|texte|art[ií]culo|texto|noticia",
    "THE": r"(?>(?:all\s+(?:of\s+)?(?:the|your|these|those|my)|the|this|that|these|those|your|my"
    r"|our|all|every|each|any|an?)\b)",
    "HAVE": r"(?:do|have)\s+(?:you|we|i)\s+(?:have|hold|got|know\s+of|keep|read|indexed|find)"
    r"|does\s+(?:the|your|this)\s+<LIBRARY>\s+(?:have|hold|contain)|you(?:\s+have|[’']ve\s+got)"
    r"|(?:are|is)\s+there|can\s+you\s+find|exist|(?:were|was|got)\s+published|gibt\s+es"
    r"|(?:hast|habt)\s+(?:du|ihr)|haben\s+(?:Sie|wir)|(?:avez|as)-(?:vous|tu)|y\s+a-t-il"
    r"|hay|tienes?|tienen",
    "LIBRARY": r"library|collection|archive|index|database",
    "WHERE": r"(?:are\s+)?(?:here|(?:in|with)\s+(?:the|your|this|my|our)\s+<LIBRARY>|in\s+total"
    r"|altogether|in\s+all|(?:came|come)\s+out|did\s+you\s+(?:read|find))",
    "MENTION": r"(?:(?:that|which|die|qui|que)\s+)?(?:mention(?:s|ed)?|cover(?:s|ed)?"
    r"|discuss(?:e[sd])?|contains?(?:\s+the\s+(?:words?|names?))?"
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
    "COUNT": r"[1-9]\d?|" + "|".join(NUMBERS),
    "SOME": r"(?P<number><COUNT>)|some|more|other|several|further|a\s+few|a\s+couple\s+of",
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
    r"|chronologically|by\s+date|day\s+by\s+day|in\s+zeitlicher\s+Reihenfolge|dans\s+l[’']ordre\s+chronologique"
    r"|en\s+orden\s+cronológico)",
    "OF": r"of|on|about|for|from|around|regarding|in|von|vom|zum?|zur|über|der|des|de(?:\s+la|l)?"
    r"|du|sur|sobre",
    "IS": r"[’']s|\s+(?:is|are|was|were)",
    "A": r"(?:(?:an?|the|your|eine?n?|die|das|une?|la|el|le|un)\s+)?"
    r"(?:(?:short|brief|quick|concise|complete|full|little|rough|kurze[nrs]?|breve|bref)\s+)*",
    "HELLO": r"(?:hi|hello|hey|hiya|greetings|good\s+(?:morning|afternoon|evening|day)|hallo|moin"
    r"|guten\s+(?:Tag|Morgen|Abend)|bonjour|bonsoir|salut|hola|buen[oa]s\s+(?:días|tardes|noches))"
    r"(?:\s+(?:there|again|everyone))?",
    "THANKS": r"(?:many\s+)?thanks?(?:\s+you)?(?:\s+(?:(?:very|so)\s+much|a\s+lot|again))*|thx"
    r"|cheers|danke(?:\s+(?:schön|sehr))?|merci(?:\s+beaucoup)?|(?:muchas\s+)?gracias",
    "WELL": r"ok(?:ay)?|great|good|perfect|nice|well|very\s+good|cool|excellent|wonderful"
    r"|all\s?right|alright|fine|got\s+it|i\s+see|understood|no|nothing\s+else|(?:that|it|this)"
    r"(?:[’']s|\s+(?:is|was|will\s+be))\s+(?:all|it|enough|(?:(?:very|really|so)\s+)?(?:helpful"
    r"|useful|good|great|perfect))|(?:that|it|this)\s+help(?:s|ed)",
    "BYE": r"good\s?bye|bye(?:[\s-]bye)?|see\s+you|tschüss|au\s+revoir|adi[oó]s"
    r"|(?:have\s+a\s+|good\s+)(?:(?:nice|good|great|lovely)\s+)?(?:day|evening|night|weekend|one)",
    "ASKING": r"what|who|whom|whose|when|where|why|which|how|whether|if|tell|show|give|list|find"
    r"|get|explain|describe|count|summari[sz]e",
    "NEWS": r"(?:(?:<THE>|some)\s+)*(?:(?:main|top|big(?:gest)?|most\s+important|new|<NEWEST>)\s+)*"
    r"(?:news|headlines|(?:top|main)\s+stories)",
    "OPENER": r"(?:(?:<SHOW>|(?:(?:is|are)\s+there|do\s+you\s+have|have\s+you\s+got)(?=\s+any)"
    r"|what<IS>\s+in)\s+)?(?:<NEWS>)|what(?:<IS>|[’']s\s+been)\s+new",
    "TOPIC": r"(?P<topic>\S.*?)",
}

STORY = (
    r"(?:what(?:\s+has)?\s+happened|(?:tell\s+me|explain|describe|what<IS>)\s+(?:about|the\s+story\s+of"
    r"|what(?:\s+has)?\s+happened))(?:\s+(?:to|with|in|at|around|during))?\s+<TOPIC>"
)
"""Asks for a summary where it is said how long the answer may be: "in short", "in a few words"."""

SHAPES: tuple[tuple[str, str], ...] = (
    (
        "help",
        r"(?:<HELLO>\W*)?(?:how\s+are\s+you(?:\s+(?:today|doing))?\W*)?"
        r"(?:(?:what|how)\s+(?:can|do)\s+you\s+(?:do|help(?:\s+me)?|work)(?:\s+for\s+me)?"
        r"|(?:what|which)(?:\s+(?:sort|kind)s?\s+of)?(?:\s+(?:questions|things))?\s+can\s+i"
        r"\s+ask(?:\s+you)?|who\s+are\s+you|help(?:\s+me)?"
        r"|how\s+do(?:es)?\s+(?:this|it|i\s+use\s+(?:this|it|you))(?:\s+work)?|what\s+(?:is|are)"
        r"\s+(?:you|this(?:\s+(?:page|program|tool|app))?)|was\s+kannst\s+du|que\s+peux-tu\s+faire"
        r"|qué\s+puedes\s+hacer|test|how\s+are\s+you"
        r"|i\s+have\s+a\s+question|what\s+can\s+i\s+do(?:\s+here)?|are\s+you\s+an?\s+\w+)?",
    ),
    (
        "thanks",  # what they are for asks nothing
        r"(?!no$)(?:(?>(?:(?:<THANKS>)(?:\s+for(?:\s+(?!(?:<ASKING>)\b)[\w’'-]+){1,8}(?=$|[,.!]))?"
        r"|<BYE>|<WELL>)(?:\s+(?:then|now|again|a\s+lot|for\s+(?:now|today)|soon|later|tomorrow"
        r"|i\s+(?:need|want)(?:ed)?(?:\s+to\s+know)?))?\b\W*))+",
    ),
    # Counts
    (
        "count",
        r"(?:how\s+many|wie\s?viele|combien\s+d(?:e\s+|[’'])|cu[aá]nt[oa]s)\s*(?:of\s+<THE>\s+)?"
        r"(?:<STRONG>)(?:\s+(?:<HAVE>|<WHERE>))?(?:\s+(?:<ON>)\s+<TOPIC>)?(?:\s+(?:<HAVE>|<WHERE>))*",
    ),
    (
        "count",
        r"how\s+many\s+(?:of\s+<THE>\s+)?(?:<LOOSE>)(?:\s+(?:(?:<HAVE>)(?:\s+(?:<ON>)\s+<TOPIC>)?"
        r"|(?:mentions?|(?:are|is)\s+about)\s+(?P<topic2>\S.*?)|<WHERE>)(?:\s+(?:<WHERE>))?"
        r"|\s+(?:<ABOUT>)\s+(?P<topic3>\S.*?)\s+(?:<HAVE>))",
    ),
    (
        "count",
        r"in\s+how\s+many\s+(?:<LOOSE>)\s+(?:is|are|was|were|do|does|did)\s+<TOPIC>\s+"
        r"(?:mentioned|named|discussed|covered|appear|come\s+up|occur)",
    ),
    (
        "count",
        r"in\s+wie\s?vielen\s+(?:<LOOSE>)\s+(?:wird|werden|kommt|kommen|geht\s+es\s+um)\s+"
        r"<TOPIC>(?:\s+(?:erwähnt|genannt|vor))?",
    ),
    (
        "count",
        r"(?:(?:<SHOW>)\s+)?(?:(?:the\s+)?(?:total\s+)?(?:number|count)\s+of|count(?:\s+up)?)\s+"
        r"(?:<THE>\s+)?(?:<STRONG>)(?:\s+(?:<ABOUT>)\s+<TOPIC>)?(?:\s+(?:<HAVE>|<WHERE>))*",
    ),
    # The ends of time
    (
        "newest",
        r"(?:(?:<SHOW>|open|(?:cu[aá]l|was|welche[rs]?)\s+(?:es|ist)|quel(?:le)?\s+est)\s+)?"
        r"(?:(?:the|your|der|das|die|le|la|l[’']|el)\s+)?(?:<END>)\s+(?P<noun><STRONG>)"
        r"(?:\s+(?:<HAVE>))?(?:\s+(?:<ABOUT>|on)\s+<TOPIC>)?(?:\s+(?:<HAVE>|<WHERE>))*",
    ),
    (
        "newest",
        r"(?:quel\s+est|cu[aá]l\s+es)\s+(?:l[’']|el\s+|le\s+|la\s+)(?P<noun><STRONG>)\s+(?:le\s+)?(?:<END>)"
        r"(?:\s+(?:<ABOUT>)\s+<TOPIC>)?",
    ),
    (
        "newest",
        r"(?:which|what|welche[rs]?)\s+(?P<noun><STRONG>)(?:\s+(?:<ABOUT>|on)\s+<TOPIC>)?\s+"
        r"(?:is|are|was|ist|sind)\s+(?:(?:the|der|die|das)\s+)?(?:<END>)(?:\s+ones?)?",
    ),
    (
        "newest",
        r"when\s+(?:was|did|is)\s+(?:the|your)\s+(?:<END>)\s+(?P<noun><STRONG>)"
        r"(?:\s+(?:<ABOUT>|on)\s+<TOPIC>)?\s+(?:published|appear|come\s+out|from|dated)",
    ),
    (
        "newest",
        r"what<IS>\s+the\s+(?:<END>)\s+(?:that\s+)?(?:<HAVE>)(?:\s+(?:<ABOUT>|on)\s+<TOPIC>)?",
    ),
    # Timelines
    (
        "timeline",  # "what is the timeline for the repair" asks for a fact
        r"(?!what\b.*\sfor\s)(?:(?:<SHOW>|(?:donne|fais)(?:z)?-moi|dame|haz(?:me)?|gib\s+mir|erstelle)\s+)?(?:<A>)"
        r"(?:<TIMELINE>)(?:\s+(?:<OF>|at|during|after)\s+<TOPIC>)?(?:\s+<IN ORDER>)?",
    ),
    (
        "timeline",
        r"(?:<SHOW>|describe|put|order|arrange|summari[sz]e|what\s+happened(?:\s+(?:to|with|in|at"
        r"|during|after|before))?)\s+<TOPIC>,?\s+<IN ORDER>",
    ),
    (
        "timeline",
        r"(?:when\s+did\s+(?:what|things)\s+happen|in\s+what\s+order\s+did\s+(?:things|it\s+all|the"
        r"\s+events)\s+happen|what\s+happened\s+when|wann\s+(?:ist|geschah)\s+was"
        r"(?:\s+(?:geschehen|passiert))?|what\s+happened,?\s+<IN ORDER>)"
        r"(?:\s+(?:to|with|in|at|during|after|around)\s+<TOPIC>)?",
    ),
    # Summaries
    ("summary", r"(?:<SUMMARISE>)(?:\s+of)?(?:\s+<TOPIC>)?(?:\s+for\s+(?:me|us))?"),
    (
        "summary",
        r"(?:(?:<SHOW>|(?:donne|fais)(?:z)?-moi|dame|haz(?:me)?|gib\s+mir|mach)\s+)?(?:<A>)"
        r"(?:<SUMMARY>)(?:\s+(?:<OF>)\s+<TOPIC>)?",
    ),
    ("summary", r"fass(?:en?)?(?:\s+(?:Sie|mir|bitte))*\s+<TOPIC>\s+(?:kurz\s+)?zusammen"),
    (
        "summary",
        r"(?:(?:<SHOW>)\s+)?(?:the\s+)?(?:main|key|most\s+important|central)\s+(?:points?|takeaways?"
        r"|messages?|facts)(?:\s+(?:of|in|from|about|on)\s+(?P<topic>(?:<THE>)\s+(?:<LOOSE>)\b.*?"
        r"|(?:<THE>)\s+.*?(?:<LOOSE>)))?",
    ),
    (
        "summary",
        r"what(?:<IS>)\s+(?P<topic>(?:<THE>)\s+(?:(?:<NEWEST>|<OLDEST>)\s+)?(?:<LOOSE>)"
        r"(?:\s+(?:about|on|titled|called|headed|[“\"«]).*?)?|(?:this|it|that|these)"
        r"|(?:the|this)(?:(?!\s+of\s).)+?\s+(?:article|story|piece|cutting))\s+(?:all\s+)?about",
    ),
    (
        "summary",
        r"what\s+do(?:es)?\s+(?P<topic>(?:the|this|that|these|your)\s+(?:(?:<NEWEST>|<OLDEST>)\s+)?"
        r"(?:<STRONG>)(?:\s+(?:about|on|titled|called)\s+.*?)?)\s+say",
    ),
    (
        "summary",
        r"(?:worum\s+geht\s+es\s+in|wovon\s+handelt|de\s+quoi\s+(?:parle|traite)(?:nt)?"
        r"|de\s+qué\s+tratan?)\s+(?P<topic>(?:(?:dem|den|der|die|diese[mnr]?|les?|l[’']|cet|el|los"
        r"|este)\s*)?(?:<LOOSE>)\b.*?)",
    ),
    # Lists
    (
        "listing",
        r"(?:which|what|welche|quels?|qué)\s+(?:of\s+<THE>\s+)?(?:<STRONG>)(?:\s+(?:<HAVE>|<WHERE>))?"
        r"(?:\s+(?:<ABOUT>|on)\s+<TOPIC>)?(?:\s+(?:<HAVE>|<WHERE>|are))*",
    ),
    (
        "listing",
        r"(?:which|what)\s+(?:of\s+<THE>\s+)?(?:<LOOSE>)\s+(?:(?:<HAVE>)(?:\s+(?:<ABOUT>|on)\s+"
        r"<TOPIC>)?|mentions?\s+(?P<topic2>\S.*?))",
    ),
    (
        "listing",
        r"(?:what|was|qué|qu[’']avez-vous)\s+(?:else\s+)?(?:(?:do\s+(?:you|we)|does\s+(?:the|your)\s+"
        r"<LIBRARY>)\s+have|have\s+(?:you|we)\s+got|is\s+there|(?:was|were|got)\s+published"
        r"|hast\s+du|tienes|hay)(?:\s+(?:<ABOUT>|on)\s+<TOPIC>)?",
    ),
    (
        "listing",
        r"(?:(?:show|give|find|get|liste?|name|display|zeige?)(?:\s+(?:me|us|mir))?"
        r"|(?:i(?:[’']m|\s+am)\s+)?looking\s+for|(?:search|look)\s+for|i\s+(?:need|want)(?:\s+to\s+"
        r"(?:see|read))?)\s+(?:(?:an?|the)\s+list\s+(?:of|with)\s+)?"
        r"(?:everything|anything|all|(?:<THE>\s+)*(?:titles|headlines)(?:\s+of\s+(?:<THE>\s+)*(?:<STRONG>))?"
        r"|(?:(?:<THE>|<SOME>|alle)\s+)*(?:<STRONG>|documents|reports|texts))"
        r"(?:\s+(?:that\s+)?(?:<HAVE>))?"
        r"(?:\s+(?:<ABOUT>|on)\s+<TOPIC>)?(?:\s+(?:<HAVE>|<WHERE>))*",
    ),
    (
        "listing",
        r"(?:(?:are|is)\s+there|do\s+(?:you|we)\s+have|have\s+you\s+got)\s+(?:(?:any|an?|<SOME>)"
        r"\s+)*(?:anything|something|<LOOSE>)(?:\s+(?:<ABOUT>|on)\s+<TOPIC>)?",
    ),
    (
        "listing",
        r"d(?:o|oes|id)\s+any\s+(?:of\s+<THE>\s+)?(?:<LOOSE>)\s+(?:<MENTION>)\s+<TOPIC>",
    ),
    (
        "listing",
        r"(?:is|are|was|were)\s+<TOPIC>\s+mentioned\s+in\s+(?:any|an?|one)\s+(?:of\s+<THE>\s+)?"
        r"(?:<LOOSE>)",
    ),
    (
        "listing",
        r"(?:(?:<THE>|<SOME>)\s+)*(?:articles|cuttings|stories)\s+(?:<ABOUT>|on)\s+<TOPIC>",
    ),
    # The openers: of some days their gist, of no day what is newest
    ("summary", r"(?P<dated><OPENER>)"),
    ("summary", r"(?P<happened>what(?:\s+has|[’']s)?\s+(?:happened|been\s+happening))"),
    ("newest", r"(?:<OPENER>)"),
)


def filled(pattern: str) -> str:
    """The pattern with the names of vocabulary in it written out."""
    while True:
        written = re.sub(r"(?<!P)<([A-Z][A-Z ]*)>", lambda name: _group(name[1]), pattern)
        if written == pattern:
            return pattern
        pattern = written


def _group(name: str) -> str:
    return f"(?:{_VOCABULARY[name]})"
