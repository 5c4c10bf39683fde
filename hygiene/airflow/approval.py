"""A person's yes or no to one plan."""

# ruff: noqa: PLC0415 - libraries are imported when a task runs, never when a DAG file is read

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk.exceptions import TaskAwaitingInput

from hygiene.airflow.runs import CannotGoOn, kept_plan, opened, params

if TYPE_CHECKING:
    from airflow.sdk import Context

    from hygiene.model.plan import Plan

PATIENCE = timedelta(hours=24)
"""How long an answer is waited for, and how long an approval then holds."""

_SHOWN = 50


class PlanApproval(ApprovalOperator):
    """Shows a plan, waits for an answer, and keeps an approval in the ledger.

    Its result is the digest that was approved. Silence counts as a rejection.
    """

    template_fields = ("plan_id",)

    def __init__(self, *, plan_id: str, **kwargs: Any) -> None:
        super().__init__(
            subject="Approve this plan?",
            defaults=self.REJECT,
            response_timeout=PATIENCE,
            **kwargs,
        )
        self.plan_id = plan_id

    def execute(self, context: Context) -> None:
        """Shows the plan and parks the task."""
        with opened() as run:
            plan = kept_plan(run, self.plan_id)
            self.subject = f"Approve {plan.id}?"
            self.body = _body(plan, _reason())
        try:
            super().execute(context)
        except TaskAwaitingInput as waits:
            # What was shown waits with the task, in Airflow's own record of it: the answer binds
            # to that, whatever becomes of the plan's id in XCom meanwhile.
            waits.kwargs = {"shown": plan.digest}
            raise

    def execute_complete(
        self, context: Context, event: dict[str, Any], shown: str = ""
    ) -> str | None:
        """Keeps an approval under the name of whoever answered, as Airflow recorded it."""
        answer = super().execute_complete(context, event)
        if answer["chosen_options"] != [self.APPROVE]:
            return None
        person = answer["responded_by_user"]
        if not person or not shown:
            raise CannotGoOn("nobody knows who approved this, or what: start a new campaign")
        _remember(shown, person["name"] or person["id"])
        return shown


def _reason() -> str:
    """What the form says. A stranger wrote it: one line, which can be shown as code."""
    return " ".join(params()["reason"].replace("`", "'").split()) or "none given"


def _remember(digest: str, by: str) -> None:
    from hygiene.model.entry import Approved

    with opened() as run:
        now = run.clock()
        run.ledger.append(Approved(now, digest, by, _reason(), now + PATIENCE))


def _body(plan: Plan, reason: str) -> str:
    """What a person has to know to decide, in Markdown."""
    from hygiene.model.money import total

    count = len(plan.changes)
    due = sum(plan.status(change) == "due" for change in plan.changes)
    money = total(change.finding.monthly for change in plan.changes)
    unpriced = sum(change.finding.monthly is None for change in plan.changes)
    saves = f"{money.cents:,} {money.currency} a month" if money else "nothing that is priced"
    facts = (
        f"- **Changes:** {count}; {due} are due now, {count - due} are in their grace period",
        f"- **Saves:** {saves}; {unpriced} have no price",
        f"- **Held, and no part of this:** {len(plan.held)}",
        f"- **Digest:** `{plan.digest}`",
    )
    changes = (f"- {one.verb} `{one.ref.id}`" for one in plan.changes[:_SHOWN])
    more = (f"- and {count - _SHOWN} more",) if count > _SHOWN else ()
    return "\n".join((*facts, "", *changes, *more, "", f"Reason: `{reason}`"))
