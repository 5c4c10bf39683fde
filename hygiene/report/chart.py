"""Two charts of a report as inline SVG that takes its colours from the page around it."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from hygiene.model.money import Money
from hygiene.model.report import Report
from hygiene.report.rows import FindingRow, balance, finding_rows
from hygiene.report.wording import printable

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = {
    "due": "#d1495b",
    "waiting": "#e0a030",
    "held": "#7d8597",
    "done": "#5b8def",
    "saved": "#2a9d6f",
    "ink": "#1d2433",
    "faint": "#c9ced8",
}
"""Stands for a colour of the page each: the SVG says `var(--due, #d1495b)` and so on."""

STAGES = ("due", "waiting", "held", "done", "saved")
_BARS = 8
_LABEL = 24


@dataclass(frozen=True, slots=True)
class Bar:
    """One horizontal bar: its name, its length in USD by stage, and what stands beside it."""

    label: str
    parts: tuple[tuple[str, Decimal], ...]
    said: str


def cost_by_owner(report: Report) -> str:
    """SVG: what the findings cost a month by team or owner, stacked by stage. "" for no prices."""
    bars = _by_bearer(finding_rows(report))
    if not bars:
        return ""
    described = "USD: " + "; ".join(f"{bar.label} {bar.said}" for bar in bars)
    return _svg("owners", "Idle cost a month by team or owner", described, bars)


def before_and_after(report: Report) -> str:
    """SVG: what idled before the proven savings and what is left. "" where nothing is priced."""
    sums = balance(report)
    if sums.before is None:
        return ""
    left, saved = _cents(sums.left), _cents(sums.saved)
    bars = (
        Bar("before", (("held", sums.before.cents),), f"{sums.before.cents:,.0f}"),
        Bar("now", (("due", left), ("saved", saved)), f"{left:,.0f} left"),
    )
    described = f"USD: before {sums.before.cents:,.2f}, now {left:,.2f}, saved {saved:,.2f}"
    return _svg("balance", "Idle cost a month before and after verified savings", described, bars)


def _by_bearer(rows: Sequence[FindingRow]) -> tuple[Bar, ...]:
    """Dearest first; those after the eighth are drawn as one."""
    sums: dict[str, dict[str, Decimal]] = {}
    for row in rows:
        if row.monthly is not None:
            stages = sums.setdefault(row.bearer, {})
            stages[row.stage] = stages.get(row.stage, Decimal(0)) + row.monthly.amount
    ranked = sorted(sums, key=lambda bearer: (-sum(sums[bearer].values()), bearer))
    named = [_bar(_short(one), [sums[one]]) for one in ranked[:_BARS]]
    rest = [sums[one] for one in ranked[_BARS:]]
    return (*named, _bar(f"{len(rest)} others", rest)) if rest else tuple(named)


def _bar(label: str, sums: Sequence[dict[str, Decimal]]) -> Bar:
    parts = tuple((stage, sum(one.get(stage, Decimal(0)) for one in sums)) for stage in STAGES)
    whole = sum(part for _, part in parts)
    return Bar(label, tuple((stage, Decimal(part)) for stage, part in parts), f"{whole:,.0f}")


def _cents(money: Money | None) -> Decimal:
    return money.cents if money is not None else Decimal(0)


def _short(label: str) -> str:
    label = printable(label)
    return label if len(label) <= _LABEL else label[: _LABEL - 1] + "…"


def _svg(name: str, title: str, description: str, bars: Sequence[Bar]) -> str:
    # Imported here: it takes longer than all the rest, and only a report needs it.
    from matplotlib import rc_context  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    out = io.StringIO()
    style = rc_context(
        {
            "svg.hashsalt": name,
            "svg.fonttype": "none",
            "text.parse_math": False,
            "font.family": "sans-serif",
            "font.size": 10.5,
            "text.color": COLOURS["ink"],
        }
    )
    with style, warnings.catch_warnings():
        # The page's own fonts draw the text: what matplotlib's font lacks does not matter.
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        figure = Figure(figsize=(6.0, 0.62 + 0.36 * len(bars)), layout="constrained")
        _draw(figure.subplots(), bars)
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(out, format="svg", transparent=True, metadata=nothing)
    return _inline(out.getvalue(), name, title, description)


def _draw(axes: Axes, bars: Sequence[Bar]) -> None:
    start = [0.0] * len(bars)
    places = range(len(bars))
    for stage in STAGES:
        widths = [float(dict(bar.parts).get(stage, 0)) for bar in bars]
        if any(widths):
            axes.barh(places, widths, left=start, height=0.62, color=COLOURS[stage])
        start = [left + width for left, width in zip(start, widths, strict=True)]
    for place, bar in zip(places, bars, strict=True):
        end = (start[place], place)
        axes.annotate(bar.said, end, (6, 0), textcoords="offset points", va="center")
    axes.set_yticks(places, [bar.label for bar in bars], color=COLOURS["ink"])
    axes.set_xlim(0, max(start) * 1.2 or 1)
    axes.set_xticks([])
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0, pad=6)
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)
    axes.spines["left"].set_color(COLOURS["faint"])


def _inline(svg: str, name: str, title: str, description: str) -> str:
    """The bare element, with ids of its own, the page's colours, and words for who cannot see."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{name}-", svg)
    for colour, code in COLOURS.items():
        svg = svg.replace(code, f"var(--{colour}, {code})")
    labelled = f'<svg role="img" aria-labelledby="{name}-title {name}-description"'
    words = (
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-description">{escape(description)}</desc>'
    )
    svg = svg.replace("<svg", labelled, 1)
    opening = svg.index(">") + 1
    return svg[:opening] + words + svg[opening:]
