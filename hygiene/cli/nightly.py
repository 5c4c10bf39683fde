"""A whole night without Airflow, for cron or CI."""

# ruff: noqa: PLC0415 - what draws charts takes a second to import, so only reports do it

from __future__ import annotations

import typer

from hygiene import night, settings, wiring
from hygiene.cli.asked import selected
from hygiene.cli.show import (
    FAILED,
    AccountsOption,
    Format,
    FormatOption,
    PoliciesOption,
    WriteOption,
    ended,
    errors,
    messages_to,
    output,
    scan_all,
    show_plan,
    show_verdicts,
)
from hygiene.model.note import Delivery, Undelivered
from hygiene.model.plan import Failed, Held, Outcome
from hygiene.report.wording import printable
from hygiene.steps.guard import Ask


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
    from hygiene.report.write import write_report

    chosen, selection = settings.read(), selected(policy, account)
    with wiring.opened(chosen, selection=selection, show=messages_to(format)) as run:
        night.settle_open(run)
        scan_all(run, selection)
        made = night.make_plan(run, selection)
        if format is Format.TEXT:
            show_plan(made, format)
        deliveries = list(night.tell_owners(run, made))
        outcomes: tuple[Outcome | Held, ...] = ()
        if write:
            writers = wiring.writers(run.rules.estate, run.clock)
            with errors.status("Changing what is due, one after another"):
                outcomes = night.apply_plan(run, writers, made, Ask(True, made.digest))
        night.verify_changes(run)
        proven = night.make_report(run, made)
        files = write_report(proven, chosen.reports)
        deliveries.append(night.tell_channel(run, proven, night.count_done(outcomes)))
    if format is Format.JSON:
        show_plan(made, format)
    else:
        if write:
            show_verdicts(outcomes)
        output.print(f"Report: {files.html}", soft_wrap=True, markup=False)
    _say_undelivered(deliveries, to_slack=bool(chosen.slack_token))
    if any(isinstance(one, Failed) for one in outcomes):
        raise typer.Exit(FAILED)
    ended(made.gaps)


def _say_undelivered(deliveries: list[Delivery], *, to_slack: bool) -> None:
    """What nobody was told of goes to stderr: it is no part of the answer."""
    lost = [one for one in deliveries if isinstance(one, Undelivered)]
    if lost and not to_slack:
        errors.print(
            f"{len(lost)} messages were shown and not posted, since SLACK_BOT_TOKEN is not set: "
            "no grace period starts.",
            soft_wrap=True,
        )
        return
    for reason in dict.fromkeys(one.reason for one in lost):
        errors.print(f"Not delivered: {printable(reason)}", markup=False, soft_wrap=True)
