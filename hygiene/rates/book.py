"""The price list: dated, sourced, and replaceable by the user's own file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from hygiene import files
from hygiene.model.money import Money
from hygiene.model.resource import Cloud

BUILT_IN = Path(__file__).with_name("aws.yaml")


def _exactly(value: object) -> Decimal:
    """YAML reads a bare 0.1 as a binary fraction, which is no longer the price that was written."""
    if not isinstance(value, str):
        raise ValueError('write the price in quotes, such as "3.825"')
    try:
        return Decimal(value)
    except InvalidOperation as error:
        raise ValueError(f'"{value}" is no price; write one such as "3.825"') from error


Name = Annotated[str, Field(min_length=1)]
Price = Annotated[Decimal, BeforeValidator(_exactly), Field(gt=0, le=100_000, allow_inf_nan=False)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Block(_Strict):
    """Prices of one kind in one region of a cloud, all from one source and of one date."""

    cloud: Cloud
    kind: Name
    region: Name
    currency: Literal["USD"] = Field(description="Budgets are in USD, so prices are too.")
    dated: date
    source: Name
    hourly: dict[Name, Price] = Field(
        min_length=1, description="Instance type to on-demand price of one instance for one hour."
    )


class _File(_Strict):
    rates: tuple[Block, ...]

    @field_validator("rates")
    @classmethod
    def _one_price_each(cls, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        if not blocks:
            raise ValueError("no prices in it; name at least one block")
        times = Counter(
            (block.cloud, block.kind, block.region, instance_type)
            for block in blocks
            for instance_type in block.hourly
        )
        twice = [" ".join(key) for key, count in times.items() if count > 1]
        if twice:
            raise ValueError(f"priced more than once: {', '.join(twice)}; keep one of each")
        return blocks


@dataclass(frozen=True, slots=True)
class RateBook:
    """A validated price list: (cloud, kind, region, instance type) to the price of one hour."""

    prices: Mapping[tuple[str, str, str, str], Money]

    def hourly(self, cloud: Cloud, kind: str, region: str, instance_type: str) -> Money | None:
        """On-demand price of one instance for one hour; None where no dated price is known."""
        return self.prices.get((cloud, kind, region, instance_type))


def load(path: Path | None) -> RateBook:
    """The price list in this YAML file, or the built-in one. A file replaces the built-in list.

    Raises `files.Invalid` when the file cannot be read or any price in it cannot be trusted.
    """
    blocks = files.validate(files.read(path or BUILT_IN), _File).rates
    return RateBook(
        {
            (block.cloud, block.kind, block.region, instance_type): Money(
                price, block.dated, block.currency
            )
            for block in blocks
            for instance_type, price in block.hourly.items()
        }
    )
