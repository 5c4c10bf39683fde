"""The table that people read, 80 columns wide at most."""

from __future__ import annotations

from collections.abc import Sequence

from bench.results import OURS, TOOLS, Estate, Row, Sample, row, times_ours

_HEAD = f"{'':>6}  {'':<15}  {'requests':>14}  {'seconds':>14}  {'CPU s':>5}  {'MiB':>4}  idle"


def tables(samples: Sequence[Sample]) -> str:
    """One table for each latency, the nearest first."""
    latencies = sorted({one.latency_ms for one in samples})
    return "\n\n".join(
        _table(latency, [one for one in samples if one.latency_ms == latency])
        for latency in latencies
    )


def _table(latency_ms: float, samples: Sequence[Sample]) -> str:
    rounds = len(samples) // (len(TOOLS) * len({one.estate for one in samples}))
    far = f"{latency_ms:g} ms added to each request" if latency_ms else "no latency added"
    title = f"On loopback, {far}; {'median of ' if rounds > 1 else ''}{_times(rounds)}."
    estates = sorted({one.estate for one in samples}, key=lambda one: one.endpoints)
    blocks = [_block(one, [each for each in samples if each.estate == one]) for one in estates]
    return "\n".join((title, "", _HEAD, *(line for block in blocks for line in block)))


def _times(rounds: int) -> str:
    return "one round" if rounds == 1 else f"{rounds} rounds"


def _block(estate: Estate, samples: Sequence[Sample]) -> list[str]:
    rows = [row(tool, samples) for tool in TOOLS]
    ours = next(one for one in rows if one.tool == OURS)
    return [
        _line(one, ours, f"{estate.endpoints:,}" if one is ours else "", estate) for one in rows
    ]


def _line(one: Row, ours: Row, endpoints: str, estate: Estate) -> str:
    right = {True: f"{estate.idle} of {estate.idle}", False: "WRONG", None: "n/a"}
    requests = f"{one.requests:,.0f} {_ratio(one, one.requests, ours.requests)}"
    seconds = f"{one.seconds:.1f} {_ratio(one, one.seconds, ours.seconds)}"
    return (
        f"{endpoints:>6}  {one.tool:<15}  {requests:>14}  {seconds:>14}  "
        f"{one.cpu_seconds:>5.1f}  {one.peak_mb:>4.0f}  {right[one.right]}"
    )


def _ratio(one: Row, theirs: float, ours: float) -> str:
    if one.tool == OURS:
        return " " * 7
    return f"{f'({times_ours(theirs, ours):.1f}x)':>7}"
