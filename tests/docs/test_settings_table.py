import pytest
from settings_table import PAGE, with_table


def test_the_page_has_the_settings_of_today() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == with_table(page), "write it anew: python docs/settings_table.py"


def test_a_row_tells_default_range_and_meaning() -> None:
    page = with_table("# Settings\n\n<!-- settings -->\nof old\n<!-- end -->\n\n## The home\n")
    head, *rows = page.split("\n<!-- end -->")[0].splitlines()
    assert head == "# Settings"
    assert page.endswith("\n<!-- end -->\n\n## The home\n")
    assert "| `threads` | `0` | 0 to 256 | CPU threads; 0 = all cores |" in rows
    assert "| `models_dir` | `models` |  | model files, below the home |" in rows
    cells = {row.split(" | ")[0]: row.split(" | ")[1:3] for row in rows}
    assert cells["| `generator_key`"] == ["none", ""]
    assert cells["| `articles`"] == ["none", ""]
    assert cells["| `fusion`"] == ["`both`", "`both`, `dense`, `lexical`"]
    assert cells["| `refuse_below`"] == ["`0.2`", "0 to 1"]
    assert "| `home`" not in cells
    assert "of old" not in page


def test_a_page_without_its_marks_is_left_alone() -> None:
    with pytest.raises(ValueError, match="marks <!-- settings --> and <!-- end -->"):
        with_table("# Settings\n")
