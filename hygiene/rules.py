"""The rules of a run: its policies, the estate they apply to, and the prices they count in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hygiene.estate import Estate
from hygiene.model.resource import Labels, Place
from hygiene.policy import Policy, Scope
from hygiene.ports import Rates


@dataclass(frozen=True, slots=True)
class Rules:
    """What every judgement of a run goes by."""

    policies: tuple[Policy, ...]
    estate: Estate
    rates: Rates

    def policy(self, name: str) -> Policy | None:
        """The policy with this name."""
        return next((one for one in self.policies if one.name == name), None)

    def policies_at(self, place: Place) -> tuple[Policy, ...]:
        """The policies whose scope reaches into a place."""
        return tuple(one for one in self.policies if reaches(one.scope, place))


def reaches(scope: Scope, place: Place) -> bool:
    """Whether a scope covers anything in a place."""
    return (
        (not scope.clouds or place.cloud in scope.clouds)
        and (not scope.accounts or place.account in scope.accounts)
        and (not scope.regions or place.region in scope.regions)
    )


def covers(scope: Scope, place: Place, labels: Labels) -> bool:
    """Whether a scope covers a resource with these tags. Keys and values compare with case."""
    tags: Mapping[str, str] = dict(labels)
    return reaches(scope, place) and all(
        tags.get(key) in values for key, values in scope.tags.items()
    )
