"""What became of each change, and the balance before and after."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from hygiene.model.report import Report
from hygiene.report.chart import before_and_after, cost_by_owner
from hygiene.report.rows import SavingState, balance, finding_rows, saving_rows


@pytest.mark.parametrize(
    ("verified", "ended", "past", "state", "stage"),
    [
        (True, False, False, "saving", "saved"),
        (False, False, False, "unverified", "done"),
        (True, False, True, "past horizon", "done"),
        (True, True, False, "ended", "due"),
        (False, True, False, "ended", "due"),
    ],
)
def test_only_what_is_proven_and_still_so_saves(
    report: Report, verified: bool, ended: bool, past: bool, state: SavingState, stage: str
) -> None:
    first = report.savings[0]
    one = replace(
        first,
        verified_at=first.verified_at if verified else None,
        ended_at=report.at if ended else None,
        horizon=report.at if past else report.at + timedelta(days=1),
    )
    changed = replace(report, savings=(one,))
    assert saving_rows(changed)[0].state == state
    assert finding_rows(changed)[0].stage == stage


def test_the_balance_adds_up(report: Report) -> None:
    sums = balance(report)
    assert sums.before is not None
    assert sums.saved is not None
    assert sums.left is not None
    assert sums.before.amount == sums.saved.amount + sums.left.amount
    assert sums.left.amount == Decimal("2016.044")


def test_without_savings_all_is_left(report: Report) -> None:
    sums = balance(replace(report, savings=(), saved_monthly=None))
    assert sums.saved is None
    assert sums.before == sums.left == report.plan.monthly


def test_charts_take_the_pages_colours_and_say_what_they_show(report: Report) -> None:
    owners, sums = cost_by_owner(report), before_and_after(report)
    assert "USD: vision 2,792; risk 744; [bold]red 734; nobody named 537" in owners
    assert "USD: before 4,808.29, now 2,016.04, saved 2,792.25" in sums
    for svg in (owners, sums):
        assert svg.startswith('<svg role="img" aria-labelledby=')
        assert _colours(svg) <= {"var"}


def _colours(svg: str) -> set[str]:
    """How fills and strokes are given, but for those that are none."""
    styles = [part.strip() for style in svg.split('style="')[1:] for part in _parts(style)]
    return {
        value.split("(")[0].strip()
        for key, _, value in (style.partition(":") for style in styles)
        if key in ("fill", "stroke") and value.strip() != "none"
    }


def _parts(style: str) -> list[str]:
    return style[: style.index('"')].split(";")


def test_many_owners_are_drawn_as_a_few(report: Report) -> None:
    change = report.plan.changes[0]
    changes = tuple(
        replace(
            change,
            id=f"chg-{n}",
            finding=replace(
                change.finding, owner=replace(change.finding.owner, team=f"team-{n:02}")
            ),
        )
        for n in range(20)
    )
    plan = replace(report.plan, changes=changes, held=())
    drawn = cost_by_owner(replace(report, plan=plan, savings=()))
    assert "team-07 2,792; 12 others 33,507" in drawn
    assert "team-08" not in drawn
