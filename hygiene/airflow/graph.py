"""The part that the nightly run and a campaign have in common: from the estate to a plan."""

from __future__ import annotations

from typing import Any

from airflow.sdk import task

from hygiene.airflow import tasks


def scan_and_plan() -> Any:
    """Settles, scans every place in a mapped task of its own, and plans; returns the plan task.

    The plan is made of whatever was scanned: a place whose scan failed is a gap in it.
    """
    settled = task(tasks.settle)()
    places = task(tasks.places)()
    scanned = task(map_index_template="{{ task.op_kwargs['place'] }}")(tasks.scan).expand(
        place=places
    )
    plan = task(trigger_rule="all_done")(tasks.plan)()
    settled >> places
    scanned >> plan
    return plan
