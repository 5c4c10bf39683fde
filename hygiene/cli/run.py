"""The run, step by step or in one go: scan, plan, apply, verify, report, nightly."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from hygiene import night, wiring
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
    output,
    scan_all,
    show_plan,
    show_verdicts,
    verdict_document,
)
from hygiene.model.entry import Looked
from hygiene.model.money import Money
from hygiene.model.note import Delivery, Undelivered
from hygiene.model.plan import Failed, Held, Outcome, Plan
from hygiene.model.resource import Gap
from hygiene.report.wording import amount_in, printable
from hygiene.report.write import write_report
from hygiene.steps.guard import Ask


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this room."""
    for command in (scan, plan, apply, verify, report, nightly):
        app.command()(command)


def chosen(policies: list[str] | None, accounts: list[str] | None) -> night.Selection:
    """What the options narrow a run to."""
    return night.Selection(tuple(policies or ()), tuple(accounts or ()))


def scan(
    policy: PoliciesOption = None,
    account: AccountsOption = None,
    format: FormatOption = Format.TEXT,
) -> None:
    """Look at what is there, and say what could not be read.

    Example: `hygiene scan --account 111111111111`
    """
    with wiring.opened(wiring.settings()) as run:
        scans = scan_all(run, chosen(policy, account))
    gaps = tuple(gap for one in scans for gap in one.gaps)
    if format is Format.JSON:
        rows = [
            {"place": str(one.place), "policy": one.policy, "resources": len(one.resources)}
            for one in scans
        ]
        as_json({"schema": "hygiene.scan/1", "run_id": run.id, "scans": rows, "gaps": _rows(gaps)})
    else:
        for one in scans:
            output.print(f"{one.place}: {len(one.resources)} {one.kind}s for {one.policy}")
        _show_gaps(gaps)
    ended(gaps)


def plan(
    policy: PoliciesOption = None,
    account: AccountsOption = None,
    tag: Annotated[
        list[str] | None, typer.Option("--tag", help="Only what has this KEY=VALUE (repeatable).")
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
    tags = tuple(_tag(one) for one in tag or ())
    selection = night.Selection(
        tuple(policy or ()), tuple(account or ()), tags, Decimal(str(minimum_usd))
    )
    with wiring.opened(wiring.settings()) as run:
        scan_all(run, selection)
        made = night.make_plan(run, selection)
    show_plan(made, format)
    ended(made.gaps)


def _tag(written: str) -> tuple[str, str]:
    key, sign, value = written.partition("=")
    if not key or not sign:
        raise typer.BadParameter(f"{written!r} is not of the form KEY=VALUE", param_hint="--tag")
    return key, value


@dataclass(frozen=True, slots=True)
class Named:
    """A plan, and the digest by which the caller knows it."""

    plan: Plan
    digest: str


def named(run: night.Run, name: str) -> Named:
    """The plan of that id, digest or JSON file, else the newest. Raises `typer.BadParameter`.

    The digest in a file stands for what a person has read: the guard compares it.
    """
    digest = ""
    if name.endswith(".json"):
        try:
            document = json.loads(Path(name).read_text(encoding="utf-8"))
            name, digest = str(document["plan_id"]), str(document["digest"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise typer.BadParameter(f"{name} is no plan file: {error!r}") from error
    kept = run.ledger.plan(name)
    if kept is None:
        said = f"there is no plan {name}" if name else "there is no plan yet"
        raise typer.BadParameter(f"{said}: make one with `hygiene plan`")
    return Named(kept, digest or (name if name.startswith("sha256:") else kept.digest))


def apply(
    plan: PlanArgument = "",
    write: WriteOption = False,
    format: FormatOption = Format.TEXT,
) -> None:
    """Make the changes of a plan that are due, announced and within budget.

    Without --write it only says what the guard would let pass now.
    Examples: `hygiene apply`, `hygiene apply plan.json --write`
    """
    with wiring.opened(wiring.settings()) as run:
        found = named(run, plan)
        ask = Ask(writes=write, digest=found.digest)
        verdicts = _applied(run, found.plan, ask) if write else night.preview(run, found.plan, ask)
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
    outcomes = night.apply_plan(run, writers, shown, ask)
    night.verify_changes(run)
    night.tell_channel(run, night.make_report(run, shown), night.count_done(outcomes))
    return outcomes


def verify(format: FormatOption = Format.TEXT) -> None:
    """Look again at everything that was changed: is it gone, and is it still gone?

    Example: `hygiene verify`
    """
    with wiring.opened(wiring.settings()) as run:
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
    folder: Annotated[Path | None, typer.Option(help="Where to write it.")] = None,
    format: FormatOption = Format.TEXT,
) -> None:
    """Write the report: a page that works offline, and CSV beside it.

    Example: `hygiene report --folder out`
    """
    chosen_settings = wiring.settings()
    with wiring.opened(chosen_settings) as run:
        proven = night.make_report(run, named(run, plan).plan)
    files = write_report(proven, folder or chosen_settings.reports)
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
        output.print(f"Saved a month, proven: {amount_in(proven.saved_monthly)}")
        output.print(f"Report: {files.html}", soft_wrap=True)


def _cents(money: Money | None) -> str | None:
    return str(money.cents) if money else None


def nightly(
    policy: PoliciesOption = None,
    account: AccountsOption = None,
    write: WriteOption = False,
    format: FormatOption = Format.TEXT,
) -> None:
    """A whole night without Airflow: scan, plan, tell the owners, verify, report.

    With --write it also makes the changes that are due. For cron or CI.
    Example: `hygiene nightly --account 111111111111`
    """
    chosen_settings, selection = wiring.settings(), chosen(policy, account)
    with wiring.opened(chosen_settings) as run:
        night.settle_open(run)
        scan_all(run, selection)
        made = night.make_plan(run, selection)
        if format is Format.TEXT:
            show_plan(made, format)
        deliveries = list(night.tell_owners(run, made))
        outcomes: tuple[Outcome | Held, ...] = ()
        if write:
            writers = wiring.writers(run.rules.estate, run.clock)
            outcomes = night.apply_plan(run, writers, made, Ask(True, made.digest))
        night.verify_changes(run)
        proven = night.make_report(run, made)
        files = write_report(proven, chosen_settings.reports)
        deliveries.append(night.tell_channel(run, proven, night.count_done(outcomes)))
    if format is Format.JSON:
        show_plan(made, format)
    else:
        if write:
            show_verdicts(outcomes)
        _show_undelivered(deliveries)
        output.print(f"Report: {files.html}", soft_wrap=True)
    if any(isinstance(one, Failed) for one in outcomes):
        raise typer.Exit(FAILED)
    ended(made.gaps)


def _show_undelivered(deliveries: list[Delivery]) -> None:
    for one in deliveries:
        if isinstance(one, Undelivered):
            output.print(f"Not delivered: {printable(one.reason)}", markup=False)


def _rows(gaps: tuple[Gap, ...]) -> list[dict[str, str]]:
    return [
        {
            "cloud": gap.place.cloud,
            "account": gap.place.account,
            "region": gap.place.region,
            "what": gap.what,
            "reason": gap.reason,
        }
        for gap in gaps
    ]


def _show_gaps(gaps: tuple[Gap, ...]) -> None:
    for gap in gaps:
        line = f"gap: {gap.place}: {gap.what}: {gap.reason}"
        output.print(printable(line), style="yellow", markup=False)


def parsed_day(written: str, now: datetime) -> datetime:
    """The end of a day as a person writes it (YYYY-MM-DD, UTC). Raises `typer.BadParameter`."""
    try:
        day = datetime.strptime(written, "%Y-%m-%d").replace(tzinfo=now.tzinfo)
    except ValueError as error:
        raise typer.BadParameter(f"{written!r} is no date of the form YYYY-MM-DD") from error
    end = day.replace(hour=23, minute=59, second=59)
    if end <= now:
        raise typer.BadParameter(f"{written} is over already")
    return end
