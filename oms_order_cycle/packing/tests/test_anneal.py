"""The long search for few units: what it finds is right, and found again."""

import pytest
from packing import Item, check, pack
from packing.geometry import all_rest, settle
from packing.problem import Problem
from packing.search.anneal import Annealer
from samples import carton, tariff

# cut from a carton of 300 x 200 x 150 and one of 200 x 150 x 100
PIECES = (
    (180, 120, 90), (120, 110, 90), (120, 90, 90), (180, 80, 50), (180, 80, 40),
    (150, 200, 60), (150, 130, 60), (150, 70, 60),
)  # fmt: skip
SECOND = ((120, 150, 60), (80, 150, 60), (200, 100, 40), (200, 50, 40))


def problem(sizes, support=0.0, **more):
    items = [Item(n, *size, 500) for n, size in enumerate(sizes)]
    cartons = [carton(300, 200, 150), carton(200, 150, 100, **more)]
    return Problem(items, cartons, tariff, support, None)


def is_right(load, hull):
    apart = all(
        any(p[a] + p[a + 3] <= q[a] or q[a] + q[a + 3] <= p[a] for a in (1, 2, 3))
        for n, p in enumerate(load)
        for q in load[:n]
    )
    inside = all(p[a] + p[a + 3] <= hull[a - 1] for p in load for a in (1, 2, 3))
    return apart and inside


@pytest.mark.parametrize("support", [0.0, 0.7])
def test_one_carton_is_filled_to_the_brim(support):
    order = problem(PIECES, support)
    first = order.shells[0]
    found = [Annealer(order, order.load, (first,), 1e9).search(20000) for _ in range(2)]
    assert found[0] is not None
    assert found[0] == found[1]
    (placed,) = found[0]
    assert sorted(unit[0] for unit in placed) == list(range(len(PIECES)))
    assert is_right(placed, first.hull)
    assert all_rest(settle(placed), support)


def test_two_cartons_stay_under_price_and_weight():
    order = problem(PIECES + SECOND)
    dear = sum(shell.price(6000) for shell in order.shells)
    found = Annealer(order, order.load, order.shells, dear).search(20000)
    assert found is not None
    assert sum(map(len, found)) == len(PIECES + SECOND)
    for placed, shell in zip(found, order.shells, strict=True):
        assert is_right(placed, shell.hull)
    assert Annealer(order, order.load, order.shells, 8.0).search(300) is None
    weak = problem(PIECES + SECOND, max_gross=900)
    assert Annealer(weak, weak.load, weak.shells, 1e9).search(300) is None


def test_the_plan_is_right_and_no_dearer_than_with_less_effort():
    items = [Item(n, *size, 500) for n, size in enumerate(PIECES + SECOND)]
    cartons = [carton(300, 200, 150), carton(200, 150, 100), carton(400, 300, 200)]
    plans = [
        pack(items, cartons, tariff, support=0.0, effort=effort) for effort in (1, 200)
    ]
    for plan in plans:
        assert check(plan, items, cartons) == []
    assert plans[1].price <= plans[0].price
