"""Never promised twice: whatever is ordered, taken back and comes in, on no day is more
promised than there is."""

from datetime import date, timedelta

from atp import Levels, Route, Want, promise, weekly
from atp.levels import TINY
from hypothesis import given
from hypothesis import strategies as st

MONDAY = date(2026, 11, 23)
ROUTE = Route(weekly("UTC", (8, 17)), cutoff=15, pick_hours=2, transit_days=1)
NOW = ROUTE.work.at(MONDAY, 10)
few = st.integers(1, 12)
soon = st.integers(0, 20).map(lambda days: MONDAY + timedelta(days=days))

steps = st.one_of(
    st.tuples(st.just("order"), few, st.booleans(), st.none() | soon),
    st.tuples(st.just("cancel"), st.integers(0, 30)),
    st.tuples(st.just("receipt"), soon, few),
)


@given(st.integers(0, 20), st.lists(steps, max_size=25))
def test_never_twice(on_hand, story):
    levels = Levels(on_hand, today=MONDAY)
    kept = []
    for kind, *values in story:
        if kind == "receipt":
            levels.add(*values)
        elif kind == "cancel" and kept:
            for part in kept.pop(values[0] % len(kept)).parts:
                levels.add(part.ship, part.quantity)
        elif kind == "order":
            quantity, in_parts, requested = values
            want = Want(quantity, NOW, requested, in_parts, step=2)
            found = promise(want, levels, ROUTE, NOW)
            if not found.is_whole:
                continue
            assert abs(sum(part.quantity for part in found.parts) - quantity) <= TINY
            assert not requested or found.arrive >= requested
            for part in found.parts:
                assert part.ship < part.arrive
                levels.take(part.ship, part.quantity)
            kept.append(found)
        assert all(levels.level(day) >= -TINY for day in levels.days)


@given(
    st.lists(st.tuples(soon, few), max_size=8),
    st.lists(st.tuples(soon, few), max_size=8),
)
def test_levels_against_their_definition(receipts, promised):
    levels = Levels(5, receipts, promised, today=MONDAY)

    def level(day):
        come = sum(q for when, q in receipts if when <= day)
        return 5 + come - sum(q for when, q in promised if when <= day)

    calendar = [MONDAY + timedelta(days=n) for n in range(22)]
    for day in calendar:
        assert levels.level(day) == level(day)
        least = min(level(later) for later in calendar if later >= day)
        assert levels.available(day) == least
    for quantity in (1, 5, 12):
        enough = [day for day in calendar if levels.available(day) >= quantity]
        assert levels.earliest(quantity) == min(enough, default=None)
