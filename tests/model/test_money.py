"""Money: exact, whatever the order, and unpriced is never zero."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygiene.model.money import Money, total

DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 1, 1))
AMOUNTS = st.decimals(min_value=0, max_value=10**7, places=6)
MONIES = st.builds(Money, amount=AMOUNTS, rated_on=DAYS)
MAYBE = st.lists(st.none() | MONIES, max_size=30)


@given(MAYBE, st.randoms(use_true_random=False))
def test_a_total_does_not_depend_on_the_order(
    amounts: list[Money | None], dice: random.Random
) -> None:
    shuffled = dice.sample(amounts, len(amounts))
    assert total(shuffled) == total(amounts)


@given(MAYBE)
def test_a_total_is_exact_and_as_old_as_its_oldest_rate(amounts: list[Money | None]) -> None:
    priced = [one for one in amounts if one is not None]
    found = total(amounts)
    if not priced:
        assert found is None
    else:
        assert found is not None
        assert Fraction(found.amount) == sum(Fraction(one.amount) for one in priced)
        assert found.rated_on == min(one.rated_on for one in priced)


@given(st.lists(st.none(), max_size=5), MAYBE)
def test_unpriced_adds_nothing_and_is_not_zero(
    unpriced: list[None], amounts: list[Money | None]
) -> None:
    assert total(unpriced) is None
    assert total([*unpriced, *amounts]) == total(amounts)


@given(MONIES, st.integers(min_value=0, max_value=1000))
def test_times_is_repeated_addition(money: Money, count: int) -> None:
    assert Fraction(money.times(count).amount) == Fraction(money.amount) * count
    assert money.times(count).rated_on == money.rated_on


@given(MONIES)
def test_cents_are_never_further_than_half_a_cent(money: Money) -> None:
    assert abs(money.cents - money.amount) <= Decimal("0.005")
    assert money.cents.as_tuple().exponent == -2


@pytest.mark.parametrize(
    ("amount", "cents"), [("0.125", "0.12"), ("0.135", "0.14"), ("2.5", "2.50"), ("0", "0.00")]
)
def test_half_a_cent_goes_to_the_even_one(amount: str, cents: str) -> None:
    assert str(Money(Decimal(amount), date(2025, 3, 1)).cents) == cents


@pytest.mark.parametrize("amount", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_what_is_no_amount_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="finite"):
        Money(Decimal(amount), date(2025, 3, 1))


def test_currencies_do_not_add_up() -> None:
    dollar = Money(Decimal(1), date(2025, 3, 1))
    with pytest.raises(ValueError, match="cannot add EUR to USD"):
        dollar + Money(Decimal(1), date(2025, 3, 1), "EUR")
