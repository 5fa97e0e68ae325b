"""The sentences of a text, as offsets. Pure, and used for passages and for answers alike.

The splitter knows English. `sentence_starts` adds the full stops of other scripts, and takes back
cuts behind abbreviations and ordinal numbers of other languages, and inside their quotation marks.
An English text without any of those signs stays as it was cut.
"""

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

import nupunkt

from qa.reading.languages import language_of

_BREAK = re.compile(
    r"\n[^\S\n]*\n\s*"  # an empty line
    r"|(?<=\n)(?=[^\S\n]*(?:#{1,6}|[-*+•>]|\d{1,3}[.)])[^\S\n])"  # before a heading or list item
    r"|(?m:^)#{1,6}[^\S\n].*\n"  # after a heading
)
_LINE_OF_PROSE = 40
"""Characters of a line that a sentence may run on from, over the end of a page."""
_CLAUSE = re.compile(
    r"[,;:—–()]\s|[.!?]\s|\b(?:but|although|though|while|whereas|when|because|after|before|which|who"
    r"|since|unless|until|aber|obwohl|während|mais|pero|aunque)\b",
    re.IGNORECASE,
)
_CLOSING = "\"”»’')]*_ \n"
_FOOTNOTES = re.compile(r"\s*(?:\[\d{1,3}\])+")


def sentence_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Start and end of every sentence, in order, without the white space around it.

    Every character that is not white space stands in exactly one span. The end of a heading or a
    list item always ends a sentence, and so does that of a paragraph, but where a page ended within
    the sentence. Marks such as `[2]` right after a sentence belong to it.
    """
    spans: list[tuple[int, int]] = []
    for start, end in _blocks(text):
        spans += _sentences_of_block(text[start:end], start)
    return tuple(spans)


def clause_cuts(text: str) -> list[int]:
    """Where the clauses of a text begin, and where the last one ends; a first one may be empty.

    Punctuation and conjunctions tell, no grammar: this is for comparing, not for showing.
    """
    return [0, *(match.start() for match in _CLAUSE.finditer(text)), len(text)]


def ends_asking(text: str) -> bool:
    """Whether a text ends in a question, which tells nothing without the reply."""
    return text.rstrip(_CLOSING).endswith(("?", "？"))


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without the white space at its ends; start equals end when nothing is left."""
    part = text[start:end]
    start += len(part) - len(part.lstrip())
    return start, start + len(part.strip())


def _blocks(text: str) -> list[tuple[int, int]]:
    ends = [match.end() for match in _BREAK.finditer(text) if not _runs_on(text, *match.span())]
    return list(zip([0, *ends], [*ends, len(text)], strict=True))


def _runs_on(text: str, start: int, end: int) -> bool:
    """Whether a line of prose stops without a stop, and goes on in a small letter behind a gap."""
    line = text[text.rfind("\n", 0, start) + 1 : start].rstrip()
    open_ended = line[-1:].isalpha() or line[-1:] in (",", ";")
    return len(line) >= _LINE_OF_PROSE and open_ended and text[end : end + 1].islower()


def _sentences_of_block(block: str, offset: int) -> list[tuple[int, int]]:
    cuts = sentence_starts(block, [start for start, _ in nupunkt.sent_spans(block)][1:])
    # nupunkt leaves a footnote mark at the head of the next sentence.
    cuts = [mark.end() if (mark := _FOOTNOTES.match(block, cut)) else cut for cut in cuts]
    bounds = [0, *cuts, len(block)]
    spans = [trimmed(block, start, end) for start, end in itertools.pairwise(bounds)]
    return [(offset + start, offset + end) for start, end in spans if start < end]


LONGEST_QUOTE_CHARS = 300
"""A quotation that is longer is parted like any other text, lest one mark forgotten join a page."""

_INSIDE = f"{{1,{LONGEST_QUOTE_CHARS}}}"
_QUOTE = re.compile(rf"«[^«»]{_INSIDE}»|»[^«»]{_INSIDE}«|„[^„“”]{_INSIDE}[“”]")
_EAST_ASIAN_QUOTE = re.compile(
    rf"「[^「」]{_INSIDE}」|『[^『』]{_INSIDE}』|“[^“”]{_INSIDE}”|（[^（）]{_INSIDE}）"
)
"""Marks that keep together what 。 would part."""

_CLOSING = r"[”’』」）】》〉»\"')\]]*"
_HAN_OR_KANA = "\u3041-\u30ff\u3400-\u9fff"
_STOP = re.compile(
    rf"[。！？｡؟۔।॥։።][。！？｡؟۔।॥!?]*{_CLOSING}"
    rf"|(?<=[{_HAN_OR_KANA}])[!?]+{_CLOSING}(?=[{_HAN_OR_KANA}])"
)
"""A full stop of another script, with what closes behind it."""

_SAID = re.compile(
    "(?<=[」』])(?:と|って|など)|(?<=[！？!?][”」』])[^\\s，。、！？,]{0,6}?[说說问問道称稱](?![：:])"
)
"""Behind a closed quotation: that it was said belongs to it, in Chinese behind ！ and ？ alone."""

_FULL_QUOTE = re.compile(r"[.!?…]\s?[»«“”]\s+(?=([«»„(¿¡]?\s?[^\W\d_]))")
"""The end of a quoted sentence, and how the next word begins."""

_ABBREVIATIONS = frozenset(
    # English ranks
    "Cdr Cmdr Gy Lieut Lt Regt Sgts"
    # German
    " Abb Abs Abt Aufl Bd Bde Bez Fa Forts Hbf Hl Hr Hrn Hrsg Jg Jh Jhd Mag Mio Mrd Nr Okt Pfr Std"
    " Stv Tsd Vgl Ziff bspw bzgl bzw ca dgl ebd evtl geb gegr ggf hl hrsg inkl kath lfd nr röm sog"
    " stv tgl verh vgl wg zit zzgl"
    # French
    " Cie Ets MM Mgr Mlle Mlles Mme Mmes Tél apr boul cf tél éd"
    # Spanish, Portuguese, Italian
    " Arq Avda Avv Cía Dott Dra Dras Dña Excmo Fdo Gral Ilmo Lic Núm Pdte Pág Rvdo Sigg Sra Sras"
    " Sres Srta Srtas Tte Uds Vds núm pág págs"
    # Russian
    " акад гг просп проф см ср ул".split()
)
"""None of them ends an English sentence; what the splitter knows is left out, and so is what mostly
ends a sentence, as "usw."."""

_BEFORE_NAMES = {"es": {"Sr", "Ud", "Vd"}, "fr": {"Ste", "av", "bd"}}
_BEFORE_FIGURES = frozenset("Anm Art Kap Str Tab Taf art cap chap fasc str vol".split())
"""Words of English or of their own language, unless a figure follows."""

_BEFORE_SMALL = frozenset("deg mil".split())
"""Ends of English sentences, too, unless a small letter follows."""

_LAST_WORD = re.compile(r"([^\W\d_]+)\.\s+\Z")
_ORDINAL = re.compile(r"(?:\b([^\W\d_]+)\s+)?(?<![\d.,])\d{1,3}\.\s+\Z")
_FARTHEST_CHARS = 40
"""An abbreviation, or an ordinal with the word before it, is no longer."""

_NUMBERED = re.compile("Jänner|Januar|Februar|März|Mai|Juni|Juli|Oktober|Dezember|Jahrhundert")
_NUMBERED_OR_ENGLISH = re.compile(r"(?:April|August|September|November)\b")
_BEFORE_ORDINALS = frozenset(
    "ab am beim bis das dem den der des die ihr ihre ihrem ihren ihrer im jede jedem jeden jeder"
    " sein seine seinem seinen seiner seit vom vor zum zur".split()
)


def sentence_starts(text: str, english: Iterable[int]) -> Sequence[int]:
    """Where the second and later sentences of a paragraph begin, ascending.

    `english` are the offsets at which English rules let one begin.
    """
    if text.isascii():  # no foreign mark or letter; abbreviations and ordinals there may be
        return [cut for cut in english if not _goes_on(text, cut)]
    quotes = [quote.span() for quote in _QUOTE.finditer(text)]
    starts = {cut for cut in english if not _goes_on(text, cut) and not _inside(cut, quotes)}
    for end in _FULL_QUOTE.finditer(text):
        if not _inside(end.end(), quotes):
            (starts.discard if end[1][-1].islower() else starts.add)(end.end())
    stops = list(_STOP.finditer(text))
    if stops:
        quotes += [quote.span() for quote in _EAST_ASIAN_QUOTE.finditer(text)]
        quotes.sort()
    for stop in stops:
        if not _SAID.match(text, stop.end()) and not _inside(stop.end(), quotes):
            starts.add(stop.end())
    return sorted(starts)


def _inside(offset: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether an offset lies between the two ends of one of the spans, which are ascending."""
    before = bisect_left(spans, (offset, 0)) - 1
    return before >= 0 and offset < spans[before][1]


def _goes_on(text: str, cut: int) -> bool:
    """Whether a sentence goes on at a cut, behind an abbreviation or an ordinal number."""
    before = text[max(0, cut - _FARTHEST_CHARS) : cut]
    word = _LAST_WORD.search(before)
    if word:
        return _is_abbreviation(word[1], text, cut)
    ordinal = _ORDINAL.search(before)
    if not ordinal:
        return False
    if _NUMBERED.match(text, cut):
        return True
    follows_article = (ordinal[1] or "").lower() in _BEFORE_ORDINALS
    return bool(
        (follows_article or _NUMBERED_OR_ENGLISH.match(text, cut)) and language_of(text) == "de"
    )


def _is_abbreviation(word: str, text: str, cut: int) -> bool:
    if word in _ABBREVIATIONS or word[0].lower() + word[1:] in _ABBREVIATIONS:
        return True
    if word in _BEFORE_SMALL:
        return text[cut : cut + 1].islower()
    if word in _BEFORE_FIGURES and text[cut : cut + 1].isdigit():
        return language_of(text) != "en"
    names = [language for language, known in _BEFORE_NAMES.items() if word in known]
    return bool(names) and language_of(text) in names
