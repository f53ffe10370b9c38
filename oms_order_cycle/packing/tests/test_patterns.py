"""Few kinds in many cartons: the linear program, and plans made of patterns."""

import pytest
from packing import Item, check, pack
from packing.proof.linear import cover
from samples import carton, one_each, tariff


def dot(one, other):
    return sum(a * b for a, b in zip(one, other, strict=True))


def test_a_cover_at_its_least_price_and_what_units_are_worth():
    # rolls of 10: 3 of 3, 2 of 4, one of 6 and one of 4
    columns = [(3, 0, 0), (0, 2, 0), (0, 1, 1), (1, 0, 1)]
    usage, worth = cover(columns, [1, 1, 1, 1], (9, 4, 4))
    assert sum(usage) == pytest.approx(dot(worth, (9, 4, 4)))
    for row, need in enumerate((9, 4, 4)):
        covered = dot(usage, [column[row] for column in columns])
        assert covered >= need - 1e-9
    for column in columns:
        assert dot(worth, column) <= 1 + 1e-9


def test_what_no_column_holds_cannot_be_covered():
    assert cover([(1, 0)], [1.0], (1, 1)) is None


def test_patterns_share_kinds_out_evenly():
    # one of each kind fills a carton; a carton of the large kind alone is half empty
    box = [carton(100, 100, 100)]
    items = [
        Item("large", 100, 100, 60, 10, 12, vertical="h"),
        Item("small", 100, 100, 40, 10, 12, vertical="h"),
    ]
    plan = pack(items, box, one_each, support=0)
    assert (plan.price, check(plan, items, box)) == (12, [])


def test_units_that_weigh_nothing():
    box = [carton(100, 100, 100)]
    items = [Item("a", 60, 60, 60, 0, 2), Item("b", 70, 40, 50, 0, 5)]
    plan = pack(items, box, tariff)
    assert (plan.unpacked, check(plan, items, box)) == ((), [])
