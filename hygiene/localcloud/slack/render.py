"""Block Kit as HTML. All text is escaped; only tags that stand here come out as tags."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from hygiene.localcloud.slack.mrkdwn import date_text, safe_url, to_html
from hygiene.localcloud.slack.store import Doc

Names = Mapping[str, str]

_STYLES = {
    "code": Markup("<code>{}</code>"),
    "bold": Markup("<strong>{}</strong>"),
    "italic": Markup("<em>{}</em>"),
    "strike": Markup("<s>{}</s>"),
}
_LISTS = {"ordered": Markup("<ol>{}</ol>"), "bullet": Markup("<ul>{}</ul>")}
_RICH = {
    "rich_text_section": Markup("<p>{}</p>"),
    "rich_text_quote": Markup("<blockquote>{}</blockquote>"),
    "rich_text_preformatted": Markup("<pre>{}</pre>"),
}


def to_page(block: Doc, names: Names) -> Markup:
    """One block; `names` gives people and channels their names by id."""
    match block["type"]:
        case "header":
            return Markup("<h3>{}</h3>").format(block["text"]["text"])
        case "divider":
            return Markup("<hr>")
        case "section":
            text = _text(block["text"], names) if "text" in block else Markup()
            cells = _joined(
                Markup("<div>{}</div>").format(_text(one, names)) for one in block.get("fields", ())
            )
            fields = Markup('<div class="fields">{}</div>').format(cells) if cells else cells
            return Markup("<p>{}</p>{}").format(text, fields)
        case "context":
            cells = _joined(
                Markup("<span>{}</span>").format(_text(one, names)) for one in block["elements"]
            )
            return Markup('<p class="context">{}</p>').format(cells)
        case "rich_text":
            return _joined(_rich(one, names) for one in block["elements"])
        case other:
            return Markup('<p class="context">[{}]</p>').format(other)


def _text(found: Doc, names: Names) -> Markup:
    if found["type"] == "mrkdwn":
        return to_html(found["text"], names)
    return Markup("{}").format(found["text"])


def _rich(element: Doc, names: Names) -> Markup:
    if element["type"] == "rich_text_list":
        lines = _joined(
            Markup("<li>{}</li>").format(_joined(_part(part, names) for part in one["elements"]))
            for one in element["elements"]
        )
        return _LISTS[element["style"]].format(lines)
    parts = _joined(_part(part, names) for part in element["elements"])
    return _RICH[element["type"]].format(parts)


def _part(part: Doc, names: Names) -> Markup:
    shown = _plain_part(part, names)
    for style, styled in _STYLES.items():
        if (part.get("style") or {}).get(style):
            shown = styled.format(shown)
    return shown


def _plain_part(part: Doc, names: Names) -> Markup:
    match part["type"]:
        case "text":
            return Markup("{}").format(part["text"])
        case "date":
            shown = date_text(int(part["timestamp"]), part["format"])
            return Markup('<time title="{}">{}</time>').format(part.get("fallback", ""), shown)
        case "link":
            return Markup('<a href="{}" rel="noreferrer">{}</a>').format(
                safe_url(part["url"]), part.get("text") or part["url"]
            )
        case "user":
            name = names.get(part["user_id"], part["user_id"])
            return Markup('<span class="mention">@{}</span>').format(name)
        case "channel":
            name = names.get(part["channel_id"], part["channel_id"])
            return Markup('<span class="mention">#{}</span>').format(name)
        case "broadcast":
            return Markup('<span class="mention loud">@{}</span>').format(part["range"])
        case _:
            return Markup(":{}:").format(part.get("name", ""))


def _joined(parts: Iterable[Markup]) -> Markup:
    return Markup("").join(parts)
