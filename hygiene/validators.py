"""Checks of single values in policies and the estate. Each raises ValueError: what; what to do."""

from __future__ import annotations

import difflib
import re
import zoneinfo
from datetime import time
from typing import TypeVar

from pydantic import BaseModel, ValidationError, ValidationInfo
from pydantic_core import InitErrorDetails, PydanticCustomError

from hygiene.wording import REPEATED

Item = TypeVar("Item", bound=BaseModel)

_AWS_ACCOUNT = re.compile(r"\d{12}")
_AWS_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+){1,2}-\d{1,2}")
_GCP_REGION = re.compile(r"[a-z]+-[a-z]+\d{1,2}")
_AWS_NAME = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:\d{0,12}:[^*?\s]+")
_GCP_NAME = re.compile(r"//[a-z0-9.-]+\.googleapis\.com/[^*?\s]+")
_ROLE = re.compile(r"arn:aws[a-z-]*:iam::(\d{12}):role/[\w+=,.@/-]+")


def account_id(value: str, info: ValidationInfo) -> str:
    """An AWS account has twelve digits; what is not digits is a Google project."""
    aws = info.data.get("cloud") == "aws"
    if (aws or value.isdigit()) and not _AWS_ACCOUNT.fullmatch(value):
        raise ValueError(f"{value!r} is no AWS account id; write all 12 digits, in quotes")
    return value


def region(value: str, info: ValidationInfo) -> str:
    """A region of the cloud beside it, or where none is named, of either."""
    cloud = info.data.get("cloud")
    if cloud != "gcp" and _AWS_REGION.fullmatch(value):
        return value
    if cloud != "aws" and _GCP_REGION.fullmatch(value):
        return value
    raise ValueError(f"{value!r} is no region; write one such as eu-central-1")


def role_arn(value: str | None, info: ValidationInfo) -> str | None:
    """A role of the account that it enters: another account's would read the wrong estate."""
    if value is None or info.data.get("cloud") != "aws":
        return value
    found = _ROLE.fullmatch(value)
    if not found:
        raise ValueError(
            f"{value!r} is no role; write its ARN, such as arn:aws:iam::123456789012:role/reader"
        )
    account = info.data.get("id")
    if account and found[1] != account:
        raise ValueError(f"the role is in account {found[1]}; name one of {account}")
    return value


def resource_name(value: str) -> str:
    """One resource in full: a wildcard or a bare name would exempt nothing."""
    if not _AWS_NAME.fullmatch(value) and not _GCP_NAME.fullmatch(value):
        raise ValueError(f"{value!r} names no resource; write its whole ARN, without wildcards")
    return value


def time_of_day(value: time) -> time:
    """A time without a zone of its own."""
    if value.tzinfo is not None:
        raise ValueError("a time has no zone here; name it once, under timezone")
    return value


def timezone(value: str) -> str:
    """An IANA name that this machine's time zone data knows."""
    known = zoneinfo.available_timezones()
    if value not in known:
        near = difflib.get_close_matches(value, known, n=1)
        hint = f"did you mean {near[0]}?" if near else "write one such as Europe/Berlin"
        raise ValueError(f"there is no time zone {value!r}; {hint}")
    return value


def each_once(items: tuple[Item, ...], field: str) -> tuple[Item, ...]:
    """Items that all differ in a field; the error is placed at each later one."""
    values = [getattr(item, field) for item in items]
    errors = [
        InitErrorDetails(
            type=PydanticCustomError(REPEATED, "is here already; remove one of the two"),
            loc=(index, field),
            input=value,
        )
        for index, value in enumerate(values)
        if value in values[:index]
    ]
    if errors:
        raise ValidationError.from_exception_data(field, errors)
    return items
