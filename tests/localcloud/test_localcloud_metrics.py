"""Rules make the same values however they are cut into periods."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hygiene.localcloud.metrics import Counted, Level, MetricStore, Series, Stat, Stretch

MINUTES = st.integers(min_value=0, max_value=60 * 24 * 3)
LENGTHS = st.sampled_from([1, 5, 7, 60, 90, 120, 1440])


def _by_hand(stretch: Stretch, since: int, until: int, now: int) -> float:
    """Every minute on its own."""
    return sum(
        stretch.rule.stat(at, at + 1).total
        for at in range(since, until)
        if at in stretch.clipped(now)
    )


@given(
    stretch=st.builds(
        lambda rate, born, life: Stretch(Counted(rate), born, born + life),
        st.integers(0, 500),
        MINUTES,
        MINUTES,
    ),
    since=MINUTES,
    span=st.integers(1, 60 * 48),
    length=LENGTHS,
    now=MINUTES,
)
def test_periods_sum_to_their_minutes(
    stretch: Stretch, since: int, span: int, length: int, now: int
) -> None:
    series = Series("n", "m", (), stretches=[stretch])
    found = series.periods(since, since + span, length, now)
    end = since + -(-span // length) * length
    assert sum(one.total for one in found.values()) == _by_hand(stretch, since, end, now)
    assert all(
        one.samples == sum(at + n in stretch.clipped(now) for n in range(length))
        for at, one in found.items()
    )


@given(rate=st.integers(0, 500), start=MINUTES)
def test_any_hour_holds_the_hourly_rate(rate: int, start: int) -> None:
    assert Counted(rate).stat(start, start + 60) == Stat(
        float(rate), 60, float(rate // 60), float(-(-rate // 60))
    )


def test_a_stretch_without_data_is_no_data() -> None:
    series = Series("n", "m", (), stretches=[Stretch(Counted(0), 0, 60), Stretch(Counted(0), 180)])
    assert list(series.periods(0, 300, 60, now=300)) == [0, 180, 240]


def test_a_rule_goes_on_with_the_clock_until_it_ends() -> None:
    series = Series("n", "m", (), stretches=[Stretch(Counted(6), 0)])
    assert series.newest(now=120) == 119
    assert list(series.periods(0, 600, 60, now=120)) == [0, 60]
    assert len(series.periods(0, 600, 60, now=600)) == 10
    series.end(240)
    assert series.newest(now=600) == 239
    assert len(series.periods(0, 600, 60, now=600)) == 4


def test_points_come_on_top_of_rules_and_not_before_their_time() -> None:
    series = Series("n", "m", (), stretches=[Stretch(Counted(0), 0)])
    series.add(70, Stat(5.0, 5, 1.0, 1.0))
    series.add(70, Stat(2.0, 1, 2.0, 2.0))
    found = series.periods(0, 120, 60, now=120)
    assert found[0].total == 0
    assert found[60] == Stat(7.0, 66, 0.0, 2.0)
    assert found[60].average == 7 / 66
    assert series.periods(0, 120, 60, now=70)[60].total == 7
    assert 60 not in series.periods(0, 120, 60, now=60)


def test_a_level_stays_level() -> None:
    found = Series("n", "m", (), stretches=[Stretch(Level(35.0), 0)]).periods(0, 120, 60, now=90)
    assert [(one.average, one.samples) for one in found.values()] == [(35.0, 60), (35.0, 30)]


def test_only_the_exact_dimensions_find_a_series() -> None:
    store = MetricStore()
    store.open("n", "m", (("b", "2"), ("a", "1")), "Count")
    assert store.series("n", "m", (("a", "1"), ("b", "2"))) is not None
    assert store.series("n", "m", (("a", "1"),)) is None
    assert store.series("n", "m", ()) is None
    assert len(list(store.about(("a", "1")))) == 1
