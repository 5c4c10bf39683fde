"""Writes a report into a folder: one page, and two CSV files beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from hygiene.model.report import Report
from hygiene.report import frames
from hygiene.report.page import page
from hygiene.report.wording import printable

_FORMULA = ("=", "+", "-", "@")
"""Spreadsheets take a cell that begins so for a formula."""


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """Where a report was written."""

    html: Path
    findings_csv: Path
    savings_csv: Path


def write_report(report: Report, folder: Path) -> ReportFiles:
    """Writes the page and the CSV files, named after the plan; the folder is made where missing.

    Files of the same plan are replaced. Raises `OSError` where the folder cannot be written to.
    """
    name = re.sub(r"[^\w.-]", "-", report.plan.id)
    files = ReportFiles(
        html=folder / f"report-{name}.html",
        findings_csv=folder / f"findings-{name}.csv",
        savings_csv=folder / f"savings-{name}.csv",
    )
    folder.mkdir(parents=True, exist_ok=True)
    files.html.write_text(page(report), encoding="utf-8", newline="\n")
    _write_csv(frames.findings(report), files.findings_csv)
    _write_csv(frames.savings(report), files.savings_csv)
    return files


def _write_csv(frame: pd.DataFrame, file: Path) -> None:
    text = frames.focus_names(frame).map(_defused).to_csv(index=False, lineterminator="\n")
    file.write_text(text, encoding="utf-8", newline="\n")


def _defused(cell: object) -> object:
    """Names and tags come from anybody: text must not run as a formula, break a row, or speak to
    a terminal. Line breaks stay, for evidence has many lines."""
    if not isinstance(cell, str):
        return cell
    text = "\n".join(printable(line) for line in cell.strip("\n").split("\n"))
    return f"'{text}" if text.startswith(_FORMULA) else text
