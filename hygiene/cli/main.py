"""The `hygiene` command, and how it ends: 0 complete, 3 with gaps, 2 wrong usage, 1 otherwise."""

from __future__ import annotations

import sys

import typer

from hygiene.checks import UnknownCheckError
from hygiene.cli import cloud, files, look, people, run
from hygiene.cli.show import errors
from hygiene.clouds.aws.session import SessionError
from hygiene.files import Invalid
from hygiene.ledger.errors import LedgerUnusable, PlanAltered, Unreadable
from hygiene.wiring import Misconfigured

app = typer.Typer(
    name="hygiene",
    help="Finds what costs money and serves nobody, tells its owner, waits, looks again, changes "
    "only what it announced, and can undo it. Dry run is the default everywhere.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)
for room in (run, look, people, files, cloud):
    room.add_to(app)

_MISTAKES = (Invalid, Misconfigured, UnknownCheckError)
_TROUBLES = (SessionError, LedgerUnusable, PlanAltered, Unreadable, OSError)


def main() -> None:
    """Runs the command line. What a person can mend is said without a traceback."""
    try:
        app()
    except _MISTAKES as mistake:
        errors.print(str(mistake), style="red", markup=False, highlight=False)
        sys.exit(2)
    except _TROUBLES as trouble:
        errors.print(str(trouble), style="red", markup=False, highlight=False)
        sys.exit(1)
