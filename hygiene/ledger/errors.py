"""What can go wrong with a ledger, told to the person who can mend it."""

from __future__ import annotations


class LedgerUnusable(Exception):
    """The ledger's database cannot be opened, read or written.

    `where` is its URL without any secret.
    """

    def __init__(self, where: str, what: str, remedy: str) -> None:
        super().__init__(f"The ledger at {where} cannot be used: {what}. {remedy}")
        self.where = where
        self.what = what
        self.remedy = remedy


class PlanAltered(ValueError):
    """A plan with this id is kept already, and says something else."""

    def __init__(self, plan_id: str) -> None:
        super().__init__(
            f"The ledger keeps another plan with the id {plan_id!r}; a kept plan is never altered. "
            "Give the new plan an id of its own."
        )
        self.plan_id = plan_id


class NothingToSettle(ValueError):
    """A settlement names a turn that no intent of the resource has."""

    def __init__(self, resource: str, turn: int) -> None:
        super().__init__(
            f"The ledger has no intent number {turn} of {resource}. "
            "Settle an intent with the turn that `intend` returned."
        )


class Unreadable(ValueError):
    """A stored body is not what this version expects. Says nothing of the body's content."""
