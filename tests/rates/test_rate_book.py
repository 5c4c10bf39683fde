"""The price list: what is in it, and what is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from hygiene.files import Invalid
from hygiene.model.money import Money
from hygiene.rates.book import load

HEAD = """\
rates:
  - cloud: aws
    kind: endpoint
    region: mars-1
    currency: USD
    dated: 2025-01-31
    source: a bill
    hourly:
"""


def _file(folder: Path, text: str) -> Path:
    file = folder / "rates.yaml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("instance_type", "price"),
    [
        ("ml.p3.2xlarge", "3.825"),
        ("ml.p3.8xlarge", "14.49"),
        ("ml.p4d.24xlarge", "32.77"),
        ("ml.g4dn.xlarge", "0.736"),
        ("ml.g5.xlarge", "1.006"),
    ],
)
def test_the_case_study_is_priced_as_it_says(instance_type: str, price: str) -> None:
    found = load(None).hourly("aws", "endpoint", "us-east-1", instance_type)
    assert found == Money(Decimal(price), date(2025, 3, 1), "USD")
    assert found is not None
    assert str(found.amount) == price


@pytest.mark.parametrize(
    ("region", "instance_type", "price"),
    [
        # Figures of a bill of December 2023 that Amazon published for its own samples.
        ("eu-west-1", "ml.m5.xlarge", "0.257"),
        ("eu-west-1", "ml.g4dn.xlarge", "0.821"),
        ("eu-west-1", "ml.g4dn.4xlarge", "1.678"),
        ("eu-west-1", "ml.g4dn.12xlarge", "5.453"),
        ("eu-west-1", "ml.g5.12xlarge", "7.91"),
        # Read from the price list's own interface by others.
        ("us-east-1", "ml.m5.xlarge", "0.23"),
        ("us-east-1", "ml.m5.2xlarge", "0.461"),
        ("us-east-2", "ml.g6.xlarge", "1.1267"),
    ],
)
def test_the_list_agrees_with_other_sources(region: str, instance_type: str, price: str) -> None:
    found = load(None).hourly("aws", "endpoint", region, instance_type)
    assert found is not None
    assert found.amount == Decimal(price)


@pytest.mark.parametrize(
    ("kind", "region", "instance_type"),
    [
        ("endpoint", "us-east-1", "ml.unheard-of.xlarge"),
        ("endpoint", "mars-1", "ml.g5.xlarge"),
        ("job", "us-east-1", "ml.g5.xlarge"),
    ],
)
def test_an_unknown_price_is_none(kind: str, region: str, instance_type: str) -> None:
    assert load(None).hourly("aws", kind, region, instance_type) is None


def test_a_file_replaces_the_whole_list(tmp_path: Path) -> None:
    book = load(_file(tmp_path, HEAD + '      ml.g5.xlarge: "0.10"\n'))
    assert book.hourly("aws", "endpoint", "mars-1", "ml.g5.xlarge") == Money(
        Decimal("0.10"), date(2025, 1, 31)
    )
    assert book.hourly("aws", "endpoint", "us-east-1", "ml.g5.xlarge") is None


@pytest.mark.parametrize(
    "price", ['"0"', '"-1"', '"NaN"', '"sNaN"', '"Infinity"', '"1,2"', "1.006"]
)
def test_a_price_that_is_none_is_refused_where_it_stands(tmp_path: Path, price: str) -> None:
    with pytest.raises(Invalid) as refused:
        load(_file(tmp_path, f'{HEAD}      good: "1"\n      bad: {price}\n'))
    (problem,) = refused.value.problems
    assert (problem.file.name, problem.line) == ("rates.yaml", 10)
    assert "hourly.bad" in problem.message


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (HEAD.replace("USD", "EUR") + '      a: "1"\n', 5, "USD"),
        (HEAD.replace("2025-01-31", "soon") + '      a: "1"\n', 6, "dated"),
        (HEAD.replace("    source: a bill\n", "") + '      a: "1"\n', 2, "source"),
        (HEAD + '      a: "1"\n      a: "2"\n', 9, "a is here 2 times"),
        (HEAD + '      a: "1"\n    discount: "0.5"\n', 10, "discount"),
        (HEAD + "      a: [\n", 10, "not YAML"),
        ("rates: []\n", 1, "no prices"),
    ],
)
def test_a_bad_file_says_where(tmp_path: Path, text: str, line: int, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        load(_file(tmp_path, text))
    first = refused.value.problems[0]
    assert first.line == line
    assert said in first.message


def test_two_prices_of_one_thing_are_refused(tmp_path: Path) -> None:
    block = HEAD.removeprefix("rates:\n") + '      ml.g5.xlarge: "1"\n'
    with pytest.raises(Invalid, match=r"aws endpoint mars-1 ml\.g5\.xlarge; keep one"):
        load(_file(tmp_path, "rates:\n" + block + block))


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"nowhere\.yaml"):
        load(tmp_path / "nowhere.yaml")
