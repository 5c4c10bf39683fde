"""Puts what pydantic found into words for the person who wrote the file."""

from __future__ import annotations

import difflib
from typing import Any

from pydantic_core import ErrorDetails

UNKNOWN_KEY = frozenset({"extra_forbidden", "unexpected_keyword_argument"})
"""Errors about a key, not about its value."""

REPEATED = "repeated"
"""The type of our own error about an item that is there twice."""

MISSING = frozenset({"missing", "missing_argument", "missing_keyword_only_argument"})
"""Errors about a key that is not there."""

_A_NUMBER = "write a number such as 0.25"
_A_WHOLE_NUMBER = "write a whole number, without quotes"
_A_DATE = "write one such as 2026-12-31"
_A_TIME = 'write one such as "08:00", in quotes'
_LINES = "write lines of `key: value` under it"
_WHAT_TO_DO = {
    "bool_type": "write true or false, without quotes",
    "int_type": _A_WHOLE_NUMBER,
    "int_from_float": _A_WHOLE_NUMBER,
    "decimal_parsing": _A_NUMBER,
    "decimal_type": _A_NUMBER,
    "finite_number": _A_NUMBER,
    "less_than_equal": _A_NUMBER,
    "date_parsing": _A_DATE,
    "date_type": _A_DATE,
    "date_from_datetime_parsing": _A_DATE,
    "time_parsing": _A_TIME,
    "time_type": _A_TIME,
    "model_type": _LINES,
    "dataclass_type": _LINES,
    "dict_type": _LINES,
    "string_type": "write some text",
    "literal_error": "choose one of them",
}


def describe(error: ErrorDetails, written: str | None, schema: dict[str, Any]) -> str:
    """`what is wrong; what to do`, of one error.

    `written` is the value as it stands in the file; `schema` the JSON Schema of the whole model.
    """
    kind, location = error["type"], error["loc"]
    key = dotted(location)
    if kind in UNKNOWN_KEY:
        known = _keys(schema, location[:-1])
        near = difflib.get_close_matches(str(location[-1]), known, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        return f"unknown key {key}; {hint}known here: {', '.join(known)}"
    if kind in MISSING:
        return f"{key} is missing; add it"
    if kind == "value_error":
        return f"{key}: {error['ctx']['error']}"
    if kind == REPEATED:
        return f"{key} {error['msg']}"
    if kind == "too_short":
        return f"{key} is empty; name at least one"
    if kind == "string_too_short":
        return f"{key} is empty; write some text"
    if kind == "tuple_type":
        return f"{key} should be a list; write [{written or '...'}]"
    if kind == "string_type" and written:
        return f'{key} is read as {error["input"]} here; write "{written}", in quotes'
    should = error["msg"].replace("Input should", "should").replace("an object", "a mapping")
    fact = f"is {written}, but {should}" if written else should
    return f"{key} {fact}; {_WHAT_TO_DO.get(kind, 'change it')}"


def dotted(location: tuple[int | str, ...]) -> str:
    """A location as people write it: `accounts[0].id`."""
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in location]
    return "".join(parts).removeprefix(".")


def _keys(schema: dict[str, Any], location: tuple[int | str, ...]) -> tuple[str, ...]:
    """The keys that the mapping at a location may have."""
    here = _resolved(schema, schema)
    for part in location:
        inner = here["items"] if isinstance(part, int) else here["properties"][part]
        here = _resolved(schema, inner)
    return tuple(here["properties"])


def _resolved(schema: dict[str, Any], here: dict[str, Any]) -> dict[str, Any]:
    reference = here.get("$ref", "")
    found: dict[str, Any] = schema["$defs"][reference.rsplit("/", 1)[-1]] if reference else here
    return found
