"""A denial beside a statement, and what only looks like one."""

import pytest

from qa.answering.negation import contradicts, polarity


def contradicted(claim: str, source: str) -> bool:
    return contradicts(polarity(claim), polarity(source, source=True))


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Norway did not sign the treaty.", "Norway signed the treaty."),
        ("Norway signed the treaty.", "Norway did not sign the treaty."),
        ("Norway signed the treaty.", "Norway didn't sign the treaty in May."),
        ("Norway never signed it.", "Norway signed it in May."),
        ("Norway signed the treaty.", "Norway failed to sign the treaty."),
        ("Norway signed the treaty.", "Norway refused to sign the treaty."),
        ("Norway signed the treaty.", "Norway denied that it had signed the treaty."),
        ("Containers had to be unloaded.", "No containers had to be unloaded."),
        ("No containers were unloaded.", "Some containers were unloaded."),
        ("The ship is 430 metres long.", "The ship is 400 metres long, not 430 metres."),
        ("Two men were killed.", "Nobody was killed, and nothing leaked."),
        ("He awaits his trial.", "He is held without trial."),
        ("Both asteroids were a danger.", "Neither was a danger to Earth."),
        ("A date was named.", "He named no date."),
    ],
)
def test_one_denies_what_the_other_states(claim: str, source: str) -> None:
    assert contradicted(claim, source)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Norway did not sign the treaty.", "Norway didn't sign the treaty."),
        ("Norway never signed it.", "Norway refused to sign the treaty."),
        ("Nobody was hurt.", "None of the crew was hurt."),
        ("The ship is 400 metres long.", "The ship is 400 metres long, not 430 metres."),
        ("It is not 430 metres long.", "The ship is 400 metres long, not 430 metres."),
        ("It might take weeks.", "It could be days, but weeks could not be ruled out."),
        ("Not only Norway but also Sweden signed.", "Norway and Sweden signed."),
        ("There is no doubt that Norway signed.", "Norway signed."),
        ("It did not open until Monday.", "It opened on Monday."),
        ("No fewer than ten ships sank.", "At least ten ships sank."),
        (
            "He warned China not to help Russia.",
            "He warned of consequences if China helped Russia.",
        ),
        ("They did not manage to free it.", "Tugs tried in vain to free it."),
        ("He read out the route.", "He did not mention Blinken when he read out the route."),
        ("Norway signed.", "Norway signed, but Sweden did not want to join."),
        ("Norway", "Which state did not sign? Norway did not sign."),
    ],
)
def test_what_only_looks_like_a_denial(claim: str, source: str) -> None:
    assert not contradicted(claim, source)
