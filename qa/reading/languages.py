"""Which language a text is written in, and which of its words say nothing. Pure.

By script, and among Latin letters by the function words: of a question some ten words are all there
is, too few for letter statistics.
"""

import re
import unicodedata
from collections.abc import Mapping, Set

from qa.reading.stop_words import STOP_WORDS

UNKNOWN = "other"
"""What a language is called that is none of those that are told apart."""

FOREIGN_STOP_WORDS: Mapping[str, frozenset[str]] = {
    "de": frozenset(
        "aber als am an auch auf aus bei beim bin bis da damit dann das dass dem den denn der des"
        " dessen die dies diese diesem diesen dieser dieses doch dort du durch ein eine einem einen"
        " einer eines er es für gegen gibt hat hatte hatten habe haben ich ihr ihre ihrem ihren"
        " ihrer im in ins ist kann können man mit nach nicht noch nun nur ob oder ohne sein seine"
        " seinem seinen seiner seit sich sie sind so um und uns vom von vor wann war waren warum"
        " was weil welche welchem welchen welcher welches wem wen wenn wer werden wessen wie"
        " wieso will wir wird wo wofür woher wohin womit worüber wurde wurden zu zum zur zwischen"
        " über".split()
    ),
    "fr": frozenset(
        "a ai ainsi au aussi aux avait avec avoir c ce ces cet cette ceux combien comment d dans de"
        " depuis des donc dont du elle elles en entre est et eu eux il ils j je l la laquelle le"
        " lequel les lesquelles lesquels leur leurs lui m ma mais me mes n ne ni nos notre nous on"
        " ont ou où par pas pendant plus pour pourquoi qu quand que quel quelle quelles quels qui"
        " quoi s sa sans se sera ses si son sont sur t ta te tes toi ton tu un une vos votre vous y"
        " à étaient était été être".split()
    ),
    "es": frozenset(
        "a al como cómo con cual cuales cuál cuáles cuando cuándo cuanta cuantas cuanto cuantos"
        " cuánta cuántas cuánto cuántos cuya cuyo de del desde donde dónde e el ella ellas ellos en"
        " entre era eran es esa esas ese eso esos esta estaba estas este esto estos está están fue"
        " fueron ha había han hasta hay la las le les lo los me mi más ni no nos o para pero por"
        " porque que quien quienes quién quiénes qué se según ser si sido sin sobre son su sus sí"
        " también te tu un una unas uno unos y ya él".split()
    ),
}
"""The commonest function words of a language, in small letters; contents in another, like "die"."""

_ASKED = {
    "de": "alle artikel bekam dauert dauerte erkläre fasse geschah heißt kostet kostete nenne"
    " passiert passierte sagt sagte zeige zusammen",
    "fr": "c' d' j' l' m' n' qu' s' t' coûte coûté coûter dit durer duré explique fait peut résume"
    " tous toutes veut",
    "es": "costó cuesta dice dijo dura duró explica hizo pasó puede resume tiene todas todos",
}
"""Other words of common questions, which tell "Was kostete die Schule?" from English."""

_NEIGHBOURS = {
    "it": "che chi come con cosa da dei del della delle di dove e gli ha il in la le nel nella non"
    " per perché quando quanto quanti si sono un una è",
    "pt": "a ao as com como da das de do dos e em foi na no não o onde os para por porque quando"
    " quanto que quem se são um uma é",
    "nl": "aan dat de die een en er het hij hoe hoeveel in is met naar niet of om op te van voor"
    " waar waarom wanneer was wat wie zijn",
}
"""Languages that are told apart from those above only to be left alone."""

_PAIR_STOP_WORDS: Mapping[str, frozenset[str]] = {
    "zh": frozenset(
        "什么 为什 么是 么时 时候 多少 多长 有多 怎么 怎样 哪里 哪个 哪些 是谁 谁是 是什"
        " 几个".split()
    ),
    "ja": frozenset(
        "です ます でし まし した たか すか んか せん どこ いつ だれ 誰が 誰で なに 何で は何 は誰"
        " どの のく くら らい なぜ から かり りま いう".split()
    ),
}
"""The same where words are pairs of characters (`qa.reading.words`): those of common questions."""

_ALSO_ENGLISH = frozenset("am bin die hat her man me no on pour sin so son war will".split())
"""Function words elsewhere that are spelled like words of English: they tell nothing against it."""

_CUES: Mapping[str, Set[str]] = {
    "en": STOP_WORDS | _ALSO_ENGLISH | {"after", "before", "not", "said", "you"},
    **{
        language: {word for word in known if len(word) > 1 or word in "aàyeo"}
        | set(_ASKED[language].split())
        for language, known in FOREIGN_STOP_WORDS.items()
    },
    **{language: frozenset(known.split()) for language, known in _NEIGHBOURS.items()},
}

_LETTERS = {
    "de": frozenset("äöüß"),
    "fr": frozenset("àâçèéêëîïôùûœ"),
    "es": frozenset("áéíñóú¿¡"),
}
"""Letters that weigh as one word for their language where words alone leave it open."""

FEWEST_CUES, FEWEST_SHARE = 2, 0.15
"""Function words (one will do for English), and their share of all words, below which a text tells
nothing of its language; questions and prose have .3 to .6, "Los Angeles" has one."""

MOST_CONTRADICTED = 2
"""A language needs more than so many words for each one that English alone has."""

MOST_CHARS = 4000
"""So much of a text tells its language."""

_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")
_WORD = re.compile(r"(?<!\w)(?:[cdjlmnst]|qu)'(?=\w)|[^\W\d_]+")

_EAST_ASIAN = 0.3
"""Share of the letters: a character says as much as two or three letters do."""

_JAPANESE = 0.1
"""Share of kana: Japanese prose is half kana, and a Chinese text may quote a name in it."""


def language_of(text: str) -> str:
    """The language of a text: "en", "de", "fr", "es", "zh", "ja", else "other".

    Function words decide by their count; English wins where another language has hardly more. A
    text with hardly any, as a name, is "other".
    """
    text = unicodedata.normalize("NFC", text[:MOST_CHARS]).lower()
    letters = sum(char.isalpha() for char in text)
    kana, han = len(_KANA.findall(text)), len(_HAN.findall(text))
    if kana + han > _EAST_ASIAN * letters:
        return "ja" if kana > _JAPANESE * (kana + han) else "zh"
    return _by_function_words(text)


def stop_words(language: str) -> frozenset[str]:
    """The words that say nothing of what a text in this language is about, in small letters.

    Without a list of the language's own, the English ones.
    """
    return FOREIGN_STOP_WORDS.get(language) or _PAIR_STOP_WORDS.get(language, STOP_WORDS)


def _by_function_words(text: str) -> str:
    found = _WORD.findall(text.replace("’", "'"))
    cues = {
        language: sum(word in known for word in found)
        + any(char in text for char in _LETTERS.get(language, ""))
        for language, known in _CUES.items()
    }
    language = max(cues, key=lambda one: cues[one])  # English stands first: it has it at a tie
    most = cues[language]
    fewest = 1 if language == "en" else min(FEWEST_CUES, len(found))
    if most < max(1, fewest, FEWEST_SHARE * len(found)):
        return UNKNOWN
    rivals = [count for one, count in cues.items() if one not in {"en", language}]
    # "Los Angeles and La Paz" has two words of Spanish, and one that only English has.
    only_english = sum(word in _CUES["en"] - _CUES[language] for word in found)
    if language == "en" or most <= MOST_CONTRADICTED * only_english:
        return "en"
    return language if language in FOREIGN_STOP_WORDS and most > max(rivals) else UNKNOWN
