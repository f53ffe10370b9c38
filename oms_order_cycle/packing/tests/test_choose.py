"""Choosing cartons for stock."""

from itertools import product
from math import inf

from packing import Item, choose, pack
from packing.choose import (
    Choice,
    OutOfTime,
    cluster,
    grid,
    made_to_measure,
    measure,
    refined,
)
from samples import SET, order, tariff

ORDERS = [order(seed, kinds=3, most=3) for seed in range(40)]
GRID = grid(range(160, 481, 80), range(120, 401, 80), range(80, 401, 80))


def test_equal_contents_are_one_cluster_whatever_their_keys():
    one = [Item("a", 1, 2, 3, 4, 2), Item("b", 5, 6, 7, 8)]
    two = [Item("x", 5, 6, 7, 8), Item("y", 1, 2, 3, 4, 2)]
    (found,) = cluster([one, two])
    assert found.number == 2
    assert sum(c.number for c in cluster(ORDERS, 10)) == 40
    assert len(cluster(ORDERS, 10)) == 10


def test_more_cartons_never_cost_more():
    told = []
    curve = choose.choose(
        ORDERS, GRID, tariff, numbers=(2, 3, 5), progress=lambda *row: told.append(row)
    )
    prices = [choice.price for choice in curve]
    assert [choice.number for choice in curve] == [2, 3, 5]
    assert prices == sorted(prices, reverse=True)
    assert ("orders", 40, 40) in told
    assert all(len(choice.cartons) == choice.number for choice in curve)


def test_cartons_beside_todays_save():
    today = measure(ORDERS, SET, tariff)
    (one,) = choose.choose(ORDERS, GRID, tariff, numbers=(1,), today=SET)
    with_one = measure(ORDERS, [*SET, *one.cartons], tariff)
    assert with_one < today

    def around(carton):
        length, width, height = carton.inner
        for change in (-20, 0, 20):
            yield made_to_measure((length, width, height + change), 3, 400, None)

    better = refined(one, ORDERS, tariff, around, today=SET)
    assert better.price <= one.price + 1e-6


def test_the_best_so_far_is_kept_when_time_is_over():
    two = Choice(2, (GRID[-1], GRID[len(GRID) // 2]), inf)

    def around(carton):
        length, width, height = carton.inner
        for longer, wider in product((-40, 0, 40), repeat=2):
            for higher in range(-60, 61, 10):
                size = (length + longer, width + wider, height + higher)
                yield made_to_measure(size, 3, 400, None)

    def watch(most):
        def progress(what, done, of):
            assert of == 3 * len(ORDERS)
            if done > most:
                raise OutOfTime

        return progress

    def within(most):
        return refined(two, ORDERS, tariff, around, progress=watch(most))

    assert within(10) == two
    first, second = within(2 * len(ORDERS)), within(3 * len(ORDERS))
    assert second.price < first.price < two.price
    assert two.cartons[1] in first.cartons, "its neighbours were not looked at"


def test_what_todays_cartons_cost_may_be_known():
    told = []
    (free,) = choose.choose(
        ORDERS, GRID, tariff, numbers=(1,), today=SET, floor=lambda items: 0,
        progress=lambda *row: told.append(row),
    )  # fmt: skip
    assert free.price == 0
    assert ("today", 40, 40) in told


def test_what_was_chosen_holds_the_orders():
    (choice,) = choose.choose(ORDERS, GRID, tariff, numbers=(4,))
    for items in ORDERS[:10]:
        assert not pack(items, choice.cartons, tariff, effort=6).unpacked


def test_no_candidates_no_choice():
    assert choose.choose(ORDERS[:2], [], tariff) == []
