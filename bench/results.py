"""What was measured, and the arithmetic on it: medians, ratios, and how many requests to expect."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

OURS = "hygiene plan"
NAIVE = "naive script"
CUSTODIAN = "Cloud Custodian"
TOOLS = (OURS, NAIVE, CUSTODIAN)


@dataclass(frozen=True, slots=True)
class Estate:
    """Endpoints of one variant each, in one region of one account; `idle` of them idle."""

    endpoints: int
    idle: int


@dataclass(frozen=True, slots=True)
class Sample:
    """One run of one tool in a process of its own.

    `seconds` are of the wall clock, `cpu_seconds` of the process (not of the local cloud),
    `peak_mb` its largest resident set in MiB. `operations` counts the requests that the local cloud
    logged. `right` says whether exactly the idle endpoints were found; None: the tool has no way
    to tell which are idle.
    """

    tool: str
    estate: Estate
    latency_ms: float
    seconds: float
    cpu_seconds: float
    peak_mb: float
    operations: dict[str, int]
    right: bool | None

    @property
    def requests(self) -> int:
        return sum(self.operations.values())


@dataclass(frozen=True, slots=True)
class Row:
    """The medians of one tool's runs on one estate; `right` holds for every run, or does not."""

    tool: str
    rounds: int
    requests: float
    seconds: float
    cpu_seconds: float
    peak_mb: float
    right: bool | None


def row(tool: str, samples: Iterable[Sample]) -> Row:
    """The medians of a tool's samples. Raises ValueError where there is none of the tool."""
    mine = [one for one in samples if one.tool == tool]
    if not mine:
        raise ValueError(f"nothing was measured of {tool}")
    judged = [one.right for one in mine if one.right is not None]
    return Row(
        tool=tool,
        rounds=len(mine),
        requests=median(one.requests for one in mine),
        seconds=median(one.seconds for one in mine),
        cpu_seconds=median(one.cpu_seconds for one in mine),
        peak_mb=median(one.peak_mb for one in mine),
        right=all(judged) if judged else None,
    )


def times_ours(theirs: float, ours: float) -> float:
    """How many times our figure theirs is; above 1 ours is the smaller one."""
    return theirs / ours if ours else math.inf


def expected_requests(tool: str, estate: Estate) -> int:
    """How many requests a tool needs for an estate of plain endpoints, by how it works.

    Listings give 100 endpoints a page (10 where nobody asks for more) and 500 metrics, and one
    GetMetricData takes 500 queries.
    """
    total, idle = estate.endpoints, estate.idle
    match tool:
        case "hygiene plan":
            listings = _pages(total, 100) + 1  # endpoints, and inference components
            metrics = 5 + _pages(total, 500)  # six ListMetrics, of which one has many pages
            traffic = _pages(total, 500)
            details = 3 * idle + _pages(idle, 100)  # endpoint, config, model; tags in bulk
            return 1 + listings + metrics + traffic + details  # and one AssumeRole
        case "naive script":
            return _pages(total, 100) + 3 * total  # description, traffic, tags
        case "Cloud Custodian":
            return 1 + _pages(total, 10) + 2 * total  # the account; description, tags
    raise ValueError(f"there is no tool {tool!r}")


def _pages(items: int, size: int) -> int:
    return max(1, math.ceil(items / size))
