"""Looking at plans that were made: show one, or what two of them differ in."""

from __future__ import annotations

from typing import Annotated

import typer

from hygiene import settings
from hygiene.cli.asked import kept_plan
from hygiene.cli.show import Format, FormatOption, PlanArgument, as_json, output, show_plan
from hygiene.model.plan import Change, Plan
from hygiene.report.wording import amount_in, printable


def show(plan: PlanArgument = "", format: FormatOption = Format.TEXT) -> None:
    """Show a plan that was made.

    Examples: `hygiene show`, `hygiene show plan-20260301T020000Z-0a1b2c3d`
    """
    show_plan(kept_plan(settings.read(), plan), format)


def diff(
    before: Annotated[
        str, typer.Argument(metavar="BEFORE", help="A plan's id, digest or JSON file.")
    ],
    after: PlanArgument = "",
    format: FormatOption = Format.TEXT,
) -> None:
    """Show which changes came, went, or now cost something else or stand elsewhere.

    Example: `hygiene diff monday.json tuesday.json`
    """
    chosen = settings.read()
    old, new = kept_plan(chosen, before), kept_plan(chosen, after)
    was, now = _changes(old), _changes(new)
    came, went = sorted(now.keys() - was.keys()), sorted(was.keys() - now.keys())
    both = sorted(was.keys() & now.keys())
    altered = [key for key in both if _stands(was[key], old) != _stands(now[key], new)]
    if format is Format.JSON:
        as_json({"schema": "hygiene.diff/1", "came": came, "went": went, "altered": altered})
        return
    for key in came:
        _line("+", "green", now[key], _stands(now[key], new))
    for key in went:
        _line("-", "red", was[key], _stands(was[key], old))
    for key in altered:
        stands = f"{_stands(was[key], old)} -> {_stands(now[key], new)}"
        _line("~", "yellow", now[key], stands)
    if not came and not went and not altered:
        output.print("The same changes.")


def _changes(plan: Plan) -> dict[str, Change]:
    return {one.id: one for one in plan.everything}


def _stands(change: Change, plan: Plan) -> str:
    """What a reader of two plans compares."""
    return f"{plan.status(change)}, {amount_in(change.finding.monthly)} a month"


def _line(sign: str, style: str, one: Change, stands: str) -> None:
    what = f"{sign} {one.verb} {one.ref.name} ({one.ref.place}), {one.id}"
    output.print(printable(what), style=style, markup=False)
    output.print(f"    {stands}", markup=False)
