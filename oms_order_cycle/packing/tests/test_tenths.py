"""Thin goods: what is not whole in mm counts to the tenth, to all who look at it."""

from dataclasses import replace
from decimal import Decimal
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packing import Item, Outcome, Placement, check, pack, tenths
from packing.audit import audit
from packing.choose import cluster, measure
from packing.picture import draw, draw_captioned, draw_steps
from samples import SET, carton, one_each, tariff
from test_properties import counted, fast, offers

BOX = carton(305, 215, 100, key="b")


def sheets(height, many):
    return [Item("sheet", 297, 210, height, 13, many)]


@pytest.mark.parametrize("height", [0.2, Decimal("0.2"), 0.15])
def test_a_stack_of_sheets_is_as_high_as_it_is(height):
    plan = pack(sheets(height, 300), [BOX], one_each)
    assert len(plan.boxes) == 1 and plan.proven
    assert check(plan, sheets(height, 300), [BOX]) == []
    assert max(p.z + p.height for p in plan.boxes[0].placements) == 60


def test_the_last_tenth_counts():
    for many, boxes in ((500, 1), (501, 2)):
        plan = pack(sheets(0.2, many), [BOX], one_each)
        assert len(plan.boxes) == boxes
        assert check(plan, sheets(0.2, many), [BOX]) == []


def test_the_checker_sees_a_tenth_too_much():
    items = sheets(0.2, 2)
    plan = pack(items, [BOX], one_each)
    (box,) = plan.boxes
    lower, upper = sorted(box.placements, key=lambda placed: placed.z)

    def codes(placed):
        wrong = replace(box, placements=(lower, placed))
        return {
            fault.code.value
            for fault in check(replace(plan, boxes=(wrong,)), items, [BOX])
        }

    assert codes(upper) == set()
    assert codes(upper._replace(z=Decimal("0.1"))) >= {"overlap"}
    assert codes(upper._replace(z=Decimal("0.3"))) == {"poorly_supported"}
    assert codes(upper._replace(z=Decimal("99.9"))) >= {"outside"}
    assert codes(upper._replace(height=Decimal("0.1"))) == {"wrong_position"}


def test_prices_see_the_outer_size_in_mm():
    cut = carton(310, 212, 150, key="cut", cut_heights=(60, 100))
    exact = replace(BOX, key="exact", outer=(Decimal("311.5"), 221, 112))
    seen = set()

    def price(outer, gross):
        seen.add(tuple(outer))
        return prod(map(float, outer)) / 1e6

    own = Item("own", 400.5, 20, 1, 5, own_carton=True)
    plan = pack([*sheets(0.2, 20), own], [cut, exact], price)
    assert check(plan, [*sheets(0.2, 20), own], [cut, exact]) == []
    assert seen == {
        (318, 220, 162), (318, 220, 112), (318, 220, 72),
        (Decimal("311.5"), 221, 112), (Decimal("400.5"), 20, 1),
    }  # fmt: skip
    by_key = {box.carton.key: box for box in plan.boxes}
    assert by_key["own"].carton.outer == (Decimal("400.5"), 20, 1)
    assert by_key["cut"].carton == cut.cut_to(60)


def test_what_was_tried_is_told_in_mm():
    small = carton(290, 200, 60, key="small")
    for item, offer, missing in (
        (Item("a", 295.5, 200, 30, 10), small, Decimal("5.5")),
        (
            Item("a", 200, 150, 60.3, 10),
            carton(200, 150, 60, key="low"),
            Decimal("0.3"),
        ),
    ):
        plan = pack([item], [offer, SET[4]], tariff, explain=True)
        (trial,) = plan.boxes[0].tried
        assert trial.carton == offer
        assert trial.outcome is Outcome.UNIT_TOO_LARGE
        assert trial.values == {"key": "a", "missing": missing}
        assert audit(plan, [item], [offer, SET[4]]) == []


def test_pictures_of_thin_goods():
    plan = pack(sheets(0.2, 30), [BOX], one_each)
    (box,) = plan.boxes
    assert draw(box).count("polygon") > 10
    assert draw(box, step=1) == draw_steps(box, numbers=[1])[0]
    assert len(draw_captioned(box, most=3)) == 3


def test_whole_numbers_stay_whole():
    plan = pack([Item("a", 100.0, 50, 20, 10, 3)], SET, tariff)
    sides = [
        side for box in plan.boxes for placed in box.placements for side in placed[1:]
    ]
    assert {type(side) for side in sides} == {int}
    assert not tenths.needed([Item("a", 100, 50, 20, 10, 3)])


def test_cartons_are_chosen_in_whole_mm():
    orders = [sheets(0.2, 3), sheets(1, 3)]
    assert [one.number for one in cluster(orders)] == [2]
    assert measure(orders, SET, tariff) == measure(orders[1:] * 2, SET, tariff)


thin = st.decimals(Decimal("0.1"), 330, places=2)
thin_orders = st.lists(
    st.builds(
        Item, key=st.just(0), length=thin, width=thin, height=thin,
        weight=st.integers(0, 9000), quantity=st.integers(0, 5),
        vertical=st.sampled_from(["lwh", "h", "lh", "w"]), turn=st.booleans(),
        fragile=st.booleans(), top_load=st.none() | st.integers(0, 8000),
        own_carton=st.sampled_from([False, False, False, True]),
    ),
    min_size=1, max_size=5,
).map(lambda items: [replace(item, key=n) for n, item in enumerate(items)])  # fmt: skip


@fast
@given(thin_orders, offers, st.sampled_from([0, 0.7, 1]))
def test_no_fault_with_any_part_of_a_mm(order, offer, support):
    plan = pack(order, offer, tariff, support=support, effort=8, explain=True)
    assert check(plan, order, offer) == []
    assert counted(plan, order)
    assert plan.price >= plan.bound - 1e-6
    for box in plan.boxes:
        assert draw(box)


@fast
@given(thin_orders, offers)
def test_ten_times_as_large_is_the_same_order(order, offer):
    def tenfold(side):
        return tenths.up(side)

    large = [
        replace(
            i,
            length=tenfold(i.length),
            width=tenfold(i.width),
            height=tenfold(i.height),
        )
        for i in order
    ]
    cartons = [
        replace(
            c, inner=tuple(10 * s for s in c.inner),
            outer=tuple(10 * s for s in c.outer),
            margin=10 * c.margin, cut_heights=tuple(10 * h for h in c.cut_heights),
        )
        for c in offer
    ]  # fmt: skip
    small = pack(order, offer, one_each, effort=8)
    whole = pack(large, cartons, one_each, effort=8)
    assert small.price == whole.price
    assert [
        Placement(p.key, *(10 * s for s in p[1:]))
        for b in small.boxes
        for p in b.placements
    ] == [p for b in whole.boxes for p in b.placements]
