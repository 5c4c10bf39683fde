"""The page: whole, honest about what is not known, and silent on the network."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from hygiene.model.report import Report
from hygiene.report.page import page

LINKS = {"src", "srcset", "href", "xlink:href", "action", "formaction", "poster", "data", "ping"}
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or "chromium"


class Reader(HTMLParser):
    """What a browser would take from the page: its tags, its links and its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.handlers: list[str] = []
        self.ids: list[str] = []
        self.policy = ""
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for key, value in attrs if key in LINKS]
        self.handlers += [key for key, _ in attrs if key.startswith("on")]
        self.ids += [value or "" for key, value in attrs if key == "id"]
        if ("http-equiv", "Content-Security-Policy") in attrs:
            self.policy = dict(attrs)["content"] or ""

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def _without_library(html: str) -> str:
    return re.sub(r'(id="table-library">)[^<]*', r"\1", html)


def _main(html: str) -> str:
    """The part that is ours alone: without the charts, which change with matplotlib."""
    main = html[html.index("<main>") : html.index("</main>")]
    return re.sub(r"<svg.*?</svg>", "<svg/>", main, flags=re.DOTALL)


def test_the_page_as_it_is(report: Report, snapshot: SnapshotAssertion) -> None:
    assert _main(page(report)) == snapshot


def test_the_same_report_makes_the_same_page(report: Report) -> None:
    assert page(report) == page(report)


def test_nothing_leaves_the_page(report: Report) -> None:
    html = _without_library(page(report))
    read = Reader(html)
    assert [link for link in read.links if not link.startswith(("#", "data:"))] == []
    targets = re.findall(r"url\(\s*['\"]?([^)'\"]*)", html)
    assert [one for one in targets if not one.startswith(("#", "data:"))] == []
    assert "@import" not in html
    assert not {"link", "iframe", "img", "object", "embed", "base", "form"} & set(read.tags)


def test_only_our_own_script_may_run(report: Report) -> None:
    html = page(report)
    read = Reader(html)
    policy = dict(one.strip().split(" ", 1) for one in read.policy.split(";"))
    script = html[html.index('<script type="module">') + 22 : html.rindex("</script>")]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == f"'sha256-{digest}' blob:"
    assert policy["img-src"] == "data:"
    assert "connect-src" not in policy
    assert read.tags.count("script") == 2
    assert read.handlers == []


def test_hostile_names_are_only_words(report: Report) -> None:
    read = Reader(page(report))
    # The name ends at the last slash of the ARN; the ARN itself stands in the evidence.
    assert "endpoint/<script>alert(1)</script>" in read.text
    assert "over the budget of 1 change a day <b>" in read.text
    assert "AccessDenied: <not> allowed" in read.text
    assert "\x1b" not in page(report)
    assert "\u202e" not in page(report)


def test_no_id_is_given_twice(report: Report) -> None:
    ids = Reader(page(report)).ids
    assert len(ids) == len(set(ids))


def test_every_finding_carries_its_evidence(report: Report) -> None:
    text = Reader(page(report)).text
    for change in report.plan.everything:
        assert change.id in text
    assert text.count("GetMetricData AWS/SageMaker, Sum, period 3600 s") == 6
    assert text.count("sum 0, data in 168 of 168") == 6
    assert "no dated price is known for all of it" in text
    assert "USD 2,792.25 for 730 hours, by list prices of 2025-03-01" in text


def test_the_headline_hides_nothing(report: Report) -> None:
    text = Reader(page(report)).text
    assert "Found 4,808.29 USD a month 6 findings, of which 1 unpriced and not in the sum" in text
    assert "Due 1 USD 734.38 a month; 2 waiting, 2 held" in text
    assert "Saved, verified 2,792.25 USD a month 1 of 2 changes proven and still so" in text
    assert "Saved so far 25.00 USD" in text
    assert "Unknown 1 never taken for waste Gaps 1 could not be read Unpriced 1" in text
    assert (
        "Idle before 4,808.29 Saved and verified \N{MINUS SIGN}2,792.25 Still idle 2,016.04" in text
    )


def test_an_empty_report_says_what_it_means(report: Report) -> None:
    plan = replace(report.plan, changes=(), held=(), unknown=(), exempt=(), gaps=())
    empty = replace(report, plan=plan, savings=(), saved_monthly=None, saved_so_far=None)
    html = page(empty)
    text = Reader(html).text
    assert "Found Nothing 0 findings, all priced" in text
    assert "Saved, verified None yet" in text
    assert "Unknown 0 never taken for waste Gaps 0 could not be read Unpriced 0" in text
    assert "Nothing breaks a rule, as far as could be read." in text
    assert "<svg" not in html


def test_unpriced_savings_are_not_zero(report: Report) -> None:
    unpriced = tuple(replace(one, monthly=None, so_far=None) for one in report.savings)
    text = Reader(page(replace(report, savings=unpriced, saved_monthly=None, saved_so_far=None)))
    assert "Saved, verified unpriced 1 of 2 changes proven and still so, of which 1" in text.text


def test_the_page_stays_small(report: Report) -> None:
    assert len(page(report).encode()) < 2_000_000


@pytest.mark.skipif(not shutil.which(CHROMIUM), reason="no browser on this machine")
def test_a_browser_runs_the_tables_under_the_pages_own_policy(
    report: Report, tmp_path: Path
) -> None:
    file = tmp_path / "report.html"
    file.write_text(page(report), encoding="utf-8")
    quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=5000"]
    command = [CHROMIUM, *quiet, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom"]
    ran = subprocess.run([*command, file.as_uri()], capture_output=True, check=True, timeout=60)
    dom = ran.stdout.decode()
    assert dom.count('class="dt-container') == 6
    assert "refused" not in ran.stderr.decode().lower()
