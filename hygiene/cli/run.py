"""The steps of a run, one by one: scan, plan, apply, verify, report."""

# ruff: noqa: PLC0415 - what draws charts takes a second to import, so only reports do it

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hygiene import night, settings, wiring
from hygiene.cli.asked import kept_plan, selected
from hygiene.cli.show import (
    COMPLETE,
    FAILED,
    AccountsOption,
    Format,
    FormatOption,
    PlanArgument,
    PoliciesOption,
    WriteOption,
    as_json,
    ended,
    errors,
    messages_to,
    output,
    scan_all,
    show_gaps,
    show_plan,
    show_verdicts,
    verdict_document,
)
from hygiene.model.entry import Looked
from hygiene.model.money import Money
from hygiene.model.plan import Failed, Held, Outcome, Plan
from hygiene.model.report import Report
from hygiene.model.resource import Gap
from hygiene.report.document import gap_document
from hygiene.report.wording import amount_in, printable
from hygiene.steps.guard import Ask


def scan(
    policy: PoliciesOption = None,
    account: AccountsOption = None,
    format: FormatOption = Format.TEXT,
) -> None:
    """Look at what is there, and say what could not be read.

    Example: `hygiene scan --account 111111111111`
    """
    selection = selected(policy, account)
    with wiring.opened(settings.read(), selection=selection) as run:
        scans = scan_all(run, selection)
    gaps = tuple(gap for one in scans for gap in one.gaps)
    if format is Format.JSON:
        rows = [
            {"place": str(one.place), "policy": one.policy, "resources": len(one.resources)}
            for one in scans
        ]
        document = {"schema": "hygiene.scan/1", "run_id": run.id, "scans": rows}
        as_json({**document, "gaps": [gap_document(gap) for gap in gaps]})
    else:
        for one in scans:
            output.print(f"{one.place}: {len(one.resources)} {one.kind}s for {one.policy}")
        show_gaps(gaps)
    ended(gaps)


def plan(
    policy: PoliciesOption = None,
    account: AccountsOption = None,
    tag: Annotated[
        list[str] | None,
        typer.Option("--tag", metavar="KEY=VALUE", help="Only what has this tag (repeatable)."),
    ] = None,
    minimum_usd: Annotated[
        float, typer.Option(help="Only what costs at least so many USD a month.", min=0)
    ] = 0,
    format: FormatOption = Format.TEXT,
) -> None:
    """Scan, judge, and show what would be done and when. Tells nobody, changes nothing.

    Examples: `hygiene plan`, `hygiene plan --format json > plan.json`,
    `hygiene plan --tag environment=dev --minimum-usd 100`
    """
    selection = selected(policy, account, tag, minimum_usd)
    with wiring.opened(settings.read(), selection=selection) as run:
        scan_all(run, selection)
        made = night.make_plan(run, selection)
    show_plan(made, format)
    ended(made.gaps)


def apply(
    plan: PlanArgument = "",
    write: WriteOption = False,
    format: FormatOption = Format.TEXT,
) -> None:
    """Make the changes of a plan that are due, announced and within budget.

    Without --write it only says what the guard would let pass now.

    Examples: `hygiene apply`, `hygiene apply plan.json --write`
    """
    chosen = settings.read()
    shown = kept_plan(chosen, plan)
    ask = Ask(writes=write, digest=shown.digest)
    with wiring.opened(chosen, show=messages_to(format)) as run:
        verdicts = _applied(run, shown, ask) if write else night.preview(run, shown, ask)
    if format is Format.JSON:
        document = {"schema": "hygiene.apply/1", "run_id": run.id}
        as_json({**document, "changes": verdict_document(verdicts)})
    else:
        show_verdicts(verdicts)
        if not write:
            output.print("Nothing was changed: this was a dry run. Ask with --write.")
    raise typer.Exit(FAILED if any(isinstance(one, Failed) for one in verdicts) else COMPLETE)


def _applied(run: night.Run, shown: Plan, ask: Ask) -> tuple[Outcome | Held, ...]:
    """Applies, proves, and tells the channel."""
    writers = wiring.writers(run.rules.estate, run.clock)
    with errors.status("Changing what is due, one after another"):
        outcomes = night.apply_plan(run, writers, shown, ask)
        night.verify_changes(run)
    night.tell_channel(run, night.make_report(run, shown), night.count_done(outcomes))
    return outcomes


def verify(format: FormatOption = Format.TEXT) -> None:
    """Look again at everything that was changed: is it gone, and is it still gone?

    Example: `hygiene verify`
    """
    with wiring.opened(settings.read()) as run:
        night.settle_open(run)
        looks = night.verify_changes(run)
    if format is Format.JSON:
        rows = [{"id": one.change_id, "resource": one.ref.id, "found": one.found} for one in looks]
        as_json({"schema": "hygiene.verify/1", "run_id": run.id, "looks": rows})
    else:
        _show_looks(looks)
    unread = tuple(
        Gap(one.ref.place, "verify", one.reason, one.ref)
        for one in looks
        if one.found == "unreadable"
    )
    ended(unread)


def _show_looks(looks: tuple[Looked, ...]) -> None:
    for one in looks:
        line = f"{one.found:<10} {one.ref.name} ({one.change_id}): {one.reason}"
        output.print(printable(line), markup=False)
    if not looks:
        output.print("No change is waiting for its proof.")


def report(
    plan: PlanArgument = "",
    folder: Annotated[
        Path | None, typer.Option(help="Where to write it; HYGIENE_HOME/reports if left out.")
    ] = None,
    format: FormatOption = Format.TEXT,
) -> None:
    """Write the report: a page that works offline, and CSV beside it.

    Example: `hygiene report --folder out`
    """
    from hygiene.report.write import write_report

    chosen = settings.read()
    shown = kept_plan(chosen, plan)
    with wiring.opened(chosen) as run:
        proven = night.make_report(run, shown)
    files = write_report(proven, folder or chosen.reports)
    if format is Format.JSON:
        as_json(
            {
                "schema": "hygiene.report/1",
                "html": str(files.html),
                "csv": [str(files.findings_csv), str(files.savings_csv)],
                "saved_monthly_usd": _cents(proven.saved_monthly),
                "saved_so_far_usd": _cents(proven.saved_so_far),
            }
        )
    else:
        output.print(_saved(proven))
        output.print(f"Report: {files.html}", soft_wrap=True, markup=False)


def _saved(proven: Report) -> str:
    if not any(one.verified_at for one in proven.savings):
        return "Saved: nothing is proven yet."
    monthly, so_far = amount_in(proven.saved_monthly), amount_in(proven.saved_so_far)
    return f"Saved, proven: {monthly} a month, {so_far} so far."


def _cents(money: Money | None) -> str | None:
    return str(money.cents) if money else None
