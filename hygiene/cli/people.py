"""What people decide: undo, snooze, approve, override, stop, resume. Each names who and why."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

from hygiene import night, wiring
from hygiene.cli.run import named, parsed_day
from hygiene.cli.show import FAILED, PlanArgument, WriteOption, output
from hygiene.model.entry import Approved, Overridden, Resumed, Settled, Snoozed, Stopped
from hygiene.model.resource import ResourceRef
from hygiene.report.wording import amount_in, printable
from hygiene.steps.undo import not_allowed, undoable

ByOption = Annotated[str, typer.Option("--by", help="Who decides; your login name if left out.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why, for those who ask later.")]
UntilOption = Annotated[str, typer.Option("--until", help="Last day, YYYY-MM-DD (UTC).")]


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this room."""
    for command in (undo, snooze, approve, override, stop, resume):
        app.command()(command)


def _who(by: str) -> str:
    return by or getpass.getuser()


def undo(
    change: Annotated[str, typer.Argument(metavar="CHANGE", help="Such as chg-0123456789ab.")],
    write: WriteOption = False,
) -> None:
    """Put a changed resource back as it was: configuration, tags and scaling.

    Example: `hygiene undo chg-0123456789ab --write`
    """
    with wiring.opened(wiring.settings()) as run:
        history = run.ledger.history()
        intent = undoable(change, history)
        if isinstance(intent, str):
            raise typer.BadParameter(intent)
        blocked = not_allowed(intent, history, run.rules)
        if not write:
            output.print(
                f"Would create {intent.ref.name} again, made gone on {intent.at:%Y-%m-%d}."
            )
            output.print(f"But: {blocked}" if blocked else "Ask with --write.")
            return
        writers = wiring.writers(run.rules.estate, run.clock)
        settled = night.undo_change(run, writers, change)
    if isinstance(settled, Settled) and settled.outcome == "done":
        output.print(f"{intent.ref.name} is back: {settled.reason}.", style="green", markup=False)
        return
    reason = settled.reason if isinstance(settled, Settled) else settled
    output.print(f"Not undone: {printable(reason)}", style="red", markup=False)
    raise typer.Exit(FAILED)


def snooze(
    resource: Annotated[str, typer.Argument(help="The resource's ARN, or its name in a plan.")],
    until: UntilOption,
    reason: ReasonOption = "",
    by: ByOption = "",
) -> None:
    """Leave a resource alone until a day.

    Example: `hygiene snooze churn-model-v2 --until 2026-12-24 --reason "demo"`
    """
    with wiring.opened(wiring.settings()) as run:
        now = run.clock()
        ref = found(run, resource)
        run.ledger.append(Snoozed(now, ref, _who(by), reason, parsed_day(until, now)))
    output.print(f"{printable(ref.name)} is left alone until {until}.", markup=False)


def found(run: night.Run, resource: str) -> ResourceRef:
    """A resource of the newest plan by its id or name. Raises `typer.BadParameter`."""
    newest = run.ledger.plan("")
    known: set[ResourceRef] = set()
    if newest:
        known.update(one.ref for one in newest.everything)
        known.update(one.ref for one in newest.undecided)
        known.update(one.ref for one in newest.exempt)
    matches = sorted(ref for ref in known if resource in (ref.id, ref.name))
    if len(matches) == 1:
        return matches[0]
    if matches:
        several = ", ".join(ref.id for ref in matches)
        raise typer.BadParameter(f"several resources have that name: {several}")
    raise typer.BadParameter(f"the newest plan names no resource {resource}")


def approve(
    plan: PlanArgument = "",
    until: UntilOption = "",
    reason: ReasonOption = "",
    by: ByOption = "",
) -> None:
    """Let a plan pass its budgets: exactly this one, by its digest. Valid for a day by default.

    Example: `hygiene approve plan.json --by ada@example.com --reason "cleanup week"`
    """
    with wiring.opened(wiring.settings()) as run:
        now = run.clock()
        shown = named(run, plan)
        if shown.digest != shown.plan.digest:
            raise typer.BadParameter("the file's digest is not that of the plan it names")
        end = parsed_day(until or f"{now:%Y-%m-%d}", now)
        run.ledger.append(Approved(now, shown.digest, _who(by), reason, end))
    money = amount_in(shown.plan.monthly)
    output.print(f"Approved {len(shown.plan.changes)} changes, {money} a month, until {end:%F}:")
    output.print(shown.digest, soft_wrap=True)


def override(
    change: Annotated[str, typer.Argument(metavar="CHANGE", help="Such as chg-0123456789ab.")],
    until: UntilOption,
    reason: ReasonOption,
    by: ByOption = "",
) -> None:
    """Let one change pass its budget, a gap, or an odd population. Locks and grace still hold.

    Example: `hygiene override chg-0123456789ab --until 2026-12-24 --reason "checked by hand"`
    """
    with wiring.opened(wiring.settings()) as run:
        now = run.clock()
        newest = run.ledger.plan("")
        if newest is None or all(one.id != change for one in newest.everything):
            raise typer.BadParameter(f"the newest plan has no change {change}")
        end = parsed_day(until, now)
        run.ledger.append(Overridden(now, change, _who(by), reason, end))
    output.print(f"{change} may pass until {until}.", markup=False)


def stop(reason: ReasonOption, by: ByOption = "") -> None:
    """Throw the kill switch: nothing is written by anybody until somebody resumes.

    Example: `hygiene stop --reason "incident 4711"`
    """
    with wiring.opened(wiring.settings()) as run:
        run.ledger.append(Stopped(run.clock(), _who(by), reason))
    output.print("Stopped: nothing is written until `hygiene resume`.")


def resume(reason: ReasonOption, by: ByOption = "") -> None:
    """Take the kill switch back.

    Example: `hygiene resume --reason "incident 4711 is over"`
    """
    with wiring.opened(wiring.settings()) as run:
        if run.ledger.history().stopped is None:
            raise typer.BadParameter("nothing is stopped")
        run.ledger.append(Resumed(run.clock(), _who(by), reason))
    output.print("Resumed.")
