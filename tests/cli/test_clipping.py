"""`qa clip` as a person types it, against a site on loopback."""

import pytest

from tests.capturing.site import Answer, Site, page, serving
from tests.cli.typed import printed, qa


@pytest.mark.model
def test_several_addresses_each_with_its_line_and_the_others_are_kept() -> None:
    site = Site(
        {
            "/weir": Answer(page("Weir opens", "The weir is open.")),
            "/old": Answer(status=301, headers={"Location": "/weir"}),
        }
    )
    with serving(site):
        weir, gone = site.at("/weir"), site.at("/gone")
        result = qa("clip", gone, weir, "--allow-private")
        assert result.returncode == 1
        assert result.stderr.splitlines() == [
            "Asking 127.0.0.1…",
            f"not kept {gone} is not there (404). Nothing was kept. See that the address is right.",
            "Asking 127.0.0.1…",
        ]
        (line,) = result.stdout.splitlines()
        id_, title, day, told = line.split(" · ")
        assert (id_, title, told) == ("clips/127.0.0.1/weir", "Weir opens", "new")

        (again,) = printed(qa("clip", site.at("/old"), "--allow-private", "--json"))
        assert (again["url"], again["moved"], again["change"]) == (
            weir,
            [site.at("/old")],
            "unchanged",
        )
        (row,) = printed(qa("articles", "list", "--json"))
        assert (row["id"], row["published"], row["source"]) == (id_, day, "127.0.0.1")
    assert [path for path, _ in site.asked] == ["/gone", "/weir", "/old", "/weir"]
