"""Cartons run short: what goes in is worth most, then is most, then costs least."""

from dataclasses import replace
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packing import Carton, Item, check, pack
from packing.search.most_value import MostValue
from samples import SET, carton, order, tariff


def by_length(outer, gross):
    return int(outer[0])


def row(length, available=1):
    """A carton for a row of units that fill its width and height."""
    inner = (length, 100, 100)
    return Carton(length, inner, inner, available=available)


def unit(key, length, value, many=1, weight=100):
    # of one length along the row, in every position that it may have
    return Item(key, length, 100, 100, weight, many, "h", False, value=value)


def worth(plan, items):
    by_key = {item.key: item for item in items}
    left = {}
    for key, many, _reason in plan.unpacked:
        left[key] = left.get(key, 0) + many
    inside = [(by_key[key], by_key[key].quantity - left.get(key, 0)) for key in by_key]
    value = sum(item.value * many for item, many in inside)
    volume = sum(item.length * item.width * item.height * n for item, n in inside)
    return round(value, 6), volume


def most(items, rooms):
    """The most value, then volume, of units in rows of these lengths: all ways."""
    lengths = [item.length for item in items for _ in range(item.quantity)]
    values = [item.value for item in items for _ in range(item.quantity)]
    best = (0.0, 0)
    for places in product(range(len(rooms) + 1), repeat=len(lengths)):
        left = [*rooms, 10**9]
        for length, place in zip(lengths, places, strict=True):
            left[place] -= length
        if min(left) >= 0:
            inside = [n for n, place in enumerate(places) if place < len(rooms)]
            value = round(sum(values[n] for n in inside), 6)
            best = max(best, (value, sum(lengths[n] for n in inside) * 100 * 100))
    return best


@pytest.mark.parametrize("seed", range(40))
def test_as_good_as_the_best_of_all_ways(seed):
    random = Random(seed)
    rooms = [random.choice((300, 400, 500)) for _ in range(random.randint(1, 2))]
    items = [
        unit(n, random.randrange(110, 300), random.choice((0, 5, 9.5, 20, 31)), many)
        for n in range(random.randint(2, 4))
        for many in [random.randint(1, 2)]
    ]
    cartons = [row(length, rooms.count(length)) for length in sorted(set(rooms))]
    plan = pack(items, cartons, by_length, deadline=random.choice((None, 0.5)))
    assert check(plan, items, cartons) == []
    assert worth(plan, items) == most(items, rooms)
    assert not plan.unpacked or (plan.aim == "most_value" and not plan.proven)


def test_the_dear_units_go_in_and_the_cheap_stay_out():
    items = [unit("cheap", 150, 1, 4), unit("dear", 150, 40, 2)]
    plan = pack(items, [row(300)], by_length)
    assert plan.unpacked == (("cheap", 4, "out_of_cartons"),)


def test_of_equal_units_the_less_valuable_stay_out():
    items = [unit("cheap", 150, 1, 2), unit("dear", 150, 40, 2)]
    for these in (items, items[::-1]):
        plan = pack(these, [row(300)], by_length)
        assert plan.unpacked == (("cheap", 2, "out_of_cartons"),)


def test_without_values_the_most_volume_goes_in():
    items = [unit("short", 110, 0, 2), unit("long", 250, 0)]
    plan = pack(items, [row(250)], by_length)
    assert plan.unpacked == (("short", 2, "out_of_cartons"),)


def test_what_goes_in_costs_least():
    items = [unit("a", 150, 5), unit("b", 290, 9)]
    plan = pack(items, [row(160), row(200), row(210)], by_length)
    # only one of them can go in at all, and it goes into the smallest that takes it
    assert [box.carton.key for box in plan.boxes] == [160]


def test_a_group_goes_in_whole_or_not_at_all():
    pair = [replace(unit(key, 150, 10), together="pair") for key in ("left", "right")]
    items = [*pair, unit("dear", 200, 30)]
    plan = pack(items, [row(300)], by_length)
    assert {row.key for row in plan.unpacked} == {"left", "right"}
    items = [*pair, unit("cheap", 200, 19)]
    assert [row.key for row in pack(items, [row(300)], by_length).unpacked] == ["cheap"]


def test_a_group_that_lacks_a_carton_is_told_from_one_too_large():
    pair = [replace(unit(key, 150, 10), together="pair") for key in ("left", "right")]
    plan = pack([*pair, unit("dear", 200, 30)], [row(300)], by_length)
    assert {row.reason for row in plan.unpacked} == {"out_of_cartons"}
    assert plan.aim == "most_value"
    # no lack: side by side in one carton is the only way, and not one is so long
    plan = pack([*pair, unit("dear", 200, 30)], [row(299, 9)], by_length)
    assert {row.reason for row in plan.unpacked} == {"group_too_large"}
    assert plan.aim == "least_price"


def test_a_group_too_large_by_its_shape_alone():
    # by volume and weight the two would go in
    pair = [
        Item(key, 190, 190, 190, 100, together="pair", value=9) for key in ("a", "b")
    ]
    cartons = [carton(300, 300, 300, available=1)]
    plan = pack(pair, cartons, tariff)
    assert {row.reason for row in plan.unpacked} == {"group_too_large"}
    plan = pack([*pair, unit("dear", 200, 30)], cartons, tariff)
    assert {row.reason for row in plan.unpacked} == {"group_too_large"}


def test_of_a_large_order_the_dear_units_go_in():
    items = [
        Item("cheap", 100, 100, 100, 100, 2000, value=1),
        Item("dear", 99, 98, 97, 100, 900, value=2),
    ]
    cartons = [replace(SET[-1], available=10)]
    plan = pack(items, cartons, tariff, deadline=1)
    assert check(plan, items, cartons) == []
    assert {row.key for row in plan.unpacked} == {"cheap"}


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 2), st.booleans())
def test_never_worse_than_the_search_for_the_least_price(seed, available, rushed):
    random = Random(seed)
    items = [
        replace(item, value=float(random.choice((0, 1, 7, 30)))) for item in order(seed)
    ]
    cartons = [replace(one, available=available) for one in SET[:2]]
    deadline = 0.2 if rushed else None
    found = pack(items, cartons, tariff, deadline=deadline, effort=60)
    assert check(found, items, cartons) == []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MostValue, "plan", lambda _self, _load, best, _plan: best)
        before = pack(items, cartons, tariff, deadline=None, effort=60)
    if not rushed:
        assert worth(found, items) >= worth(before, items)
    assert found.complete or not found.proven
