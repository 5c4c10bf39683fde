"""Trying it and looking after it: the local cloud, the demo, and the doctor."""

from __future__ import annotations

import importlib
import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Annotated

import typer
from rich.text import Text

from hygiene import doctor as examine
from hygiene import settings
from hygiene.cli.show import FAILED, Format, FormatOption, as_json, errors, output
from hygiene.report.wording import printable
from hygiene.settings import Misconfigured


def up(
    estate: Annotated[str, typer.Option(help="case_study or traps.")] = "case_study",
) -> None:
    """Start the local cloud with an estate in it, and print how to use it.

    Example: `eval "$(hygiene local up)"; hygiene plan`
    """
    with _process() as process:
        try:
            variables = process.up(settings.read().home, estate)
        except ValueError as error:
            raise typer.BadParameter(str(error), param_hint="--estate") from error
    _print_env(variables)


def down() -> None:
    """End the local cloud.

    Example: `hygiene local down`
    """
    with _process() as process:
        process.down(settings.read().home)


def env() -> None:
    """Print the variables of the running local cloud.

    Example: `eval "$(hygiene local env)"`
    """
    with _process() as process:
        variables = process.env(settings.read().home)
    _print_env(variables)


@contextmanager
def _process() -> Iterator[ModuleType]:
    """The local cloud's process, which comes with an extra that may not be installed."""
    try:
        process = importlib.import_module("hygiene.localcloud.process")
    except ModuleNotFoundError as error:
        raise _extra_missing("local", error) from error
    try:
        yield process
    except process.NotRunning as error:
        errors.print(str(error), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(FAILED) from error


def _extra_missing(extra: str, error: ModuleNotFoundError) -> Misconfigured:
    return Misconfigured(
        f"{error.name} is not installed: install the extra, `pip install cloud-hygiene[{extra}]`"
    )


def _print_env(variables: dict[str, str]) -> None:
    for name, value in variables.items():
        typer.echo(f"export {name}={shlex.quote(value)}")


def doctor(format: FormatOption = Format.TEXT) -> None:
    """Look at the installation: settings, ledger, every account's reader role, Slack.

    Example: `hygiene doctor`
    """
    symptoms = examine.examined(os.environ)
    if format is Format.JSON:
        rows = [{"what": one.what, "well": one.well, "said": one.said} for one in symptoms]
        as_json({"schema": "hygiene.doctor/1", "checks": rows})
    else:
        for one in symptoms:
            mark, style = ("ok", "green") if one.well else ("bad", "bold red")
            line = Text.assemble((f"{mark:<4}", style), f"{one.what}: {printable(one.said)}")
            output.print(line, soft_wrap=True)
    raise typer.Exit(0 if all(one.well for one in symptoms) else FAILED)


def demo(
    apply: Annotated[
        bool, typer.Option("--apply", help="Go on: move the clock, apply, verify, undo.")
    ] = False,
) -> None:
    """Run a night on the case study's estate, in Airflow, inside the local cloud.

    Example: `hygiene demo --apply`
    """
    try:
        play = importlib.import_module("hygiene.demo")
    except ModuleNotFoundError as error:
        raise _extra_missing("airflow,local", error) from error
    raise typer.Exit(play.demo(apply))
