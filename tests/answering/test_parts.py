"""Questions taken apart, in several languages, and what only looks like one of these."""

import pytest

from qa.answering.parts import (
    Inner,
    Taught,
    about_one,
    as_question,
    asks_change,
    asks_list,
    asks_when,
    asks_whether,
    asks_why,
    defines,
    how_taught,
    inner,
    named,
    of_another_turn,
    several,
    told_about,
    untaught,
)


@pytest.mark.parametrize(
    "question",
    [
        "Was the balloon sent over the US on purpose?",
        "Does the council plan to close the library?",
        "And did he resign?",
        "Is there a bridge?",
        "Hasn't she left?",
        "Will they rebuild it?",
        "Ist die Brücke offen?",
        "Hat der Rat zugestimmt?",
        "Gibt es eine Fähre?",
        "Est-ce que le pont est ouvert ?",
        "¿Está abierto el puente?",
        "¿Hay un ferry?",
    ],
)
def test_yes_or_no_is_asked(question: str) -> None:
    assert asks_whether(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who was sent over the US?",
        "When does the library close?",
        "Which is longer?",
        "Is the Arlo tunnel or the Brent tunnel longer?",  # one of two, no yes and no no
        "Wann hat der Rat zugestimmt?",
        "Quand est-ce que le pont ouvre ?",
        "¿Cuándo está abierto?",
        "Isla Norte: who lives there?",
        "Hassan said what?",
        "The bridge is open, who said so?",
    ],
)
def test_no_yes_or_no_is_asked(question: str) -> None:
    assert not asks_whether(question)


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("Why did the bridge stay shut?", True),
        ("How come the bridge is shut?", True),
        ("Warum bleibt die Brücke zu?", True),
        ("Weshalb schließt die Schule?", True),
        ("Pourquoi le pont est-il fermé ?", True),
        ("¿Por qué se cerró el puente?", True),
        ("学校为什么关闭？", True),
        ("Who asked?", False),
        ("Which reason was given?", False),
    ],
)
def test_a_reason_is_asked_for(question: str, why: bool) -> None:
    assert asks_why(question) is why


@pytest.mark.parametrize(
    ("question", "when"),
    [
        ("When did the dam break?", True),
        ("On which date did the dam break?", True),
        ("In what year was it built?", True),
        ("Wann brach der Damm?", True),
        ("Quand a-t-il ouvert ?", True),
        ("¿Cuándo abrió?", True),
        ("Whenever?", False),
        ("How long did it take?", False),
        ("How many people drowned when the ferry sank?", False),
    ],
)
def test_a_day_is_asked_for(question: str, when: bool) -> None:
    assert asks_when(question) is when


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "Who won the election in Orrin and how many votes did the winner get?",
            ("Who won the election in Orrin?", "how many votes did the winner get?"),
        ),
        ("When did it open? And who paid?", ("When did it open?", "who paid?")),
        ("Who built it, and in which year?", ("Who built it?", "in which year?")),
        (
            "Wer gewann und wie viele Stimmen bekam er?",
            ("Wer gewann?", "wie viele Stimmen bekam er?"),
        ),
        ("Qui a gagné et quand ?", ("Qui a gagné?", "quand?")),
        ("¿Quién ganó y cuándo?", ("¿Quién ganó?", "cuándo?")),
        (
            "how long does the ferry take and whats the fare",
            ("how long does the ferry take?", "what is the fare?"),
        ),
        ("Who, where and when?", ("Who, where?", "when?")),
    ],
)
def test_two_questions_in_one(question: str, parts: tuple[str, ...]) -> None:
    assert several(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        "Who won?",
        "Which towns did Ann and Bob visit?",  # "and" between things
        "What is known of the captain and the crew?",
        "Who said that he knew when it would end?",
        "Where do Wheel and Whatley live?",
        "When and where did the capsule come down?",
        "How and why did the fire start?",
        "What did the UN and WHO say about the outbreak?",
        "",
    ],
)
def test_one_question_stays_one(question: str) -> None:
    assert several(question) == (question,)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Which is longer, the Arlo tunnel or the Brent tunnel?", ("Arlo", "Brent")),
        ("How did Wang Yi criticise the US?", ("Wang Yi", "US")),
        ("Who heads the Bank of England?", ("Bank of England",)),
        ("When did it open on Monday?", ()),  # a weekday is no name
        ("Who was it?", ()),
        ("Où est né Hervé Lefèvre ?", ("Hervé Lefèvre",)),
        ("What does O’Brien say?", ("O’Brien",)),
    ],
)
def test_names_as_the_question_spells_them(question: str, names: tuple[str, ...]) -> None:
    assert named(question) == names


def test_a_question_about_one_of_its_names() -> None:
    question = "How high are Mount Tarn and Mount Selk?"
    assert about_one(question, "Mount Tarn") == "How high are Mount Tarn and ?"
    assert about_one(question, "Mount Selk") == "How high are and Mount Selk?"


@pytest.mark.parametrize(
    ("question", "inside"),
    [
        (
            "Who heads the company that was blamed for the fire?",
            Inner(
                "Which company was blamed for the fire?", "the company that was blamed for the fire"
            ),
        ),
        (
            "How old is the woman who found the ring?",
            Inner("Who found the ring?", "the woman who found the ring"),
        ),
        (
            "Who is mayor of the town where the dam broke?",
            Inner("In which town the dam broke?", "the town where the dam broke"),
        ),
        (
            "What did the judge that led the inquiry propose?",  # with its own verb at the end
            Inner("Who led the inquiry?", "the judge that led the inquiry"),
        ),
        (
            "Who is the man that founded Corve?",
            Inner("Who founded Corve?", "the man that founded Corve"),
        ),
    ],
)
def test_a_question_inside_another(question: str, inside: Inner) -> None:
    assert inner(question) == inside


@pytest.mark.parametrize(
    "question",
    [
        "Who heads the company?",
        "Who said that it was late?",
        "",
        "The company that was blamed?",
        "When was the bridge that collapsed in May built?",  # where "that" ends cannot be told
        "Does the minister who resigned regret it?",
        "Do the police know who did it?",
        "What did the firm that closed?",
        "What caused the fire and who is to blame?",  # two questions
        "Who won the race and who came second?",
    ],
)
def test_no_question_is_inside(question: str) -> None:
    assert inner(question) is None


@pytest.mark.parametrize(
    ("question", "change"),
    [
        ("How did the toll change?", True),
        ("How has the number of the missing risen?", True),
        ("What changed at the canal?", True),
        ("How did the price develop over time?", True),
        ("How did they meet?", False),
        ("How many rose gardens are there?", False),
    ],
)
def test_what_changed_is_asked(question: str, change: bool) -> None:
    assert asks_change(question) is change


@pytest.mark.parametrize(
    ("question", "several_things"),
    [
        ("Which countries have sent grain?", True),
        ("In which towns were mills closed?", True),
        ("Compare the two towers.", True),
        ("Name the ships in the harbour.", True),
        ("Which is longer?", True),
        ("What was said?", False),
        ("Who listed the ships?", False),
    ],
)
def test_several_things_are_asked_for(question: str, several_things: bool) -> None:
    assert asks_list(question) is several_things


@pytest.mark.parametrize(
    ("question", "by_name"),
    [
        ("Who is Ana Solis?", True),
        ("Who's Ned Price?", True),
        ("What is DART?", True),
        ("What is a Quinceañera?", True),
        ("What is a toll?", False),
        ("Wer ist Petra Vogt?", True),
        ("Who is the mayor of Dunmore?", False),
        ("What is the toll?", False),
        ("Who is Ana Solis married to?", False),
    ],
)
def test_who_or_what_is_asked_by_a_name_alone(question: str, by_name: bool) -> None:
    assert defines(question) is by_name


@pytest.mark.parametrize(
    ("order", "question"),
    [
        ("List the bridges of Holme.", "What are the bridges of Holme?"),
        ("please give me all the reasons", "What are the reasons?"),
        (
            "Good morning, could you give me the date of the final?",
            "What is the date of the final?",
        ),
        ("Hi! Who won?", "Who won?"),
        ("Can you tell me about Ann Dale?", "tell me about Ann Dale?"),
        ("Can you see the sea from Orrin?", "Can you see the sea from Orrin?"),
        ("Hello", "Hello"),
        ("Please Please Me was released when?", "Please Please Me was released when?"),
        ("name the towns that were hit", "What are the towns that were hit?"),
        ("Tell me why the bridge is shut.", "Why the bridge is shut?"),
        ("Explain how it works", "How it works?"),
        ("Tell me about the bridge", "Tell me about the bridge"),
        ("Can you tell me how many died?", "How many died?"),
        ("Could you please explain why prices rose?", "Why prices rose?"),
        ("Do you know when the bridge opens?", "When the bridge opens?"),
        ("does anybody happen to know who won", "Who won?"),
        ("I'd like to know what happened", "What happened?"),
        ("Do you know Ned Vale?", "Do you know Ned Vale?"),
        ("Give me the date of the elections", "What is the date of the elections?"),
        ("Tell me the score", "What is the score?"),
        ("List the people who spoke", "What are the people who spoke?"),
        ("Describe the bridge.", "Describe the bridge."),
        ("Name a price.", "Name a price."),
        ("Who named the bridge?", "Who named the bridge?"),
        ("Who’s Ned Vale?", "Who is Ned Vale?"),
        ("whos Ned Vale", "who is Ned Vale"),
        ("whose is it?", "whose is it?"),
        ("What's happened to him?", "What's happened to him?"),
        ("Who said that's it?", "Who said that's it?"),
    ],
)
def test_an_order_stands_for_a_question(order: str, question: str) -> None:
    assert as_question(order) == question


@pytest.mark.parametrize(
    ("question", "topics"),
    [
        ("Compare Anna Berg and Nils Ek.", ("Anna Berg", "Nils Ek")),
        ("How do mesh networks compare with cables?", ("mesh networks", "cables")),
        ("compare the old bridge to the new one", ("the old bridge", "the new one")),
        ("Compare the two rounds.", (" the two rounds.",)),
        ("How do the two rounds compare?", ()),
        ("Tell me about Norwater", ("Norwater",)),
        ("Tell me more about Anna Berg and Nils Ek", ("Anna Berg", "Nils Ek")),
        ("Describe the Corve bridge.", ("the Corve bridge",)),
        ("What's going on at the Corve bridge?", ("the Corve bridge",)),
        ("What should I know about the Corve bridge?", ("the Corve bridge",)),
        ("Why is the old bridge in the news?", ("the old bridge",)),
        ("What do the articles say about the Corve bridge?", ("the Corve bridge",)),
        ("What is known about Norwater?", ("Norwater",)),
        ("Why is the old bridge shut?", ()),
        ("Tell me about what happened", ()),
        ("Compare the pay of Anna Berg and Nils Ek.", ()),
        ("Tell me why the bridge is shut.", ()),
        ("Who is Anna Berg?", ()),
    ],
)
def test_what_is_to_be_told_about_whatever_it_is(question: str, topics: tuple[str, ...]) -> None:
    assert told_about(question) == topics


def test_the_verb_before_a_name_is_no_part_of_it() -> None:
    assert named("Compare Anna Berg and Nils Ek.") == ("Anna Berg", "Nils Ek")
    assert named("Tell Anna Berg from Nils Ek.") == ("Anna Berg", "Nils Ek")


def test_two_that_are_named_are_both_told() -> None:
    assert asks_list("Which tunnel is older, the Arlo tunnel or the Brent tunnel?")
    assert asks_list("Which countries were on the itinerary?")
    assert asks_list("Which tunnel is older?")
    assert asks_list("Which of the two sisters did better?")
    assert asks_list("What countries sent ships?")
    assert not asks_list("Which tunnel is shut?")
    assert not asks_list("What happens to the money?")
    assert not asks_list("What makes the bridge unsafe?")
    assert not asks_list("Which tunnel was the forerunner of this?")


@pytest.mark.parametrize(
    ("question", "not_taught"),
    [
        ("And when? (Who won the race?)", True),
        ("Who won the race (of 2019)?", False),
        ("How did the toll change?", True),
        ("Tell me about the race.", True),
        ("Compare the two rounds.", True),
        ("Which results compare well?", False),
        ("Who won the race?", False),
    ],
)
def test_what_the_reader_was_never_asked_the_like_of(question: str, not_taught: bool) -> None:
    assert untaught(question) is not_taught
    assert (how_taught(question) is Taught.NOT) is not_taught


def test_of_reasons_the_reader_was_taught_a_little() -> None:
    assert how_taught("Why did the bridge close?") is Taught.LITTLE
    assert how_taught("How did the bridge collapse?") is Taught.WELL
    assert how_taught("Tell me why the toll changed.") is Taught.NOT


@pytest.mark.parametrize(
    ("question", "text", "another"),
    [
        ("Who won the second round?", "In the first round Kemp won.", True),
        (
            "Who won the second round?",
            "In the first round Kemp won, in the second round Lorne.",
            False,
        ),
        ("Who won the second round?", "Kemp won the runoff.", False),
        (
            "Who won the second round?",
            "Kemp, who first stood in 2010, won the second round.",
            False,
        ),
        ("Who won the second round?", "The first woman to win was Kemp.", False),  # of no round
        ("Who won?", "In the first round Kemp won.", False),
        ("What changed from the first rounds to the second round?", "In the first round …", False),
    ],
)
def test_what_is_about_another_turn(question: str, text: str, another: bool) -> None:
    assert of_another_turn(question, text) is another
