"""Letters as Block Kit, within Slack's limits.

Everything is sent as `plain_text` or `rich_text`: Slack parses no markup in either, so that a
name which holds `*`, `<!here>`, a link or `@channel` is shown as it is and does nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import (
    Block,
    HeaderBlock,
    PlainTextObject,
    RichTextBlock,
    RichTextElement,
    RichTextElementParts,
    RichTextListElement,
    RichTextSectionElement,
)

from hygiene.slack.letter import At, Letter, Line, Passage, Said, clean, words

MOST_BLOCKS = 50
"""Slack's limit a message."""

MOST_CHARACTERS = 12_000
"""Of a message's blocks as JSON. Slack refuses with msg_blocks_too_long somewhere above 13,000
and does not say what it counts, hence the distance."""

MOST_HEADER, MOST_TEXT = 150, 3000
"""Slack's limit of a header, and ours of the text for notifications (Slack's is 4,000)."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its blocks, and the text that notifications show (escaped mrkdwn)."""

    text: str
    blocks: tuple[Block, ...]


def messages(letter: Letter) -> tuple[Message, ...]:
    """A letter as one message, or as several where one cannot hold all its passages."""
    pages = tuple(_pages(letter.passages))
    return tuple(
        _message(_title(letter, number, len(pages)), page)
        for number, page in enumerate(pages, start=1)
    )


def escaped(text: str) -> str:
    """Text for a mrkdwn field: what is quoted there can no longer mention or link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _title(letter: Letter, number: int, of: int) -> str:
    mark = f" ({number} of {of})" if of > 1 else ""
    return clean(letter.title, MOST_HEADER - len(mark)) + mark


def _message(title: str, page: Sequence[tuple[Passage, Block]]) -> Message:
    first = words(page[0][0].line)
    return Message(
        # Escaping lengthens at most fivefold, and what is cut before it cannot be cut amid `&lt;`.
        text=escaped(clean(f"{title} {first}", MOST_TEXT // 5)),
        blocks=(
            HeaderBlock(text=PlainTextObject(text=title, emoji=False)),
            *(block for _, block in page),
        ),
    )


def _pages(passages: Iterable[Passage]) -> Iterable[Sequence[tuple[Passage, Block]]]:
    page: list[tuple[Passage, Block]] = []
    room = MOST_CHARACTERS - 2 * MOST_HEADER
    for passage in passages:
        block = _block(passage)
        size = len(json.dumps(block.to_dict(), ensure_ascii=False))
        if page and (size > room or len(page) == MOST_BLOCKS - 1):
            yield tuple(page)
            page, room = [], MOST_CHARACTERS - 2 * MOST_HEADER
        page.append((passage, block))
        room -= size
    yield tuple(page)


def _block(passage: Passage) -> Block:
    elements: list[RichTextElement] = [_section(passage.line)]
    if passage.bullets:
        bullets = [_section(line) for line in passage.bullets]
        elements.append(RichTextListElement(style="bullet", elements=bullets))
    return RichTextBlock(elements=elements)


def _section(line: Line) -> RichTextSectionElement:
    # Slack refuses a line without any element; a reason, say, may be an empty text.
    parts = [one for part in line for one in _parts(part)]
    return RichTextSectionElement(elements=parts or [RichTextElementParts.Text(text=" ")])


def _parts(part: Said | At) -> tuple[RichTextElement, ...]:
    if isinstance(part, At):
        return (
            RichTextElementParts.Text(text=part.utc, style={"bold": True}),
            RichTextElementParts.Text(text=" ("),
            RichTextElementParts.Date(
                timestamp=int(part.moment.timestamp()),
                format="{date_short_pretty} at {time}",
                fallback=part.utc,
            ),
            RichTextElementParts.Text(text=")"),
        )
    if not part.text:
        return ()
    style = None if part.style == "plain" else {part.style: True}
    return (RichTextElementParts.Text(text=part.text, style=style),)
