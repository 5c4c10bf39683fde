"""A report made by hand, with names that mean harm."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from hygiene.model.finding import Breach, Exempt, Finding, Owner, UnknownResource
from hygiene.model.money import Money
from hygiene.model.plan import Change, Held, Plan
from hygiene.model.report import Report, Saving
from hygiene.model.resource import (
    Endpoint,
    Gap,
    Hosting,
    Place,
    ResourceRef,
    Traffic,
    Variant,
    Window,
)

NOW = datetime(2025, 3, 10, 2, 0, tzinfo=UTC)
WINDOW = Window.back_from(NOW, 7)
RATED = date(2025, 3, 1)


def usd(amount: str) -> Money:
    return Money(Decimal(amount), RATED)


def ref(name: str, account: str = "111122223333", region: str = "us-east-1") -> ResourceRef:
    arn = f"arn:aws:sagemaker:{region}:{account}:endpoint/{name}"
    return ResourceRef("aws", account, region, "endpoint", arn)


def change(
    name: str, monthly: str | None, owner: Owner, days: int, account: str = "111122223333"
) -> Change:
    """A change that falls due `days` after now; announced where that is not the eighth day."""
    endpoint = Endpoint(
        ref=ref(name, account),
        state="serving",
        status="InService",
        created_at=NOW - timedelta(days=90),
        traffic=Traffic(WINDOW, (), "GetMetricData"),
        hosting=Hosting(f"{name}-config", (Variant("main", "ml.g5.xlarge", 1),)),
        labels=(),
    )
    breach = Breach(
        since=WINDOW.since,
        reason="0 requests in 7 days, measured in all 168 hours",
        evidence=(
            ("window", "2025-03-03 02:00 to 2025-03-10 02:00 UTC"),
            ("query", "GetMetricData AWS/SageMaker, Sum, period 3600 s"),
            (f"Invocations {{EndpointName={name}, VariantName=main}}", "sum 0, data in 168 of 168"),
        ),
        certainty="proven",
    )
    finding = Finding(
        resource=endpoint,
        check="zero_traffic_endpoint",
        policy="zero_traffic_endpoint",
        breach=breach,
        monthly=usd(monthly) if monthly else None,
        owner=owner,
    )
    return Change(
        id="chg-" + hashlib.sha256(name.encode()).hexdigest()[:12],
        ref=endpoint.ref,
        verb="delete_endpoint",
        finding=finding,
        fingerprint="f" * 32,
        mode="enforce",
        announced_at=None if days == 8 else NOW - timedelta(days=7),
        due=NOW + timedelta(days=days),
    )


def saving(made: Change, verified: bool, ended: str = "") -> Saving:
    return Saving(
        change_id=made.id,
        ref=made.ref,
        check="zero_traffic_endpoint",
        policy="zero_traffic_endpoint",
        owner=str(made.finding.owner),
        done_at=NOW + timedelta(minutes=5),
        verified_at=NOW + timedelta(minutes=20) if verified else None,
        ended_at=NOW + timedelta(hours=3) if ended else None,
        ended_because=ended,
        horizon=NOW + timedelta(days=90),
        monthly=made.finding.monthly,
        so_far=usd("12.5") if verified else None,
    )


@pytest.fixture
def report() -> Report:
    """Six findings of every stage, among them hostile ones; savings, unknowns, gaps."""
    vision = Owner("ana@example.com", "vision")
    done = change("churn-2023-tmp", "2792.25", vision, -1)
    hostile = change("<script>alert(1)</script>", "734.38", Owner("=cmd()@x", "[bold]red"), 0)
    emoji = change("🦊-ranker-$x$-" + "long" * 30, "537.28", Owner(None, None), 8)
    unpriced = change("\x1b[31mvision\u202ereversed", None, vision, 3, "444455556666")
    held = change("fraud-v1", "734.38", Owner(None, "risk"), -1)
    frozen = change("-2+3", "10.004", Owner("bo@example.com", "risk"), -1)
    place = Place("aws", "444455556666", "eu-west-1")
    plan = Plan(
        id="plan-20250310",
        run_id="run-1",
        made_at=NOW,
        changes=(done, hostile, emoji, unpriced),
        held=(
            Held(held, "over the budget of 1 change a day <b>"),
            Held(frozen, "frozen until 2025-03-12"),
        ),
        unknown=(
            UnknownResource(ref("new<er>"), "zero_traffic_endpoint", "younger than the window"),
        ),
        exempt=(Exempt(ref("keeper"), "zero_traffic_endpoint", "tag keep=yes & more"),),
        gaps=(Gap(place, "endpoints", "AccessDenied: <not> allowed"),),
        populations=(),
    )
    earlier = change('old-"quoted"', "100", vision, -9)
    return Report(
        at=NOW + timedelta(hours=6),
        plan=plan,
        savings=(saving(done, True), saving(earlier, True, "it is there again")),
        saved_monthly=usd("2792.25"),
        saved_so_far=usd("25"),
    )
