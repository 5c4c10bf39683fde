"""The rules, a file each. A check's file name is its id; there is no list to keep.

A check module holds `Settings` (a frozen dataclass), `VERB` (the change that mends a breach) and
`judge(resource, settings, now) -> Verdict`, whose first annotation says what kind it judges.
"""

from __future__ import annotations

import difflib
import importlib
import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Protocol, get_type_hints

from hygiene.model.finding import Verdict
from hygiene.model.plan import Verb
from hygiene.model.resource import Window


class Settings(Protocol):
    """What every check's own `Settings` dataclass offers beside its fields."""

    def window(self, now: datetime) -> Window:
        """The time that a scan has to read; `now` is aware and in UTC."""
        ...

    @property
    def at_most(self) -> Decimal:
        """A resource used more than this needs no further reading."""
        ...


@dataclass(frozen=True, slots=True)
class Check:
    """One rule. `kind` is the kind of resource it judges, `doc` its documentation."""

    id: str
    kind: str
    settings: type[Settings]
    judge: Callable[..., Verdict]
    verb: Verb
    doc: str


class UnknownCheckError(LookupError):
    """There is no such check; the message names the nearest one and all that there are."""

    def __init__(self, name: str) -> None:
        known = check_ids()
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        super().__init__(f"there is no check {name!r}; {hint}known: {', '.join(known)}")


def check_ids() -> tuple[str, ...]:
    """The ids of all checks, sorted."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


@cache
def load_check(name: str) -> Check:
    """The check with this id. Raises `UnknownCheckError`."""
    if name not in check_ids():
        raise UnknownCheckError(name)
    module = importlib.import_module(f"{__name__}.{name}")
    first = next(iter(inspect.signature(module.judge).parameters))
    return Check(
        id=name,
        kind=get_type_hints(module.judge)[first].KIND,
        settings=module.Settings,
        judge=module.judge,
        verb=module.VERB,
        doc=inspect.cleandoc(module.__doc__ or ""),
    )
