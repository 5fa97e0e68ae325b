"""A follow-up becomes a question that stands alone, before anything is looked up for it. Pure.

"And in the second round?" finds nothing, and what is found for it cannot be doubted by itself. So
the model writes it out with what the turns before lend it (as in Elgohary et al., Can You Unpack
That?, EMNLP 2019). What it writes is taken where it asks the same and adds nothing that was not
said, and is shown to the person who asks. Else the turns' questions are put behind the follow-up
(`bench/answers.md` has what else was tried). A question that stands alone is left as it is.
"""

import re
from collections.abc import Sequence

from qa.answering import markers
from qa.answering.parts import asking_words, defines, named
from qa.answering.refusal import is_refusal
from qa.engine.generation import Message, Role
from qa.reading import wording
from qa.reading.stop_words import STOP_WORDS
from qa.reading.words import words
from qa.surveying.request_shapes import filled
from qa.surveying.requests import plain, small_talk
from qa.types import Turn

FEWEST_WORDS = 3
"""A question with fewer telling words than this leans on what was said before."""

MOST_TOKENS = 64
"""Of a follow-up that is written out: a line."""

MOST_OF_ANSWER = 240
"""Characters of an earlier answer that the model reads: what a follow-up points at stands early."""

SYSTEM = (
    "Rewrite the last question so that it can be understood alone: put in the names and facts that "
    "it leaves out. Change nothing else."
)

EXAMPLES = (
    (
        Turn("How high is the new tower in Lund?", "The tower in Lund is 86 metres high."),
        "And who paid for it?",
        "Who paid for the new tower in Lund?",
    ),
    (
        Turn("How many votes did Anna Berg get in 2014?", "Anna Berg got 5,210 votes in 2014."),
        "And Olsen?",
        "How many votes did Olsen get in 2014?",
    ),
    (
        Turn("When does the night train leave?", "It leaves Oslo at 22:40."),
        "How long does it take?",
        "How long does the night train from Oslo take?",
    ),
)
"""A pronoun, another name, a name from the answer: with them the model changes less."""

_END = r"(?=\s*(?:[?!.;]|$))"
_EASY = (
    r"(?:(?:un)?(?:safe|fair|lawful)|dangerous|risky|eas(?:y|ier)|hard(?:er)?|difficult"
    r"|(?:im)?possible|(?:il)?legal|important|necessary|right|wrong|better|worse|normal|common)"
)
# Words that stand for what was said before. Those in `own` are a name's that stands before them in
# the same question ("Why did Germany send its tanks"), where the others are not ("about him").
_POINTING = re.compile(
    r"\b(?P<own>(?:he|she|they|his|hers|its|theirs?|(?:him|her|it|them)sel(?:f|ves)|(?:it|her)"
    r"(?=\s+(?!(?:in|on|at|to|for|from|by|with|after|before|and|or|when|about|as|last|this|again"
    r"|back)\b)\w))\b)|\b(?:him|her|it|them|there|this|these|those)\b"
    rf"|\b(?:the\s+(?:former|latter)|that|at\s+the\s+time|then|too|as\s+well|(?-i:ones?)){_END}"
    r"|\b(?:since|by|until|back)\s+then\b|\balso(?=(?:\s+\w+)?\W*$)"
    rf"|\bthe\s+same\b(?:{_END}|(?=\s+(?:thing|happen|true|in|for|about|to|with|on|last)))"
    # no conjunction: "to that decision", "was that in May"
    r"|(?:^\W*|\b(?:about|of|on|to|for|with|from|in|at|by|after|before|since|behind|during|than"
    r"|like|against|over|cover\w*|discuss\w*|describ\w*|is|are|was|were|do|does|did|has|have|had"
    r"|can|could|will|would|should)\s+)(?P<that>that)\b"
    # no number and nobody: "the Russian one", "which one"
    r"|\b(?:which|this|that|these|those|another|other|the\s+\w+)\s+(?P<one>(?-i:ones?))\b"
    r"(?!-|\s+(?:who|that|which|whose|to|hundred|thousand|million|billion|trillion)\b)",
    re.IGNORECASE,
)
# Words that point at nothing: "is there a truce", "this year", "how long does it take to …", "is it
# safe to …", "no one", "those who".
_POINTLESS = re.compile(
    r"\b(?:is|are|was|were|be|been)\s+there\b|\bthere\s+(?:is|are|was|were|will|has|have|had)\b"
    r"|\b(?:this|these)\s+(?:morning|afternoon|evening|night|day|week|weekend|month|year|spring"
    r"|summer|autumn|winter|season|time)s?\b|\bones?\s+of\b|\bit\s+true\b"
    r"|\bit\s+(?:takes?|took|costs?)\b(?=.*\bto\b)"
    rf"|(?:\bit\b(?=\s+(?:\w+\s+)?{_EASY}\s)|\bhow\s+{_EASY}\s+\w+\s+it\b)(?=.*\sto\s)"
    r"|\b(?:(?:is|was|be|been)\s+it|it\s+(?:is|was))\s+(?:\w+\s+)?(?:that|who|whether)(?=\s+\w)"
    r"|\b(?:no|number|formula|phase|day|round|part|group|war)\s+one\b|\bth(?:at|ose)\s+of\b"
    r"|\bthose\s+(?:who|whose|whom|which|that|from|in|\w+(?:ed|ing)\s+\w)",
    re.IGNORECASE,
)
# A name that only says where: no pronoun behind it stands for it.
_PLACE = re.compile(r"\b(?:in|at|near|from)(?:\s+the)?(?:\s+[A-ZÀ-Þ][\w’'-]*)+")
_GOES_ON = r"(?:and|but|or|what about|how about)\b"
_OPENING = re.compile(rf"^(?:\W*{_GOES_ON})+", re.IGNORECASE)
_ORDER = re.compile(filled(r"(?:<SHOW>|<SUMMARISE>|tell|explain|describe|compare)\b"), re.I)
_WORD = re.compile(r"\w+")
# A turn's day and these make another day, which may be written in their place.
_SPANS = frozenset(
    wording.words("a one two three four five six seven day week month year later earlier before")
) | frozenset(wording.words("after next previous following preceding"))


def leant_on(question: str, history: Sequence[Turn]) -> tuple[Turn, ...]:
    """The turns that a question needs to be understood, in their order; none if it stands alone.

    The last, and before it the last that stands alone, or the first of all. Greetings and thanks
    are passed over. What is asked once more leans on what it leant on before.
    """
    told = [turn for turn in history if not small_talk(turn.question)]
    while told and leans(question) and _repeats(question, told[-1].question):
        question = told.pop().question
    if not told or not leans(question):
        return ()
    last = told[-1]
    alone = next((turn for turn in reversed(told) if not leans(turn.question)), told[0])
    return (last,) if alone is last else (alone, last)


def leans(question: str) -> bool:
    """Whether a question seems to need the turns before it to be understood.

    It points back by a pronoun, opens as a continuation ("And …"), has few telling words, or names
    nothing: no name behind its first word, no figure. Who somebody is stands alone.
    """
    bare = _bare(question)
    before = question[: question.find(bare)]
    if points_back(question) or re.search(rf"\b{_GOES_ON}", before, re.IGNORECASE):
        return True
    return not defines(bare) and (
        sum(word not in STOP_WORDS for word in words(bare)) < FEWEST_WORDS
        or not _names_something(bare)
    )


def points_back(question: str) -> bool:
    """Whether a pronoun, "there", "also" or the like stands for what was said before.

    A pronoun behind a name in the same question may stand for that.
    """
    question = question[:1].lower() + question[1:]  # or "Did Germany" were one name
    names = named(_PLACE.sub(" ", question))
    name_at = question.find(names[0]) if names else len(question)
    text = _POINTLESS.sub(lambda found: "_" * len(found[0]), question)
    return any(not one["own"] or one.start() < name_at for one in _POINTING.finditer(text))


def leaning(question: str, history: Sequence[Turn]) -> str:
    """The question with those it leans on behind it: "And who was second? (Who won the race?)".

    So its evidence is found better than with the answer, or behind them (`bench/answers.md`).
    """
    before = " ".join(turn.question for turn in leant_on(question, history))
    return f"{question} ({before})" if before else question


def rewriting(question: str, turns: Sequence[Turn], begun: str) -> list[Message]:
    """The prompt that has a follow-up written out, one line, with what these turns lend it.

    What is `begun`, its `opening`, the model goes on with.
    """
    examples = [
        message
        for turn, follow_up, written in EXAMPLES
        for message in (
            Message(Role.USER, (_talk([turn]), f" {follow_up}\nRewritten:")),
            Message(Role.ASSISTANT, (written,)),
        )
    ]
    last = Message(Role.USER, (_talk(turns), f" {question}\nRewritten:"))
    own = [Message(Role.ASSISTANT, (begun,))] if begun else []
    return [Message(Role.SYSTEM, (SYSTEM,)), *examples, last, *own]


def opening(question: str) -> str:
    """What a follow-up that is written out begins with: its own words up to one that points back.

    So it asks for the same. Empty where the follow-up has no word to ask with, or points at once.
    It ends before words that only may point back, too: else the model may think it whole.
    """
    bare = _bare(question)
    cut = re.search(rf"{_POINTING.pattern}|\bthat\b", bare, re.IGNORECASE)
    own = bare[: cut.start(cut.lastgroup or 0)].rstrip() if cut else bare
    return own[:1].upper() + own[1:] if asking_words(own) else ""


def asks_the_same(written: str, question: str, turns: Sequence[Turn]) -> bool:
    """Whether a line stands for a follow-up: it asks with the same word and has its other words.

    It adds no name and no figure that was not said, but for a day that is a span from one that was.
    What is polite, or only points back, need not be in it; an order may stay one.
    """
    signs = ("?", "？")
    asks = written.endswith(signs) or (not question.endswith(signs) and _ORDER.match(written))
    bare = _bare(question)
    if not asks or not asking_words(bare) <= asking_words(written):
        return False
    said = "\n".join([question, *(f"{turn.question}\n{turn.answer}" for turn in turns)])
    own = _POINTING.sub(lambda one: one[0][: one.start(one.lastgroup or 0) - one.start()], bare)
    lost = set(wording.content_words(own)) - set(wording.words(written))
    new_names = wording.names(written) - wording.name_forms(said)
    new_figures = wording.figures(written) - wording.figures(said)
    of_a_span = bool(lost) and lost <= _SPANS
    return not new_names and (of_a_span or not (lost or new_figures))


def _talk(turns: Sequence[Turn]) -> str:
    """The turns as the model reads them; what a refusal said is nothing to point at."""
    lines = []
    for turn in turns:
        answer = "" if is_refusal(turn.answer) else markers.without(turn.answer)[:MOST_OF_ANSWER]
        lines.append(f"Question: {turn.question}\n" + (f"Answer: {answer}\n" if answer else ""))
    return "".join([*lines, "Last question:"])


def _bare(question: str) -> str:
    """The question without what is polite at its ends, and without the "and" that it opens with."""
    return _OPENING.sub("", plain(question)).strip(" ,?？")


def _repeats(question: str, before: str) -> bool:
    """Whether it asks with the same words for the same as the question before it: once more."""
    bare = [_bare(one) for one in (question, before)]
    one, other = ((asking_words(own), set(words(own)) - STOP_WORDS) for own in bare)
    return one == other and bool(one[1])


def _names_something(question: str) -> bool:
    """Whether there is a figure, or a capital that neither opens the question nor is "I"."""
    return any(
        word[0].isdigit() or (place > 0 and word[0].isupper() and len(word) > 1)
        for place, word in enumerate(_WORD.findall(question))
    )
