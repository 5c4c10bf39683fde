"""The price list: dated, sourced, and replaceable by the user's own file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from hygiene.model.money import Money

BUILT_IN = "aws.yaml"


class RatesError(ValueError):
    """A price list cannot be used; the message says which file, where in it, and what to do."""


def _only_text(value: object) -> object:
    """YAML reads a bare 0.1 as a binary fraction, which is no longer the price that was written."""
    if not isinstance(value, str):
        raise ValueError('write the price in quotes, such as "3.825"')
    return value


Name = Annotated[str, Field(min_length=1)]
Price = Annotated[
    Decimal, BeforeValidator(_only_text), Field(gt=0, le=100_000, allow_inf_nan=False)
]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Block(_Strict):
    """Prices of one service in one region, all from one source and of one date."""

    service: Name
    region: Name
    currency: Literal["USD"] = Field(description="Budgets are in USD, so prices are too.")
    dated: date
    source: Name
    hourly: dict[Name, Price] = Field(
        min_length=1, description="Instance type to on-demand price of one instance for one hour."
    )


class _File(_Strict):
    rates: tuple[Block, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_price_each(self) -> Self:
        seen: set[tuple[str, str, str]] = set()
        for block in self.rates:
            for instance_type in block.hourly:
                key = (block.service, block.region, instance_type)
                if key in seen:
                    raise ValueError(f"{' '.join(key)} is priced twice: keep one of the two")
                seen.add(key)
        return self


@dataclass(frozen=True, slots=True)
class RateBook:
    """A validated price list: (service, region, instance type) to the price of one hour."""

    prices: Mapping[tuple[str, str, str], Money]

    def hourly(self, service: str, region: str, instance_type: str) -> Money | None:
        """On-demand price of one instance for one hour; None where no dated price is known."""
        return self.prices.get((service, region, instance_type))


def load(path: Path | None) -> RateBook:
    """The price list in this YAML file, or the built-in one. A file replaces the built-in list.

    Raises `RatesError` when the file cannot be read or any price in it cannot be trusted.
    """
    source = resources.files(__package__) / BUILT_IN if path is None else path
    try:
        text = source.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RatesError(f"{source}: the price list cannot be read: {error}") from error
    blocks = _parse(text, str(source)).rates
    return RateBook(
        {
            (block.service, block.region, instance_type): Money(price, block.dated, block.currency)
            for block in blocks
            for instance_type, price in block.hourly.items()
        }
    )


def _parse(text: str, name: str) -> _File:
    try:
        tree = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        line = f":{error.problem_mark.line + 1}" if error.problem_mark else ""
        raise RatesError(f"{name}{line}: not valid YAML: {error.problem}") from error
    except YAMLError as error:
        raise RatesError(f"{name}: not valid YAML: {error}") from error
    try:
        return _File.model_validate(tree)
    except ValidationError as error:
        lines = [
            f"{name}:{_line(tree, one['loc'])}: "
            f"{'.'.join(str(part) for part in one['loc']) or 'the whole file'}: {one['msg']}"
            for one in error.errors()
        ]
        raise RatesError("\n".join(lines)) from error


def _line(tree: object, location: tuple[int | str, ...]) -> int:
    """The line (from 1) of the innermost part of `location` that the file has."""
    line = 0
    for part in location:
        if isinstance(tree, CommentedMap) and part in tree:
            line = tree.lc.key(part)[0]
            tree = tree[part]
        elif isinstance(tree, CommentedSeq) and isinstance(part, int):
            line = tree.lc.item(part)[0]
            tree = tree[part]
        else:
            break
    return int(line) + 1
