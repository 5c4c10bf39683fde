"""`hygiene plan`, for somebody who has set an endpoint, credentials, a region and a home."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from cli_runs import HOME_ACCOUNT, Ended, Shell

from hygiene.localcloud.spec import expected, load

CHECKOUT = Path(__file__).parents[2]
ROW = {"check", "cloud", "account", "region", "kind", "resource", "reason"}


def breaches(ended: Ended) -> set[str]:
    return {one["resource"].rsplit("/", 1)[-1] for one in ended.document["changes"]}


def test_it_prints_one_document(hygiene: Shell) -> None:
    ended = hygiene("plan", "--format", "json")
    document = ended.document
    assert (ended.code, ended.err) == (0, "")
    assert set(document) == {
        "schema",
        "plan_id",
        "digest",
        "made_at",
        "changes",
        "unknown",
        "gaps",
        "totals",
    }
    assert document["schema"] == "hygiene.plan/1"
    assert breaches(ended) == {"idle", "idle-dev"}
    told = {"verb", "owner", "monthly_usd", "since", "due", "status", "held_because", "id"}
    for one in document["changes"]:
        assert set(one) == ROW | told
        assert one["account"] == HOME_ACCOUNT
        assert one["owner"] == "ada@example.com"
        assert Decimal(one["monthly_usd"]) > 0
    assert [set(one) for one in document["unknown"]] == [ROW]
    assert document["gaps"] == []
    assert set(document["totals"]) == {"monthly_usd", "unpriced"}


def test_without_an_estate_nothing_may_be_changed(hygiene: Shell) -> None:
    hygiene.write("policies/zero_traffic_endpoint.yaml", "mode: enforce\n")
    ended = hygiene("plan", "--format", "json")
    assert ended.code == 0
    said = {(one["status"], one["held_because"]) for one in ended.document["changes"]}
    assert said == {("held", f"account {HOME_ACCOUNT} is not writable in the estate")}


def test_it_reads_only_and_remembers_in_the_home(hygiene: Shell) -> None:
    hygiene("plan")
    assert hygiene.cloud.log.count() > 0
    assert hygiene.cloud.log.mutating() == ()
    assert {one.account for one in hygiene.cloud.log} == {HOME_ACCOUNT}
    assert (hygiene.folder / "home" / "ledger.db").exists()
    assert sorted(one.name for one in hygiene.folder.iterdir()) == ["home"]


def test_it_tells_a_strange_cloud_apart_from_any_folder(hygiene: Shell) -> None:
    hygiene.cloud.reset()
    hygiene.cloud.seed(load("traps"))
    words = expected(load("traps"))
    here = f"arn:aws:sagemaker:us-east-1:{HOME_ACCOUNT}:"
    idle = {
        arn.rsplit("/", 1)[-1]
        for arn, one in words.items()
        if arn.startswith(here) and one.expect in ("breach", "held")
    }
    ended = hygiene("plan", "--format", "json")
    assert ended.code == 0
    assert breaches(ended) == idle
    hygiene.environ.chdir(CHECKOUT)
    assert breaches(hygiene("plan", "--format", "json")) == idle


def test_text_fits_eighty_columns_and_holds_no_escapes(hygiene: Shell) -> None:
    ended = hygiene("plan")
    assert ended.code == 0
    assert "idle-dev" in ended.out
    assert "\x1b" not in ended.out
    assert max(len(line) for line in ended.out.splitlines()) <= 80


def test_a_gap_is_told_and_ends_with_three(hygiene: Shell) -> None:
    hygiene.cloud.faults.add("ListMetrics", "denied", None)
    ended = hygiene("plan", "--format", "json")
    assert ended.code == 3
    assert ended.document["gaps"]
    assert ended.document["changes"] == []
    assert hygiene("scan").code == 3


def test_a_role_that_cannot_be_assumed_is_a_gap(hygiene: Shell) -> None:
    hygiene.may_write()
    hygiene.cloud.faults.add("AssumeRole", "denied", None)
    ended = hygiene("plan", "--format", "json")
    assert ended.code == 3
    assert "AssumeRole" in ended.document["gaps"][0]["reason"]


def test_tags_and_prices_narrow_it(hygiene: Shell) -> None:
    assert breaches(hygiene("plan", "--tag", "environment=dev", "--format", "json")) == {"idle-dev"}
    assert breaches(hygiene("plan", "--minimum-usd", "1e6", "--format", "json")) == set()
    assert breaches(hygiene("plan", "--account", HOME_ACCOUNT, "--format", "json")) == {
        "idle",
        "idle-dev",
    }


def test_a_policy_that_reaches_no_place_is_said(hygiene: Shell) -> None:
    hygiene.write("policies/zero_traffic_endpoint.yaml", "scope: {regions: [eu-west-1]}\n")
    ended = hygiene("plan")
    assert ended.code == 0
    assert "No policy reaches" in ended.err


def test_an_account_of_a_cloud_that_nothing_here_reads_is_a_gap(hygiene: Shell) -> None:
    hygiene.write("policies/zero_traffic_endpoint.yaml", REPORT)
    hygiene.write("policies/estate.yaml", GCP)
    ended = hygiene("plan", "--format", "json")
    assert ended.code == 3
    assert [one["what"] for one in ended.document["gaps"]] == ["cloud"]


REPORT = "mode: report\n"
GCP = "accounts:\n  - {cloud: gcp, id: some-project, regions: [europe-west1]}\n"
