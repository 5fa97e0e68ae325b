"""Which questions are about the articles as such, what of them, and which only sound so."""

from datetime import date

import pytest

from qa.surveying.requests import Asks, Request, read_request

NEWEST = date(2022, 9, 20)
SOURCES = ("Harbour News", "Upland Times")


def read(question: str) -> Request:
    return read_request(question, NEWEST, SOURCES)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


SHAPES = {
    Asks.COUNT: """
        How many articles mention the mill?
        How many of the stories are about the mill?
        How many articles are there about the mill?
        How many articles do you have on the mill?
        How many pieces about the mill do you have in total?
        In how many articles is the mill mentioned?
        What is the number of articles about the mill?
        Count the articles that mention the mill.
        How many articles here deal with the mill?
        Hello, how many articles cover the mill, please?
        how many reports mention the mill
        Hi! How many articles mention the mill?
        Thank you very much. How many articles mention the mill?
        Great, how many stories mention the mill?
        Thanks for the list. How many articles mention the mill?
        How many articles mention the mill? Thanks!
        Could you tell me the number of stories about the mill?
        Wie viele Artikel erwähnen the mill?
        Combien d’articles parlent de the mill ?
        ¿Cuántos artículos mencionan the mill?
    """,
    Asks.LISTING: """
        Which articles are about the mill?
        What articles mention the mill?
        Which of the articles mention the mill?
        List all articles about the mill
        Show me everything you have on the mill.
        What do you have about the mill?
        What have you got on the mill?
        Are there any reports about the mill?
        Do you have anything on the mill?
        Is there an article about the mill?
        Do any of the articles mention the mill?
        Is the mill mentioned in any article?
        Please find me all the stories that mention the mill
        articles about the mill
        Give me a list of articles about the mill
        Show me some stories on the mill
        Find more articles about the mill
        I want to read some articles about the mill
        any articles about the mill?
        Have you got a few reports about the mill?
        Did any article mention the mill?
        Which articles mentioned the mill?
        I’m looking for articles about the mill
    """,
    Asks.NEWEST: """
        What is the newest article about the mill?
        What's the latest story on the mill?
        Which is the most recent piece about the mill?
        Show me the last article about the mill
        the newest cutting on the mill
        Which article about the mill is the newest?
        When was the latest article about the mill published?
        Give me the most recent article that mentions the mill.
        Find the latest stories about the mill
        What is the newest you have on the mill?
        What are the last three articles about the mill?
        Was ist der neueste Artikel über the mill?
        Quel est le dernier article sur the mill ?
        ¿Cuál es el último artículo sobre the mill?
    """,
    Asks.OLDEST: """
        What is the oldest article about the mill?
        the oldest piece on the mill
        Which is the earliest story about the mill?
        Show me the first article about the mill
        Which article on the mill is the oldest?
        When was the first article about the mill published?
        What is the very first article about the mill?
        Find the oldest two articles about the mill
        Give me the earliest article that mentions the mill
        Could you open the oldest article about the mill?
        What are the first articles about the mill?
        Was ist der älteste Artikel über the mill?
    """,
    Asks.SUMMARY: """
        Summarise the mill story
        Please summarize the article about the mill.
        Can you sum up the article about the mill?
        Give me a short summary of the mill
        Summary of the mill
        I need an overview of the mill
        What is the article about the mill about?
        What's the article on the mill all about?
        What does the article about the mill say?
        What are the main points of the article about the mill?
        tl;dr of the article about the mill
        Brief me on the mill
        Give me the gist of the mill article
        Summarise what happened to the mill
        Briefly, what has happened at the mill?
        Describe what happened to the mill in two sentences.
        Gib mir eine kurze Zusammenfassung über the mill
        Résume l’article sur the mill
        Resume el artículo sobre the mill
    """,
    Asks.TIMELINE: """
        Give me a timeline of the mill
        Timeline of the mill
        Show me a short time line for the mill
        Draw up a chronology of the mill.
        I want the course of events at the mill, by date.
        Can you make a timeline about the mill?
        What is the sequence of events around the mill?
        What happened to the mill, in chronological order?
        List the events at the mill in chronological order
        What happened when at the mill?
        When did what happen at the mill?
        I'd like a chronological overview of the mill
        Summarise the news about the mill in order of time
        Zeitleiste zu the mill
        Donne-moi une chronologie de the mill
    """,
}
SHAPED = [(asks, question) for asks, text in SHAPES.items() for question in _lines(text)]


@pytest.mark.parametrize(("asks", "question"), SHAPED, ids=[line for _, line in SHAPED])
def test_every_shape_is_recognised_with_its_topic(asks: Asks, question: str) -> None:
    request = read(question)
    assert request.asks is asks
    assert request.topic == "the mill"


HELP = """
    Hello
    hi there!
    Good morning.
    Hey, how are you?
    What can you do?
    Hello, what can you do for me?
    How does this work?
    Who are you?
    What can I ask you?
    Which kinds of questions can I ask?
    help
    Bonjour !
    Guten Tag
    ¡Hola!
"""
THANKS = """
    Thanks!
    Thank you very much.
    Great, thank you
    OK
    Goodbye
    Bye bye
    See you!
    Many thanks
    Merci beaucoup
    Danke!
    Gracias
    Perfect, thanks a lot
    thank you, bye
    thanks a lot for the info
    Thanks again for your help with the mill!
    Thanks, that helps
    that's all, thanks
    That was all I wanted to know. Have a nice day!
    no thanks
    bye then
    got it
"""


@pytest.mark.parametrize("message", _lines(HELP))
def test_a_greeting_alone_asks_for_help(message: str) -> None:
    assert read(message) == Request(Asks.HELP)


@pytest.mark.parametrize("message", _lines(THANKS))
def test_thanks_alone_ask_for_nothing(message: str) -> None:
    assert read(message) == Request(Asks.THANKS)


FACTS = """
    How many people died at the mill?
    How many stories does the mill have?
    How many pieces did the pianist play?
    How many items were stolen from the mill?
    How many articles does the treaty have?
    How many articles are in the constitution?
    How many articles did the paper print about the mill?
    How many reports were written by the inquiry?
    In how many cities is English spoken?
    What is the number of pages?
    Count Dracula lived where?
    Which article of the treaty covers fisheries?
    Which story won the prize?
    What items did the thieves take?
    List the countries that sent ships.
    Show me who was hurt.
    What do you think about the mill?
    Are there any survivors?
    Is the mayor mentioned in the will?
    What was published by the ministry about the mill?
    What is the latest death toll of the fire?
    What is the newest bridge?
    When was the last time it burned?
    Who wrote the first article about the mill?
    What was the first article of the constitution about?
    What is the oldest story in the world?
    What was the last item on the agenda?
    Who summarised the report?
    What does the report say about the mill?
    What did the article say about the valve?
    What are the main points of the agreement?
    What is the mill about to do?
    What is the story of the mill?
    What is a summary judgment?
    Summarise the article about the mill and tell me who was hurt.
    Who drew up the timeline?
    What is the timeline for rebuilding the mill?
    In which order did the ships arrive?
    What happened?
    What happened in May at the mill?
    What is the news about the mill?
    What's new about the bridge?
    No
    Thanks, who won?
    Great! Who won? And how?
    Thanks for the list, how many died?
    thanks for that now tell me about the mill
    fine for parking at the mill
    Find more survivors
    I need a list of the dead
    How many articles were published on 03/04/2021?
    Summarise the news from 3/4/21
    How many stories does the Harbour hotel have?
    What happened to the mill?
    When did it happen?
    Hello, who owns the mill?
    Who are you going to charge?
    Can you help the owner?
    Thanks to whom was the mill saved?
    And in May?
    Tell me about the mill.
    What is the latest on the mill?
    What caused the fire, in short?
"""


@pytest.mark.parametrize("question", _lines(FACTS))
def test_what_only_sounds_so_takes_the_general_way_whole(question: str) -> None:
    assert read(question) == Request(Asks.FACT, question)


@pytest.mark.parametrize(
    ("question", "request_"),
    [
        (
            "What do you have from May?",
            Request(Asks.LISTING, since=date(2022, 5, 1), until=date(2022, 5, 31)),
        ),
        (  # the latest October that was
            "What do you have from October?",
            Request(Asks.LISTING, since=date(2021, 10, 1), until=date(2021, 10, 31)),
        ),
        (
            "How many articles mention the mill since 3 May 2022?",
            Request(Asks.COUNT, "the mill", since=date(2022, 5, 3)),
        ),
        (
            "List the articles published before June 2022 about the mill",
            Request(Asks.LISTING, "the mill", until=date(2022, 5, 31)),
        ),
        (
            "Summarise the news of February 2022",
            Request(Asks.SUMMARY, since=date(2022, 2, 1), until=date(2022, 2, 28)),
        ),
        (
            "Show me all articles published between 1 May and 5 May 2022",
            Request(Asks.LISTING, since=date(2022, 5, 1), until=date(2022, 5, 5)),
        ),
        (
            "how many articles were published in 2021?",
            Request(Asks.COUNT, since=date(2021, 1, 1), until=date(2021, 12, 31)),
        ),
        (  # the day is the fire's
            "How many articles mention the fire of 3 May 2022?",
            Request(Asks.COUNT, "the fire of 3 May 2022"),
        ),
        (
            "How many articles from the harbour news mention the mill?",
            Request(Asks.COUNT, "the mill", source="Harbour News"),
        ),
        ("Which articles are about the Harbour News?", Request(Asks.LISTING, "the Harbour News")),
        (
            "Show me three articles about the mill",
            Request(Asks.LISTING, "the mill", most=3),
        ),
        (
            "what was published in april?",
            Request(Asks.LISTING, since=date(2022, 4, 1), until=date(2022, 4, 30)),
        ),
        (
            "How many articles were published on 24/03/2021?",
            Request(Asks.COUNT, since=date(2021, 3, 24), until=date(2021, 3, 24)),
        ),
        (  # the newest day is a Tuesday
            "How many of yesterday's articles mention the mill?",
            Request(Asks.COUNT, "the mill", since=date(2022, 9, 19), until=date(2022, 9, 19)),
        ),
        (
            "Show me last week's articles",
            Request(Asks.LISTING, since=date(2022, 9, 12), until=date(2022, 9, 18)),
        ),
        (
            "Summarise the articles on the 2016 referendum",
            Request(Asks.SUMMARY, "the 2016 referendum"),
        ),
        ("Give me a timeline of events.", Request(Asks.TIMELINE)),
        ("Summarise it", Request(Asks.SUMMARY)),
        ("Summarise the newest article", Request(Asks.SUMMARY, most=1, end=Asks.NEWEST)),
        ("What is the oldest article about?", Request(Asks.SUMMARY, most=1, end=Asks.OLDEST)),
        (
            "Summarise the article “Fire at Marlow mill”",
            Request(Asks.SUMMARY, "Fire at Marlow mill", most=1),
        ),
        (
            "What are the last three articles about the mill?",
            Request(Asks.NEWEST, "the mill", most=3, end=Asks.NEWEST),
        ),
    ],
)
def test_periods_sources_and_how_many(question: str, request_: Request) -> None:
    assert read(question) == request_


def test_without_a_dated_article_a_month_alone_is_no_period() -> None:
    assert read_request("What do you have from May?", None).since is None
    dated = read_request("What do you have from May 2022?", None)
    assert (dated.since, dated.until) == (date(2022, 5, 1), date(2022, 5, 31))


@pytest.mark.parametrize(
    "question",
    [
        "latest news",
        "What's the latest news?",
        "What's new?",
        "What are the headlines?",
        "Any news?",
    ],
)
def test_news_of_no_day_are_the_newest(question: str) -> None:
    assert read(question) == Request(Asks.NEWEST)


@pytest.mark.parametrize(
    "question", ["Any news today?", "today's news", "What is in today's news?"]
)
def test_news_of_a_period_are_summed_up(question: str) -> None:
    assert read(question) == Request(Asks.SUMMARY, since=NEWEST, until=NEWEST)


@pytest.mark.parametrize("when", ["in May", "in may 2022"])
def test_what_happened_then_is_summed_up_if_anything_was_published(when: str) -> None:
    may = date(2022, 5, 1), date(2022, 5, 31)
    happened = Request(Asks.SUMMARY, since=may[0], until=may[1], happened=True)
    assert read(f"What happened {when}?") == happened


PAPERS = ("BBC News", "The Guardian", "Valley Post", "Valley Times", "Syria Today", "The Local",
          "News of the World")  # fmt: skip


@pytest.mark.parametrize(
    ("question", "asks", "topic", "source"),
    [
        ("How many BBC articles are there?", Asks.COUNT, "", "BBC News"),
        ("How many articles does the BBC have?", Asks.COUNT, "", "BBC News"),
        ("How many articles were published by the BBC?", Asks.COUNT, "", "BBC News"),
        ("How many articles were published in the Guardian?", Asks.COUNT, "", "The Guardian"),
        ("How many articles do you have from the bbc?", Asks.COUNT, "", "BBC News"),
        ("What has the BBC published about the flood?", Asks.LISTING, "the flood", "BBC News"),
        ("What did the BBC publish about the flood?", Asks.LISTING, "the flood", "BBC News"),
        ("Show me everything from the BBC", Asks.LISTING, "", "BBC News"),
        ("Which Guardian articles mention Biden?", Asks.LISTING, "Biden", "The Guardian"),
        ("Which articles from Guardian mention Biden?", Asks.LISTING, "Biden", "The Guardian"),
        ("Summarise the Valley Post articles on the mill", Asks.SUMMARY, "the mill", "Valley Post"),
        ("What do the BBC articles on the flood say?", Asks.SUMMARY, "the flood", "BBC News"),
        # What may be no source
        ("How many Valley articles exist?", Asks.FACT, "How many Valley articles exist?", None),
        ("Summarise the news in Syria", Asks.SUMMARY, "Syria", None),
        ("Summarise the Valley Post story", Asks.SUMMARY, "the Valley Post", None),
        ("Which articles mention BBC reports?", Asks.LISTING, "BBC reports", None),
        ("Which articles are about a man from Syria?", Asks.LISTING, "a man from Syria", None),
        ("How many local articles exist?", Asks.FACT, "How many local articles exist?", None),
        ("How many news articles mention the mill?", Asks.COUNT, "the mill", None),
        ("Which articles mention a guardian in court?", Asks.LISTING, "a guardian in court", None),
    ],
)  # fmt: skip
def test_a_source_beside_its_articles(
    question: str, asks: Asks, topic: str, source: str | None
) -> None:
    assert read_request(question, NEWEST, PAPERS) == Request(asks, topic, source=source)


def test_a_name_in_full_is_its_own_though_another_begins_with_it() -> None:
    papers = ("Guardian", "Guardian Weekly")
    assert read_request("How many Guardian articles are there?", NEWEST, papers).source == papers[0]
    weekly = read_request("How many Guardian Weekly articles are there?", NEWEST, papers)
    assert weekly.source == papers[1]
