"""Policies, schemas, IAM, explanations, scans and the doctor, as they are printed."""

from __future__ import annotations

import json

import pytest
from cli_runs import HOME_ACCOUNT, Shell

ARN = f"arn:aws:sagemaker:us-east-1:{HOME_ACCOUNT}:endpoint/"


@pytest.mark.parametrize(
    ("name", "verdict", "reason"),
    [
        ("idle", "breach", "0 requests in 7 days"),
        ("busy", "fine", "requests"),
        ("silent", "unknown", "no data is not zero traffic"),
        ("kept", "exempt", "tagged keep"),
        ("nowhere", "not there", "not there"),
    ],
)
def test_a_resource_is_explained(hygiene: Shell, name: str, verdict: str, reason: str) -> None:
    ended = hygiene("policy", "explain", ARN + name)
    assert ended.code == 0
    assert f"zero_traffic_endpoint: {verdict}\n" in ended.out
    assert reason in ended.out
    (row,) = hygiene("policy", "explain", ARN + name, "--format", "json").document["policies"]
    assert row["verdict"] == verdict
    assert reason in row["reason"]
    assert ("evidence" in row) == (verdict == "breach")


def test_an_explanation_names_the_evidence_in_whole_lines(hygiene: Shell) -> None:
    hygiene("plan")
    out = hygiene("policy", "explain", "idle").out
    assert "    Invocations {EndpointName=idle, VariantName=AllTraffic}: sum 0, data in " in out


def test_what_cannot_be_read_cannot_be_explained(hygiene: Shell) -> None:
    hygiene.cloud.faults.add("DescribeEndpoint", "denied", None)
    ended = hygiene("policy", "explain", ARN + "idle")
    assert ended.code == 3
    assert "zero_traffic_endpoint: unreadable" in ended.out


def test_policies_are_checked_without_any_call(hygiene: Shell) -> None:
    ended = hygiene("policy", "check")
    assert ended.code == 0
    assert "zero_traffic_endpoint: check zero_traffic_endpoint, mode notify" in ended.out
    hygiene.may_write()
    assert "Valid: policies/estate.yaml" in hygiene("policy", "check").out
    document = hygiene("policy", "check", "--format", "json").document
    row = {"name": "zero_traffic_endpoint", "check": "zero_traffic_endpoint", "mode": "enforce"}
    assert (document["policies"], document["estate"]) == ([row], "policies/estate.yaml")
    assert hygiene.cloud.log.count() == 0


def test_prices_that_cannot_be_trusted_are_found_with_the_policies(hygiene: Shell) -> None:
    file = hygiene.write("rates.yaml", "rates: []\n")
    ended = hygiene("policy", "check", HYGIENE_RATES=str(file))
    assert ended.code == 2
    assert "rates.yaml:1:" in ended.err


@pytest.mark.parametrize("what", ["policy", "estate"])
def test_schemas_are_json(hygiene: Shell, what: str) -> None:
    assert hygiene("policy", "schema", what).document["type"] == "object"


def test_the_reader_s_policy_holds_no_write(hygiene: Shell) -> None:
    reader, writer = (
        json.dumps(hygiene("iam", "--role", role).document) for role in ("reader", "writer")
    )
    assert "sagemaker:DeleteEndpoint" not in reader
    assert "sagemaker:DeleteEndpoint" in writer


def test_a_scan_counts(hygiene: Shell) -> None:
    place = f"aws {HOME_ACCOUNT} us-east-1"
    assert hygiene("scan").out == f"{place}: 5 endpoints for zero_traffic_endpoint\n"
    document = hygiene("scan", "--format", "json").document
    row = {"place": place, "policy": "zero_traffic_endpoint", "resources": 5}
    assert (document["scans"], document["gaps"]) == ([row], [])


def test_nothing_to_verify_is_said(hygiene: Shell) -> None:
    ended = hygiene("verify")
    assert (ended.code, ended.out) == (0, "No change is waiting for its proof.\n")


def test_a_plan_that_was_made_is_shown_without_any_call(hygiene: Shell) -> None:
    made = hygiene("plan")
    document = hygiene("show", "--format", "json").document
    hygiene.cloud.log.clear()
    for name in ("", document["plan_id"], document["digest"]):
        assert hygiene("show", name).out == made.out
    assert hygiene.cloud.log.count() == 0


def test_the_report_goes_where_it_is_asked_to_go(hygiene: Shell) -> None:
    hygiene("plan")
    ended = hygiene("report", "--folder", "out")
    assert ended.code == 0
    assert "Saved: nothing is proven yet." in ended.out
    assert {one.suffix for one in (hygiene.folder / "out").iterdir()} >= {".html", ".csv"}
    hygiene.write("occupied", "a file")
    ended = hygiene("report", "--folder", "occupied")
    assert ended.code == 1
    assert "occupied" in ended.err


def test_the_doctor_says_what_is_well(hygiene: Shell) -> None:
    ended = hygiene("doctor")
    assert ended.code == 0
    assert "ok  account 111111111111: its reader role works" in ended.out
    document = hygiene("doctor", "--format", "json", AWS_ACCESS_KEY_ID="AKIASTRANGER").document
    assert [one["what"] for one in document["checks"] if not one["well"]] == ["estate"]
