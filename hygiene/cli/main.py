"""The `hygiene` command, and how it ends: 0 complete, 3 with gaps, 2 wrong usage, 1 otherwise."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from importlib.metadata import version
from typing import Annotated

import typer

from hygiene.checks import UnknownCheckError
from hygiene.cli import cloud, files, look, nightly, people, run
from hygiene.cli.show import FAILED, USAGE, errors
from hygiene.clouds.aws.session import SessionError
from hygiene.files import Invalid
from hygiene.ledger.errors import LedgerUnusable, PlanAltered, Unreadable
from hygiene.night import UnknownNameError
from hygiene.settings import Misconfigured

app = typer.Typer(
    name="hygiene",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)
policy = typer.Typer(no_args_is_help=True, help="Check, explain and describe policies.")
local = typer.Typer(no_args_is_help=True, help="A local AWS and Slack on loopback, to try it on.")

_Command = Callable[..., None]
_PANELS: dict[str, tuple[_Command, ...]] = {
    "A run": (
        run.scan,
        run.plan,
        run.apply,
        run.verify,
        run.report,
        nightly.nightly,
    ),
    "Plans that were made": (look.show, look.diff),
    "What people decide": (
        people.undo,
        people.snooze,
        people.approve,
        people.override,
        people.stop,
        people.resume,
    ),
    "Setting up": (cloud.doctor, files.iam, cloud.demo),
}
for _panel, _commands in _PANELS.items():
    for _command in _commands:
        app.command(rich_help_panel=_panel)(_command)
_GROUPS: dict[typer.Typer, tuple[_Command, ...]] = {
    policy: (files.check, files.explain, files.schema),
    local: (cloud.up, cloud.down, cloud.env),
}
for _group, _commands in _GROUPS.items():
    for _command in _commands:
        _group.command()(_command)
app.add_typer(policy, name="policy", rich_help_panel="Setting up")
app.add_typer(local, name="local", rich_help_panel="Setting up")

INTERRUPTED = 130

_MISTAKES = (Invalid, Misconfigured, UnknownCheckError, UnknownNameError)
_TROUBLES = (SessionError, LedgerUnusable, PlanAltered, Unreadable, OSError)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"hygiene {version('cloud-hygiene')}")
        raise typer.Exit


@app.callback()
def _hygiene(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show it.")
    ] = False,
) -> None:
    """Finds what costs money and serves nobody, tells its owner, waits, looks again, changes only
    what it announced, and can undo it. Dry run is the default everywhere.

    Exit codes: 0 complete, 3 complete but with gaps, 2 wrong usage or invalid files (nothing was
    called), 1 anything else.

    Variables: HYGIENE_HOME (ledger and reports), HYGIENE_POLICIES, HYGIENE_ESTATE, HYGIENE_RATES,
    HYGIENE_LEDGER_URL, SLACK_BOT_TOKEN, and those of AWS. `hygiene doctor` says what they lead to.
    """


def main() -> None:
    """Runs the command line. What a person can mend is said without a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that cannot show a letter gets its number instead of a traceback.
            stream.reconfigure(errors="backslashreplace")
    try:
        app(prog_name="hygiene")
    except _MISTAKES as mistake:
        _say(str(mistake))
        sys.exit(USAGE)
    except _TROUBLES as trouble:
        _say(str(trouble))
        sys.exit(FAILED)
    except SystemExit as end:
        if end.code == INTERRUPTED:
            _say("Interrupted. What was under way is settled by the next run.")
            # Threads that still read would hold the process: nothing of theirs matters any more.
            sys.stdout.flush()
            os._exit(INTERRUPTED)
        raise


def _say(what: str) -> None:
    errors.print(what, style="red", markup=False, soft_wrap=True)
