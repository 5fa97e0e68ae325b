"""Whether words say what a sentence claims, worked out by hand."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qa.answering.support import Words, bears_out, share_met

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
        "About 12% of the cargo leaked.",
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
        "140 people were on board.",  # surer than there
        "12% of the cargo leaked.",
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
    ("claim", "there", "borne_out"),
    [
        ("Iran attacked Israel.", "Israel attacked Iran overnight.", False),
        ("Israel attacked Iran.", "Israel attacked Iran overnight.", True),
        ("Iran was attacked by Israel.", "Israel attacked Iran overnight.", True),
        ("Israel was attacked by Iran.", "Israel attacked Iran overnight.", False),
        ("Israel attacked Iran.", "Iran was attacked by Israel on Sunday.", True),
        ("Russia's invasion of Ukraine failed.", "The invasion of Ukraine by Russia failed.", True),
        ("Ann Dale sued Carl Rowe.", "Carl Rowe was in Oslo and sued Ann Dale.", False),
        ("Ann Dale sued Carl Rowe.", "Carl Rowe sued Ann Dale. She was in Oslo.", False),
        ("Ann Dale sued Carl Rowe.", "Ann Dale sued Carl Rowe by letter.", True),
        ("Ann Dale was sued by Carl Rowe in Oslo.", "Carl Rowe sued Ann Dale in Oslo.", True),
        ("Sales in Norway rose by 5 per cent.", "In May sales in Norway rose by 5 per cent.", True),
        ("The dog bit the man.", "The man bit the dog.", False),
        ("The dog bit the man.", "On Sunday the dog bit the man.", True),
        ("The paper was sued by the man.", "The man sued the paper.", True),
        ("Women earn more than men.", "Men earn more than women.", False),
        ("The war began in 2019 and ended in 2022.", "It began in 2022 and ended in 2019.", False),
    ],
)
def test_who_did_what_to_whom(claim: str, there: str, borne_out: bool) -> None:
    assert bears_out(claim, Words(there, SATURDAY)) is borne_out


@pytest.mark.parametrize(
    ("claim", "there", "borne_out"),
    [
        ("The council voted for the plan.", "The council voted against the plan.", False),
        ("The council voted for the plan.", "The council voted on Monday for the plan.", True),
        ("They fled to Syria.", "They fled from Syria.", False),
        ("They fled to Syria.", "They fled into Syria.", True),
        ("They fled to Syria.", "They fled Turkey to Syria and from Syria.", True),
        (
            "She won more than her rival.",
            "More voted for her, who won more than for her rival.",
            True,
        ),
        ("He died before the trial.", "He died after the trial.", False),
        ("It failed because of the strike.", "It failed due to the strike.", True),
        ("The firm fined the court.", "The firm was fined by the court.", False),
        ("The court fined the firm.", "The firm was fined by the court.", True),
        ("It failed because of the strike.", "It failed despite the strike.", False),
        ("The rule holds in May.", "The rule holds for May.", True),
    ],
)
def test_small_words_that_turn_the_meaning(claim: str, there: str, borne_out: bool) -> None:
    assert bears_out(claim, Words(there, SATURDAY)) is borne_out


@pytest.mark.parametrize(
    ("claim", "there", "borne_out"),
    [
        ("300 people died.", "Nearly 300 people died.", False),
        ("300 people died.", "Up to 300 people died.", False),
        ("More than 300 people died.", "Fewer than 300 people died.", False),
        ("More than 300 people died.", "No more than 300 people died.", False),
        ("More than 300 people died.", "Over 300 people died.", True),
        ("About 300 people died.", "Some 300 people died.", True),
        ("About 300 people died.", "300 people died.", True),
        ("It killed 40 people and injured 900.", "It killed 900 people and injured 40.", False),
        ("It killed 40 people and injured 900.", "It killed 40 people and injured 900.", True),
        ("It killed 912 in Syria.", "It killed 912 in Turkey and 560 in Syria.", False),
        ("It killed 912 in Turkey.", "It killed 912 in Turkey and 560 in Syria.", True),
        ("It rose from 80 to 92 euros.", "It rose from €80 to €92.", True),
        ("It rose to 4.5 per cent.", "It rose to 4.5%.", True),
        ("It rose by 9 cm.", "It rose 9 cm.", True),
        ("It rose 9 cm.", "It rose to 9 cm.", False),
        ("The firm has 1.2 million users.", "The firm has 1.2m users.", True),
        ("Growth was 0.3% in March.", "Growth was -0.3% in March.", False),
        ("Two members voted.", "Two-thirds of members voted.", False),
        ("Rowe, 41, was arrested.", "Police arrested Rowe, 41.", True),
        ("It is based in the U.S", "It is based in the U.S.", True),
        ("Women earn more than men.", "Women earn less than men.", False),
        ("All residents oppose the plan.", "Some residents oppose the plan.", False),
        ("Residents oppose the plan.", "All residents oppose the plan.", True),
        ("It opened on 8 June after 23 days.", "After 23 days it opened on 8 June.", True),
        ("The bank lost 2.5 million euros in 2023.", "In 2023, the bank lost €2.5m.", True),
        ("It rose by 9 metres in 2020.", "In 2020 it rose by 9 metres.", True),
        ("It killed two hundred and five.", "It killed two hundred and five in 3 days.", True),
    ],
)
def test_a_figure_counts_what_it_counts_there(claim: str, there: str, borne_out: bool) -> None:
    assert bears_out(claim, Words(there, SATURDAY)) is borne_out


@pytest.mark.parametrize(
    ("claim", "there", "borne_out"),
    [
        ("Taxes will rise.", "If Labour wins, taxes will rise.", False),
        ("If Labour wins, taxes will rise.", "Taxes will rise if Labour wins.", True),
        ("The strike ended in May.", "The strike ended in May.", True),  # the month
        ("The strike ended in May.", "The strike may have ended in May.", False),
        ("The mill reopened in June.", "The mill was due to reopen in June.", False),
        ("The company plans to close the mill.", "The company scrapped plans to close it.", False),
        ("The company planned to close the mill.", "The company plans to close the mill.", True),
        ("Carl Rowe killed Ann Dale.", "Carl Rowe is charged with having killed Ann Dale.", False),
        ("Rowe is accused of killing Dale.", "Rowe was accused of killing Dale.", True),
        ("A court had it sold.", "The bank claimed 9 euros, and a court had it sold.", True),
        ("The bank charged a fee.", "The bank charged a fee.", True),
        (
            "The mayor took bribes.",
            "The mayor was acquitted of charges that he took bribes.",
            False,
        ),
        ("The vaccine causes autism.", "The claim that the vaccine causes autism is false.", False),
        ("Kemp is the mayor of Orrin.", "Kemp is the former mayor of Orrin.", False),
        ("Kemp acted as mayor.", "Kemp acted as mayor, acting as a friend.", True),
        ("Kemp opened the bridge.", "Kemp, the former mayor, opened the bridge.", True),
        ("Rowe took bribes.", "Rowe took bribes, the judge said.", True),
        ("The tower is 300 metres high.", "The tower will be 300 metres high.", False),
        ("The trial begins on Monday.", "The trial will begin on Monday, 12 June.", True),
        ("The trial will begin on Monday.", "The trial begins on Monday.", True),
        ("The strike may last.", "The strike may last, unions warned.", True),
        ("Tugs towed the ship.", "Tugs towed the ship, which is to be inspected.", True),
        ("The trial begins.", "The trial will begin if Dale pays.", False),
        ("The council will vote on Monday.", "The council voted on Monday.", False),
        ("Dale will replace Rowe.", "Dale is to replace Rowe.", True),
    ],
)
def test_what_is_no_fact_is_told_as_none(claim: str, there: str, borne_out: bool) -> None:
    assert bears_out(claim, Words(there, SATURDAY)) is borne_out


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


@pytest.mark.parametrize(
    ("claim", "there", "borne_out"),
    [
        ("Arsenal won 3-2.", "Arsenal won 3-2.", True),
        ("The Senate voted 52-48 for the bill.", "The Senate voted 52-48 for the bill.", True),
        ("Prices rose 5-7 percent.", "Prices rose 5-7 percent.", True),
        (
            "He scored 20 goals in the 2022-23 season.",
            "He scored 20 goals in the 2022-23 season.",
            True,
        ),
        ("Arsenal won 3-2.", "Arsenal won 2-3.", False),
    ],
)
def test_scores_and_ranges(claim: str, there: str, borne_out: bool) -> None:
    assert bears_out(claim, Words(there, SATURDAY)) is borne_out


@pytest.mark.parametrize(
    ("claim", "there", "borne_out"),
    [
        (
            "Anna Berg won the election.",
            "Anna Berg won the election and will take office in May.",
            True,
        ),
        (
            "Anna Berg took office in May.",
            "Anna Berg won the election and will take office in May.",
            False,
        ),
        (
            "The bridge was built in 1932.",
            "The bridge was built in 1932 and would cost 90 million euros to replace.",
            True,
        ),
        (
            "The bridge cost 90 million euros.",
            "The bridge was built in 1932 and would cost 90 million euros to replace.",
            False,
        ),
        (
            "Three people were killed in the blast.",
            "Three people were killed in the blast, police said on Monday, "
            "and five others escaped unhurt.",
            True,
        ),
        (
            "Firefighters rescued 30 people.",
            "Firefighters rescued 30 people and prevented the fire from spreading.",
            True,
        ),
        (
            "The fire spread.",
            "Firefighters rescued 30 people and prevented the fire from spreading.",
            False,
        ),
        ("The museum has 12 rooms.", "The museum has 12 rooms and plans to add two.", True),
        ("The museum added two.", "The museum has 12 rooms and plans to add two.", False),
        ("The talks failed.", "The talks failed because neither side would compromise.", True),
        ("The insurer paid 12 million.", "The insurer paid 12 million for claims.", True),
        ("The mayor took bribes.", "The baker claims that the mayor took bribes.", False),
        ("The mayor took bribes.", "The mayor took bribes, prosecutors alleged.", False),
        ("The mayor took bribes.", "The mayor took bribes, she claimed.", False),
        (
            "The vaccine causes autism.",
            "It is said that the vaccine causes autism, which was long ago found to be false.",
            False,
        ),
        ("The mill was sold.", "The mill closed and could be sold.", False),
        ("Rowe will not run.", "Rowe won't run.", True),
        ("Rowe won't run.", "Rowe will not run.", True),
        ("Rowe will run.", "Rowe won't run.", False),
        ("Rowe'll run.", "Rowe will run.", True),
        ("Rowe runs.", "Rowe'll run.", False),
        (
            "The council will vote on Monday.",
            "The council voted on Monday and will meet again.",
            False,
        ),
        (
            "President Ida Moss visited Oslo.",
            "President Ida Moss and Vice President Carl Rowe visited Oslo.",
            True,
        ),
        ("Carl Rowe is the president.", "Carl Rowe is the vice president.", False),
        ("The minister met Kemp.", "The minister met Kemp, a former minister.", True),
    ],
)
def test_what_is_beside_a_fact_may_be_none(claim: str, there: str, borne_out: bool) -> None:
    assert bears_out(claim, Words(there, SATURDAY)) is borne_out


@pytest.mark.parametrize(
    ("claim", "there", "borne_out"),
    [
        ("Prices rose 5 percent in April.", "In April, prices rose 5 percent.", True),
        ("In April, prices rose 5 percent.", "Prices rose 5 percent in April.", True),
        ("Prices rose 5 percent in Norway.", "In Norway, prices rose 5 percent.", True),
        (
            "Prices rose 5 percent in Norway.",
            "Prices rose 5 percent in Sweden and 7 percent in Norway.",
            False,
        ),
        (
            "Prices rose 5 percent in Norway.",
            "Prices rose 5 percent, and a shop opened in Norway.",
            False,
        ),
        ("Prices rose 5 percent last month.", "Last month, prices rose 5 percent.", True),
        (
            "The firm paid 5 million euros to settle the case.",
            "To settle the case, the firm paid 5 million euros.",
            True,
        ),
        ("12 of the sailors died.", "Of the 12 passengers four died, and the sailors died.", False),
        (
            "It fell to 4.1 percent from 4.5 percent.",
            "It fell from 4.5 percent to 4.1 percent.",
            True,
        ),
        (
            "It fell to 4.5 percent from 4.1 percent.",
            "It fell from 4.5 percent to 4.1 percent.",
            False,
        ),
        ("12 people died and 300 were hurt.", "300 were hurt and 12 people died.", True),
        (
            "It rose by 5 percent in May and by 7 percent in June.",
            "It rose by 7 percent in May and by 5 percent in June.",
            False,
        ),
        (
            "It rose by 5 percent in May and by 7 percent in June.",
            "It rose by 7 percent in June and by 5 percent in May.",
            True,
        ),
    ],
)
def test_what_is_set_in_front_of_a_figure(claim: str, there: str, borne_out: bool) -> None:
    assert bears_out(claim, Words(there, SATURDAY)) is borne_out


@pytest.mark.parametrize(
    ("claim", "there", "borne_out"),
    [
        ("Anna Berg was killed in Kabul.", "Anna Berg was killed by a bomb in Kabul.", True),
        ("Trump was convicted in New York.", "Trump was convicted by a jury in New York.", True),
        ("Ann Dale travelled to Paris.", "Ann Dale travelled by train to Paris.", True),
        ("On Friday the court fined the firm.", "The firm was fined by the court on Friday.", True),
        (
            "On Friday the firm fined the court.",
            "The firm was fined by the court on Friday.",
            False,
        ),
        ("Yesterday the court jailed him.", "He was jailed by the court yesterday.", True),
        ("Last week police arrested Rowe.", "Rowe was arrested by police last week.", True),
    ],
)
def test_who_or_what_did_it_stands_behind_by(claim: str, there: str, borne_out: bool) -> None:
    assert bears_out(claim, Words(there, SATURDAY)) is borne_out


@pytest.mark.parametrize(
    ("claim", "there", "borne_out"),
    [
        ("More than twelve people died.", "More than 12 people died.", True),
        ("More than 12 people died.", "More than twelve people died.", True),
        ("More men than women voted.", "Men voted, and women.", False),
        ("Allied forces left the town.", "Forces that were allied left the town.", True),
        ("All forces left the town.", "Some allied forces left the town.", False),
    ],
)
def test_words_of_amount(claim: str, there: str, borne_out: bool) -> None:
    assert bears_out(claim, Words(there, SATURDAY)) is borne_out


@pytest.mark.parametrize(
    ("claim", "there", "borne_out"),
    [
        ("300 people died and 12 were hurt.", "300 were hurt and 12 people died.", False),
        ("Between 40 and 50 people died.", "Between 40 and 50 people died on Monday.", True),
        (
            "The firm sold 40 ships and bought 12.",
            "The firm sold 40 ships and bought 12 in May.",
            True,
        ),
        (
            "The firm sold 40 ships and bought 12 vans.",
            "The firm sold 40 vans and bought 12 ships.",
            False,
        ),
        (
            "It killed 912 in Turkey and 560 in Syria.",
            "It killed 912 in Turkey and 560 in Syria.",
            True,
        ),
    ],
)
def test_two_figures_of_a_claim_lend_each_other_nothing(
    claim: str, there: str, borne_out: bool
) -> None:
    assert bears_out(claim, Words(there, SATURDAY)) is borne_out


@pytest.mark.parametrize(
    ("claim", "there", "borne_out"),
    [
        ("The army took the town.", "The army took the town, officials claimed.", False),
        ("The army took the town.", "Officials claimed the army took the town.", False),
        ("The army killed 30 rebels.", "The army claimed 30 rebels were killed.", False),
        ("The storm took homes.", "The storm claimed 12 lives and took homes.", True),
        ("The mayor resigned.", "The mayor, who was accused of taking bribes, resigned.", True),
        ("Kemp resigned.", "Kemp resigned and could face trial.", True),
        ("Kemp faced trial.", "Kemp resigned and could face trial.", False),
        ("Rowe signed.", "Rowe and Kemp may have signed.", False),
        (
            "Five people were killed.",
            "Five people were killed and at least ten are feared missing.",
            True,
        ),
    ],
)
def test_what_is_claimed_or_feared(claim: str, there: str, borne_out: bool) -> None:
    assert bears_out(claim, Words(there, SATURDAY)) is borne_out


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
