"""`candor policy`: whether the policy files are right, and what came of them."""

from pathlib import Path

import typer

from cli.bootstrap.records import open_records
from core import log
from core.policy import PolicySettings, check, files
from core.settings import HomeSettings

app = typer.Typer(no_args_is_help=True)


@app.callback()
def policy() -> None:
    """Check the policies, and count what the guardrails decided."""


@app.command("check")
def check_policies(
    path: str = typer.Argument("", help="A policy file or a folder of them; by default CANDOR_POLICY."),
) -> None:
    """Say what is wrong in the policy files, a line each: file, line, field. Exit code 1 when anything is."""
    settings = PolicySettings(policy=path) if path else PolicySettings()
    read = files(settings)
    faults = [fault for each in read for fault in check(Path(each))[1]]
    for fault in faults:
        typer.echo(str(fault), err=True)
    if faults:
        raise typer.Exit(1)
    names = ", ".join(str(each) for each in read)
    typer.echo(f"{names}: no fault" if read else "There is no policy file: the built-in policy holds.")


@app.command("counts")
def counts() -> None:
    """Count the turns in which each guardrail did something."""
    log.configure(log.LogSettings())
    rows = open_records(HomeSettings()).decisions.counts()
    typer.echo(f"{'rule':<16}{'stage':<10}{'action':<10}{'turns':>7}")
    for each in rows:
        typer.echo(f"{each.rule:<16}{each.stage.value:<10}{each.action.value:<10}{each.turns:>7}")
