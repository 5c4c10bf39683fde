"""Tells the channel when a task has failed for good."""

# ruff: noqa: PLC0415 - libraries are imported when a task runs, never when a DAG file is read

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hygiene.airflow.connections import base
from hygiene.airflow.runs import worker_settings

if TYPE_CHECKING:
    from hygiene.estate import Estate
    from hygiene.model.note import FailureNote
    from hygiene.settings import Settings

log = logging.getLogger(__name__)


def tell_failure(context: Mapping[str, Any]) -> None:
    """An `on_failure_callback`: posts one message. Never raises: nobody is left to catch it."""
    try:
        _tell(context)
    except Exception:
        log.exception("The failure could not be posted")


def failure_note(context: Mapping[str, Any]) -> FailureNote:
    """What people are told of a failed task. Texts of strangers may hold secrets: left out."""
    from hygiene.model.note import FailureNote

    task, error = context["ti"], context.get("exception")
    where = f"{task.dag_id}, run {task.run_id}, task {task.task_id}"
    if task.map_index >= 0:
        where += f" [{getattr(task, 'rendered_map_index', None) or task.map_index}]"
    return FailureNote(
        key=f"{task.dag_id}/{task.run_id}/{task.task_id}/{task.map_index}/{task.try_number}",
        where=where,
        reason=f"{_said(error)}. Log: {getattr(task, 'log_url', 'see Airflow')}",
    )


def _said(error: object) -> str:
    """Our own errors are written for people; of others only the name is passed on."""
    if error is None:
        return "It ended without a word"
    own = type(error).__module__.startswith("hygiene.")
    return str(error).rstrip(".") if own else type(error).__name__


def _tell(context: Mapping[str, Any]) -> None:
    from hygiene import wiring
    from hygiene.model.note import Undelivered

    chosen = worker_settings()
    messenger = wiring.messenger(chosen, _estate(chosen), wiring.clock(chosen))
    told = messenger.tell(failure_note(context))
    if isinstance(told, Undelivered):
        log.warning("The failure was not posted: %s", told.reason)


def _estate(chosen: Settings) -> Estate:
    """The estate; where its own file is what failed, one with the default channel alone."""
    from hygiene import wiring
    from hygiene.estate import Account, Estate
    from hygiene.files import Invalid

    try:
        return wiring.read_estate(chosen, base)
    except Invalid:
        return Estate(accounts=(Account(id="000000000000", regions=("us-east-1",)),))
