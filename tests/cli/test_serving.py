import re
from pathlib import Path

from typer.testing import CliRunner

from qa.cli import app
from qa.service.passwords import load_users


def test_a_key_is_told_once_and_kept_as_a_hash() -> None:
    result = CliRunner().invoke(app, ["key", "reports"])
    assert result.exit_code == 0
    told = re.search(r"reports:(\S{32})$", result.stderr.strip())
    assert told is not None
    assert load_users(result.stdout.strip(), Path()).knows("reports", told[1])
    assert told[1] not in result.stdout


def test_beyond_this_machine_it_asks_for_users_before_anything_is_loaded() -> None:
    result = CliRunner().invoke(app, ["serve", "--host", "0.0.0.0"])
    assert "without a password" in str(result.exception)
