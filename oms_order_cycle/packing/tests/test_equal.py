"""One product, and orders of any size."""

import time
from math import ceil, prod
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packing import Carton, Item, check, pack
from packing.problem import make_kinds
from packing.proof.counts import Step, cheapest, frontier, least_price, most_units
from packing.proof.exact import arrange
from packing.search.equal import plane
from samples import carton

SIZES = (
    ((194, 144, 92), 75, 5), ((294, 194, 142), 150, 10), ((394, 294, 192), 290, 20),
    ((394, 394, 392), 560, 25), ((592, 392, 288), 720, 30), ((592, 392, 388), 840, 30),
)  # fmt: skip
CARTONS = [
    carton(*size, tare=tare, max_gross=most * 1000) for size, tare, most in SIZES
]
ONE = [carton(400, 300, 200, max_gross=30000)]
TWO = [*ONE, carton(600, 400, 400, max_gross=30000)]


def price(outer, gross):
    litres = prod(ceil(float(edge) / 10) for edge in outer) / 5000
    return 4 + 0.9 * ceil(max(gross / 1000, litres) * 2) / 2


def single(seed):
    random = Random(seed)
    sides = sorted((random.randrange(40, 250) for _ in "lwh"), reverse=True)
    weight = int(prod(sides) / 1e6 * random.uniform(100, 900)) + 10
    many = random.randrange(8, 150)
    return Item("a", *sides, weight, many, random.choice(["lwh", "lwh", "h"]))


# -- how many units a carton holds ---


@settings(max_examples=80, deadline=None, derandomize=True)
@given(
    st.tuples(*[st.integers(20, 60)] * 3),
    st.tuples(*[st.integers(9, 40)] * 3),
    st.sampled_from(["lwh", "h", "lh"]),
)
def test_no_carton_holds_more_units_than_the_bound(hull, sides, vertical):
    (kind,) = make_kinds([Item(0, *sides, 1, 1, vertical)])
    most = most_units(hull, kind)
    for many in range(1, 6):
        found, _ = arrange(hull, [kind.turns] * many, nodes=4000)
        assert not found or many <= most


def test_the_bound_of_units_knows_more_than_volume():
    (kind,) = make_kinds([Item(0, 395, 220, 305, 1)])
    assert most_units((592, 392, 388), kind) == 1
    (kind,) = make_kinds([Item(0, 100, 100, 100, 1)])
    assert most_units((399, 299, 199), kind) == 3 * 2 * 1
    (kind,) = make_kinds([Item(0, 100, 100, 100, 1, fragile=True)])
    assert most_units((400, 300, 200), kind) == 12


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    st.integers(30, 300), st.integers(30, 300), st.integers(9, 90), st.integers(9, 90)
)
def test_rectangles_lie_inside_and_apart(length, width, a, b):
    rects = plane(length, width, tuple(sorted({(a, b), (b, a)})))
    for n, (x, y, u, v) in enumerate(rects):
        assert {u, v} == {a, b} and x + u <= length and y + v <= width
        for s, t, c, d in rects[:n]:
            assert x >= s + c or s >= x + u or y >= t + d or t >= y + v
    best = max((length // a) * (width // b), (length // b) * (width // a))
    assert len(rects) >= best


def test_five_parts_around_a_hole():
    assert len(plane(50, 50, ((20, 30), (30, 20)))) == 4


@settings(max_examples=80, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(1, 7)), min_size=1, max_size=4),
    st.integers(1, 40),
)
def test_the_cheapest_cartons_for_a_number(rows, units):
    shells = ONE * len(rows)
    steps = [Step(float(p), many, s) for (p, many), s in zip(rows, shells, strict=True)]

    class Plain:
        number = 0

    front = frontier(step._replace(shell=Plain) for step in steps)
    best = [0.0]
    for need in range(1, units + 1):
        best.append(min(p + best[max(0, need - many)] for p, many in rows))
    paid, chosen = cheapest(front, units)
    assert paid == best[units] == least_price(front, units)
    assert sum(step.many for step in chosen) >= units


# -- one product ---


def test_one_unit_in_each_carton_is_proven_best():
    for many in (10, 40, 400):
        item = Item("a", 395, 220, 305, 5300, many)
        start = time.process_time()
        plan = pack([item], CARTONS, price)
        assert plan.proven and len(plan.boxes) == many
        assert time.process_time() - start < 1


def test_one_product_is_mostly_proven_best():
    plans = []
    for seed in range(40):
        item = single(seed)
        plan = pack([item], CARTONS, price)
        assert check(plan, [item], CARTONS) == []
        assert plan.price >= plan.bound - 1e-6
        if len(plan.boxes) > 1:
            plans.append(plan)
    assert sum(plan.proven for plan in plans) >= 0.7 * len(plans)
    assert sum(plan.gap for plan in plans) <= 0.03 * len(plans)


@pytest.mark.parametrize(
    "rule", [{"fragile": True}, {"top_load": 900}, {"floor_only": True}]
)
def test_rules_of_one_product(rule):
    item = Item("a", 90, 70, 60, 300, 90, **rule)
    plan = pack([item], CARTONS, price, deadline=0.1)
    assert check(plan, [item], CARTONS) == [] and plan.complete


# -- orders of any size ---


def pieces(many, **rules):
    return Item("a", 30, 20, 10, 12, many, **rules)


def cubes(key, side, weight, many):
    return Item(key, side, side - 10, side - 20, weight, many)


def apart(n):
    return {"family": "ab"[n % 2], "apart": frozenset("b" * (1 - n % 2))}


BLOCKS = Item("b", 60, 40, 30, 90, 900)


@pytest.mark.parametrize(
    ("items", "cartons"),
    [
        ([Item("a", 390, 290, 190, 3000, 1200)], ONE),
        ([Item("a", 150, 100, 100, 25000, 5000)], TWO),
        ([cubes("a", 190, 3000, 6000), cubes("b", 185, 2500, 6000)], TWO),
        ([cubes("a", 190, 9000, 900), cubes("b", 185, 8000, 900)], TWO),
        ([pieces(20000)], TWO),
        ([Item(n, 30 + n, 20 + n, 10 + n, 9, 1500) for n in range(8)], TWO),
        ([pieces(9000, fragile=True), BLOCKS], TWO),
        ([pieces(9000, top_load=40), BLOCKS], TWO),
        ([Item(n, 40 + n, 30, 20, 9, 900, **apart(n)) for n in range(6)], TWO),
    ],
)
def test_an_order_of_any_size_keeps_its_deadline(items, cartons):
    start = time.process_time()
    plan = pack(items, cartons, price, deadline=0.3)
    assert time.process_time() - start < 6  # half of it on a machine at rest
    assert plan.complete
    assert plan.price >= plan.bound - 1e-6
    once = {id(box): box for box in plan.boxes}.values()
    assert sum(len(box.placements) for box in plan.boxes) == sum(
        i.quantity for i in items
    )
    for box in once:  # boxes that are alike are checked once
        keys = {}
        for placed in box.placements:
            keys[placed.key] = keys.get(placed.key, 0) + 1
        alone = [item for item in items if item.key in keys]
        alone = [type(i)(**{**_fields(i), "quantity": keys[i.key]}) for i in alone]
        part = type(plan)((box,), (), box.price, box.price, False, plan.support)
        assert check(part, alone, cartons) == []


def _fields(item):
    return {name: getattr(item, name) for name in item.__slots__}


def test_a_quarter_of_a_million_units():
    plan = pack([Item("a", 100, 100, 100, 1000, 250_000)], CARTONS, price, deadline=0.5)
    assert plan.complete and plan.gap < 0.01
    assert len({id(box) for box in plan.boxes}) < 10


# -- odd cartons and prices ---


def test_cartons_without_room_are_passed_over():
    items = [Item(1, 100, 90, 80, 500, 9), Item(2, 130, 70, 60, 1200, 7)]
    none = carton(200, 200, 200, void_share=1.0)
    plan = pack(items, [carton(300, 200, 120), none], price)
    assert plan.complete and check(plan, items, [carton(300, 200, 120), none]) == []
    assert pack(items, [none], price).unpacked


def test_prices_may_be_of_any_kind_of_number():
    from decimal import Decimal

    cartons = [
        carton(200, 150, 100, cost=Decimal("0.35")), carton(300, 200, 150, cost=0.5),
        Carton("c", (400, 300, 200), (408, 308, 212), cost=1),
    ]  # fmt: skip
    items = [Item(n, 140, 120, 90, 900, 4) for n in range(3)]
    for tariff in (price, lambda o, g: Decimal(str(price(o, g))), lambda o, g: 3):
        plan = pack(
            [*items, Item("own", 90, 90, 90, 5, own_carton=True)], cartons, tariff
        )
        assert plan.complete and plan.gap >= 0
        assert float(plan.price) == pytest.approx(
            sum(float(b.price) for b in plan.boxes)
        )


# -- what is not proven ---


def test_nothing_guessed_or_incomplete_is_proven_best():
    item = Item("a", 100, 90, 80, 500, 3)
    assert pack([item], ONE, price).proven
    guess = Item("a", 100, 90, 80, 500, 3, guessed=True)
    plan = pack([guess], ONE, price)
    assert plan.guessed and not plan.proven and plan.gap == 0
    plan = pack([item, Item("b", 900, 900, 900, 5)], ONE, price)
    assert not plan.proven and plan.aim == "least_price"
    scarce = [carton(400, 300, 200, available=1)]
    plan = pack([Item("a", 390, 290, 190, 5, 2)], scarce, price)
    assert not plan.proven and plan.aim == "most_value"
