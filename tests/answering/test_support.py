"""Whether words say what a sentence claims, worked out by hand."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qa.answering.support import Words, bears_out, contradicts, share_met

SATURDAY = date(2023, 6, 10)
TITLE = "Ferry Marit raised"
RAISED = Words(
    "The ferry Marit was raised on Thursday after 23 days on the bottom of the Holme sound. "
    "At least 140 people were on board when she sank, the coast guard said, of whom 47 died. "
    "About 12 per cent of the cargo, 1.5 million litres of oil, leaked. "
    "Captain Ann Dale did not give a reason. The inquiry, led by the Norwegian judge Tor Vik, "
    "begins on 4 July.",
    SATURDAY,
    TITLE,
)
ELECTED = Words(
    "Rosa Kemp, a retired nurse, was elected mayor of Orrin on Sunday. She won 5,210 votes, ahead "
    "of the baker Hugh Lorne with 4,375 and the farmer Ida Moss with 1,120.",
    date(2024, 3, 5),
    "Orrin elects a mayor",
)


@pytest.mark.parametrize(
    "claim",
    [
        "The ferry Marit was raised on Thursday.",
        "The ferry Marit was raised on 8 June 2023.",
        "The ferry Marit was raised on June 8.",
        "The ferry Marit was raised in June 2023.",
        "The Marit was raised after 23 days on the bottom of the Holme sound.",
        "Of at least 140 people on board, 47 died, the coast guard said.",
        "12% of the cargo leaked.",
        "1,500,000 litres of oil leaked.",
        "Ann Dale didn't give a reason.",
        "Captain Ann Dale gave no reason.",
        "The inquiry begins on 4 July 2023.",
        "The inquiry is led by the judge Tor Vik.",
        "An inquiry led by Norwegian judge Tor Vik begins on 4 July.",
        "Forty-seven died.",
    ],
)
def test_the_same_facts_in_other_words(claim: str) -> None:
    assert bears_out(claim, RAISED)


@pytest.mark.parametrize(
    "claim",
    [
        "The ferry Marit was raised on Friday.",  # another day
        "The ferry Marit was raised on 9 June 2023.",
        "The ferry Marit was raised on 8 June 2022.",
        "The ferry Marit was raised on 8 July.",
        "The ferry Greta was raised on Thursday.",  # another name
        "Napoleon was raised on Thursday.",
        "The Swedish judge Tor Vik leads the inquiry.",
        "At least 150 people were on board.",  # another figure
        "47 people were on board when she sank.",  # another role
        "12 litres of the cargo leaked.",  # another unit
        "1.5 million tonnes of oil leaked.",
        "1.5 billion litres of oil leaked.",
        "Captain Ann Dale gave a reason.",  # denied there
        "The ferry Marit was not raised.",  # stated there
        "Nobody died.",
        "No oil leaked.",
        "The ferry Marit was painted green, blue and white with new brushes.",  # other words
        "The crew danced on deck.",
        "Captain Ann Dale leads the inquiry.",  # two sentences' matters
        "The inquiry begins in 2024.",
        "The captain said “I do not know”.",  # a quotation of nobody
        "",
        "Yes.",
    ],
)
def test_other_facts(claim: str) -> None:
    assert not bears_out(claim, RAISED)


@pytest.mark.parametrize(
    ("claim", "borne_out"),
    [
        ("She won 5,210 votes.", True),
        ("Rosa Kemp won by 5,210 votes.", False),
        ("She won 5,210 votes, ahead of the baker Hugh Lorne with 4,375.", True),
        ("Hugh Lorne won 5,210 votes, ahead of Rosa Kemp.", False),
        ("Hugh Lorne was elected mayor of Orrin.", False),
        ("Rosa Kemp was elected mayor of Orrin on 3 March 2024.", True),
        ("Rosa Kemp won 4,375 votes.", False),
    ],
)
def test_who_did_it_and_by_how_much(claim: str, borne_out: bool) -> None:
    assert bears_out(claim, ELECTED) is borne_out


def test_how_many_were_there_is_not_how_many_died() -> None:
    assert not bears_out("At least 140 people died.", RAISED)


def test_the_votes_of_one_are_not_those_of_the_other() -> None:
    assert not bears_out("Hugh Lorne won 5,210 votes.", ELECTED)


EELS = Words(
    "In 2016 the group had followed 40 eels and found that 35 per cent died, against 21 per cent "
    "in 2023. Sabel puts the difference down to a screen that was built in 2019. It had opened on "
    "4 May. The group goes on.",
    date(2023, 11, 3),
)


@pytest.mark.parametrize(
    ("claim", "borne_out"),
    [
        ("35 per cent died in 2016.", True),
        ("35 per cent died in 2019.", False),
        ("A screen was built in 2019.", True),
        ("A screen was built on 4 May 2023.", False),
        ("A screen was built in 2016.", False),
        ("The group goes on.", True),
    ],
)
def test_a_day_is_that_of_its_own_sentence(claim: str, borne_out: bool) -> None:
    assert bears_out(claim, EELS) is borne_out


@pytest.mark.xfail(reason="the sentence that says she names others: the quote is told instead")
def test_she_is_the_one_before() -> None:
    assert bears_out("Rosa Kemp won 5,210 votes.", ELECTED)


@pytest.mark.parametrize(
    ("claim", "borne_out"),
    [
        ("The Orrin fair is the first since the war.", False),
        ("The meeting is the first since the war.", True),
        ("Hugh Lorne met Rosa Kemp.", True),
        ("Rosa Kemp was met by Hugh Lorne.", True),
    ],
)
def test_what_something_is_beside_is_not_what_it_is(claim: str, borne_out: bool) -> None:
    there = "The meeting, on the edge of the Orrin fair, is the first since the war."
    words = Words(f"{there} Hugh Lorne met Rosa Kemp.")
    assert bears_out(claim, words) is borne_out


@pytest.mark.parametrize(
    ("claim", "borne_out"),
    [
        ("The council has no plans to close the swimming bath.", True),
        ("The council plans to close the swimming bath.", False),
        ("The council does not plan to close the swimming bath.", True),
        ("The swimming bath will be closed.", False),
    ],
)
def test_what_is_not_planned(claim: str, borne_out: bool) -> None:
    words = Words("The council has no plans to close the swimming bath, a spokesman said.")
    assert bears_out(claim, words) is borne_out


def test_a_quotation_stands_there_word_for_word() -> None:
    words = Words("“We shall rebuild every house,” said the mayor, Ines Aldo.")
    assert bears_out("The mayor, Ines Aldo, said “We shall rebuild every house”.", words)
    assert not bears_out("The mayor, Ines Aldo, said “We shall rebuild the house”.", words)


def test_a_title_lends_a_name_to_a_pronoun_and_not_to_somebody_else() -> None:
    title = "Dale receives the owners"
    by_pronoun = Words("She received the owners in the harbour office.", SATURDAY, title)
    by_another = Words("In Holme, Carl Rowe received the owners for dinner.", SATURDAY, title)
    assert bears_out("Dale received the owners.", by_pronoun)
    assert not bears_out("Dale received the owners.", by_another)


def test_words_without_a_date_say_what_they_say() -> None:
    words = Words("The lamp was lit on Tuesday, 3 May.")
    assert bears_out("The lamp was lit on Tuesday.", words)
    assert bears_out("The lamp was lit on May 3.", words)
    assert not bears_out("The lamp was lit on 4 May.", words)


@pytest.mark.parametrize(
    ("claim", "there"),
    [
        ("Norway did not sign the treaty.", "Norway signed the treaty."),
        ("Norway signed the treaty.", "Norway did not sign the treaty."),
        ("Norway signed the treaty.", "Norway didn't sign the treaty in May."),
        ("Norway signed the treaty.", "Norway failed to sign the treaty."),
        ("Norway signed the treaty.", "Norway refused to sign the treaty."),
        ("There were injuries.", "There were no injuries, the owner said."),
        ("He knew of the leak.", "He denied that he knew of the leak."),
        ("Die Brücke ist offen.", "Die Brücke ist nicht offen."),
        ("Le pont est ouvert.", "Le pont n’est pas ouvert."),
        ("El puente está abierto.", "El puente nunca estuvo abierto, ni lo está."),
    ],
)
def test_one_denies_what_the_other_states(claim: str, there: str) -> None:
    assert contradicts(claim, there)


@pytest.mark.parametrize(
    ("claim", "there"),
    [
        ("Norway did not sign the treaty.", "Norway didn't sign the treaty."),
        ("Norway never signed the treaty.", "Norway refused to sign the treaty."),
        ("The ship is 400 metres long.", "The ship is 400 metres long, not 430 metres."),
        ("Norway and Sweden signed.", "Not only Norway but also Sweden signed."),
        ("No fewer than ten ships sank.", "At least ten ships sank."),
        ("Norway signed the treaty.", "Norway signed the treaty, but Sweden did not want to join."),
        ("The bath is warm.", "Nobody was there. The bath is warm."),
    ],
)
def test_what_only_looks_like_a_denial(claim: str, there: str) -> None:
    assert not contradicts(claim, there)


def test_the_share_of_plain_words_that_stand_there() -> None:
    words = Words("The baker sold bread and cakes.")
    assert share_met("The baker sold bread.", words) == 1.0
    assert share_met("The baker burnt bread.", words) == pytest.approx(2 / 3)
    assert share_met("On 4 July.", words) == 1.0  # no plain word in it


SUBJECTS = st.sampled_from(
    [
        "The ferry Marit",
        "Ann Dale",
        "The mayor of Orrin",
        "A spokesman",
        "The coast guard",
        "Norway",
    ]
)
VERBS = st.sampled_from(
    ["sold", "did not sell", "was given", "refused", "painted", "has no plans to repair", "won"]
)
OBJECTS = st.sampled_from(
    ["the old bridge", "5,210 votes", "12 per cent of the cargo", "nine boats", "the Holme harbour"]
)
ENDS = st.sampled_from(
    ["", " on Thursday", " on 4 July", " in 2019", " by 30 metres", ", the harbour office said"]
)
PLAIN_QUOTES = st.tuples(SUBJECTS, VERBS, OBJECTS, ENDS).map(
    lambda words: f"{' '.join(words[:3])}{words[3]}."
)
QUOTES = st.lists(PLAIN_QUOTES, min_size=1, max_size=3).map(" ".join)


@given(PLAIN_QUOTES, st.sampled_from([None, SATURDAY]))
@example("Norway has no plans to repair nine boats by 30 metres.", None)
def test_a_quote_bears_itself_out(quote: str, published: date | None) -> None:
    assert bears_out(quote, Words(quote, published, TITLE))


@given(QUOTES, st.integers(31, 999).map(lambda number: number * 7919))
def test_a_number_that_stands_nowhere_never_passes(quote: str, number: int) -> None:
    """The numbers are multiples of a prime that no quote above has, and no year or day."""
    there = Words(quote, SATURDAY, TITLE)
    for claim in (f"{number:,} boats sank.", quote.replace("the", f"{number}", 1) + f" {number}"):
        assert not bears_out(claim, there)


@given(QUOTES, st.sampled_from(["Anholt", "Wilhelmina", "Kazakhstan", "Zdeněk"]))
def test_a_name_that_stands_nowhere_never_passes(quote: str, name: str) -> None:
    assert not bears_out(f"{quote[:-1]} of {name}.", Words(quote, SATURDAY, TITLE))


def test_no_word_of_the_questions_comes_in_beside_the_words_there() -> None:
    there = Words("Packets are forwarded by network nodes asynchronously, through slow buffers.")
    claim = "Packets are irregularly forwarded by network nodes asynchronously, through buffers"
    assert bears_out(claim, there)  # one plain word in seven may be the model's own
    assert not bears_out(claim, there, "How are packets irregularly forwarded?")
