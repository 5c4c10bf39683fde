"""What people decide needs the ledger and nothing else: no cloud, and no policy that is valid."""

from __future__ import annotations

from typing import Any

import pytest
from cli_runs import Shell

from hygiene import settings, wiring

DAYS = "2099-12-24"


def plan(hygiene: Shell) -> dict[str, Any]:
    document = hygiene("plan", "--format", "json").document
    hygiene.cloud.log.clear()
    return document


def decided(hygiene: Shell) -> list[Any]:
    """The entries of the ledger that people made."""
    with wiring.ledger(settings.read()) as ledger:
        return [one for one in ledger.history().entries if hasattr(one, "by")]


def test_a_snooze_by_name_holds_the_change(hygiene: Shell) -> None:
    hygiene.may_write()
    plan(hygiene)
    ended = hygiene("snooze", "idle", "--until", DAYS, "--by", "ada", "--reason", "demo")
    assert (ended.code, ended.out) == (0, f"idle is left alone until {DAYS}.\n")
    assert hygiene.cloud.log.count() == 0
    held = {one["resource"][-4:]: one["held_because"] for one in plan(hygiene)["changes"]}
    assert held["idle"] == f"snoozed until {DAYS} by ada"


def test_a_snooze_by_arn_is_the_same(hygiene: Shell) -> None:
    arn = plan(hygiene)["changes"][0]["resource"]
    assert hygiene("snooze", arn, "--until", DAYS).code == 0
    assert [one.ref.id for one in decided(hygiene)] == [arn]


def test_an_approval_binds_to_the_digest_for_a_day(hygiene: Shell) -> None:
    hygiene.may_write()
    document = plan(hygiene)
    ended = hygiene("approve", document["plan_id"], "--by", "ada", "--reason", "cleanup")
    assert ended.code == 0
    assert ended.out.splitlines()[-1] == document["digest"]
    (one,) = decided(hygiene)
    assert (one.digest, one.by, one.reason) == (document["digest"], "ada", "cleanup")
    assert (one.until - one.at).days == 1
    assert hygiene.cloud.log.count() == 0


def test_a_plan_without_changes_is_nothing_to_approve(hygiene: Shell) -> None:
    plan(hygiene)
    ended = hygiene("approve")
    assert ended.code == 2
    assert decided(hygiene) == []


def test_an_override_names_a_change_of_the_newest_plan(hygiene: Shell) -> None:
    change = plan(hygiene)["changes"][0]["id"]
    words = ("--until", DAYS, "--reason", "checked", "--by", "ada")
    assert hygiene("override", "chg-000000000000", *words).code == 2
    assert hygiene("override", change, *words).code == 0
    assert [one.change_id for one in decided(hygiene)] == [change]


def test_the_kill_switch_needs_no_cloud_and_no_valid_policy(hygiene: Shell) -> None:
    hygiene.write("policies/zero_traffic_endpoint.yaml", "nonsense: [")
    nothing = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_DEFAULT_REGION": ""}
    assert hygiene("stop", "--reason", "incident", "--by", "ada", **nothing).code == 0
    with wiring.ledger(settings.read()) as ledger:
        stopped = ledger.history().stopped
    assert stopped is not None
    assert (stopped.by, stopped.reason) == ("ada", "incident")
    ended = hygiene("doctor")
    assert ended.code == 1
    assert "stopped by ada (incident)" in ended.out
    assert hygiene("resume", "--reason", "over", **nothing).code == 0
    assert hygiene("resume", "--reason", "over", **nothing).code == 2
    assert hygiene.cloud.log.mutating() == ()


def test_somebody_without_a_login_name_has_to_say_who_decides(
    hygiene: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found: 4711")

    monkeypatch.setattr("getpass.getuser", nobody)
    ended = hygiene("stop", "--reason", "incident")
    assert ended.code == 2
    assert "--by" in ended.err
    assert hygiene("stop", "--reason", "incident", "--by", "ada").code == 0


def test_a_diff_names_what_came_went_and_stands_elsewhere(hygiene: Shell) -> None:
    first = plan(hygiene)["plan_id"]
    assert hygiene("diff", first).out == "The same changes.\n"
    hygiene.may_write()
    hygiene.cloud.traffic("idle", 5)
    second = plan(hygiene)["plan_id"]
    by_name = {one["resource"].rsplit("/", 1)[-1]: one["id"] for one in second_changes(hygiene)}
    document = hygiene("diff", first, second, "--format", "json").document
    assert document["came"] == []
    assert len(document["went"]) == 1
    assert document["altered"] == [by_name["idle-dev"]]
    shown = hygiene("diff", first, second).out
    assert "- delete_endpoint idle (" in shown
    assert "~ delete_endpoint idle-dev (" in shown
    assert "held, USD" in shown
    assert "-> waiting, USD" in shown
    assert "+ delete_endpoint idle (" in hygiene("diff", second, first).out


def second_changes(hygiene: Shell) -> list[dict[str, Any]]:
    changes: list[dict[str, Any]] = hygiene("show", "--format", "json").document["changes"]
    return changes
