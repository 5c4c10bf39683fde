"""Where no Slack is configured: the same words on the terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

from hygiene.model.note import Note, OwnerNote, Undelivered
from hygiene.ports import Clock
from hygiene.slack.letter import At, Letter, Line, Passage, Said, clean
from hygiene.slack.notes import letter

WIDTH = 80
"""Columns. Only a name or a command that is longer by itself sticks out."""

_UNBREAKABLE = "\N{NO-BREAK SPACE}"


class TerminalMessenger:
    """Shows what would be posted. Nobody was told by that, so no grace period starts."""

    def __init__(self, show: Callable[[str], object], clock: Clock, keep_tag: str = "keep") -> None:
        """`show` takes ready text and must not read markup in it (`print` does not)."""
        self._show = show
        self._clock = clock
        self._keep_tag = keep_tag

    def tell(self, note: Note) -> Undelivered:
        """Shows the note; always undelivered."""
        to = str(note.owner) if isinstance(note, OwnerNote) else "the channel"
        head = f"Not posted, {self._clock():%Y-%m-%d %H:%M} UTC. To: {to}"
        self._show(as_text(letter(note, self._keep_tag, detour=""), clean(head, 200)))
        return Undelivered("no Slack is configured: printed instead")


def as_text(told: Letter, head: str) -> str:
    """A letter as plain text of 80 columns, under a line that is not part of it."""
    title = "\n".join((head, "", *textwrap.wrap(told.title, WIDTH), "=" * WIDTH))
    return "\n\n".join((title, *(_passage(one) for one in told.passages), ""))


def _passage(passage: Passage) -> str:
    bullets = (_wrapped(line, "  - ", "    ") for line in passage.bullets)
    return "\n".join((_wrapped(passage.line, "", ""), *bullets))


def _wrapped(line: Line, first: str, then: str) -> str:
    text = "".join(_text(part) for part in line)
    wrapped = textwrap.fill(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=then,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return wrapped.replace(_UNBREAKABLE, " ")


def _text(part: Said | At) -> str:
    if isinstance(part, At):
        return part.utc
    return part.text.replace(" ", _UNBREAKABLE) if part.style == "code" else part.text
