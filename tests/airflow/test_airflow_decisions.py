"""What is decided before the library is asked: locks, selections, credentials, failures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from airflow_runs import MINE, Estate

from hygiene import settings, wiring
from hygiene.airflow import connections, failures, forms, runs
from hygiene.airflow.orders import order_of
from hygiene.clouds.aws.session import SessionError
from hygiene.localcloud.cloud import LocalCloud
from hygiene.night import Selection

NIGHT = datetime(2026, 3, 10, 2, tzinfo=UTC)
DIGEST = "sha256:" + "0" * 64


@dataclass(frozen=True)
class Event:
    """An event of the asset, as far as an order is read from it."""

    extra: dict[str, Any]
    timestamp: datetime = NIGHT
    source_dag_id: str | None = "hygiene_nightly"


def event(plan_id: str = "plan-1", writes: object = True, **more: Any) -> Event:
    return Event({"plan_id": plan_id, "digest": DIGEST, "writes": writes}, **more)


FORM = {"plan": "plan-1", "digest": DIGEST, "dry_run": False}


def test_an_order_comes_from_the_newest_event() -> None:
    older, newer = event("plan-1"), event("plan-2", timestamp=NIGHT + timedelta(days=1))
    chosen = order_of((newer, older), {"dry_run": True})
    assert (chosen.plan_id, chosen.digest, chosen.writes) == ("plan-2", DIGEST, True)


@pytest.mark.parametrize(
    ("events", "form", "why"),
    [
        ((), {"dry_run": True}, "no plan was named"),
        ((), {**FORM, "digest": None}, "no plan was named"),
        ((), {**FORM, "dry_run": True}, "dry run"),
        ((), {"plan": "plan-1", "digest": DIGEST}, "dry run"),
        ((event(writes=False),), FORM, "was a dry run"),
        ((event(writes="true"),), FORM, "was a dry run"),
        ((Event({}),), FORM, "was a dry run"),
        ((event(source_dag_id=None),), FORM, "not emitted by hygiene_nightly"),
        # An older event that may write does not stand in for a newer one that may not.
        ((event(), event(writes=False, timestamp=NIGHT + timedelta(1))), FORM, "was a dry run"),
    ],
)
def test_an_order_is_refused(events: tuple[Event, ...], form: dict[str, Any], why: str) -> None:
    chosen = order_of(events, form)
    assert not chosen.writes
    assert why in chosen.refused


def test_a_person_may_order_a_plan_by_its_digest() -> None:
    chosen = order_of((), FORM)
    assert (chosen.plan_id, chosen.digest, chosen.writes) == ("plan-1", DIGEST, True)


@pytest.mark.parametrize(
    ("run_type", "dry_run", "nightly_writes", "asks"),
    [
        ("scheduled", True, False, False),
        ("scheduled", False, False, False),
        ("scheduled", True, True, True),
        ("manual", True, True, False),
        ("manual", False, False, True),
        ("backfill", True, True, False),
        ("asset_triggered", True, True, False),
    ],
)
def test_the_schedule_asks_the_estate_and_a_person_the_form(
    run_type: str, dry_run: bool, nightly_writes: bool, asks: bool
) -> None:
    assert forms.asks_to_write(run_type, {"dry_run": dry_run}, nightly_writes) is asks


def test_a_selection_is_read_from_the_form(estate: Estate) -> None:
    filled = {
        "policies": ["zero_traffic_endpoint"],
        "accounts": [MINE],
        "tags": ["team=ranking", "note=a=b"],
        "minimum_usd": 12.5,
    }
    assert forms.selection(filled, wiring.read_rules(settings.read())) == Selection(
        policies=("zero_traffic_endpoint",),
        accounts=(MINE,),
        tags=(("team", "ranking"), ("note", "a=b")),
        minimum_usd=Decimal("12.5"),
    )


@pytest.mark.parametrize(
    ("filled", "said"),
    [
        ({"policies": ["zero_traffic"]}, "no policy zero_traffic; known: zero_traffic_endpoint"),
        ({"accounts": ["333333333333"]}, f"no account 333333333333; known: {MINE}"),
    ],
)
def test_a_selection_of_what_nobody_knows_is_refused(
    estate: Estate, filled: dict[str, Any], said: str
) -> None:
    with pytest.raises(runs.CannotGoOn, match=said):
        forms.selection(filled, wiring.read_rules(settings.read()))


def test_a_connection_gives_its_own_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAWORKER")
    monkeypatch.setenv("AIRFLOW_CONN_READER", "aws://AKIAREADER:secret@/?region_name=eu-west-1")
    session = connections.base("reader")
    assert session.get_credentials().access_key == "AKIAREADER"
    assert session.region_name == "eu-west-1"


def test_without_a_connection_it_is_the_default_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAWORKER")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    assert connections.base(None).get_credentials().access_key == "AKIAWORKER"


@pytest.mark.usefixtures("database")
def test_a_connection_that_is_not_there_never_falls_back_to_the_workers_own_rights(
    cloud: LocalCloud, estate: Estate
) -> None:
    with pytest.raises(SessionError, match="no connection 'hygiene_writer'"):
        connections.base("hygiene_writer")


@pytest.mark.usefixtures("database")
def test_the_slack_token_may_live_in_a_connection(
    cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_HYGIENE_SLACK", '{"conn_type": "slack", "password": "xoxb-1"}')
    assert runs.worker_settings().slack_token == cloud.slack.token
    monkeypatch.delenv("SLACK_BOT_TOKEN")
    assert runs.worker_settings().slack_token == "xoxb-1"
    monkeypatch.delenv("AIRFLOW_CONN_HYGIENE_SLACK")
    assert runs.worker_settings().slack_token is None


@dataclass(frozen=True)
class Task:
    """A task instance, as far as a failure tells of it."""

    dag_id: str = "hygiene_nightly"
    run_id: str = "scheduled__2026-03-10"
    task_id: str = "scan"
    map_index: int = 2
    try_number: int = 3
    rendered_map_index: str | None = "aws 111111111111 us-east-1"
    log_url: str = "http://airflow.example.com/log"


def test_a_failure_says_where_and_keeps_the_secrets_of_strangers() -> None:
    note = failures.failure_note({"ti": Task(), "exception": ValueError("password swordfish")})
    assert note.key == "hygiene_nightly/scheduled__2026-03-10/scan/2/3"
    assert "task scan [aws 111111111111 us-east-1]" in note.where
    assert note.reason == "ValueError. Log: http://airflow.example.com/log"


def test_a_failure_of_our_own_says_why() -> None:
    note = failures.failure_note({"ti": Task(), "exception": runs.CannotGoOn("no plan 'x'")})
    assert note.reason == "no plan 'x'. Log: http://airflow.example.com/log"


@pytest.mark.usefixtures("database")
def test_a_failure_is_posted_though_the_estate_itself_is_what_failed(
    cloud: LocalCloud, estate: Estate
) -> None:
    estate.file.write_text("accounts: oops\n")
    failures.tell_failure({"ti": Task(), "exception": None})
    (message,) = cloud.slack.messages
    assert "The cloud hygiene bot failed" in message.text


@pytest.mark.usefixtures("database")
def test_telling_a_failure_never_raises(
    cloud: LocalCloud, estate: Estate, caplog: pytest.LogCaptureFixture
) -> None:
    failures.tell_failure({})
    assert "could not be posted" in caplog.text
