"""The report as one HTML page that asks the network for nothing."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from functools import cache
from importlib import resources
from pathlib import Path

import itables.options
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from hygiene.model.money import total
from hygiene.model.report import Report
from hygiene.report import wording
from hygiene.report.chart import before_and_after, cost_by_owner
from hygiene.report.rows import balance, finding_rows, saving_rows


def page(report: Report) -> str:
    """The whole page: text, charts, tables, and the library that sorts and filters them.

    Names and tags are escaped. Should one slip through all the same, the page's own policy lets no
    other script run than ours, known by its hash, and nothing leave the page.
    """
    rows, savings = finding_rows(report), saving_rows(report)
    proven = [row for row in savings if row.state == "saving"]
    due = [row for row in rows if row.stage == "due"]
    script = _own("page.js")
    return (
        _environment()
        .get_template("page.html")
        .render(
            report=report,
            plan=report.plan,
            rows=rows,
            savings=savings,
            proven=proven,
            proven_unpriced=sum(row.saving.monthly is None for row in proven),
            balance=balance(report),
            due=due,
            due_monthly=total(row.monthly for row in due),
            held=[row for row in rows if row.stage == "held"],
            stages=Counter(row.stage for row in rows),
            owners_chart=Markup(cost_by_owner(report)),  # noqa: S704 - the chart escapes its names
            balance_chart=Markup(before_and_after(report)),  # noqa: S704
            style=_own("page.css"),
            script=script,
            script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
            table_style=_table_style(),
            table_library=_table_library(),
            words=wording,
        )
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader(__package__ or "hygiene.report", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _own(name: str) -> Markup:
    """A file of this package, as it is."""
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    return Markup(text)  # noqa: S704 - our own file


@cache
def _table_library() -> str:
    """The DataTables bundle that itables carries, in base64."""
    return base64.b64encode(Path(itables.options.dt_bundle).read_bytes()).decode()


@cache
def _table_style() -> Markup:
    style = Path(itables.options.dt_bundle).with_suffix(".css").read_text(encoding="utf-8")
    return Markup(style)  # noqa: S704 - the library's own file
