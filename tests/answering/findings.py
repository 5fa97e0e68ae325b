"""Findings made by hand for the tests of answering."""

from qa.types import Finding, Signals


def signals(states: float = 0.0, **given: float) -> Signals:
    """Signals that say nothing but what is given."""
    silent = {
        "mean_logprob": 0.0,
        "least_logprob": 0.0,
        "score": 1.0,
        "cosine": 0.5,
        "asked_there": 1.0,
        "names_there": 1.0,
        "days_there": 1.0,
        "answer_there": 1.0,
        "kind_fits": 1.0,
    }
    return Signals(states, **(silent | given))


def finding(number: int, text: str, trust: float) -> Finding:
    """What was found in a source, and how far it is trusted."""
    return Finding(number, text, signals(), trust)
