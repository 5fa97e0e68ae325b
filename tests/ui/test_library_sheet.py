from pathlib import Path

from qa.service.uploads import Removal
from ui.library_sheet import Filter, removed_notice


def test_what_comes_back_by_itself_is_said_with_its_file() -> None:
    removal = Removal("<b>", "token", Path("own/<i>.md"))
    assert (
        "<span>Removed: &lt;b&gt;. Its file <code>own/&lt;i&gt;.md</code> is left as it is, so the "
        "next <code>qa index</code> brings it back; to keep it out, move the file away or delete "
        "the article in it.</span>"
    ) in removed_notice("main", removal, Filter())


def test_what_stays_away_is_only_named() -> None:
    html = removed_notice("main", Removal("Ferry", "token", None), Filter(search="sea"))
    assert html.startswith('<div class="doubt" role="status"><span>Removed: Ferry.</span> <form')
    assert '<input type="hidden" name="search" value="sea">' in html
