"""Settings in, ready parts out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from bot import Bot
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import make_url

from hygiene import clock as clocks
from hygiene import settings, wiring
from hygiene.clouds.aws import session as aws
from hygiene.estate import Account, Estate
from hygiene.localcloud.cloud import LocalCloud
from hygiene.localcloud.spec import EstateSpec
from hygiene.model.resource import Gap, Place
from hygiene.settings import Misconfigured
from hygiene.slack.messenger import slack_messenger
from hygiene.slack.terminal import TerminalMessenger

EMPTY = EstateSpec(name="empty")
NOW = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)


def at_noon() -> datetime:
    return NOW


def test_next_to_nothing_has_to_be_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    chosen = settings.read({})
    assert chosen.home.is_absolute()
    assert chosen.ledger_url == f"sqlite:///{chosen.home}/ledger.db"
    assert (chosen.estate, chosen.slack_token, chosen.clock_url, chosen.rates) == (None,) * 4
    assert wiring.read_policies(chosen), "the policies that came along"
    assert list(tmp_path.iterdir()) == [], "settings touch nothing"


def test_a_policies_folder_here_goes_before_those_that_came_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "estate.yaml").touch()
    monkeypatch.chdir(tmp_path)
    chosen = settings.read({})
    assert (chosen.policies, chosen.estate) == (Path("policies"), Path("policies/estate.yaml"))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert settings.read({"HYGIENE_POLICIES": str(elsewhere)}).estate is None


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0/"), min_size=1, max_size=20))
def test_any_folder_may_be_the_home(name: str) -> None:
    home = Path("/srv") / name
    chosen = settings.read({"HYGIENE_HOME": str(home)})
    assert make_url(chosen.ledger_url).database == str(home / "ledger.db")


@pytest.mark.parametrize("name", ["HYGIENE_POLICIES", "HYGIENE_ESTATE", "HYGIENE_RATES"])
def test_what_is_named_has_to_exist(name: str, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=f"{name} names .*nowhere"):
        settings.read({name: str(tmp_path / "nowhere")})


@pytest.mark.parametrize("url", ["127.0.0.1:4566", "localhost", "ftp://127.0.0.1", "http://"])
def test_an_endpoint_has_to_be_a_url(url: str) -> None:
    with pytest.raises(Misconfigured, match="AWS_ENDPOINT_URL"):
        settings.read({"AWS_ENDPOINT_URL": url})


HERE = "http://127.0.0.1:4566"


@pytest.mark.parametrize(
    ("clock", "cloud"),
    [
        (f"{HERE}/clock", ""),
        (f"{HERE}/clock", "https://sagemaker.us-east-1.amazonaws.com"),
        ("http://clock.example.com", HERE),
        ("https://127.0.0.1/clock", HERE),
        ("file:///etc/passwd", HERE),
        ("http://127.0.0.1.example.com/clock", HERE),
    ],
)
def test_a_clock_that_can_be_moved_never_guards_a_real_cloud(clock: str, cloud: str) -> None:
    with pytest.raises(Misconfigured, match="HYGIENE_CLOCK_URL"):
        settings.read({"HYGIENE_CLOCK_URL": clock, "AWS_ENDPOINT_URL": cloud})


def test_the_local_clock_is_followed(bot_on: Callable[..., Bot]) -> None:
    bot = bot_on("traps", EMPTY)
    assert abs((wiring.clock(bot.settings)() - bot.cloud.clock.now()).total_seconds()) < 60
    assert wiring.clock(settings.read({})) is clocks.system
    assert clocks.system().tzinfo is UTC


@pytest.mark.parametrize("path", ["/_local/health", "/_local/nothing", "/"])
def test_what_is_no_clock_is_said(local_cloud: LocalCloud, path: str) -> None:
    with pytest.raises(ConnectionError, match="hygiene local up"):
        clocks.of_local_cloud(local_cloud.aws_url + path)


def test_without_an_estate_it_is_the_callers_own_account(
    bot_on: Callable[..., Bot], monkeypatch: pytest.MonkeyPatch
) -> None:
    bot_on("traps", EMPTY)
    monkeypatch.delenv("HYGIENE_ESTATE")
    (account,) = wiring.read_estate(settings.read()).accounts
    assert (account.id, account.regions) == ("111111111111", ("us-east-1",))
    assert (account.reader_role, account.writable) == (None, False)


def test_no_writer_is_made_for_an_account_that_is_not_writable(local_cloud: LocalCloud) -> None:
    local_cloud.reset()
    place = Place("aws", "111111111111", "us-east-1")
    closed = Estate(accounts=(Account(id=place.account, regions=(place.region,)),))
    asked: list[str | None] = []

    def bases(connection: str | None) -> Any:
        asked.append(connection)
        return aws.base_session()

    writer = wiring.writers(closed, at_noon, bases)(place, "endpoint")
    assert isinstance(writer, Gap)
    assert "not writable" in writer.reason
    assert asked == [], "nobody asked for credentials"
    stranger = Place("aws", "222222222222", "us-east-1")
    for made in (wiring.readers(closed, at_noon, bases), wiring.writers(closed, at_noon, bases)):
        assert isinstance(made(stranger, "endpoint"), Gap)
    assert local_cloud.log.count() == 0


def test_each_account_is_entered_by_its_own_connection(
    bot_on: Callable[..., Bot],
) -> None:
    bot_on("traps", EMPTY)
    place = Place("aws", "111111111111", "us-east-1")
    account = Account(
        id=place.account,
        regions=(place.region,),
        reader_connection="reads",
        writer_connection="writes",
        writable=True,
    )
    asked: list[str | None] = []

    def bases(connection: str | None) -> Any:
        asked.append(connection)
        return aws.base_session()

    estate = Estate(accounts=(account,))
    reader = wiring.readers(estate, at_noon, bases)
    assert reader(place, "endpoint") is reader(place, "endpoint")
    assert not isinstance(wiring.writers(estate, at_noon, bases)(place, "endpoint"), Gap)
    assert asked == ["reads", "writes"]


def test_credentials_that_do_not_work_are_a_gap() -> None:
    place = Place("aws", "111111111111", "us-east-1")
    estate = Estate(accounts=(Account(id=place.account, regions=(place.region,), writable=True),))

    def bases(connection: str | None) -> Any:
        raise aws.SessionError("expired")

    for made in (wiring.readers(estate, at_noon, bases), wiring.writers(estate, at_noon, bases)):
        gap = made(place, "endpoint")
        assert isinstance(gap, Gap)
        assert (gap.what, gap.reason) == ("credentials", "expired")


def test_a_kind_or_cloud_that_nothing_here_reads_is_a_gap() -> None:
    google = Account(cloud="gcp", id="some-project", regions=("europe-west1",), writable=True)
    amazon = Account(id="111111111111", regions=("us-east-1",), writable=True)
    estate = Estate(accounts=(google, amazon))
    strange = ((Place("gcp", google.id, "europe-west1"), "endpoint"),)
    strange += ((Place("aws", amazon.id, "us-east-1"), "spaceship"),)
    for place, kind in strange:
        for made in (wiring.readers(estate, at_noon), wiring.writers(estate, at_noon)):
            gap = made(place, kind)
            assert isinstance(gap, Gap)
            assert f"cannot read {kind}s of {place.cloud}" in gap.reason


def test_messages_go_to_slack_where_there_is_a_token() -> None:
    estate = Estate(accounts=(Account(id="111111111111", regions=("us-east-1",)),))
    plain = settings.read({})
    assert isinstance(wiring.messenger(plain, estate, at_noon), TerminalMessenger)
    token = settings.read({"SLACK_BOT_TOKEN": "xoxb-1"})
    ready = slack_messenger("xoxb-1", None, estate.slack, at_noon, estate.tags.keep)
    assert type(wiring.messenger(token, estate, at_noon)) is type(ready)
    with pytest.raises(Misconfigured, match="SLACK_BOT_TOKEN"):
        wiring.messenger(settings.read({"SLACK_BOT_TOKEN": "ü"}), estate, at_noon)


def test_every_run_has_a_name_of_its_own() -> None:
    names = {wiring.run_id(NOW) for _ in range(100)}
    assert len(names) == 100
    assert all(one.startswith("run-20260301T020000Z-") for one in names)
