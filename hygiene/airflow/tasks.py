"""The tasks: each opens the run and calls one function of the night. XCom carries ids only."""

# ruff: noqa: PLC0415 - libraries are imported when a task runs, never when a DAG file is read

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk import get_current_context
from airflow.sdk.configuration import conf
from airflow.sdk.exceptions import AirflowSkipException

from hygiene.airflow import forms
from hygiene.airflow.failures import tell_failure
from hygiene.airflow.orders import PLAN, Order, order_of
from hygiene.airflow.runs import CannotGoOn, kept_plan, opened, params, worker_settings

if TYPE_CHECKING:
    from hygiene.night import Run
    from hygiene.steps.guard import Ask

log = logging.getLogger(__name__)

DEFAULTS: dict[str, Any] = {
    "retries": 2,
    # Said here although it is Airflow's own default: mapped tasks would not hear of it.
    "retry_delay": timedelta(seconds=conf.getint("core", "default_task_retry_delay")),
    "execution_timeout": timedelta(hours=1),
    "on_failure_callback": tell_failure,
}
"""Of every task. Each may be tried again: what was done or told before is in the ledger."""


def settle() -> int:
    """Settles what ended workers left open; returns how many changes were settled."""
    from hygiene import night

    with opened() as run:
        return sum(settled is not None for _, settled in night.settle_open(run))


def places() -> list[str]:
    """The places to scan, as `cloud account region`."""
    from hygiene import night

    with opened() as run:
        return [str(one) for one in night.places(run.rules, forms.selection(params(), run.rules))]


def scan(place: str) -> int:
    """Scans one place for all policies; returns how many gaps there were."""
    from hygiene import night

    with opened() as run:
        chosen = forms.selection(params(), run.rules)
        known = {str(one): one for one in night.places(run.rules, chosen)}
        if place not in known:
            raise CannotGoOn(f"{place} is in the estate no more: start a new run")
        gaps = [gap for one in night.scan_place(run, known[place], chosen) for gap in one.gaps]
    for gap in gaps:
        log.warning("Gap: %s: %s", gap.what, gap.reason)
    return len(gaps)


def plan() -> str:
    """Makes the plan of what was scanned; a scan that failed is a gap in it. Returns its id."""
    from hygiene import night

    with opened() as run:
        made = night.make_plan(run, forms.selection(params(), run.rules))
    counts = len(made.changes), len(made.held), len(made.gaps)
    log.info("%s %s: %d changes, %d held, %d gaps", made.id, made.digest, *counts)
    return made.id


def notify(plan_id: str) -> int:
    """Tells the owners what is new to them; returns how many messages arrived."""
    from hygiene import night
    from hygiene.model.note import Undelivered

    with opened() as run:
        told = night.tell_owners(run, kept_plan(run, plan_id))
    lost = [one for one in told if isinstance(one, Undelivered)]
    for one in lost:
        log.warning("Not delivered, so that no grace period starts: %s", one.reason)
    return len(told) - len(lost)


def show(plan_id: str) -> None:
    """Posts the plan to the channel before anybody decides about it."""
    from dataclasses import replace

    from hygiene import night

    with opened() as run:
        # The digest after the changes is a message of its own: it has the run's own name.
        before = replace(run, id=f"{run.id}:shown")
        night.tell_channel(before, night.make_report(run, kept_plan(run, plan_id)), done=0)


def order() -> str:
    """The id of the plan to apply. Skips, and with it all that follows, where nothing may be."""
    chosen = _order()
    if chosen.refused:
        raise AirflowSkipException(f"nothing is applied: {chosen.refused}")
    return chosen.plan_id


def _order() -> Order:
    context = get_current_context()
    return order_of(tuple(context["triggering_asset_events"].get(PLAN, ())), context["params"])


def decide(plan_id: str) -> None:
    """Skips, and with it the approval and all that follows, where nobody has to decide."""
    if params()["dry_run"] is not False:
        raise AirflowSkipException("nothing is applied: the form says dry run")
    with opened() as run:
        if not kept_plan(run, plan_id).changes:
            raise AirflowSkipException(f"nothing is applied: {plan_id} holds no change")


def apply() -> int:
    """Applies the plan that was ordered; returns how many changes this run has made."""
    from hygiene.steps.guard import Ask

    chosen = _order()
    return _apply(chosen.plan_id, Ask(writes=chosen.writes, digest=chosen.digest))


def apply_approved(plan_id: str, digest: str) -> int:
    """Applies the plan of a campaign, if `digest`, which a person approved, is still its own."""
    from hygiene.steps.guard import Ask

    writes = params()["dry_run"] is False
    return _apply(plan_id, Ask(writes=writes, digest=digest, approval="always"))


def _apply(plan_id: str, ask: Ask) -> int:
    """The one place here that makes Writers. Fails, once all is done, if one change failed."""
    from hygiene import night, wiring
    from hygiene.airflow.connections import base
    from hygiene.model.plan import Failed, Held, Moved

    with opened() as run:
        writers = wiring.writers(run.rules.estate, run.clock, base)
        outcomes = night.apply_plan(run, writers, kept_plan(run, plan_id), ask)
        done = _done(run)
    for one in outcomes:
        said = f": {one.reason}" if isinstance(one, Held | Moved | Failed) else ""
        log.info("%s %s%s", type(one).__name__, one.change.ref.id, said)
    failed = [one for one in outcomes if isinstance(one, Failed)]
    if failed:
        first = f"{failed[0].change.ref.id}: {failed[0].reason}"
        raise CannotGoOn(f"{len(failed)} of {len(outcomes)} changes failed, the first: {first}")
    return done


def _done(run: Run) -> int:
    """How many changes this run has made, in all tries of its tasks."""
    return sum(intent.run_id == run.id for intent, _ in run.ledger.history().done())


def verify() -> int:
    """Looks at what was changed; returns at how many resources."""
    from hygiene import night

    with opened() as run:
        return len(night.verify_changes(run))


def report(plan_id: str) -> None:
    """Posts the digest of the run to the channel, and writes the report on this worker."""
    from hygiene import night
    from hygiene.model.note import Undelivered
    from hygiene.report.write import write_report

    with opened() as run:
        proven = night.make_report(run, kept_plan(run, plan_id))
        told = night.tell_channel(run, proven, _done(run))
    if isinstance(told, Undelivered):
        log.warning("The digest was not delivered: %s", told.reason)
    log.info("The report: %s", write_report(proven, worker_settings().reports).html)


def publish(plan_id: str) -> None:
    """Emits the asset that starts the DAG that applies."""
    context = get_current_context()
    with opened() as run:
        made = kept_plan(run, plan_id)
        writes = forms.asks_to_write(
            context["dag_run"].run_type, context["params"], run.rules.estate.nightly_writes
        )
    extra = context["outlet_events"][PLAN].extra
    extra.update(plan_id=made.id, digest=made.digest, writes=writes)
