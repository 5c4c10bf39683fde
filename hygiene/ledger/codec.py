"""Values of the model to JSON text and back: decimals as strings, times in ISO 8601."""

from __future__ import annotations

from typing import Any, TypeVar, get_args

from pydantic import TypeAdapter

from hygiene.model.entry import Entry
from hygiene.model.plan import Plan
from hygiene.model.resource import Scan

Kept = TypeVar("Kept")

ENTRY_TYPES: dict[str, type[Entry]] = {one.__name__: one for one in get_args(Entry)}
"""The entry classes by the name that the ledger stores them under."""

_ADAPTERS: dict[type, TypeAdapter[Any]] = {
    kind: TypeAdapter(kind) for kind in (*ENTRY_TYPES.values(), Scan, Plan)
}


def to_json(value: Entry | Scan | Plan) -> str:
    """The value as JSON text."""
    return _ADAPTERS[type(value)].dump_json(value).decode()


def from_json(kind: type[Kept], body: str) -> Kept:
    """The `kind` that `to_json` wrote. Raises pydantic's `ValidationError` (a `ValueError`)."""
    value: Kept = _ADAPTERS[kind].validate_json(body)
    return value
