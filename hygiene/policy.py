"""A policy is a check with settings: who it covers, how it acts, how much it may do."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from hygiene.model.plan import Mode
from hygiene.model.resource import Cloud

AccountId = Annotated[str, Field(min_length=1, description="Account or project id, in quotes.")]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class _Strict(BaseModel):
    """An unknown key is an error, and nothing is changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Scope(_Strict):
    """What a policy covers. An empty list covers everything."""

    clouds: tuple[Cloud, ...] = ()
    accounts: tuple[AccountId, ...] = ()
    regions: tuple[str, ...] = ()
    tags: dict[str, tuple[str, ...]] = Field(
        default={}, description="Tag keys, each with the values that are covered; all must match."
    )


class Budget(_Strict):
    """How much may be changed within 24 hours; the tightest budget wins."""

    changes: int = Field(default=10, ge=0, description="At most so many changes.")
    share: Decimal = Field(
        default=Decimal("0.25"),
        ge=0,
        le=1,
        description="At most this share of a place's resources of the kind (0 to 1).",
    )
    monthly_usd: Decimal = Field(
        default=Decimal(10000), ge=0, description="At most so many USD a month, by list price."
    )


class Calendar(_Strict):
    """When changes may be made."""

    days: tuple[Weekday, ...] = Field(
        default=("mon", "tue", "wed", "thu", "fri", "sat", "sun"), min_length=1
    )
    not_before: time = Field(default=time(0, 0), description="Earliest time of day.")
    not_after: time = Field(default=time(23, 59, 59), description="Latest time of day.")
    timezone: str = Field(default="UTC", description="IANA name, such as Europe/Berlin.")


class Freeze(_Strict):
    """A span of days, both included, in which nothing is changed."""

    since: date
    until: date
    reason: str


class Exemption(_Strict):
    """One resource that may break the rule until a date (that day included)."""

    resource: str = Field(description="The ARN, or on Google the full resource name.")
    until: date
    reason: str
    by: str


class Policy(_Strict):
    """One policy file. `name` is the file's name, `check` the rule it uses."""

    name: str
    check: str
    mode: Mode = Field(
        default="notify",
        description="report: only shown; notify: owners are asked; enforce: changed when due.",
    )
    grace_days: int = Field(
        default=7, ge=1, description="Days between the delivered notice and the change."
    )
    scope: Scope = Scope()
    settings: Any = None
    budget: Budget = Budget()
    calendar: Calendar = Calendar()
    exemptions: tuple[Exemption, ...] = ()
