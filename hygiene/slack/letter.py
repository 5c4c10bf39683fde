"""A message before it is rendered: passages of plain words, code and dates.

All of it is text, never markup. Whatever comes from outside (names, tags, reasons) passes through
`plain`, `bold` or `code`, which take away what could disturb a reader and cut what is too long.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Style = Literal["plain", "bold", "code"]

_WHITE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Said:
    """Words in one style. Made by `plain`, `bold` and `code`."""

    text: str
    style: Style


@dataclass(frozen=True, slots=True)
class At:
    """A point in time, aware; shown in UTC and, where possible, in the reader's own time."""

    moment: datetime

    @property
    def utc(self) -> str:
        return f"{self.moment:%Y-%m-%d %H:%M} UTC"


Line = tuple[Said | At, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A line, and bullets under it."""

    line: Line
    bullets: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """A message in reading order. `title` is one line of plain text."""

    title: str
    passages: tuple[Passage, ...]


def plain(text: str, at_most: int = 500) -> Said:
    """Ordinary words, cut to `at_most` characters."""
    return Said(clean(text, at_most), "plain")


def bold(text: str, at_most: int = 100) -> Said:
    """Words that stand out, cut to `at_most` characters."""
    return Said(clean(text, at_most), "bold")


def code(text: str, at_most: int = 400) -> Said:
    """A name or a command, cut to `at_most` characters."""
    return Said(clean(text, at_most), "code")


def clean(text: str, at_most: int) -> str:
    """One line without control, direction or invisible characters, at most `at_most` long."""
    visible = "".join(" " if unicodedata.category(one)[0] in "CZ" else one for one in text)
    line = _WHITE.sub(" ", visible)
    return line if len(line) <= at_most else line[: at_most - 1] + "…"


def words(line: Line) -> str:
    """A line as plain text."""
    return "".join(part.utc if isinstance(part, At) else part.text for part in line)
