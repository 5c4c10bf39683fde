"""What a person can mend is said in words, and a mistake of theirs calls nothing."""

from __future__ import annotations

import json

import pytest
from cli_runs import HOME_ACCOUNT, WRITABLE, Shell

MISSPELT = "mode: enforce\ngrace_dayz: 7\n"


@pytest.mark.parametrize(
    ("words", "environ", "said"),
    [
        ("plan --policy zero", {}, "there is no policy zero; known: zero_traffic_endpoint"),
        ("scan --policy zero", {}, "there is no policy zero"),
        ("nightly --policy zero", {}, "there is no policy zero"),
        ("plan --tag dev", {}, "KEY=VALUE"),
        ("plan --minimum-usd -1", {}, "--minimum-usd"),
        ("plan --minimum-usd nan", {}, "--minimum-usd"),
        ("plan --format xml", {}, "--format"),
        ("plan --nonsense", {}, "--nonsense"),
        ("plans", {}, "plans"),
        ("show", {}, "there is no plan yet: make one with `hygiene plan`"),
        ("show plan-x", {}, "the ledger keeps no plan plan-x"),
        ("apply plan-x --write", {}, "the ledger keeps no plan plan-x"),
        ("report plan-x", {}, "the ledger keeps no plan plan-x"),
        ("diff plan-x", {}, "the ledger keeps no plan plan-x"),
        ("show missing.json", {}, "missing.json cannot be read: No such file"),
        ("apply words.json", {}, "words.json is no JSON"),
        ("apply list.json", {}, "list.json is no plan"),
        ("undo chg-x --write", {}, "no change chg-x was made"),
        ("snooze nobody --until 2099-01-01", {}, "names no resource nobody"),
        ("snooze idle --until 2020-01-01", {}, "2020-01-01 is over already"),
        ("snooze idle --until soon", {}, "'soon' is no date"),
        ("override chg-x --until 2099-01-01 --reason because", {}, "there is no plan yet"),
        ("resume --reason because", {}, "nothing is stopped"),
        ("policy explain arn:aws:s3:::models", {}, "no ARN that a check judges"),
        ("policy explain nobody", {}, "names no resource nobody"),
        ("iam --role owner", {}, "--role"),
        ("plan", {"AWS_DEFAULT_REGION": ""}, "no region is known: set AWS_DEFAULT_REGION"),
        ("plan", {"AWS_DEFAULT_REGION": "nowhere"}, "'nowhere' is no region"),
        ("plan", {"AWS_DEFAULT_REGION": "eu west"}, "'eu west' is no region"),
        ("plan", {"AWS_ENDPOINT_URL": "127.0.0.1:9"}, "which is no URL"),
        ("plan", {"HYGIENE_POLICIES": "nowhere"}, "HYGIENE_POLICIES names nowhere"),
        ("plan", {"HYGIENE_ESTATE": "nowhere"}, "HYGIENE_ESTATE names nowhere"),
        ("plan", {"HYGIENE_RATES": "nowhere"}, "HYGIENE_RATES names nowhere"),
        ("plan", {"HYGIENE_CLOCK_URL": "http://clock.example.com"}, "for the local cloud only"),
        ("local up --estate nowhere", {}, "there are: case_study, traps"),
    ],
)
def test_wrong_usage_ends_with_two(
    hygiene: Shell, words: str, environ: dict[str, str], said: str
) -> None:
    hygiene.write("words.json", "not json")
    hygiene.write("list.json", "[]")
    ended = hygiene(*words.split(), **environ)
    assert ended.code == 2, ended
    assert said in " ".join(ended.err.replace("│", " ").split())
    assert ended.out == ""
    assert hygiene.cloud.log.count() == 0


@pytest.mark.parametrize("command", ["plan", "nightly", "policy check", "scan"])
def test_an_invalid_policy_is_named_by_line_and_column(hygiene: Shell, command: str) -> None:
    hygiene.write("policies/zero_traffic_endpoint.yaml", MISSPELT)
    ended = hygiene(*command.split())
    assert (ended.code, ended.out) == (2, "")
    assert "policies/zero_traffic_endpoint.yaml:2:1: " in ended.err
    assert "grace_dayz" in ended.err
    assert hygiene.cloud.log.count() == 0


def test_an_invalid_estate_is_named_by_line_and_column(hygiene: Shell) -> None:
    hygiene.write("policies/zero_traffic_endpoint.yaml", "mode: report\n")
    hygiene.write("policies/estate.yaml", WRITABLE.replace(f'"{HOME_ACCOUNT}"', "12"))
    for command in ("plan", "policy check"):
        ended = hygiene(*command.split())
        assert ended.code == 2
        assert "policies/estate.yaml:2:9: " in ended.err
    assert hygiene.cloud.log.count() == 0


def test_an_account_that_is_not_in_the_estate_is_named(hygiene: Shell) -> None:
    hygiene.may_write()
    ended = hygiene("plan", "--account", "999999999999")
    assert ended.code == 2
    assert ended.err.strip() == f"there is no account 999999999999; known: {HOME_ACCOUNT}"
    assert hygiene.cloud.log.count() == 0


def test_without_an_estate_only_the_caller_s_own_account_is_known(hygiene: Shell) -> None:
    assert hygiene("plan", "--account", "999999999999").code == 2
    assert {one.operation for one in hygiene.cloud.log} == {"GetCallerIdentity"}
    ended = hygiene("policy", "explain", "arn:aws:sagemaker:us-east-1:999999999999:endpoint/x")
    assert ended.code == 2
    assert "999999999999 is not in the estate" in ended.err


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, "Unable to locate credentials"),
        ({"AWS_SECRET_ACCESS_KEY": ""}, "Partial credentials"),
        ({"AWS_ACCESS_KEY_ID": "AKIASTRANGER"}, "InvalidClientTokenId"),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, "Could not connect to the endpoint URL"),
        ({"AWS_PROFILE": "nobody"}, "nobody"),
        ({"AWS_CONFIG_FILE": "broken.ini"}, "broken.ini"),
        ({"HYGIENE_LEDGER_URL": "nonsense"}, "not a database URL"),
        ({"HYGIENE_LEDGER_URL": "mysql://user:secret@host/db"}, "mysql is not supported"),
        ({"HYGIENE_LEDGER_URL": "sqlite:////proc/nowhere/ledger.db"}, "its folder cannot be made"),
        ({"HYGIENE_CLOCK_URL": "http://127.0.0.1:1/clock"}, "no local cloud tells the time"),
    ],
)
def test_trouble_ends_with_one(hygiene: Shell, environ: dict[str, str], said: str) -> None:
    hygiene.write("broken.ini", "[default")
    ended = hygiene("plan", **environ)
    assert (ended.code, ended.out) == (1, "")
    assert said in ended.err
    assert len(ended.err.splitlines()) == 1, "one line, whole: somebody searches for it"
    assert "secret" not in ended.err


def test_a_home_that_is_a_file_is_trouble(hygiene: Shell) -> None:
    hygiene.write("home", "a file")
    assert hygiene("show").code == 1


def test_a_plan_file_has_to_say_what_the_ledger_says(hygiene: Shell) -> None:
    printed = hygiene("plan", "--format", "json")
    file = hygiene.write("plan.json", printed.out)
    assert hygiene("show", "plan.json", "--format", "json").document == printed.document
    altered = printed.document
    altered["changes"].pop()
    file.write_text(json.dumps(altered), "utf-8")
    for command in ("show", "apply", "approve", "diff"):
        ended = hygiene(command, "plan.json")
        assert ended.code == 2
        assert "plan.json was altered" in ended.err


def test_a_local_cloud_that_does_not_run_is_said(hygiene: Shell) -> None:
    ended = hygiene("local", "env")
    assert ended.code == 1
    assert "start one with `hygiene local up`" in ended.err
    assert hygiene("local", "down").code == 0
