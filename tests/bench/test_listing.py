from answers_table import Asked
from cases import Case
from everyday import Wanted
from listing import listing
from replies import Reply

from qa.evaluating.questions import Question
from qa.types import Outcome, Turn

WANTED = Wanted("who is", (("baker", "bakes"), ("Ulm",)), (), (Outcome.ANSWERED,))
CASE = Case(
    "everyday",
    Question("desk-1", "Who is he?", (), history=(Turn("Who won?", "Bob."),)),
    "desk",
    wanted=WANTED,
)
WELL = Asked(CASE, Reply("everyday", CASE.id, "", "A baker of Ulm [1].", total_s=2.0))
CLOSE = Asked(
    Case("squad", Question("s1", "Who?", ("Ann",))),
    Reply("squad", "squad/s1", "", "Closest:", Outcome.CLOSE, ("Ann won.",), (3.25,)),
)


def test_everything_that_a_person_needs_to_judge() -> None:
    assert listing("everyday", [WELL]) == (
        "desk-1 who is, over desk: WELL ANSWERED\n"
        "  before: Who won? – Bob.\n"
        "  asked: Who is he?\n"
        "  wanted: baker/bakes + Ulm\n"
        "  answered, 2.0 s: A baker of Ulm [1].\n\n"
        "== everyday: 1 questions; 1 well answered\n"
    )


def test_quotes_stand_below_with_their_scores() -> None:
    told = listing("squad", [CLOSE])
    assert told.startswith("s1 WRONGLY REFUSED, QUOTED FIRST\n")
    assert "    3.2: Ann won.\n" in told


def test_faults_alone_and_the_counts_of_all() -> None:
    told = listing("mixed", [WELL, CLOSE], faults_only=True)
    assert "desk-1" not in told
    assert told.endswith("== mixed: 2 questions; 1 well answered, 1 wrongly refused\n")
