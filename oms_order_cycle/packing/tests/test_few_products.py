"""Bounds of orders of a few products: tight where they can be, and never wrong."""

from functools import lru_cache
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packing import Carton, Item, pack
from packing.problem import Problem
from packing.proof.bounds import Bounds
from packing.proof.scales import reached
from samples import SET, order, tariff

LENGTHS = (300, 400, 600)


def by_length(outer, gross):
    return 3 + float(outer[0]) / 100


def least(lengths, counts):
    """The least price of rows that hold so many units of each length: all ways."""
    fills = [
        (inner, taken)
        for inner in LENGTHS
        for taken in product(*(range(n + 1) for n in counts))
        if any(taken)
        and sum(a * b for a, b in zip(lengths, taken, strict=True)) <= inner
    ]

    @lru_cache(None)
    def price(left):
        if not any(left):
            return 0.0
        return min(
            by_length((inner,), 0)
            + price(tuple(a - b for a, b in zip(left, taken, strict=True)))
            for inner, taken in fills
            if all(a >= b for a, b in zip(left, taken, strict=True))
        )

    return price(tuple(counts))


@pytest.mark.parametrize("seed", range(30))
def test_never_above_the_best_of_all_ways(seed):
    random = Random(seed)
    kinds = random.randint(2, 3)
    lengths = [random.randrange(90, 290) for _ in range(kinds)]
    counts = [random.randint(1, 5) for _ in range(kinds)]
    items = [
        Item(n, length, 100, 100, 100, many, "h", False)
        for n, (length, many) in enumerate(zip(lengths, counts, strict=True))
    ]
    cartons = [Carton(n, (n, 100, 100), (n, 100, 100)) for n in LENGTHS]
    plan = pack(items, cartons, by_length, effort=60)
    best = least(tuple(lengths), tuple(counts))
    assert plan.bound <= best + 1e-6 <= plan.price + 2e-6
    bounds = Bounds(Problem(items, cartons, by_length, 0.7, None))
    for number, many in bounds.problem.load.items():
        assert bounds.alone(number, many) <= best + 1e-6


def test_one_product_that_fills_the_cartons_proves_the_plan():
    # nine of the large ones do not go into the largest carton, whatever their volume
    items = [
        Item("tray", 380, 204, 87, 756, 36, "h"),
        Item("rod", 272, 88, 87, 1423, 8),
    ]
    cartons = [
        Carton("large", (592, 392, 388), (600, 400, 400), max_gross=30000),
        Carton("flat", (592, 392, 288), (600, 400, 300), max_gross=30000),
    ]
    plan = pack(items, cartons, tariff)
    assert len(plan.boxes) > 1
    assert plan.proven


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 4))
def test_never_above_a_plan_that_was_found(seed, times):
    items = order(seed, kinds=4)
    rushed = pack(items, SET, tariff, deadline=0.1)
    best = pack(items, SET, tariff, effort=60 * times)
    assert rushed.bound <= best.price + 1e-6
    assert best.bound <= rushed.price + 1e-6


def test_rows_of_few_kinds_end_before_the_carton_does():
    problem = Problem([Item("a", 70, 30, 20, 1, 9)], SET, tariff, 0.7, None)
    assert reached((65, 55, 19), problem.kinds) == (0, 0, 0)
    assert reached((95, 79, 29), problem.kinds) == (90, 70, 20)
