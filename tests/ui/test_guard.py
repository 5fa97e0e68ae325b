import base64
import hashlib

from ui.guard import policy, token_of


def test_a_policy_allows_the_scripts_of_the_page_by_their_hash_and_no_handler() -> None:
    html = b'<script>one()</script><script type="module" src="x.js"></script><a onclick="two()">'
    digest = base64.b64encode(hashlib.sha256(b"one()").digest()).decode()
    scripts = next(one for one in policy(html).split(";") if "script-src" in one)
    assert scripts.split() == ["script-src", "'self'", "'unsafe-eval'", f"'sha256-{digest}'"]


def test_a_cookie_is_ours_or_nothing() -> None:
    token = "A" * 32
    assert token_of(f"theme=dark; cuttings={token}") == token
    assert token_of("cuttings=short") is None
    assert token_of("cuttings=\x00; ;;;=") is None
    assert token_of("") is None
