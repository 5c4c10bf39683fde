"""A policy is a check with settings: who it covers, how it acts, how much it may do."""

from __future__ import annotations

import re
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    WithJsonSchema,
    create_model,
    field_validator,
)

from hygiene.checks import Check, UnknownCheckError, load_check
from hygiene.files import Document, Invalid, Problem, read, validate
from hygiene.model.plan import Mode
from hygiene.model.resource import Cloud
from hygiene.validators import (
    account_id,
    each_once,
    region,
    resource_name,
    time_of_day,
    timezone,
)

AccountId = Annotated[
    str,
    Field(min_length=1, description="Account or project id, in quotes."),
    AfterValidator(account_id),
]
Region = Annotated[str, Field(description="Such as eu-central-1."), AfterValidator(region)]
Text = Annotated[str, Field(min_length=1)]
TimeOfDay = Annotated[
    time,
    AfterValidator(time_of_day),
    WithJsonSchema({"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$"}),
]
TimeZone = Annotated[str, AfterValidator(timezone)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


_POLICY_FILE = re.compile(r"[a-z0-9][a-z0-9_-]*\.yaml")


class Strict(BaseModel):
    """An unknown key is an error, and nothing is changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Scope(Strict):
    """What a policy covers. An empty list covers everything."""

    clouds: tuple[Cloud, ...] = Field(default=(), description="Only these clouds.")
    accounts: tuple[AccountId, ...] = Field(
        default=(), description="Only these accounts or projects."
    )
    regions: tuple[Region, ...] = Field(default=(), description="Only these regions.")
    tags: dict[str, tuple[str, ...]] = Field(
        default={}, description="Tag keys, each with the values that are covered; all must match."
    )


class Budget(Strict):
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


class Calendar(Strict):
    """When changes may be made."""

    days: tuple[Weekday, ...] = Field(
        default=("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
        min_length=1,
        description="The days of the week on which changes may be made.",
    )
    not_before: TimeOfDay = Field(
        default=time(0, 0), description="Earliest time of day, in quotes."
    )
    not_after: TimeOfDay = Field(
        default=time(23, 59, 59),
        description="Latest time of day, in quotes; earlier than not_before: past midnight.",
    )
    timezone: TimeZone = Field(default="UTC", description="IANA name, such as Europe/Berlin.")


class Freeze(Strict):
    """A span of days, both included, in which nothing is changed."""

    since: date = Field(description="The first day.")
    until: date = Field(description="The last day.")
    reason: Text = Field(description="Shown with every change that waits.")

    @field_validator("until")
    @classmethod
    def _ends_after_its_start(cls, until: date, info: ValidationInfo) -> date:
        since = info.data.get("since")
        if since and until < since:
            raise ValueError(f"{until} is before since, {since}; swap the two")
        return until


class Exemption(Strict):
    """One resource that may break the rule until a date (that day included)."""

    resource: Annotated[str, AfterValidator(resource_name)] = Field(
        description="The ARN, or on Google the full resource name."
    )
    until: date = Field(description="The last day of the exemption.")
    reason: Text = Field(description="Why it may.")
    by: Text = Field(description="Who allowed it.")


class PolicyKeys(Strict):
    """The keys that a policy and its file share."""

    mode: Mode = Field(
        default="notify",
        description="report: only shown; notify: owners are asked; enforce: changed when due.",
    )
    grace_days: int = Field(
        default=7, ge=1, description="Days between the delivered notice and the change."
    )
    scope: Scope = Field(default=Scope(), description="What the policy covers.")
    settings: Any = Field(default=None, description="The check's own settings.")
    budget: Budget = Field(default=Budget(), description="How much may change within 24 hours.")
    calendar: Calendar = Field(default=Calendar(), description="When changes may be made.")
    exemptions: tuple[Exemption, ...] = Field(
        default=(), description="Resources that may break the rule until a date."
    )

    @field_validator("exemptions")
    @classmethod
    def _each_resource_once(cls, exemptions: tuple[Exemption, ...]) -> tuple[Exemption, ...]:
        return each_once(exemptions, "resource")


class Policy(PolicyKeys):
    """One policy file. `name` is the file's name, `check` the rule it uses.

    `settings` is the check's own `Settings`.
    """

    name: str
    check: str


class PolicyFile(PolicyKeys):
    """What a policy file may hold."""

    check: str = Field(
        default="", description="The check to use. Left out: the one that the file is named after."
    )


def load_policies(folder: Path) -> tuple[Policy, ...]:
    """All policies of a folder, by name. Raises `Invalid` with the problems of all files.

    Every `*.yaml` is one, but for `estate*.yaml` and hidden files.
    """
    policies: list[Policy] = []
    problems: list[Problem] = []
    for file in _policy_files(folder):
        try:
            policies.append(_load(file))
        except Invalid as invalid:
            problems.extend(invalid.problems)
    if not policies and not problems:
        message = "no policy is here; write one, such as zero_traffic_endpoint.yaml"
        problems.append(Problem(folder, 0, 0, message))
    if problems:
        raise Invalid(problems)
    return tuple(policies)


def file_model(check: Check) -> type[PolicyFile]:
    """The model of a policy file that uses this check."""
    settings = Field(default_factory=check.settings, description=f"The settings of {check.id}.")
    name = f"{check.id}_policy"
    return create_model(name, __base__=PolicyFile, settings=(check.settings, settings))


def _policy_files(folder: Path) -> tuple[Path, ...]:
    try:
        files = sorted(folder.iterdir())
    except OSError as error:
        message = f"cannot be read: {error.strerror}; name a folder that holds policies"
        raise Invalid((Problem(folder, 0, 0, message),)) from error
    return tuple(
        file
        for file in files
        if file.suffix in (".yaml", ".yml") and not file.name.startswith((".", "estate"))
    )


def _load(file: Path) -> Policy:
    if not _POLICY_FILE.fullmatch(file.name):
        message = "a policy's file is named in a-z, 0-9, - and _, and ends in .yaml; rename it"
        raise Invalid((Problem(file, 0, 0, message),))
    document = read(file)
    try:
        check = load_check(str(document.content.get("check", file.stem)))
    except UnknownCheckError as unknown:
        problem = document.at_value(("check",), f"{unknown}; name one of them with `check:`")
        raise Invalid((problem, *_other_problems(document))) from unknown
    parsed = dict(validate(document, file_model(check)))
    return Policy(**{**parsed, "name": file.stem, "check": check.id})


def _other_problems(document: Document) -> tuple[Problem, ...]:
    """What else is wrong in a file whose check is unknown, so that its settings cannot be read."""
    try:
        validate(document, PolicyFile)
    except Invalid as invalid:
        return invalid.problems
    return ()
