"""What a person may write into the estate, and what they are told when they get it wrong."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from hygiene.estate import Account, Estate, load_estate
from hygiene.files import Invalid
from hygiene.policy import Budget, Freeze

GOLDEN = Path(__file__).parent / "golden" / "estate"
EXAMPLE = Path(__file__).parents[1] / "policies" / "estate.example.yaml"


def complaints(file: Path) -> str:
    with pytest.raises(Invalid) as caught:
        load_estate(file)
    return str(caught.value)


@pytest.mark.parametrize("name", sorted(file.stem for file in GOLDEN.glob("*.yaml")))
def test_problems_of_an_estate(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(GOLDEN / f"{name}.yaml", "estate.yaml")
    assert complaints(Path("estate.yaml")) + "\n" == (GOLDEN / f"{name}.txt").read_text()


def test_the_example_opens_no_lock() -> None:
    example = load_estate(EXAMPLE)
    assert not any(account.writable for account in example.accounts)
    assert not example.nightly_writes


def test_the_example_spells_out_the_defaults() -> None:
    example = load_estate(EXAMPLE)
    default = Estate(accounts=example.accounts)
    for field in ("tags", "budget", "kill_switch", "population_swing", "saving_horizon_days"):
        assert getattr(example, field) == getattr(default, field), field
    assert example.accounts[0].budget == Budget()


def test_what_is_left_out_has_its_default(tmp_path: Path) -> None:
    file = tmp_path / "estate.yaml"
    file.write_text('accounts:\n  - {id: "012345678901", regions: [eu-central-1]}\n')
    estate = load_estate(file)
    assert estate == Estate(accounts=(Account(id="012345678901", regions=("eu-central-1",)),))
    assert estate.budget.monthly_usd == Decimal(25000)


def test_a_google_project_is_no_aws_account(tmp_path: Path) -> None:
    file = tmp_path / "estate.yaml"
    file.write_text("accounts:\n  - {cloud: gcp, id: ml-dev, regions: [europe-west3]}\n")
    (account,) = load_estate(file).accounts
    assert (account.cloud, account.id, account.regions) == ("gcp", "ml-dev", ("europe-west3",))


@pytest.mark.parametrize(
    "region", ["us-east-1", "us-gov-west-1", "ap-southeast-5", "us-isob-east-1", "eusc-de-east-1"]
)
def test_regions_of_every_partition(region: str) -> None:
    assert Account(id="123456789012", regions=(region,)).regions == (region,)


@pytest.mark.parametrize(
    "role",
    [
        "arn:aws:iam::123456789012:role/reader",
        "arn:aws-cn:iam::123456789012:role/path/of/it/reader",
        "arn:aws-us-gov:iam::123456789012:role/reader+1=a,b.c@d_e-f",
    ],
)
def test_roles_of_every_partition(role: str) -> None:
    account = Account(id="123456789012", regions=("us-east-1",), reader_role=role)
    assert account.reader_role == role


def test_a_freeze_may_be_one_day() -> None:
    day = date(2026, 12, 24)
    assert Freeze(since=day, until=day, reason="holiday").until == day


def test_an_estate_is_not_changed_after_reading() -> None:
    estate = load_estate(EXAMPLE)
    with pytest.raises(ValidationError, match="frozen"):
        estate.accounts[0].writable = True  # type: ignore[misc]


def test_an_account_is_found_by_its_id() -> None:
    estate = load_estate(EXAMPLE)
    found = estate.account("210987654321")
    assert found is not None
    assert found.name == "ml-production"
    assert estate.account("000000000000") is None


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert complaints(tmp_path / "estate.yaml").endswith(
        "estate.yaml: cannot be read: No such file or directory; check its name and who may read it"
    )
