"""A plan in the terminal: it fits, it is complete, and it obeys no name."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Literal

import pytest
from rich.cells import cell_len
from rich.console import Console
from syrupy.assertion import SnapshotAssertion

from hygiene.model.plan import Plan
from hygiene.model.report import Report
from hygiene.report.terminal import plan_table


def _shown(plan: Plan, width: int, *, colours: bool = False) -> str:
    out = io.StringIO()
    system: Literal["standard"] | None = "standard" if colours else None
    console = Console(file=out, width=width, force_terminal=colours, color_system=system)
    console.print(plan_table(plan, width))
    return out.getvalue()


def test_at_80_columns(report: Report, snapshot: SnapshotAssertion) -> None:
    lines = [line.rstrip() for line in _shown(report.plan, 80).splitlines()]
    assert "\n".join(lines) == snapshot


@pytest.mark.parametrize("width", [80, 100, 160])
def test_no_line_is_wider_than_the_terminal(report: Report, width: int) -> None:
    assert max(cell_len(line) for line in _shown(report.plan, width).splitlines()) <= width


def test_names_are_neither_markup_nor_commands(report: Report) -> None:
    shown = _shown(report.plan, 160, colours=True)
    assert "\x1b[31mvision" not in shown
    assert "\u202e" not in shown
    assert "new<er>" in shown


def test_markup_in_a_reason_is_shown_as_it_is(report: Report) -> None:
    held = tuple(replace(one, reason="[bold]not[/bold] now") for one in report.plan.held)
    assert "held: [bold]not[/bold] now" in _shown(replace(report.plan, held=held), 80)


def test_nothing_found_still_shows_what_is_not_known(report: Report) -> None:
    shown = _shown(replace(report.plan, changes=(), held=()), 80)
    assert "Nothing found that breaks a rule." in shown
    assert "Total: 0 found, USD 0.00 a month (0 due, 0 waiting, 0 held; 0 unpriced)" in shown
    assert "Unknown: 1" in shown
    assert "Gaps: 1" in shown


def test_only_unpriced_is_not_zero(report: Report) -> None:
    shown = _shown(replace(report.plan, changes=report.plan.changes[-1:], held=()), 80)
    assert "Total: 1 found, unpriced a month" in shown
