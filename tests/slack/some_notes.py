"""Notes as the notify step makes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from hygiene.model.finding import Owner
from hygiene.model.money import Money
from hygiene.model.note import DigestNote, FailureNote, NoteItem, OwnerNote
from hygiene.model.resource import ResourceRef

ANNA = Owner("anna@example.com", "vision")
DUE = datetime(2026, 3, 14, 2, 0, tzinfo=UTC)
DIGEST = "sha256:" + "0123456789abcdef" * 4

HOSTILE = (
    "*bold* _it_ ~s~ `c` ```pre``` <!here> <!channel> @channel <@U0BOT> #general "
    "<https://evil.example|your bank> https://evil.example &amp; > quote\n\n"
    ":tada: \x1b[31m\u202egnp"
)
"""All that Slack might take for markup, a terminal for a command, and a reader for our words."""


def usd(amount: str) -> Money:
    return Money(Decimal(amount), date(2025, 1, 15))


PRICE = usd("734.38")


def item(name: str = "fraud-scorer", monthly: Money | None = PRICE) -> NoteItem:
    return NoteItem(
        change_id="chg-0123456789ab",
        check="zero_traffic_endpoint",
        ref=ResourceRef(
            "aws",
            "111122223333",
            "eu-central-1",
            "endpoint",
            f"arn:aws:sagemaker:eu-central-1:111122223333:endpoint/{name}",
        ),
        owner=ANNA,
        status="waiting",
        reason="0 requests in 7 days, measured in all 168 hours",
        monthly=monthly,
        mode="enforce",
        due=DUE,
        held_because=None,
    )


def owner_note(*items: NoteItem, owner: Owner = ANNA) -> OwnerNote:
    return OwnerNote("plan-1:anna@example.com", owner, items or (item(),))


def three_items() -> OwnerNote:
    """One that will go, one that is only asked about, one without a price that is held."""
    asked = replace(item("churn-a"), due=None, mode="notify", change_id="chg-0000000000aa")
    held = replace(
        item("churn-b", monthly=None),
        status="held",
        held_because="the budget of 10 changes in 24 hours is used up",
        change_id="chg-0000000000bb",
    )
    return owner_note(item(), asked, held)


def digest_note() -> DigestNote:
    return DigestNote(
        key="run-1:digest",
        plan_id="plan-20260307T020000Z-01234567",
        digest=DIGEST,
        made_at=datetime(2026, 3, 7, 2, 0, tzinfo=UTC),
        found=14,
        monthly=usd("9200.00"),
        unpriced=1,
        due=2,
        waiting=8,
        held=4,
        exempt=3,
        unknown=2,
        gaps=("aws 444455556666 eu-west-1: endpoints: AccessDenied for ListEndpoints",),
        done=2,
        saved_monthly=usd("1468.76"),
        saved_so_far=usd("342.71"),
        items=(
            item("llm-demo", usd("10577.70")),
            replace(item("ranker"), status="due"),
            *(replace(one, owner=Owner(None, "vision")) for one in three_items().items[1:]),
        ),
    )


def quiet_digest() -> DigestNote:
    """A night on which nothing was found, and all could be read."""
    return replace(
        digest_note(),
        found=0,
        monthly=None,
        unpriced=0,
        due=0,
        waiting=0,
        held=0,
        exempt=0,
        unknown=0,
        gaps=(),
        done=0,
        saved_monthly=None,
        saved_so_far=None,
        items=(),
    )


def failure_note() -> FailureNote:
    return FailureNote(
        "run-1:failure:scan",
        "scan of aws 111122223333 eu-central-1",
        "the role hygiene-reader could not be assumed: AccessDenied",
    )


def hostile_note() -> OwnerNote:
    base = item()
    bad = replace(
        base,
        ref=replace(
            base.ref, id=f"arn:aws:sagemaker:eu-central-1:1:endpoint/x; rm -rf ~ {HOSTILE}"
        ),
        reason=HOSTILE * 20,
        held_because=HOSTILE,
        check=HOSTILE,
    )
    return owner_note(bad, owner=Owner(None, HOSTILE))
