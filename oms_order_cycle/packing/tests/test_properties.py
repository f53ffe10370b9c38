"""Whatever goes in, the answer is right: properties checked on random orders."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from packing import Carton, Item, check, pack
from samples import SET, one_each, tariff

fast = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    derandomize=True,
)

sides = st.integers(8, 330)
items = st.builds(
    Item,
    key=st.integers(0, 50),
    length=sides,
    width=sides,
    height=sides,
    weight=st.integers(0, 9000),
    quantity=st.integers(0, 5),
    vertical=st.sampled_from(["lwh", "h", "lh", "w"]),
    turn=st.booleans(),
)
ruled = st.builds(
    replace,
    items,
    fragile=st.booleans(),
    top_load=st.none() | st.integers(0, 8000),
    floor_only=st.sampled_from([False, False, True]),
    single_product=st.sampled_from([False, False, False, True]),
    own_carton=st.sampled_from([False, False, False, True]),
    together=st.none() | st.sampled_from("xy"),
    family=st.none() | st.sampled_from(["food", "soap"]),
    apart=st.sampled_from([frozenset(), frozenset({"soap"})]),
)
cartons = st.builds(
    Carton,
    key=st.integers(0, 9),
    inner=st.tuples(sides, sides, sides),
    outer=st.just((0, 0, 0)),
    tare=st.integers(0, 400),
    max_gross=st.none() | st.integers(200, 25000),
    cost=st.sampled_from([0, 0, 0.35]),
    available=st.none() | st.integers(0, 3),
    filler=st.sampled_from([0, 30]),
    void_share=st.sampled_from([0, 0, 0.1]),
    margin=st.sampled_from([0, 0, 5]),
    cut_heights=st.sampled_from([(), (60, 120), (100,)]),
)


def named(things):
    """Each with a key of its own."""
    return [replace(thing, key=key) for key, thing in enumerate(things)]


def walled(boxes):
    return [
        replace(box, key=f"c{n}", outer=tuple(side + 8 for side in box.inner))
        for n, box in enumerate(boxes)
    ]


orders = st.lists(items, min_size=1, max_size=5).map(named)
ruled_orders = st.lists(ruled, min_size=1, max_size=5).map(named)
offers = st.lists(cartons, min_size=0, max_size=4).map(walled)


def shape(plan):
    return [(box.carton.key, box.carton.cut, box.placements) for box in plan.boxes]


def counted(plan, order):
    packed = sum(len(box.placements) for box in plan.boxes)
    left = sum(row.quantity for row in plan.unpacked)
    return packed + left == sum(item.quantity for item in order)


@fast
@given(orders, offers, st.sampled_from([0, 0.4, 0.7, 1]))
def test_no_fault_in_whatever_is_packed(order, offer, support):
    plan = pack(order, offer, tariff, support=support, effort=8)
    assert check(plan, order, offer) == []
    assert counted(plan, order)
    assert all(row.reason for row in plan.unpacked)
    assert plan.price >= plan.bound - 1e-6


@fast
@given(ruled_orders, offers, st.sampled_from([0, 0.7]))
def test_no_fault_with_every_rule_at_once(order, offer, support):
    plan = pack(order, offer, tariff, support=support, effort=8)
    assert check(plan, order, offer) == []
    assert counted(plan, order)
    assert plan.price >= plan.bound - 1e-6


@fast
@given(ruled_orders, offers)
def test_same_input_same_output(order, offer):
    one, two = (pack(order, offer, tariff, effort=8) for _ in range(2))
    assert shape(one) == shape(two)
    assert (one.price, one.bound) == (two.price, two.bound)


@settings(fast, max_examples=25)
@given(orders, st.lists(st.sampled_from(SET[:4]), max_size=4))
def test_more_cartons_beside_those_used_are_never_dearer(order, more):
    plan = pack(order, SET, tariff, effort=8)
    chosen = list({box.carton.key: box.carton for box in plan.boxes}.values())
    offer = list({c.key: c for c in [*chosen, *more]}.values())
    if not plan.unpacked and chosen:
        again = pack(order, offer, tariff, effort=8)
        assert again.price <= plan.price + 1e-6


@fast
@given(orders, offers)
def test_a_deadline_loses_nothing(order, offer):
    plan = pack(order, offer, tariff, deadline=0)
    assert check(plan, order, offer) == []
    assert counted(plan, order)


@fast
@given(orders)
def test_one_price_for_all_counts_cartons(order):
    plan = pack(order, SET[-1:], one_each, support=0, effort=8)
    assert plan.price == len(plan.boxes)
    assert check(plan, order, SET[-1:]) == []
