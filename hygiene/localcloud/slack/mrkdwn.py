"""Slack's markup as HTML. Whatever is not markup that is known here is shown as it is."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from markupsafe import Markup, escape

_TOKEN = re.compile(
    r"```(?P<pre>.+?)```"
    r"|`(?P<code>[^`\n]+)`"
    r"|<(?P<angle>[^<>\n]+)>"
    r"|(?<![\w*])\*(?P<bold>[^*\n]+)\*(?![\w*])"
    r"|(?<![\w_])_(?P<italic>[^_\n]+)_(?![\w_])"
    r"|(?<![\w~])~(?P<strike>[^~\n]+)~(?![\w~])"
    r"|(?P<newline>\n)",
    re.DOTALL,
)

_STYLED = {
    "bold": Markup("<strong>{}</strong>"),
    "italic": Markup("<em>{}</em>"),
    "strike": Markup("<s>{}</s>"),
}

_DATE = {
    "date_num": "%Y-%m-%d",
    "date": "%B %-d, %Y",
    "date_short": "%b %-d, %Y",
    "date_long": "%A, %B %-d, %Y",
    "date_pretty": "%B %-d, %Y",
    "date_short_pretty": "%b %-d, %Y",
    "date_long_pretty": "%A, %B %-d, %Y",
    "time": "%H:%M",
    "time_secs": "%H:%M:%S",
}


def to_html(text: str, names: Mapping[str, str]) -> Markup:
    """mrkdwn as safe HTML; `names` gives people and channels their names by id."""
    done, position = Markup(), 0
    for token in _TOKEN.finditer(text):
        done += _literal(text[position : token.start()]) + _token(token, names)
        position = token.end()
    return done + _literal(text[position:])


def date_text(timestamp: int, template: str) -> str:
    """A date as Slack would show it to a reader in UTC."""
    moment = datetime.fromtimestamp(timestamp, UTC)

    def filled(found: re.Match[str]) -> str:
        pattern = _DATE.get(found[1])
        return moment.strftime(pattern) if pattern else found[0]

    return re.sub(r"{(\w+)}", filled, template)


def safe_url(url: str) -> str:
    """The URL where a click on it is harmless, else '#'."""
    return url if url.startswith(("https://", "http://", "mailto:")) else "#"


def _literal(text: str) -> Markup:
    # The three entities are all the escaping that mrkdwn has.
    return escape(re.sub(r"&(?:amp|lt|gt);", lambda found: html.unescape(found[0]), text))


def _token(token: re.Match[str], names: Mapping[str, str]) -> Markup:
    kind, inner = token.lastgroup, token[token.lastgroup or 0]
    match kind:
        case "pre":
            return Markup("<pre>{}</pre>").format(_literal(inner))
        case "code":
            return Markup("<code>{}</code>").format(_literal(inner))
        case "angle":
            return _angle(inner, names)
        case "newline":
            return Markup("<br>")
        case _:
            return _STYLED[str(kind)].format(to_html(inner, names))


def _angle(inner: str, names: Mapping[str, str]) -> Markup:
    target, _, label = inner.partition("|")
    if target.startswith("!date^"):
        _, timestamp, template, *_ = [*target.split("^"), "", ""]
        shown = date_text(int(timestamp), template) if timestamp.isdecimal() else label
        return Markup('<time title="{}">{}</time>').format(_literal(label), shown)
    if target.startswith(("@", "#")):
        name = names.get(target[1:], label or target[1:])
        return Markup('<span class="mention">{}{}</span>').format(target[0], name)
    if target.startswith("!"):
        return Markup('<span class="mention loud">@{}</span>').format(label or target[1:])
    if safe_url(target) == target:
        return Markup('<a href="{}" rel="noreferrer">{}</a>').format(
            html.unescape(target), _literal(label or target)
        )
    return _literal(f"<{inner}>")
