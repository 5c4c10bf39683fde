"""The estate: which accounts and regions there are, who may be told, and the outermost limits."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema, field_validator

from hygiene.files import read, validate
from hygiene.model.resource import Cloud
from hygiene.policy import AccountId, Budget, Calendar, Freeze, Region, Strict, Text
from hygiene.validators import each_once, role_arn

_TEXT = WithJsonSchema({"type": "string"})
Role = Annotated[str | None, AfterValidator(role_arn), _TEXT]
Connection = Annotated[str | None, _TEXT]


class Account(Strict):
    """One account and how it is entered. Roles are ARNs; None uses the caller's own credentials."""

    cloud: Cloud = Field(default="aws", description="Whose account it is.")
    id: AccountId
    name: str = Field(default="", description="What people call it.")
    regions: tuple[Region, ...] = Field(min_length=1, description="The regions that are read.")
    reader_role: Role = Field(
        default=None, description="ARN of the role that reads. Left out: the caller's own rights."
    )
    writer_role: Role = Field(
        default=None, description="ARN of the role that changes. Left out: the caller's own rights."
    )
    reader_connection: Connection = Field(default=None, description="Airflow connection id.")
    writer_connection: Connection = Field(default=None, description="Airflow connection id.")
    writable: bool = Field(default=False, description="The first lock: changes are allowed here.")
    budget: Budget = Field(
        default=Budget(), description="How much may change in this account within 24 hours."
    )


class TagNames(Strict):
    """Which tags say what. Keys compare with case, as the cloud compares them, but for `keep`."""

    owner: Text = Field(default="owner", description="Holds the owner's e-mail address.")
    team: Text = Field(default="team", description="Holds the team.")
    keep: Text = Field(default="keep", description="Whatever carries it is never changed.")
    production: dict[str, tuple[str, ...]] = Field(
        default={"environment": ("prod", "production"), "env": ("prod", "production")},
        description="Tag keys, each with the values that mark a production deployment.",
    )


class Slack(Strict):
    """Where messages go. The token comes from the environment or an Airflow connection."""

    channel: Text = Field(
        default="#cloud-hygiene", description="Gets the digest of every run. In quotes."
    )
    teams: dict[str, str] = Field(default={}, description="Team tag value to its channel.")


class Estate(Strict):
    """All of it. The defaults change nothing anywhere."""

    accounts: tuple[Account, ...] = Field(min_length=1, description="The accounts that are read.")
    tags: TagNames = Field(default=TagNames(), description="Which tags say what.")
    slack: Slack = Field(default=Slack(), description="Where messages go.")
    nightly_writes: bool = Field(
        default=False, description="The third lock of scheduled runs: they ask to write."
    )
    kill_switch: bool = Field(default=False, description="true: nothing is changed anywhere.")
    budget: Budget = Field(
        default=Budget(changes=25, share=Decimal("0.25"), monthly_usd=Decimal(25000)),
        description="For one whole run.",
    )
    calendar: Calendar = Field(default=Calendar(), description="When changes may be made.")
    freezes: tuple[Freeze, ...] = Field(
        default=(), description="Spans of days in which nothing is changed."
    )
    population_swing: Decimal = Field(
        default=Decimal("0.5"),
        gt=0,
        le=1,
        description="Changes wait where a population moved by more than this share since last run.",
    )
    saving_horizon_days: int = Field(
        default=90, ge=1, description="A saving is counted for so many days."
    )

    @field_validator("accounts")
    @classmethod
    def _each_account_once(cls, accounts: tuple[Account, ...]) -> tuple[Account, ...]:
        return each_once(accounts, "id")

    def account(self, account_id: str) -> Account | None:
        """The account with this id."""
        return next((one for one in self.accounts if one.id == account_id), None)


def load_estate(path: Path) -> Estate:
    """The estate that a file describes. Raises `hygiene.files.Invalid` with all its problems."""
    return validate(read(path), Estate)
