"""An endpoint that costs money and serves nobody.

In breach when zeros cover the whole window, hour by hour, for all variants and components
together. No data, a window that is covered only in part, or a read that failed is unknown.
The rule is the field's: no invocation in 7 days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from hygiene.model.finding import Breach, Fine, Unknown, Verdict
from hygiene.model.plan import Verb
from hygiene.model.resource import Endpoint, Gap, Hosting, Series, Traffic, Window

VERB: Verb = "delete_endpoint"


@dataclass(frozen=True, slots=True)
class Settings:
    """`window_days`: how far back zeros must reach. `minimum_age_days`: younger ones are left
    alone. `threshold_requests`: so many requests in the window still count as none."""

    window_days: int = 7
    minimum_age_days: int = 7
    threshold_requests: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.window_days <= 14:
            raise ValueError("window_days must be 1 to 14: older metrics are no longer listed")
        if self.minimum_age_days < 0:
            raise ValueError("minimum_age_days must not be negative")
        if self.threshold_requests < 0:
            raise ValueError("threshold_requests must not be negative")

    def window(self, now: datetime) -> Window:
        """The time that a scan has to read."""
        return Window.back_from(now, self.window_days)

    @property
    def at_most(self) -> Decimal:
        """A resource used more than this needs no further reading."""
        return Decimal(self.threshold_requests)


def judge(endpoint: Endpoint, settings: Settings, now: datetime) -> Verdict:
    """Whether this endpoint serves nobody. `now` is aware and in UTC."""
    if endpoint.state in ("deleting", "failed"):
        return Fine(f"it is {endpoint.status}: nothing is served or billed")
    if isinstance(endpoint.traffic, Gap):
        return Unknown(f"its traffic could not be read: {endpoint.traffic.reason}")
    if endpoint.traffic.total > settings.at_most:
        return Fine(f"{endpoint.traffic.total:f} requests in {settings.window_days} days")
    if endpoint.state != "serving":
        return Unknown(f"it is {endpoint.status}: judged when it is in service again")
    if endpoint.hosting is None:
        return Unknown("how it hosts its models was not read")
    if isinstance(endpoint.hosting, Gap):
        return Unknown(f"how it hosts its models could not be read: {endpoint.hosting.reason}")
    if not any(variant.bills_while_idle for variant in endpoint.hosting.variants):
        return Fine("nothing of it is billed while it idles (serverless, or scaled to zero)")
    if endpoint.created_at > endpoint.traffic.window.since:
        return Unknown(
            f"created {endpoint.created_at:%Y-%m-%d}: younger than the window of "
            f"{settings.window_days} days"
        )
    if (now - endpoint.created_at).days < settings.minimum_age_days:
        return Fine(f"younger than {settings.minimum_age_days} days")
    return _by_coverage(endpoint.hosting, endpoint.traffic, settings, now)


def _by_coverage(hosting: Hosting, traffic: Traffic, settings: Settings, now: datetime) -> Verdict:
    if traffic.window != settings.window(now):
        return Unknown("its traffic was read over another window than the policy's: scan again")
    if not traffic.series:
        return Unknown("no traffic metric was published: no data is not zero traffic")
    hours = len(traffic.window.whole_hours)
    for member in hosting.members:
        counted = tuple(
            one for one in traffic.series if one.member == member and one.counts_requests
        )
        if not counted:
            return Unknown(f"{member} publishes no count of requests: no data is not zero traffic")
        covered = _covered(counted)
        if covered < hours:
            return Unknown(f"data of {member} covers only {covered} of {hours} hours of the window")
    return Breach(
        since=traffic.window.since,
        reason=f"{traffic.total:f} requests in {settings.window_days} days, "
        f"measured in all {hours} hours",
        evidence=_evidence(traffic, hours),
        certainty="proven",
    )


def _covered(counted: tuple[Series, ...]) -> int:
    """Hours that one member's data covers: by its own series, or where it has none (a container
    that is called directly), by the one of its containers that is covered least."""
    own = [one.hours_covered for one in counted if one.part is None]
    return max(own) if own else min(one.hours_covered for one in counted)


def _evidence(traffic: Traffic, hours: int) -> tuple[tuple[str, str], ...]:
    window = traffic.window
    sums = tuple(
        (
            f"{one.metric} {{{', '.join(f'{key}={value}' for key, value in one.dimensions)}}}",
            f"sum {one.total:f}, data in {one.hours_covered} of {hours} hours",
        )
        for one in traffic.series
    )
    return (
        ("window", f"{window.since:%Y-%m-%d %H:%M} to {window.until:%Y-%m-%d %H:%M} UTC"),
        ("query", traffic.query),
        *sums,
    )
