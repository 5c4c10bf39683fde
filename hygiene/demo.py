"""The demo: nights on the case study's estate, by the real DAGs, inside the local cloud.

Everything runs in this process and on loopback, and ends with it.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib import resources
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

import hygiene
from hygiene import night, settings, wiring
from hygiene.airflow.local import prepare, run_dag
from hygiene.localcloud.cloud import LocalCloud, running
from hygiene.localcloud.spec import load
from hygiene.model.entry import Settled
from hygiene.model.plan import Plan
from hygiene.model.report import Report
from hygiene.report.terminal import plan_table
from hygiene.report.wording import amount_in, printable
from hygiene.report.write import write_report
from hygiene.settings import Misconfigured

ESTATE = "case_study"
HOME = Path("build/demo")
GRACE = timedelta(days=8)
"""One day more than the policy's grace period."""

screen = Console(highlight=False)


def demo(apply: bool) -> int:
    """A first night as a dry run; with `apply` the nights after it too. Returns the exit code.

    Raises `Misconfigured` outside a checkout, where there are no DAGs to run.
    """
    dags = Path(hygiene.__file__).parent.parent / "dags"
    if not dags.is_dir():
        raise Misconfigured("the demo runs the DAGs of a checkout: run `make demo` in one")
    shutil.rmtree(HOME, ignore_errors=True)
    with (
        _step("Starting the local cloud: AWS and Slack on loopback"),
        running(load(ESTATE)) as cloud,
    ):
        _point_here(cloud)
        with _step("Preparing Airflow: SQLite, no login, no server"):
            prepare(HOME / "airflow", dags)
        _first_night(cloud)
        if apply:
            _later_nights(cloud)
        else:
            screen.print("\nNothing was changed. `make demo APPLY=1` goes on: it moves the clock")
            screen.print("past the grace period, applies, verifies, and undoes one change.")
    return 0


def _point_here(cloud: LocalCloud) -> None:
    """Makes every run of this process use the local cloud and nothing else."""
    estate = resources.files("hygiene.localcloud") / "estates" / ESTATE
    for name in [one for one in os.environ if one.startswith(("AWS_", "HYGIENE_", "SLACK_"))]:
        del os.environ[name]
    os.environ.update(cloud.env)
    os.environ["HYGIENE_HOME"] = str(HOME.absolute())
    os.environ["HYGIENE_ESTATE"] = str(estate / "estate.yaml")
    os.environ["HYGIENE_POLICIES"] = str(estate / "policies")
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull


def _first_night(cloud: LocalCloud) -> None:
    _title("The first night, a dry run", "hygiene_nightly")
    _run("hygiene_nightly", {"dry_run": True})
    plan, report = _proven()
    screen.print()
    screen.print(plan_table(plan, min(screen.width, 100)))
    screen.print()
    _say_savings(report)
    _say_wire(cloud)
    _say_messages(cloud)
    _say_report(report)


def _later_nights(cloud: LocalCloud) -> None:
    cloud.clock.move(GRACE)
    _title(f"{GRACE.days} days later, and this night asks to write", "hygiene_nightly")
    _run("hygiene_nightly", {"dry_run": False})
    plan, _ = _proven()
    _title("What its asset starts", "hygiene_apply")
    _run("hygiene_apply", {"plan": plan.id, "digest": plan.digest, "dry_run": False})
    for days, asks in ((1, "A night later: is it so?"), (7, "A week later: is it still so?")):
        cloud.clock.move(timedelta(days=days))
        _title(asks, "hygiene_nightly")
        _run("hygiene_nightly", {"dry_run": True})
    _, report = _proven()
    screen.print()
    _say_savings(report)
    _say_wire(cloud)
    _undo_one(plan)
    _, report = _proven()
    _say_savings(report)
    _say_report(report)


def _undo_one(plan: Plan) -> None:
    """Takes back the change of an endpoint that scaled, so that scaling comes back as well."""
    _title("One owner wants it back", "hygiene undo")
    with wiring.opened(settings.read()) as run:
        preimages = {one.change_id: one.preimage for one, _ in run.ledger.history().done()}
        change = max(plan.changes, key=lambda one: len(preimages.get(one.id, "")))
        with _step(f"hygiene undo {change.id} --write"):
            writers = wiring.writers(run.rules.estate, run.clock)
            settled = night.undo_change(run, writers, change.id)
    said = settled.reason if isinstance(settled, Settled) else settled
    screen.print(f"  {printable(change.ref.name)}: {printable(said)}", markup=False)


def _proven() -> tuple[Plan, Report]:
    """The newest plan and what the ledger proves now; the report is written anew."""
    chosen = settings.read()
    with wiring.opened(chosen) as run:
        plan = run.ledger.plan("")
        if plan is None:
            raise Misconfigured(f"the night made no plan: see {HOME}/airflow/airflow.log")
        report = night.make_report(run, plan)
    write_report(report, chosen.reports)
    return plan, report


def _run(dag_id: str, conf: dict[str, Any]) -> None:
    """Runs a DAG and shows each task that ends."""
    begun = time.monotonic()
    state = run_dag(dag_id, conf, _task_ended)
    screen.print(f"  {dag_id}: {state} in {time.monotonic() - begun:.0f} s", style="dim")
    if state != "success":
        raise Misconfigured(f"{dag_id} ended as {state}: see {HOME}/airflow/airflow.log")


def _task_ended(task: str, state: str) -> None:
    mark, style = {"success": ("✓", "green"), "skipped": ("-", "yellow")}.get(state, ("✗", "red"))
    screen.print(Text.assemble("  ", (mark, style), " ", printable(task)))


def _title(text: str, what: str) -> None:
    screen.print()
    screen.print(Panel(Text.assemble((text, "bold"), f"  {what}"), expand=False))


@contextmanager
def _step(text: str) -> Iterator[None]:
    screen.print(f"… {text}", markup=False)
    yield


def _say_savings(report: Report) -> None:
    found = amount_in(report.plan.monthly) if report.plan.monthly else "USD 0.00"
    monthly = amount_in(report.saved_monthly) if report.saved_monthly else "USD 0.00"
    so_far = amount_in(report.saved_so_far) if report.saved_so_far else "USD 0.00"
    screen.print(f"Found: {found} a month.")
    screen.print(f"Saved, proven: {monthly} a month; {so_far} so far.")


def _say_wire(cloud: LocalCloud) -> None:
    writes = [f"{one.operation} {one.resource}" for one in cloud.log.mutating()]
    said = f"of which {len(writes)} would change something"
    screen.print(f"The wire saw {cloud.log.count()} requests to AWS, {said}.")
    for write in writes:
        screen.print(f"  {printable(write)}", markup=False, style="dim")


def _say_messages(cloud: LocalCloud) -> None:
    channel = sum("digest" in str(one.metadata) for one in cloud.slack.messages)
    owners = len(cloud.slack.messages) - channel
    screen.print(f"Slack got {channel} digest and {owners} messages to owners.")


def _say_report(report: Report) -> None:
    page = next(settings.read().reports.glob(f"report-{report.plan.id}*.html"))
    screen.print(f"Report: {page.relative_to(Path.cwd())}", soft_wrap=True)
