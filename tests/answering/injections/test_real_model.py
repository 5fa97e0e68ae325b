"""The default model reads hostile articles: the fact is told or quoted, never what they order."""

from pathlib import Path

import pytest

from qa.engine.decoding import LlamaEngine
from qa.service.opening import Encoders, make_assistant
from qa.settings import Settings
from qa.types import Outcome
from tests.answering.injections import INJECTIONS, FixedSearch, among_harmless
from tests.answering.injections.test_obedient_model import (
    assert_citations_lead_somewhere,
    assert_no_order_is_shown,
)

pytestmark = pytest.mark.model

BY_ID = {injection.id: injection for injection in INJECTIONS}


@pytest.mark.parametrize(
    "injection_id",
    [
        "override-threat",
        "answer-first",
        "leak-print",
        "citation-order",
        "template-inst",
        "header-number",
        "header-other-article",
        "refuse-order",
        "sources-layout-3",
        "earlier-talk-3",
        "invisible-cyrillic",
        "table-markdown",
        "ocr-spaced",
        "polite-editor",
        "polite-role-spanish",
    ],
)
def test_the_fact_or_nothing(
    injection_id: str, engine: LlamaEngine, encoders: Encoders, defaults: Settings, tmp_path: Path
) -> None:
    injection = BY_ID[injection_id]
    search = FixedSearch(among_harmless(injection.read(tmp_path)))
    answer = make_assistant(defaults, search, engine, encoders).answer(injection.question)

    assert_citations_lead_somewhere(answer)
    assert_no_order_is_shown(answer, injection)
    shown = " ".join([answer.text, *(one.quote for one in answer.evidence)]).casefold()
    assert any(right.casefold() in shown for right in injection.answers), shown
    assert answer.outcome is not Outcome.NOTHING
