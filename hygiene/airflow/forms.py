"""What a person may fill in before a run, and what it means."""

# ruff: noqa: PLC0415 - libraries are imported when a task runs, never when a DAG file is read

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from airflow.sdk import Param

from hygiene.airflow.runs import CannotGoOn

if TYPE_CHECKING:
    from hygiene.night import Selection
    from hygiene.rules import Rules

Form = dict[str, Param]
"""Made anew for every DAG: Airflow writes what was filled in into the very objects it was given."""

_DRY_RUN = "On: nothing is changed."


def nightly() -> Form:
    """The form of `hygiene_nightly`."""
    description = (
        f"{_DRY_RUN} Only for runs that a person starts: scheduled ones ask `nightly_writes` in "
        "estate.yaml."
    )
    return {"dry_run": _dry_run(description), **_selection()}


def apply() -> Form:
    """The form of `hygiene_apply`."""
    plan = "Id of the plan. Empty: the plan of the nightly run that started this one."
    digest = "Digest of the plan as you have seen it."
    return {
        "plan": _text("Plan", plan, "^plan-[0-9A-Za-z-]+$"),
        "digest": _text("Digest", digest, "^sha256:[0-9a-f]{64}$"),
        "dry_run": _dry_run(_DRY_RUN),
    }


def campaign() -> Form:
    """The form of `hygiene_campaign`."""
    tags = "`key=value`, one a line. Only resources with all of them."
    minimum = "In USD a month, by list price. Above 0, what has no price is left out."
    reason = "Why this campaign. Kept in the ledger with the approval."
    dry_run = f"{_DRY_RUN} Off: what is due is changed once a person has approved the plan."
    return {
        **_selection(),
        "tags": _lines("Tags", tags, r"^[^=\s][^=]*=.*$"),
        "minimum_usd": Param(
            0, type="number", minimum=0, title="Minimum saving", description_md=minimum
        ),
        "reason": Param("", type="string", maxLength=500, title="Reason", description_md=reason),
        "dry_run": _dry_run(dry_run),
    }


def _dry_run(description: str) -> Param:
    return Param(True, type="boolean", title="Dry run", description_md=description)


def _selection() -> Form:
    policies = "Names of policies or checks, one a line. Empty: all."
    accounts = "Account ids of the estate, one a line. Empty: all."
    return {
        "policies": _lines("Policies", policies, r"^[a-z0-9][a-z0-9_-]*$"),
        "accounts": _lines("Accounts", accounts, r"^[a-z0-9][a-z0-9-]*$"),
    }


def _lines(title: str, description: str, pattern: str) -> Param:
    """A list of texts, one a line."""
    items = {"type": "string", "pattern": pattern}
    return Param(
        [], type="array", items=items, uniqueItems=True, title=title, description_md=description
    )


def _text(title: str, description: str, pattern: str) -> Param:
    """A text that may be left empty."""
    return Param(
        None, type=["null", "string"], pattern=pattern, title=title, description_md=description
    )


def selection(params: Mapping[str, Any], rules: Rules) -> Selection:
    """What a run is narrowed to. Raises `CannotGoOn` for names that nobody knows."""
    from decimal import Decimal

    from hygiene import night

    chosen = night.Selection(
        policies=tuple(params.get("policies", ())),
        accounts=tuple(params.get("accounts", ())),
        tags=tuple(_pair(one) for one in params.get("tags", ())),
        minimum_usd=Decimal(str(params.get("minimum_usd", 0))),
    )
    try:
        night.check_policies(chosen, rules.policies)
        night.check_accounts(chosen, rules.estate)
    except night.UnknownNameError as error:
        raise CannotGoOn(str(error)) from error
    return chosen


def _pair(text: str) -> tuple[str, str]:
    key, _, value = text.partition("=")
    return key, value


def asks_to_write(run_type: str, params: Mapping[str, Any], nightly_writes: bool) -> bool:
    """The third lock of the nightly run: the estate opens it for the schedule, a person for a run.

    Whatever else starts a run (a backfill, say) brings the form's default, which is a dry run.
    """
    return nightly_writes if run_type == "scheduled" else params.get("dry_run") is False
