"""So many small articles as are wanted, no two alike: notices of what places counted. Pure.

Each is of a place and a thing that is counted there once, so a question of it has one answer. The
same number gives the same article each time.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

SEED = 20261130

BEGINNINGS = """
Al Bar Cal Dun El Far Gil Hal In Jor Kil Lan Mor Nor Ost Pel Quin Ros Sten Tor Ul Vel Wes Yar
""".split()
MIDDLES = "a an be de er i in ka la ma ne o ol re sa ta u va".split()
ENDINGS = "berg bridge by dale field ford ham haven holm mouth port stad ton vik wick".split()

COUNTED = (
    ("ferry", "passengers"),
    ("library", "readers"),
    ("swimming pool", "bathers"),
    ("market", "stalls"),
    ("school", "pupils"),
    ("museum", "visitors"),
    ("hospital", "patients"),
    ("bridge", "lorries"),
    ("theatre", "seats sold"),
    ("harbour", "ships"),
    ("station", "travellers"),
    ("airfield", "landings"),
    ("zoo", "animals"),
    ("campsite", "tents"),
    ("fire brigade", "alarms"),
    ("water works", "households"),
)
"""Who counts, and what is counted."""

REASONS = (
    "A dry summer is given as the reason",
    "The new timetable is given as the reason",
    "Lower prices are given as the reason",
    "The closing of the old road is given as the reason",
    "Nobody could say why",
)

PLANS = (
    "mend the roof",
    "build a second entrance",
    "replace the heating",
    "widen the way to it",
    "buy new lamps",
    "keep it open on Sundays",
)

SOURCES = tuple(f"Notices of district {number}" for number in range(1, 13))
FIRST_DAY, DAYS = date(2010, 1, 1), 5_800

PLACES = len(BEGINNINGS) * len(MIDDLES) * len(ENDINGS)
MOST = PLACES * len(COUNTED)
"""More articles than these would repeat a place with what is counted there."""


@dataclass(frozen=True, slots=True)
class Notice:
    """An article: where it stands below a folder, its parts, and what can be asked of it."""

    path: str
    title: str
    source: str
    published: date
    text: str
    question: str
    answer: str

    @property
    def file(self) -> str:
        """What stands in its file."""
        return (
            f'---\ntitle: "{self.title}"\npublished: {self.published}\nsource: {self.source}\n'
            f"---\n\n{self.text}\n"
        )


def notice(number: int) -> Notice:
    """The article of that number, from 0 to below MOST."""
    order = random.Random(SEED + number)
    kind, at = divmod(number, PLACES)
    place = place_name(at)
    # Neighbours in number are of several kinds, however few articles are made.
    counter, things = COUNTED[(kind + at) % len(COUNTED)]
    published = FIRST_DAY + timedelta(days=order.randrange(DAYS))
    count, before = order.randrange(20, 90_000), order.randrange(20, 90_000)
    weeks, cost = order.randrange(2, 60), order.randrange(3, 900) * 1000
    begins = published + timedelta(days=order.randrange(10, 200))
    text = (
        f"The {counter} of {place} counted {count:,} {things} last year, after {before:,} in the "
        f"year before. {order.choice(REASONS)}. The council of {place} decided to "
        f"{order.choice(PLANS)} for {cost:,} euros. Work begins on {begins.day} {begins:%B %Y} and "
        f"is to last {weeks} weeks."
    )
    return Notice(
        f"{number // 1000:03d}/{number:06d}-{place.lower()}.md",
        f"{place}: what the {counter} counted",
        order.choice(SOURCES),
        published,
        text,
        f"How many {things} did the {counter} of {place} count?",
        f"{count:,}",
    )


def notices(count: int) -> Iterator[Notice]:
    """The first so many."""
    return map(notice, range(count))


def place_name(at: int) -> str:
    """The place of that number, from 0 to below PLACES."""
    rest, ending = divmod(at, len(ENDINGS))
    beginning, middle = divmod(rest, len(MIDDLES))
    return f"{BEGINNINGS[beginning]}{MIDDLES[middle]}{ENDINGS[ending]}"
