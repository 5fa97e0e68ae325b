"""Whether one sentence denies what another states, worked out by hand."""

import pytest

from qa.answering.assertions import contradicts


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
        ("No one was hurt in the fire.", "No one died in the fire, though 14 were hurt."),
        ("Nobody was hurt.", "Nobody died, but 14 were hurt."),
        ("The minister did not deny it.", "The minister denied it."),
        ("The minister denied it.", "The minister did not deny it."),
        ("The minister knew.", "The minister did not deny that he knew."),
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
        ("No one died in the fire.", "No one died in the fire, though 14 were hurt."),
        ("The mayor did not resign.", "The mayor, who was ill, did not resign."),
        ("The minister did not deny it.", "The minister never denied it, he said."),
        ("Le pont n'est pas ouvert.", "Le pont n’est pas ouvert, dit-il."),
        ("The bath is warm.", "Nobody was there. The bath is warm."),
    ],
)
def test_what_only_looks_like_a_denial(claim: str, there: str) -> None:
    assert not contradicts(claim, there)
