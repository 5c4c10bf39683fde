"""The doctor looks at each part by itself: one trouble hides no other."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from bot import Bot
from botocore.retries.standard import ExponentialBackoff

from hygiene import doctor, wiring
from hygiene.localcloud.spec import EstateSpec
from hygiene.model.entry import Stopped

SPEC = EstateSpec(name="doctor", channels=("#cloud-hygiene",))


@pytest.fixture
def bot(bot_on: Callable[..., Bot], monkeypatch: pytest.MonkeyPatch) -> Bot:
    monkeypatch.setattr(ExponentialBackoff, "delay_amount", lambda *_: 0)
    return bot_on("traps", SPEC)


def said(**environ: str) -> dict[str, tuple[bool, str]]:
    """What is said of each part."""
    found = doctor.examined({**os.environ, **environ})
    assert len({one.what for one in found}) == len(found)
    return {one.what: (one.well, one.said) for one in found}


def bad(parts: dict[str, tuple[bool, str]]) -> set[str]:
    return {what for what, (well, _) in parts.items() if not well}


def test_a_sound_installation_is_well(bot: Bot) -> None:
    parts = said()
    assert bad(parts) == set()
    assert set(parts) == {
        "home",
        "policies",
        "prices",
        "ledger",
        "estate",
        "account 111111111111 traps",
        "account 222222222222 crowd",
        "Slack",
    }
    assert parts["estate"][1].startswith("2 accounts, ")
    assert bot.cloud.log.mutating() == ()
    assert bot.cloud.slack.messages == []


def test_troubles_are_told_apart(bot: Bot, tmp_path: Path) -> None:
    bot.cloud.faults.add("AssumeRole", "denied", None)
    policies = tmp_path / "policies"
    policies.mkdir()
    (policies / "zero_traffic_endpoint.yaml").write_text("mode: destroy\n")
    (tmp_path / "rates.yaml").write_text("rates: []\n")
    parts = said(
        HYGIENE_POLICIES=str(policies),
        HYGIENE_RATES=str(tmp_path / "rates.yaml"),
        HYGIENE_LEDGER_URL="nonsense",
        SLACK_BOT_TOKEN="xoxb-of-nobody",
    )
    accounts = {"account 111111111111 traps", "account 222222222222 crowd"}
    assert bad(parts) == {"policies", "prices", "ledger", "Slack", *accounts}
    assert "zero_traffic_endpoint.yaml:1:7" in parts["policies"][1]
    assert "role/hygiene-reader" in parts["account 111111111111 traps"][1]


def test_an_estate_that_cannot_be_read_ends_it(bot: Bot, tmp_path: Path) -> None:
    estate = tmp_path / "estate.yaml"
    estate.write_text("accounts: []\n")
    parts = said(HYGIENE_ESTATE=str(estate))
    assert bad(parts) == {"estate"}
    assert "estate.yaml:1:" in parts["estate"][1]


def test_a_channel_that_the_bot_is_not_in_is_bad(bot: Bot) -> None:
    bot.cloud.slack.conversations.clear()
    assert bad(said()) == {"Slack"}


def test_a_role_that_leads_into_another_account_is_bad(bot: Bot, tmp_path: Path) -> None:
    estate = tmp_path / "estate.yaml"
    estate.write_text('accounts: [{id: "222222222222", regions: [us-east-1]}]\n')
    parts = said(HYGIENE_ESTATE=str(estate))
    assert bad(parts) == {"account 222222222222"}
    assert "leads into account 111111111111" in parts["account 222222222222"][1]


def test_an_account_of_another_cloud_is_bad(bot: Bot, tmp_path: Path) -> None:
    estate = tmp_path / "estate.yaml"
    estate.write_text("accounts: [{cloud: gcp, id: some-project, regions: [europe-west1]}]\n")
    assert bad(said(HYGIENE_ESTATE=str(estate))) == {"account some-project"}


def test_a_bot_that_was_stopped_is_not_well(bot: Bot) -> None:
    with wiring.ledger(bot.settings) as ledger:
        ledger.append(Stopped(bot.cloud.clock.now(), "ada", "incident"))
    assert said()["ledger"] == (False, "stopped by ada (incident): resume")
