"""Opens the run that the task at hand belongs to."""

# ruff: noqa: PLC0415 - libraries are imported when a task runs, never when a DAG file is read

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowFailException

from hygiene.airflow.connections import base, slack_token

if TYPE_CHECKING:
    from hygiene.model.plan import Plan
    from hygiene.night import Run
    from hygiene.settings import Settings


class CannotGoOn(AirflowFailException):
    """The task cannot do what it was asked for, and trying again would not help."""


def params() -> dict[str, Any]:
    """What the form of this DAG run holds."""
    return dict(get_current_context()["params"])


def worker_settings() -> Settings:
    """The settings of the worker, with Airflow's Slack connection where no token is set."""
    from hygiene import settings

    chosen = settings.read()
    return chosen if chosen.slack_token else replace(chosen, slack_token=slack_token())


@contextmanager
def opened() -> Iterator[Run]:
    """The run of this DAG run: every task of it works under the same name. It cannot write."""
    from hygiene import wiring

    context = get_current_context()
    name = f"{context['dag'].dag_id}:{context['run_id']}"
    with wiring.opened(worker_settings(), name=name, bases=base) as run:
        yield run


def kept_plan(run: Run, plan_id: str) -> Plan:
    """A plan of the ledger. Raises `CannotGoOn`."""
    plan = run.ledger.plan(plan_id) if plan_id else None
    if plan is None:
        raise CannotGoOn(f"the ledger keeps no plan {plan_id!r}: name one that it keeps")
    return plan
