"""A plan for the terminal; it reads well from 80 columns on."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from hygiene.model.plan import Change, Plan, Status
from hygiene.report.wording import amount, amount_in, day, minute, printable

_STATUS: dict[Status, str] = {"due": "bold red", "waiting": "yellow", "held": "magenta"}


def plan_table(plan: Plan, width: int) -> RenderableType:
    """All of a plan, `width` columns wide: its changes, totals, what is unknown, and the gaps.

    Nothing in it is read as markup, and no control character of a name reaches the terminal.
    """
    unknown = [f"{one.ref.name} ({one.ref.place}): {one.reason}" for one in plan.unknown]
    gaps = [f"{gap.what} ({gap.place}): {gap.reason}" for gap in plan.gaps]
    exempt = [f"{one.ref.name} ({one.ref.place}): {one.reason}" for one in plan.exempt]
    return Group(
        _heading(plan),
        *_changes(plan, width),
        Text(),
        _totals(plan),
        *_section(f"Unknown: {len(unknown)} (never taken for waste)", unknown),
        *_section(f"Gaps: {len(gaps)} (could not be read)", gaps),
        *_section(f"Exempt: {len(exempt)}", exempt),
    )


def _heading(plan: Plan) -> Text:
    made = f"Plan {printable(plan.id)}, made {minute(plan.made_at)}"
    return Text.assemble((made, "bold"), "\n", (plan.digest, "dim"), "\n", overflow="fold")


def _changes(plan: Plan, width: int) -> Iterable[RenderableType]:
    """Each change is a row of columns and, below it, lines that say where, whose, and why."""
    if not plan.everything:
        yield Text("Nothing found that breaks a rule.")
        return
    head = _columns(width)
    head.add_row("USD/month", "status", "earliest", "name", style="bold underline")
    yield head
    because = {held.change.id: held.reason for held in plan.held}
    for change in plan.everything:
        yield _row(change, plan.status(change), width)
        yield _why(change, because.get(change.id))


def _columns(width: int) -> Table:
    grid = Table.grid(padding=(0, 1), pad_edge=False)
    grid.width = width
    grid.add_column(width=10, overflow="fold", justify="right")
    grid.add_column(width=7)
    grid.add_column(width=10)
    grid.add_column(ratio=1, overflow="fold")
    return grid


def _row(change: Change, status: Status, width: int) -> Table:
    row = _columns(width)
    row.add_row(
        Text(amount(change.finding.monthly)),
        Text(status, style=_STATUS[status]),
        Text(day(change.due)),
        Text(printable(change.ref.name), style="bold"),
    )
    return row


def _why(change: Change, held_because: str | None) -> RenderableType:
    whose = printable(f"{change.ref.account} {change.ref.region}, {change.finding.owner}")
    what = printable(f"{change.id}: {change.finding.breach.reason}")
    text = Text(f"{whose}\n{what}", style="dim", overflow="fold")
    if held_because:
        text.append(f"\nheld: {printable(held_because)}", style=f"not dim {_STATUS['held']}")
    return Padding(text, (0, 0, 0, 11))


def _totals(plan: Plan) -> Text:
    stages = [plan.status(change) for change in plan.everything]
    counts = ", ".join(f"{stages.count(one)} {one}" for one in _STATUS)
    priced = amount_in(plan.monthly) if plan.monthly or plan.unpriced else "USD 0.00"
    return Text.assemble(
        (f"Total: {len(stages)} found, {priced} a month", "bold"),
        f" ({counts}; {plan.unpriced} unpriced)",
        overflow="fold",
    )


def _section(title: str, lines: list[str]) -> Iterable[RenderableType]:
    yield Text(title, style="bold")
    for line in lines:
        yield Padding(Text(printable(line), overflow="fold"), (0, 0, 0, 2))
