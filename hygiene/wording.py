"""Puts what pydantic found into words for the person who wrote the file."""

from __future__ import annotations

import difflib
from typing import Any

from pydantic_core import ErrorDetails

UNKNOWN_KEY = frozenset({"extra_forbidden", "unexpected_keyword_argument"})
"""Errors about a key, not about its value."""

MISSING = frozenset({"missing", "missing_argument", "missing_keyword_only_argument"})
"""Errors about a key that is not there."""

_WHAT_TO_DO = {
    "bool_type": "write true or false",
    "int_type": "write a whole number, without quotes",
    "int_from_float": "write a whole number",
    "decimal_parsing": "write a number such as 0.25",
    "decimal_type": "write a number such as 0.25",
    "finite_number": "write a number such as 0.25",
    "date_parsing": "write it as 2026-12-31",
    "date_type": "write it as 2026-12-31",
    "date_from_datetime_parsing": "write it as 2026-12-31",
    "time_parsing": 'write it as "08:00", in quotes',
    "time_type": 'write it as "08:00", in quotes',
    "model_type": "write `key: value` lines under it",
    "dataclass_type": "write `key: value` lines under it",
    "dict_type": "write `key: value` lines under it",
    "too_short": "name at least one, or remove the key",
    "string_too_short": "write some text",
    "string_type": "write text, in quotes",
}


def describe(error: ErrorDetails, written: str | None, schema: dict[str, Any]) -> str:
    """`what is wrong; what to do`, of one error.

    `written` is the value as it stands in the file; `schema` the JSON Schema of the whole model.
    """
    kind, location = error["type"], error["loc"]
    key = dotted(location)
    if kind in UNKNOWN_KEY:
        return f"unknown key {key}; {_known(str(location[-1]), _keys(schema, location[:-1]))}"
    if kind in MISSING:
        return f"{key} is missing; add it"
    if error["input"] is None:
        return f"{key} is empty; give it a value (in quotes where it starts with #) or remove it"
    if kind == "repeated":
        return f"{key} {error['msg']}"
    if kind == "value_error":
        return f"{key}: {error['ctx']['error']}"
    if kind == "string_type" and isinstance(error["input"], int | float):
        return (
            f'{key} is read as a number here, which loses leading zeros; write "{written}", '
            f"in quotes"
        )
    if kind == "tuple_type":
        return f"{key} should be a list; write [{written or '...'}]"
    what = error["msg"].replace("Input should", "should")
    value = f", not {written}" if written else ""
    return f"{key} {what}{value}; {_WHAT_TO_DO.get(kind, 'change it')}"


def dotted(location: tuple[int | str, ...]) -> str:
    """A location as people write it: `accounts[0].id`."""
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in location]
    return "".join(parts).removeprefix(".")


def nearest(word: str, known: tuple[str, ...]) -> str:
    """`did you mean x? `, or nothing."""
    near = difflib.get_close_matches(word, known, n=1)
    return f"did you mean {near[0]}? " if near else ""


def _known(word: str, known: tuple[str, ...]) -> str:
    return f"{nearest(word, known)}known here: {', '.join(known)}"


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
