from pathlib import Path

from typer.testing import CliRunner

from qa.cli import app
from qa.service.passwords import load_users


def test_a_password_asked_for_twice_becomes_a_line() -> None:
    result = CliRunner().invoke(app, ["password", "ann"], input="long enough\nlong enough\n")
    assert result.exit_code == 0
    assert load_users(result.stdout.splitlines()[-1], Path()).knows("ann", "long enough")
    assert "long enough" not in result.output
