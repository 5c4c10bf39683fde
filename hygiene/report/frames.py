"""A report as pandas frames: decimal amounts, ISO times, one row each."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import pandas as pd

from hygiene.model.money import Money
from hygiene.model.report import Report
from hygiene.model.resource import Place, ResourceRef
from hygiene.report.rows import FindingRow, SavingRow, finding_rows, saving_rows
from hygiene.report.wording import instant

Cells = dict[str, str | Decimal | None]
"""One row: column to cell."""

FOCUS = {
    "cloud": "ProviderName",
    "account": "SubAccountId",
    "region": "RegionId",
    "kind": "ResourceType",
    "resource": "ResourceId",
    "name": "ResourceName",
    "monthly": "ListCost",
    "currency": "BillingCurrency",
}
"""Our columns that the FinOps Open Cost and Usage Specification (FOCUS) has a name for."""


def focus_names(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame under FOCUS names; a column that FOCUS lacks gets its prefix for such, `x_`."""
    return frame.rename(
        columns={
            name: FOCUS.get(name, "x_" + name.title().replace("_", "")) for name in frame.columns
        }
    )


_WHERE = ("cloud", "account", "region", "kind", "resource", "name")
_COST = ("monthly", "currency", "rated_on")
_WHAT = ("check", "policy", *_WHERE, "owner", "team", *_COST, "since", "due", "reason")
_FINDINGS = ("status", "stage", *_WHAT, "held_because", "change_id", "evidence")
_PROOF = ("saved_so_far", "done", "verified", "ended", "ended_because", "horizon", "change_id")
_SAVINGS = ("state", "check", "policy", *_WHERE, "owner", *_COST, *_PROOF)


def findings(report: Report) -> pd.DataFrame:
    """Every change of the plan, dearest first. `monthly` is in whole cents; None is unpriced."""
    return _frame(_FINDINGS, map(_finding, finding_rows(report)))


def savings(report: Report) -> pd.DataFrame:
    """Every change that was made, with its proof. Amounts are in whole cents."""
    return _frame(_SAVINGS, map(_saving, saving_rows(report)))


def unknown(report: Report) -> pd.DataFrame:
    """Every resource of which nobody can tell."""
    return _frame(
        ("check", *_WHERE, "reason"),
        (
            {"check": one.check, **_where(one.ref), "reason": one.reason}
            for one in report.plan.unknown
        ),
    )


def gaps(report: Report) -> pd.DataFrame:
    """Every place that could not be read."""
    return _frame(
        ("cloud", "account", "region", "what", "reason"),
        ({**_place(gap.place), "what": gap.what, "reason": gap.reason} for gap in report.plan.gaps),
    )


def _finding(row: FindingRow) -> Cells:
    return {
        "status": row.status,
        "stage": row.stage,
        "check": row.check,
        "policy": row.policy,
        **_where(row.ref),
        "owner": row.email,
        "team": row.team,
        **_cost(row.monthly),
        "since": instant(row.since),
        "due": instant(row.due),
        "reason": row.reason,
        "held_because": row.held_because,
        "change_id": row.change_id,
        "evidence": "\n".join(f"{key}: {value}" for key, value in row.evidence),
    }


def _saving(row: SavingRow) -> Cells:
    one = row.saving
    return {
        "state": row.state,
        "check": one.check,
        "policy": one.policy,
        **_where(one.ref),
        "owner": one.owner,
        **_cost(one.monthly),
        "saved_so_far": one.so_far.cents if one.so_far else None,
        "done": instant(one.done_at),
        "verified": instant(one.verified_at) if one.verified_at else None,
        "ended": instant(one.ended_at) if one.ended_at else None,
        "ended_because": one.ended_because,
        "horizon": instant(one.horizon),
        "change_id": one.change_id,
    }


def _where(ref: ResourceRef) -> Cells:
    return {**_place(ref.place), "kind": ref.kind, "resource": ref.id, "name": ref.name}


def _place(place: Place) -> Cells:
    return {"cloud": place.cloud, "account": place.account, "region": place.region}


def _cost(money: Money | None) -> Cells:
    if money is None:
        return dict.fromkeys(_COST)
    return {
        "monthly": money.cents,
        "currency": money.currency,
        "rated_on": money.rated_on.isoformat(),
    }


def _frame(columns: tuple[str, ...], rows: Iterable[Cells]) -> pd.DataFrame:
    """Cells stay the objects they are: pandas would make floats of decimals that lack one."""
    return pd.DataFrame(list(rows), columns=list(columns), dtype=object)
