"""What is written: names, CSV under FOCUS names, exact amounts, and no formulas."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from hygiene.model.finding import Owner
from hygiene.model.report import Report
from hygiene.report import frames
from hygiene.report.write import write_report


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_csv_files_as_they_are(
    report: Report, tmp_path: Path, snapshot: SnapshotAssertion
) -> None:
    files = write_report(report, tmp_path)
    assert files.findings_csv.read_text(encoding="utf-8") == snapshot(name="findings")
    assert files.savings_csv.read_text(encoding="utf-8") == snapshot(name="savings")


def test_names_carry_the_plan_and_stay_in_the_folder(report: Report, tmp_path: Path) -> None:
    odd = replace(report, plan=replace(report.plan, id="../manual__2025-03-10T02:00:00+00:00"))
    files = write_report(odd, tmp_path / "new" / "reports")
    assert {file.parent for file in (files.html, files.findings_csv, files.savings_csv)} == {
        tmp_path / "new" / "reports"
    }
    assert files.html.name == "report-..-manual__2025-03-10T02-00-00-00-00.html"
    assert files.html.exists()


def test_written_again_it_is_the_same(report: Report, tmp_path: Path) -> None:
    files = write_report(report, tmp_path)
    before = [file.read_bytes() for file in (files.html, files.findings_csv, files.savings_csv)]
    files = write_report(report, tmp_path)
    after = [file.read_bytes() for file in (files.html, files.findings_csv, files.savings_csv)]
    assert after == before


def test_amounts_are_whole_cents_or_empty(report: Report, tmp_path: Path) -> None:
    files = write_report(report, tmp_path)
    costs = [row["ListCost"] for row in _rows(files.findings_csv)]
    assert costs == ["2792.25", "734.38", "734.38", "537.28", "10.00", ""]
    assert [row["x_SavedSoFar"] for row in _rows(files.savings_csv)] == ["12.50", "12.50"]


def test_columns_are_of_focus_or_marked_as_ours(report: Report) -> None:
    for frame in (frames.findings(report), frames.savings(report), frames.gaps(report)):
        for column in frames.focus_names(frame).columns:
            assert column in frames.FOCUS.values() or re.fullmatch(r"x_[A-Z][A-Za-z]+", column)


@pytest.mark.parametrize(
    ("tag", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@cmd", "'@cmd"),
        ("\n\n=1", "'=1"),
        ("\t=1", "\ufffd=1"),
        ("a\r=1", "a\ufffd=1"),
        ("\x1b[2J", "\ufffd[2J"),
        ('a "quoted", name', 'a "quoted", name'),
    ],
)
def test_no_cell_is_a_formula_or_a_command(
    report: Report, tmp_path: Path, tag: str, cell: str
) -> None:
    change = report.plan.changes[0]
    finding = replace(change.finding, owner=Owner(tag, tag))
    plan = replace(report.plan, changes=(replace(change, finding=finding),), held=())
    (row,) = _rows(write_report(replace(report, plan=plan), tmp_path).findings_csv)
    assert (row["x_Owner"], row["x_Team"]) == (cell, cell)


def test_frames_have_their_columns_when_empty(report: Report) -> None:
    plan = replace(report.plan, changes=(), held=(), unknown=(), gaps=())
    empty = replace(report, plan=plan, savings=())
    for make in (frames.findings, frames.savings, frames.unknown, frames.gaps):
        assert len(make(empty)) == 0
        assert list(make(empty).columns) == list(make(report).columns)


def test_unknown_and_gaps_are_frames_too(report: Report) -> None:
    assert frames.unknown(report).to_dict("records") == [
        {
            "check": "zero_traffic_endpoint",
            "cloud": "aws",
            "account": "111122223333",
            "region": "us-east-1",
            "kind": "endpoint",
            "resource": "arn:aws:sagemaker:us-east-1:111122223333:endpoint/new<er>",
            "name": "new<er>",
            "reason": "younger than the window",
        }
    ]
    assert frames.gaps(report).to_dict("records") == [
        {
            "cloud": "aws",
            "account": "444455556666",
            "region": "eu-west-1",
            "what": "endpoints",
            "reason": "AccessDenied: <not> allowed",
        }
    ]
