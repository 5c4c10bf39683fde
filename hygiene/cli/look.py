"""Looking at plans that were made: show one, or what two of them differ in."""

from __future__ import annotations

from typing import Annotated

import typer

from hygiene import wiring
from hygiene.cli.run import named
from hygiene.cli.show import Format, FormatOption, PlanArgument, as_json, output, show_plan
from hygiene.model.plan import Change
from hygiene.report.wording import amount_in, printable


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this room."""
    for command in (show, diff):
        app.command()(command)


def show(plan: PlanArgument = "", format: FormatOption = Format.TEXT) -> None:
    """Show a plan that was made.

    Example: `hygiene show sha256:0f1e…`
    """
    with wiring.opened(wiring.settings()) as run:
        show_plan(named(run, plan).plan, format)


def diff(
    before: Annotated[str, typer.Argument(help="A plan's id, digest or JSON file.")],
    after: PlanArgument = "",
    format: FormatOption = Format.TEXT,
) -> None:
    """Show which changes came, went, or now cost something else.

    Example: `hygiene diff plan-monday.json plan-tuesday.json`
    """
    with wiring.opened(wiring.settings()) as run:
        old = {one.id: one for one in named(run, before).plan.everything}
        new = {one.id: one for one in named(run, after).plan.everything}
    came = [new[key] for key in new.keys() - old.keys()]
    went = [old[key] for key in old.keys() - new.keys()]
    if format is Format.JSON:
        rows = {"came": [one.id for one in came], "went": [one.id for one in went]}
        as_json({"schema": "hygiene.diff/1", **rows})
        return
    for sign, style, changes in (("+", "green", came), ("-", "red", went)):
        for one in sorted(changes, key=lambda each: each.ref):
            output.print(f"{sign} {_line(one)}", style=style, markup=False)
    if not came and not went:
        output.print("The same changes.")


def _line(one: Change) -> str:
    money = amount_in(one.finding.monthly)
    return printable(f"{one.verb} {one.ref.name} ({one.ref.place}), {money} a month, {one.id}")
