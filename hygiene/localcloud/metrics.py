"""Metric series that cost nothing to keep: rules that make values when asked, and single points.

CloudWatch treats each exact set of dimensions as a metric of its own, and so does this store. All
times in here are whole minutes since the epoch: the finest grain that SageMaker publishes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

Dimensions = tuple[tuple[str, str], ...]
"""(name, value) pairs, sorted by name."""

MINUTES_PER_HOUR = 60


class Stat(NamedTuple):
    """What one period of a series holds."""

    total: float
    samples: int
    low: float
    high: float

    def __add__(self, other: object) -> Stat:
        if not isinstance(other, Stat):
            return NotImplemented
        return Stat(
            self.total + other.total,
            self.samples + other.samples,
            min(self.low, other.low),
            max(self.high, other.high),
        )

    @property
    def average(self) -> float:
        """The mean of all samples."""
        return self.total / self.samples


def minute(at: datetime) -> int:
    """The minute that `at` lies in."""
    return int(at.timestamp()) // 60


@dataclass(frozen=True, slots=True)
class Counted:
    """Somebody calls `per_hour` times an hour, evenly: one sample a minute, zeros included."""

    per_hour: int

    def stat(self, since: int, until: int) -> Stat:
        """The minutes from `since` up to `until`."""
        low, rest = divmod(self.per_hour, MINUTES_PER_HOUR)
        return Stat(
            float(self._calls_before(until) - self._calls_before(since)),
            until - since,
            float(low),
            float(low + (rest > 0)),
        )

    def _calls_before(self, at: int) -> int:
        hours, minutes = divmod(at, MINUTES_PER_HOUR)
        return hours * self.per_hour + minutes * self.per_hour // MINUTES_PER_HOUR


@dataclass(frozen=True, slots=True)
class Level:
    """A gauge that stands still, such as a utilisation in percent: one sample a minute."""

    value: float

    def stat(self, since: int, until: int) -> Stat:
        """The minutes from `since` up to `until`."""
        minutes = until - since
        return Stat(self.value * minutes, minutes, self.value, self.value)


@dataclass(slots=True)
class Stretch:
    """Data without a hole between two minutes; `until` None goes on with the clock."""

    rule: Counted | Level
    since: int
    until: int | None = None

    def clipped(self, now: int) -> range:
        """The minutes that have data."""
        return range(self.since, now if self.until is None else min(self.until, now))


@dataclass(slots=True)
class Series:
    """One metric under one exact set of dimensions."""

    namespace: str
    name: str
    dimensions: Dimensions
    unit: str = "None"
    stretches: list[Stretch] = field(default_factory=list)
    points: dict[int, Stat] = field(default_factory=dict)

    def add(self, at: int, stat: Stat) -> None:
        """One more datapoint in a minute."""
        self.points[at] = self.points[at] + stat if at in self.points else stat

    def end(self, at: int) -> None:
        """Nothing more is published from this minute on."""
        for stretch in self.stretches:
            stretch.until = at if stretch.until is None else min(at, stretch.until)

    def newest(self, now: int) -> int | None:
        """The newest minute with data."""
        ends = [minutes[-1] for one in self.stretches if (minutes := one.clipped(now))]
        return max([*ends, *(at for at in self.points if at <= now)], default=None)

    def periods(self, since: int, until: int, length: int, now: int) -> dict[int, Stat]:
        """Statistics by the start of their period, which begin at `since` and last `length`.

        Periods without data are not in it: no data is no data.
        """
        found: dict[int, Stat] = {}
        last_end = since + -(-(until - since) // length) * length
        for stretch in self.stretches:
            _merge(found, _stretch_periods(stretch, since, last_end, length, now))
        for at, stat in self.points.items():
            if since <= at < last_end and at <= now:
                start = at - (at - since) % length
                _merge(found, {start: stat})
        return dict(sorted(found.items()))


def _merge(found: dict[int, Stat], more: dict[int, Stat]) -> None:
    if not found:
        found.update(more)
        return
    for start, stat in more.items():
        found[start] = found[start] + stat if start in found else stat


def _stretch_periods(
    stretch: Stretch, since: int, until: int, length: int, now: int
) -> dict[int, Stat]:
    """Whole periods of an even rule may share one value; only those at its edges are their own."""
    covered = stretch.clipped(now)
    first, last = max(covered.start, since), min(covered.stop, until)
    if first >= last:
        return {}
    begin = first - (first - since) % length
    starts = range(begin, last, length)
    if isinstance(stretch.rule, Level) or length % MINUTES_PER_HOUR == 0:
        found = dict.fromkeys(starts, stretch.rule.stat(begin, begin + length))
        edges = {starts[0], starts[-1]}
    else:
        found, edges = {}, set(starts)
    for start in sorted(edges):
        found[start] = stretch.rule.stat(max(start, first), min(start + length, last))
    return found


class MetricStore:
    """All series of one account and region, found by their exact identity."""

    def __init__(self) -> None:
        self._by_metric: dict[tuple[str, str], dict[Dimensions, Series]] = {}

    def series(self, namespace: str, name: str, dimensions: Dimensions) -> Series | None:
        """The series with exactly these dimensions."""
        return self._by_metric.get((namespace, name), {}).get(tuple(sorted(dimensions)))

    def open(self, namespace: str, name: str, dimensions: Dimensions, unit: str) -> Series:
        """The series with exactly these dimensions, made if there is none."""
        exact = tuple(sorted(dimensions))
        metric = self._by_metric.setdefault((namespace, name), {})
        return metric.setdefault(exact, Series(namespace, name, exact, unit))

    def of(self, namespace: str | None, name: str | None) -> Iterator[Series]:
        """Every series of a metric; None stands for any."""
        for (its_namespace, its_name), metric in self._by_metric.items():
            if namespace in (None, its_namespace) and name in (None, its_name):
                yield from metric.values()

    def about(self, *dimensions: tuple[str, str]) -> Iterator[Series]:
        """Every series that has all these dimensions, among others."""
        wanted = set(dimensions)
        return (one for one in self.of(None, None) if wanted <= set(one.dimensions))
