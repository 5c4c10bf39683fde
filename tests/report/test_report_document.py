"""The JSON document `hygiene.plan/1`: its exact keys and forms."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from syrupy.assertion import SnapshotAssertion

from hygiene.model.report import Report
from hygiene.report.document import plan_document


def test_the_document_as_it_is(report: Report, snapshot: SnapshotAssertion) -> None:
    assert json.dumps(plan_document(report.plan), indent=2) == snapshot


def test_it_has_these_keys_and_no_others(report: Report) -> None:
    document = plan_document(report.plan)
    place = ["cloud", "account", "region"]
    assert list(document) == [
        *("schema", "plan_id", "digest", "made_at", "changes", "unknown", "gaps", "totals")
    ]
    assert {tuple(change) for change in document["changes"]} == {
        (
            *("id", "check", *place, "kind", "resource", "verb", "owner", "monthly_usd"),
            *("since", "reason", "due", "status", "held_because"),
        )
    }
    assert list(document["unknown"][0]) == ["check", *place, "kind", "resource", "reason"]
    assert list(document["gaps"][0]) == [*place, "what", "reason"]


def test_every_change_is_there_with_its_status(report: Report) -> None:
    found = [(one["status"], one["held_because"]) for one in plan_document(report.plan)["changes"]]
    assert sorted(found, key=str) == [
        ("due", None),
        ("due", None),
        ("held", "frozen until 2025-03-12"),
        ("held", "over the budget of 1 change a day <b>"),
        ("waiting", None),
        ("waiting", None),
    ]


def test_the_owner_is_the_address_else_the_team_else_null(report: Report) -> None:
    owners = {one["owner"] for one in plan_document(report.plan)["changes"]}
    assert owners == {"ana@example.com", "=cmd()@x", "risk", "bo@example.com", None}


def test_the_total_counts_what_is_held_and_leaves_out_what_is_unpriced(report: Report) -> None:
    document = plan_document(report.plan)
    assert document["totals"] == {"monthly_usd": "4808.29", "unpriced": 1}
    amounts = [one["monthly_usd"] for one in document["changes"]]
    assert amounts == ["2792.25", "734.38", "734.38", "537.28", "10.00", None]


def test_unpriced_only_is_null_and_nothing_is_zero(report: Report) -> None:
    unpriced = replace(report.plan, changes=report.plan.changes[-1:], held=())
    assert plan_document(unpriced)["totals"] == {"monthly_usd": None, "unpriced": 1}
    nothing = replace(unpriced, changes=())
    assert plan_document(nothing)["totals"] == {"monthly_usd": "0.00", "unpriced": 0}


def test_times_are_utc_with_a_z_wherever_they_come_from(report: Report) -> None:
    berlin = timezone(timedelta(hours=1))
    made = datetime(2025, 3, 10, 3, 0, 0, 999, tzinfo=berlin)
    document = plan_document(replace(report.plan, made_at=made))
    assert document["made_at"] == "2025-03-10T02:00:00Z"
    times = [one[key] for one in document["changes"] for key in ("since", "due")]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", str(time)) for time in times)
