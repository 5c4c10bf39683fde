"""What a person may write into a policy, and what they are told when they get it wrong."""

from __future__ import annotations

import contextlib
import os
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygiene.checks import check_ids
from hygiene.checks.zero_traffic_endpoint import Settings
from hygiene.files import Invalid, Problem
from hygiene.policy import Budget, Calendar, Policy, Scope, load_policies

GOLDEN = Path(__file__).parent / "golden"
SHIPPED = Path(__file__).parents[1] / "policies"


def names(kind: str) -> list[str]:
    return sorted(file.stem for file in (GOLDEN / kind).glob("*.yaml"))


def complaints(folder: Path) -> str:
    with pytest.raises(Invalid) as caught:
        load_policies(folder)
    return str(caught.value)


@pytest.fixture
def policies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, named as people would name it from where they stand."""
    monkeypatch.chdir(tmp_path)
    folder = Path("policies")
    folder.mkdir()
    return folder


@pytest.mark.parametrize("name", names("policy"))
def test_problems_of_a_policy(name: str, policies: Path) -> None:
    shutil.copy(GOLDEN / "policy" / f"{name}.yaml", policies)
    expected = (GOLDEN / "policy" / f"{name}.txt").read_text()
    assert complaints(policies) + "\n" == expected.replace("{checks}", ", ".join(check_ids()))


@pytest.mark.parametrize("name", names("yaml"))
def test_problems_of_yaml(name: str, policies: Path) -> None:
    shutil.copy(GOLDEN / "yaml" / f"{name}.yaml", policies)
    assert complaints(policies) + "\n" == (GOLDEN / "yaml" / f"{name}.txt").read_text()


def test_the_shipped_policy_spells_out_the_defaults() -> None:
    shipped = next(one for one in load_policies(SHIPPED) if one.name == "zero_traffic_endpoint")
    assert shipped == Policy(
        name="zero_traffic_endpoint", check="zero_traffic_endpoint", settings=Settings()
    )
    assert shipped.mode == "notify"


def test_every_key_is_read(policies: Path) -> None:
    (policies / "staging.yaml").write_text(
        """
check: zero_traffic_endpoint
mode: enforce
grace_days: 3
settings: {window_days: 14, threshold_requests: 5}
scope:
  clouds: [aws]
  accounts: ["012345678901"]
  regions: [eu-central-1, us-gov-west-1]
  tags: {team: [search, ranking]}
budget: {changes: 0, share: 0.1, monthly_usd: 99.95}
calendar: {days: [mon], not_before: "22:00", not_after: "06:00", timezone: Europe/Berlin}
exemptions:
  - resource: arn:aws:sagemaker:eu-central-1:012345678901:endpoint/fallback
    until: 2026-12-31
    reason: stands by
    by: ada@example.com
"""
    )
    (policy,) = load_policies(policies)
    assert (policy.name, policy.check) == ("staging", "zero_traffic_endpoint")
    assert (policy.mode, policy.grace_days) == ("enforce", 3)
    assert policy.settings == Settings(window_days=14, threshold_requests=5)
    assert policy.scope.accounts == ("012345678901",)
    assert policy.scope.tags == {"team": ("search", "ranking")}
    assert policy.budget == Budget(changes=0, share=Decimal("0.1"), monthly_usd=Decimal("99.95"))
    assert policy.calendar.timezone == "Europe/Berlin"
    assert policy.exemptions[0].until.isoformat() == "2026-12-31"


def test_what_is_left_out_has_its_default(policies: Path) -> None:
    (policies / "zero_traffic_endpoint.yaml").write_text("mode: report\n")
    (policy,) = load_policies(policies)
    assert policy.settings == Settings()
    assert (policy.budget, policy.calendar, policy.scope) == (Budget(), Calendar(), Scope())


def test_policies_come_by_name_without_estates_and_hidden_files(policies: Path) -> None:
    for name in ("b.yaml", "a.yaml"):
        (policies / name).write_text("check: zero_traffic_endpoint\n")
    for name in ("estate.yaml", "estate.example.yaml", ".a.yaml", "notes.txt", "x.schema.json"):
        (policies / name).write_text("not: [a policy\n")
    assert [policy.name for policy in load_policies(policies)] == ["a", "b"]


def test_problems_of_all_files_come_together(policies: Path) -> None:
    (policies / "zero_traffic_endpoint.yaml").write_text("mode: report\n")
    (policies / "b.yaml").write_text("check: zero_traffic_endpoint\nmode: off\nmodes: on\n")
    (policies / "a.yaml").write_text("mode: [\n")
    with pytest.raises(Invalid) as caught:
        load_policies(policies)
    assert [(one.file.name, one.line, one.column) for one in caught.value.problems] == [
        ("a.yaml", 2, 1),
        ("b.yaml", 2, 7),
        ("b.yaml", 3, 1),
    ]


@pytest.mark.parametrize("name", ["policy.yml", "Policy.yaml", "my policy.yaml"])
def test_a_file_that_was_meant_as_a_policy_is_never_skipped(name: str, policies: Path) -> None:
    (policies / name).write_text("check: zero_traffic_endpoint\n")
    assert complaints(policies) == (
        f"policies/{name}: a policy's file is named in a-z, 0-9, - and _, and ends in .yaml; "
        "rename it"
    )


def test_a_folder_without_policies_is_no_policy_at_all(policies: Path) -> None:
    assert complaints(policies) == (
        "policies: no policy is here; write one, such as zero_traffic_endpoint.yaml"
    )


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert complaints(tmp_path / "none").endswith(
        "none: cannot be read: No such file or directory; name a folder that holds policies"
    )


def test_a_file_that_cannot_be_read(policies: Path) -> None:
    (policies / "zero_traffic_endpoint.yaml").mkdir()
    (policies / "dangling.yaml").symlink_to("nowhere")
    assert complaints(policies).splitlines() == [
        "policies/dangling.yaml: cannot be read: No such file or directory; "
        "check its name and who may read it",
        "policies/zero_traffic_endpoint.yaml: cannot be read: Is a directory; "
        "check its name and who may read it",
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(policies: Path) -> None:
    (policies / "zero_traffic_endpoint.yaml").touch(mode=0o000)
    assert "Permission denied" in complaints(policies)


def test_a_byte_order_mark_is_no_part_of_the_first_key(policies: Path) -> None:
    (policies / "zero_traffic_endpoint.yaml").write_bytes(b"\xef\xbb\xbfmode: report\n")
    assert load_policies(policies)[0].mode == "report"


def test_a_problem_of_a_whole_file_has_no_line() -> None:
    assert str(Problem(Path("a.yaml"), 0, 0, "no")) == "a.yaml: no"
    assert str(Problem(Path("a.yaml"), 3, 7, "no")) == "a.yaml:3:7: no"


SHIPPED_TEXT = (SHIPPED / "zero_traffic_endpoint.yaml").read_text()
SCRAPS = ": |- |#|'|\"|[|]|{|}|&a |*a|!!int |!x |\t|\n|  |null|? |~|\x00|\n---\n|%YAML 1.1\n|<<: "
VALUES = "1e999|0o8|2026-02-30|012345678901|[[]]|true|!!bool x|-"


@given(
    st.lists(
        st.tuples(
            st.integers(0, len(SHIPPED_TEXT)),
            st.sampled_from(f"{SCRAPS}|{VALUES}".split("|")) | st.text(max_size=5),
        ),
        max_size=4,
    )
)
def test_whatever_is_typed_gives_a_policy_or_problems(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[int, str]]
) -> None:
    text = SHIPPED_TEXT
    for at, scrap in edits:
        text = text[:at] + scrap + text[at:]
    folder = tmp_path_factory.mktemp("policies")
    (folder / "zero_traffic_endpoint.yaml").write_bytes(text.encode("utf-8", "surrogatepass"))
    with contextlib.suppress(Invalid):
        (policy,) = load_policies(folder)
        assert isinstance(policy.settings, Settings)
