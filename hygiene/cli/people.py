"""What people decide: undo, snooze, approve, override, stop, resume. Each names who and why."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from hygiene import night, settings, wiring
from hygiene.cli.asked import kept_plan, known_resource, last_day, who
from hygiene.cli.show import (
    COMPLETE,
    FAILED,
    Format,
    FormatOption,
    PlanArgument,
    ResourceArgument,
    WriteOption,
    as_json,
    errors,
    output,
)
from hygiene.model.entry import Approved, Overridden, Resumed, Settled, Snoozed, Stopped
from hygiene.model.money import total
from hygiene.report.wording import amount_in, minute, printable
from hygiene.steps.undo import not_allowed, undoable

ByOption = Annotated[str, typer.Option("--by", help="Who decides; your login name if left out.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why, for those who ask later.")]
UntilOption = Annotated[str, typer.Option("--until", help="Last day, YYYY-MM-DD (UTC).")]


def undo(
    change: Annotated[str, typer.Argument(metavar="CHANGE", help="Such as chg-0123456789ab.")],
    write: WriteOption = False,
    format: FormatOption = Format.TEXT,
) -> None:
    """Put a changed resource back as it was: configuration, tags and scaling.

    Example: `hygiene undo chg-0123456789ab --write`
    """
    chosen = settings.read()
    with wiring.ledger(chosen) as ledger:
        history = ledger.history()
    intent = undoable(change, history)
    if isinstance(intent, str):
        raise typer.BadParameter(intent)
    with wiring.opened(chosen) as run:
        if write:
            writers = wiring.writers(run.rules.estate, run.clock)
            with errors.status("Waiting until it serves again, which takes the cloud minutes"):
                result, reason = _ended(night.undo_change(run, writers, change))
        else:
            blocked = not_allowed(intent, history, run.rules)
            result = "held" if blocked else "cleared"
            reason = blocked or "a dry run: ask with --write"
    if format is Format.JSON:
        row = {"id": change, "resource": intent.ref.id, "result": result, "reason": reason}
        as_json({"schema": "hygiene.undo/1", **row})
    else:
        said, style = _UNDONE[result]
        line = f"{said.format(intent.ref.name)}: {reason}."
        output.print(printable(line), style=style, markup=False, soft_wrap=True)
    raise typer.Exit(FAILED if write and result != "done" else COMPLETE)


_UNDONE = {
    "done": ("{} is back", "green"),
    "failed": ("{} is not undone", "red"),
    "held": ("{} would not be created again", "magenta"),
    "cleared": ("{} would be created again", "bold"),
}


def _ended(settled: Settled | str) -> tuple[str, str]:
    if isinstance(settled, Settled):
        return ("done" if settled.outcome == "done" else "failed"), settled.reason
    return "failed", settled


def snooze(
    resource: ResourceArgument,
    until: UntilOption,
    reason: ReasonOption = "",
    by: ByOption = "",
) -> None:
    """Leave a resource alone until a day.

    Example: `hygiene snooze churn-model-v2 --until 2099-12-24 --reason "demo"`
    """
    chosen = settings.read()
    now = wiring.clock(chosen)()
    end, by = last_day(until, now), who(by)
    with wiring.ledger(chosen) as ledger:
        ref = known_resource(ledger, resource)
        ledger.append(Snoozed(now, ref, by, reason, end))
    output.print(f"{printable(ref.name)} is left alone until {until}.", markup=False)


def approve(
    plan: PlanArgument = "",
    until: UntilOption = "",
    reason: ReasonOption = "",
    by: ByOption = "",
) -> None:
    """Let a plan pass its budgets: exactly this one, by its digest. Valid for a day by default.

    Example: `hygiene approve plan.json --by ada@example.com --reason "cleanup week"`
    """
    chosen = settings.read()
    now = wiring.clock(chosen)()
    shown = kept_plan(chosen, plan)
    if not shown.changes:
        raise typer.BadParameter(
            f"{shown.id} holds no change to approve: `hygiene show {shown.id}` says why"
        )
    end, by = last_day(until, now) if until else now + timedelta(days=1), who(by)
    with wiring.ledger(chosen) as ledger:
        ledger.append(Approved(now, shown.digest, by, reason, end))
    money = amount_in(total(one.finding.monthly for one in shown.changes))
    output.print(f"Approved until {minute(end)}: {len(shown.changes)} changes, {money} a month.")
    output.print(shown.digest, soft_wrap=True)


def override(
    change: Annotated[str, typer.Argument(metavar="CHANGE", help="Such as chg-0123456789ab.")],
    until: UntilOption,
    reason: ReasonOption,
    by: ByOption = "",
) -> None:
    """Let one change pass its budget, a gap, or an odd population. Locks and grace still hold.

    Example: `hygiene override chg-0123456789ab --until 2099-12-24 --reason "checked by hand"`
    """
    chosen = settings.read()
    now = wiring.clock(chosen)()
    end, by = last_day(until, now), who(by)
    newest = kept_plan(chosen, "")
    if all(one.id != change for one in newest.everything):
        raise typer.BadParameter(f"the newest plan, {newest.id}, has no change {change}")
    with wiring.ledger(chosen) as ledger:
        ledger.append(Overridden(now, change, by, reason, end))
    output.print(f"{change} may pass until {until}.", markup=False)


def stop(reason: ReasonOption, by: ByOption = "") -> None:
    """Throw the kill switch: nothing is written by anybody until somebody resumes.

    It needs the ledger and nothing else: no cloud, no policy that is valid.

    Example: `hygiene stop --reason "incident 4711"`
    """
    chosen = settings.read()
    with wiring.ledger(chosen) as ledger:
        ledger.append(Stopped(wiring.clock(chosen)(), who(by), reason))
    output.print("Stopped: nothing is written until `hygiene resume`.")


def resume(reason: ReasonOption, by: ByOption = "") -> None:
    """Take the kill switch back.

    Example: `hygiene resume --reason "incident 4711 is over"`
    """
    chosen = settings.read()
    with wiring.ledger(chosen) as ledger:
        if ledger.history().stopped is None:
            raise typer.BadParameter("nothing is stopped")
        ledger.append(Resumed(wiring.clock(chosen)(), who(by), reason))
    output.print("Resumed.")
