"""Values of the model to JSON text and back: decimals as strings, times in ISO 8601.

What was kept years ago must still be read: a new field of an entry needs a default, and a class
keeps its name.
"""

from __future__ import annotations

from typing import Any, TypeVar, get_args

from pydantic import TypeAdapter, ValidationError

from hygiene.ledger.errors import Unreadable
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
    """The `kind` that `to_json` wrote. Raises `Unreadable`."""
    try:
        value: Kept = _ADAPTERS[kind].validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        at = ".".join(str(part) for part in first["loc"])
        # Without the cause: it would show the input, and a preimage may hold secrets.
        raise Unreadable(f"{kind.__name__} {at}: {first['msg']}") from None
    return value


def entry_from_json(type_name: str, body: str) -> Entry:
    """The entry that `to_json` wrote, by the name of its class. Raises `Unreadable`."""
    if type_name not in ENTRY_TYPES:
        raise Unreadable(f"unknown type {type_name}")
    return from_json(ENTRY_TYPES[type_name], body)
