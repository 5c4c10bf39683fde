"""Nights without Airflow, from the first to the undo."""

from __future__ import annotations

from datetime import timedelta

from cli_runs import Shell

GRACE = timedelta(days=8)


def deletes(hygiene: Shell) -> list[str | None]:
    return [one.resource for one in hygiene.cloud.log.of("DeleteEndpoint")]


def test_a_dry_night_changes_nothing_and_shows_what_it_would_post(hygiene: Shell) -> None:
    ended = hygiene("nightly")
    assert ended.code == 0
    assert "Total: 2 found" in ended.out
    assert "To: ada@example.com" in ended.out
    assert "To: the channel" in ended.out
    assert "no grace period starts" in ended.err
    page = hygiene.folder / "home" / "reports"
    assert str(page) in ended.out
    assert len(list(page.glob("*.html"))) == 1
    assert hygiene.cloud.log.mutating() == ()
    assert "\x1b" not in ended.out + ended.err


def test_a_program_gets_one_document_and_people_read_the_rest(hygiene: Shell) -> None:
    ended = hygiene("nightly", "--format", "json")
    assert ended.code == 0
    assert ended.document["schema"] == "hygiene.plan/1"
    assert "To: the channel" in ended.err
    assert "no grace period starts" in ended.err


def test_a_night_with_a_gap_ends_with_three(hygiene: Shell) -> None:
    hygiene.cloud.faults.add("ListEndpoints", "denied", None)
    ended = hygiene("nightly")
    assert ended.code == 3
    assert "Gaps: 1" in ended.out


def test_nights_from_the_notice_to_the_undo(hygiene: Shell) -> None:
    hygiene.may_write()
    hygiene.use_slack_and_clock()
    first = hygiene("nightly", "--write")
    assert (first.code, first.err) == (0, "")
    assert "(0 due, 2 waiting, 0 held" in first.out
    assert deletes(hygiene) == []
    hygiene.cloud.clock.move(GRACE)
    assert "2 would change" in " ".join(due(hygiene).split())
    assert deletes(hygiene) == []
    ended = hygiene("apply", "--write")
    assert ended.code == 0
    assert ended.out.splitlines()[-1] == "2 changes: 2 done."
    assert sorted(map(str, deletes(hygiene))) == ["idle", "idle-dev"]
    assert hygiene("verify").code == 0
    hygiene.cloud.clock.move(timedelta(days=1))
    document = hygiene("verify", "--format", "json").document
    assert {one["found"] for one in document["looks"]} == {"gone"}
    proven = hygiene("report", "--format", "json").document
    assert float(proven["saved_monthly_usd"]) > 0
    assert "Saved, proven: USD " in hygiene("report").out
    undone(hygiene, document["looks"][0]["id"])


def due(hygiene: Shell) -> str:
    """A plan of a night when the grace is over, and what applying it would do."""
    assert "(2 due, 0 waiting, 0 held" in hygiene("plan").out
    shown = hygiene("apply")
    assert shown.code == 0
    assert shown.out.splitlines()[-1].startswith("Nothing was changed")
    return shown.out


def undone(hygiene: Shell, change: str) -> None:
    shown = hygiene("undo", change)
    assert shown.code == 0
    assert shown.out.endswith(" would be created again: a dry run: ask with --write.\n")
    assert hygiene.cloud.log.of("CreateEndpoint") == ()
    document = hygiene("undo", change, "--write", "--format", "json").document
    assert (document["id"], document["result"]) == (change, "done")
    assert len(hygiene.cloud.log.of("CreateEndpoint")) == 1
    assert "has been undone already" in hygiene("undo", change, "--write").err


def test_a_night_that_may_write_does_what_is_due(hygiene: Shell) -> None:
    hygiene.may_write()
    hygiene.use_slack_and_clock()
    assert hygiene("nightly", "--format", "json").code == 0
    hygiene.cloud.clock.move(GRACE)
    ended = hygiene("nightly", "--write")
    assert ended.code == 0
    assert "2 changes: 2 done." in ended.out
    assert len(deletes(hygiene)) == 2


def test_a_refused_write_ends_with_one(hygiene: Shell) -> None:
    hygiene.may_write()
    hygiene.use_slack_and_clock()
    hygiene("nightly")
    hygiene.cloud.clock.move(GRACE)
    hygiene.cloud.faults.add("DeleteEndpoint", "denied", None)
    ended = hygiene("nightly", "--write")
    assert ended.code == 1
    assert "2 changes: 2 failed." in ended.out


def test_an_undo_that_is_not_allowed_says_so(hygiene: Shell) -> None:
    hygiene.may_write()
    hygiene.use_slack_and_clock()
    hygiene("nightly")
    hygiene.cloud.clock.move(GRACE)
    hygiene("nightly", "--write")
    hygiene("stop", "--reason", "incident")
    with_done = hygiene("verify", "--format", "json").document["looks"]
    ended = hygiene("undo", with_done[0]["id"])
    assert ended.code == 0
    assert ended.out.endswith(" would not be created again: the kill switch is on.\n")
    ended = hygiene("undo", with_done[0]["id"], "--write")
    assert ended.code == 1
    assert ended.out.endswith(" is not undone: the kill switch is on.\n")


def test_a_slack_that_fails_is_said_and_starts_no_grace(hygiene: Shell) -> None:
    hygiene.use_slack_and_clock()
    ended = hygiene("nightly", SLACK_BOT_TOKEN="xoxb-of-nobody")
    assert ended.code == 0
    assert "Not delivered: " in ended.err
