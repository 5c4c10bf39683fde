"""What a judgement says of a resource."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from hygiene.model.money import Money
from hygiene.model.resource import Labels, Resource, ResourceRef

Certainty = Literal["proven", "suspected"]


@dataclass(frozen=True, slots=True)
class Breach:
    """The rule is broken, at least since `since`; `evidence` is what a person can check by hand."""

    since: datetime
    reason: str
    evidence: Labels
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Fine:
    """The rule holds, or does not apply."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody can tell: never waste, always shown."""

    reason: str


Verdict = Breach | Fine | Unknown


@dataclass(frozen=True, slots=True)
class Owner:
    """Who is told: an e-mail address from the owner tag, a team from the team tag."""

    email: str | None
    team: str | None

    def __str__(self) -> str:
        return self.email or (f"team {self.team}" if self.team else "nobody named")


@dataclass(frozen=True, slots=True)
class Finding:
    """A resource that breaks a rule. `monthly` is what it costs while it does; None is unpriced.

    `conflict` names all policies of this check that claim the resource, where more than one does.
    """

    resource: Resource
    check: str
    policy: str
    breach: Breach
    monthly: Money | None
    owner: Owner
    conflict: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnknownResource:
    """A resource of which a check cannot tell whether it breaks the rule."""

    ref: ResourceRef
    check: str
    reason: str


@dataclass(frozen=True, slots=True)
class Exempt:
    """A resource that breaks a rule and may: `reason` says by what right."""

    ref: ResourceRef
    check: str
    reason: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the policies say of one scan; `population` counts all resources of the kind there."""

    findings: tuple[Finding, ...]
    unknown: tuple[UnknownResource, ...]
    exempt: tuple[Exempt, ...]
    population: int
