"""Which plan is to be applied: by the asset of a nightly run, or by the form of a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from airflow.sdk import Asset

PLAN = Asset("hygiene_plan")
"""A nightly run has kept a plan. Its events name plan and digest, and say if the run may write."""

NIGHTLY_DAG = "hygiene_nightly"


@dataclass(frozen=True, slots=True)
class Order:
    """A plan to apply. `refused` says why nothing follows from it; empty where something may."""

    plan_id: str = ""
    digest: str = ""
    refused: str = ""

    @property
    def writes(self) -> bool:
        """The third lock."""
        return not self.refused


def order_of(events: tuple[Any, ...], form: Mapping[str, Any]) -> Order:
    """The order of the newest event, or where there is none that of the form."""
    if not events:
        return _of_form(form)
    newest = max(events, key=lambda event: event.timestamp)
    if newest.source_dag_id != NIGHTLY_DAG:
        return Order(refused=f"the event was not emitted by {NIGHTLY_DAG}: nothing follows from it")
    extra = newest.extra
    order = Order(str(extra.get("plan_id", "")), str(extra.get("digest", "")))
    if extra.get("writes") is not True:
        return Order(
            order.plan_id,
            order.digest,
            "the nightly run was a dry run: `nightly_writes` in estate.yaml, or its form, says so",
        )
    return order


def _of_form(form: Mapping[str, Any]) -> Order:
    plan_id, digest = form.get("plan") or "", form.get("digest") or ""
    if not plan_id or not digest:
        return Order(plan_id, digest, "no plan was named: give its id and its digest")
    if form.get("dry_run") is not False:
        return Order(plan_id, digest, "dry run: switch it off in the form to apply the plan")
    return Order(plan_id, digest)
