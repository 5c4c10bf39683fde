"""What Slack refuses in a message, with its own error words."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

MOST_BLOCKS = 50
MOST_TEXT = 4000
"""Of the text field. The reference says that text is cut after 40,000; newer workspaces refuse
far less with msg_too_long, so the local one keeps to what Slack recommends."""
MOST_JSON = 13_000
"""Of the blocks as JSON; Slack refuses with msg_blocks_too_long near here and documents nothing."""
MOST_HEADER, MOST_SECTION, MOST_FIELD, MOST_FIELDS, MOST_CONTEXT = 150, 3000, 2000, 10, 10
MOST_ID = 255

_RICH = {"rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted"}
_RICH_PARTS = {
    "text": ("text",),
    "link": ("url",),
    "emoji": ("name",),
    "user": ("user_id",),
    "channel": ("channel_id",),
    "broadcast": ("range",),
    "date": ("timestamp", "format"),
}


def refusal(text: object, blocks: object, metadata: object) -> tuple[str, list[str]] | None:
    """Slack's error for a message and its explanations; None where Slack would take it."""
    if not blocks and not text:
        return "no_text", []
    if isinstance(text, str) and len(text) > MOST_TEXT:
        return "msg_too_long", []
    if blocks is not None:
        if not isinstance(blocks, list):
            return "invalid_blocks_format", []
        problems = list(_blocks(blocks))
        if problems:
            return "invalid_blocks", [f"[ERROR] {problem}" for problem in problems]
        if len(json.dumps(blocks, ensure_ascii=False)) > MOST_JSON:
            return "msg_blocks_too_long", []
    if metadata is not None and not _is_metadata(metadata):
        return "invalid_metadata_format", []
    return None


def _is_metadata(metadata: object) -> bool:
    return (
        isinstance(metadata, dict)
        and isinstance(metadata.get("event_type"), str)
        and bool(metadata["event_type"])
        and isinstance(metadata.get("event_payload"), dict)
    )


def _blocks(blocks: list[Any]) -> Iterable[str]:
    if len(blocks) > MOST_BLOCKS:
        yield f"no more than {MOST_BLOCKS} items allowed [json-pointer:/blocks]"
    for number, block in enumerate(blocks):
        where = f"/blocks/{number}"
        if not isinstance(block, dict):
            yield _at("must be an object", where)
            continue
        if len(str(block.get("block_id", ""))) > MOST_ID:
            yield _at(f"must be less than {MOST_ID + 1} characters", f"{where}/block_id")
        yield from _block(block, where)


def _block(block: dict[str, Any], where: str) -> Iterable[str]:
    match block.get("type"):
        case "divider":
            return
        case "header":
            yield from _text(block.get("text"), MOST_HEADER, ("plain_text",), f"{where}/text")
        case "section":
            yield from _section(block, where)
        case "context":
            elements = block.get("elements")
            if not isinstance(elements, list) or not 1 <= len(elements) <= MOST_CONTEXT:
                yield _at(f"must have 1 to {MOST_CONTEXT} items", f"{where}/elements")
                return
            for number, one in enumerate(elements):
                yield from _text(one, MOST_SECTION, _BOTH, f"{where}/elements/{number}")
        case "rich_text":
            yield from _rich(block.get("elements"), _RICH, f"{where}/elements")
        case other:
            yield _at(f"unsupported type: {other}", f"{where}/type")


_BOTH = ("plain_text", "mrkdwn")


def _section(block: dict[str, Any], where: str) -> Iterable[str]:
    fields = block.get("fields")
    if "text" not in block and not fields:
        yield _at("must have text or fields", where)
    if "text" in block:
        yield from _text(block["text"], MOST_SECTION, _BOTH, f"{where}/text")
    if fields is None:
        return
    if not isinstance(fields, list) or not 1 <= len(fields) <= MOST_FIELDS:
        yield _at(f"must have 1 to {MOST_FIELDS} items", f"{where}/fields")
        return
    for number, one in enumerate(fields):
        yield from _text(one, MOST_FIELD, _BOTH, f"{where}/fields/{number}")


def _text(found: object, most: int, types: tuple[str, ...], where: str) -> Iterable[str]:
    if not isinstance(found, dict) or found.get("type") not in types:
        yield _at(f"must be a text object of type {' or '.join(types)}", where)
        return
    text = found.get("text")
    if not isinstance(text, str) or not text:
        yield _at("must be more than 0 characters", f"{where}/text")
    elif len(text) > most:
        yield _at(f"must be less than {most + 1} characters", f"{where}/text")


def _rich(elements: object, allowed: set[str], where: str) -> Iterable[str]:
    if not isinstance(elements, list) or not elements:
        yield _at("must have elements", where)
        return
    for number, one in enumerate(elements):
        here = f"{where}/{number}"
        kind = one.get("type") if isinstance(one, dict) else None
        if kind not in allowed:
            yield _at(f"unsupported type: {kind}", f"{here}/type")
        elif kind == "rich_text_list":
            if one.get("style") not in ("bullet", "ordered"):
                yield _at("must be bullet or ordered", f"{here}/style")
            yield from _rich(one.get("elements"), {"rich_text_section"}, f"{here}/elements")
        else:
            yield from _parts(one.get("elements"), f"{here}/elements")


def _parts(elements: object, where: str) -> Iterable[str]:
    if not isinstance(elements, list) or not elements:
        yield _at("must have elements", where)
        return
    for number, one in enumerate(elements):
        here = f"{where}/{number}"
        kind = one.get("type") if isinstance(one, dict) else None
        needed = _RICH_PARTS.get(str(kind))
        if needed is None:
            yield _at(f"unsupported type: {kind}", f"{here}/type")
            continue
        for key in needed:
            if one.get(key) in (None, ""):
                yield _at("must be more than 0 characters", f"{here}/{key}")


def _at(problem: str, where: str) -> str:
    return f"{problem} [json-pointer:{where}]"
