"""What people choose for their own questions."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.conversing.archive import Archive
from qa.conversing.preferences import chosen, from_json, to_json
from qa.errors import BadSettings
from qa.types import AS_SET, Preferences


def test_a_form_becomes_preferences_and_what_is_empty_stays_as_set() -> None:
    assert chosen({}) == AS_SET
    assert chosen({"passages": " ", "refuse_below": ""}) == AS_SET
    assert chosen({"passages": "6", "max_answer_tokens": "40", "refuse_below": "0"}) == Preferences(
        6, 40, 0.0
    )


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("passages", "21", "passages is a whole number from 1 to 20, not '21'"),
        ("passages", "0", "from 1 to 20"),
        ("passages", "2.5", "whole number"),
        ("passages", "nan", "whole number"),
        ("passages", "inf", "whole number"),
        ("max_answer_tokens", "<script>", "from 16 to 2048, not '<script>'"),
        ("refuse_below", "1.1", "refuse_below is a number from 0 to 1"),
        ("refuse_below", "nan", "a number from 0 to 1"),
    ],
)
def test_what_is_out_of_range_is_told(name: str, text: str, told: str) -> None:
    with pytest.raises(BadSettings, match=told):
        chosen({name: text})


@given(st.text(max_size=12))
def test_any_text_is_a_number_in_range_or_told(text: str) -> None:
    try:
        preferences = chosen({"passages": text})
    except BadSettings:
        return
    assert preferences.passages is None or 1 <= preferences.passages <= 20


@given(
    st.none() | st.integers(1, 20), st.none() | st.integers(16, 2048), st.none() | st.floats(0, 1)
)
def test_json_and_back(passages: int | None, length: int | None, bar: float | None) -> None:
    preferences = Preferences(passages, length, bar)
    assert from_json(to_json(preferences)) == preferences


def test_each_owner_has_their_own_and_keeps_them(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        archive.prefer("ann", Preferences(passages=2))
        archive.prefer("ann", Preferences(refuse_below=0.4))
    with Archive.open(tmp_path) as archive:
        assert archive.preferences("ann") == Preferences(refuse_below=0.4)
        assert archive.preferences("ben") == AS_SET


def test_what_another_version_kept_is_as_if_nothing_were() -> None:
    assert from_json('{"passages": "many"}') == AS_SET
