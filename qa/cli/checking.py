"""`qa doctor`."""

from dataclasses import asdict

import typer
from rich.markup import escape

from qa.cli.flags import AsJson, settings_with
from qa.cli.terminal import err, out, print_json


def doctor(as_json: AsJson = False) -> None:
    """What is right and wrong on this machine, and what to do about it."""
    from qa.doctor.check import CheckState
    from qa.doctor.diagnosing import diagnose

    with err.status("Checking…") as status:
        checks = diagnose(settings_with(), lambda name: status.update(f"Checking: {name}…"))
    if as_json:
        print_json([asdict(check) | {"state": check.state.value} for check in checks])
    else:
        signs = {CheckState.OK: "[green]ok[/green]", CheckState.WARNING: "[yellow]warning[/yellow]"}
        for check in checks:
            sign = signs.get(check.state, "[red]failed[/red]")
            out.print(f"{sign:<24} [bold]{check.name}[/bold]: {escape(check.finding)}")
            if check.next_step:
                out.print(f"         → {escape(check.next_step)}")
    if any(check.state is CheckState.FAILED for check in checks):
        raise typer.Exit(1)
