"""What the engine promises, one case each."""

from dataclasses import replace
from decimal import Decimal
from math import inf

import pytest
from packing import Carton, FaultCode, Item, Placement, Reason, Unpacked, check, pack
from samples import SET, carton, one_each, order, tariff


def keys(plan):
    return [sorted(placed.key for placed in box.placements) for box in plan.boxes]


def test_the_cheapest_carton_and_its_proof():
    plan = pack([Item("a", 190, 140, 90, 800)], SET, tariff)
    assert [box.carton.key for box in plan.boxes] == ["200x150x100"]
    assert (plan.proven, plan.bound, plan.gap) == (True, plan.price, 0)


@pytest.mark.parametrize(
    ("item", "code", "sentence"),
    [
        (Item("a", 0, 1, 1, 1), Reason.NO_SIZE, "has no size"),
        (Item("a", 1, 1, 1, -1), Reason.NEGATIVE_WEIGHT, "has a negative weight"),
        (
            Item("a", 1, 1, 1, 1, vertical=""),
            Reason.NO_UPRIGHT_EDGE,
            "no edge may stand upright",
        ),
        (Item("a", 700, 1, 1, 1), Reason.TOO_LONG, "longer than every carton"),
        (
            Item("a", 500, 500, 500, 1),
            Reason.TOO_LARGE,
            "larger than every carton in every position",
        ),
        (Item("a", 10, 10, 10, 40000), Reason.TOO_HEAVY, "heavier than the limit"),
    ],
)
def test_what_cannot_be_packed_says_why(item, code, sentence):
    other = Item("b", 50, 50, 50, 100)
    plan = pack([item, other], SET, tariff)
    assert [row.key for row in plan.unpacked] == ["a"]
    assert plan.unpacked[0].reason is code
    assert str(plan.unpacked[0].reason).startswith(sentence)
    assert keys(plan) == [["b"]]


def test_no_cartons_and_no_items():
    assert pack([], SET, tariff).boxes == ()
    plan = pack([Item("a", 1, 1, 1, 1, 3)], [], tariff)
    assert plan.unpacked == (Unpacked("a", 3, Reason.NO_CARTON_OFFERED),)


def test_a_carrier_that_refuses_heavy_parcels():
    def refuses(outer, gross):
        return inf if gross > 5000 else tariff(outer, gross)

    plan = pack([Item("a", 100, 100, 100, 2000, 4)], SET, refuses)
    assert len(plan.boxes) == 2
    plan = pack([Item("a", 100, 100, 100, 6000)], SET, refuses)
    assert plan.unpacked[0].reason is Reason.REFUSED


def test_limited_cartons():
    offer = [replace(SET[3], available=1)]
    items = [Item("a", 290, 290, 290, 1000, 3)]
    plan = pack(items, offer, tariff)
    assert plan.unpacked == (Unpacked("a", 2, Reason.OUT_OF_CARTONS),)
    assert check(plan, items, offer) == []


def test_fragile_top_load_and_floor_only():
    box = [carton(200, 200, 400)]
    flat = Item("a", 200, 200, 100, 500, 2, vertical="h")
    fragile = [replace(flat, key="glass", fragile=True)]
    assert len(pack(fragile, box, one_each).boxes) == 2
    loads = [replace(flat, quantity=4, top_load=1000)]
    assert len(pack(loads, box, one_each).boxes) == 2
    floor = [replace(flat, floor_only=True)]
    assert len(pack(floor, box, one_each).boxes) == 2
    mixed = [*fragile, replace(flat, key="b")]
    plan = pack(mixed, box, one_each)
    assert len(plan.boxes) == 2
    assert check(plan, mixed, box) == []


def test_together_apart_and_alone():
    box = [carton(200, 200, 200)]
    half = Item("a", 200, 200, 100, 500)
    kit = [replace(half, together="kit"), replace(half, key="b", together="kit")]
    more = [replace(half, key="c"), replace(half, key="d")]
    assert ["a", "b"] in keys(pack([*more, *kit], box, one_each))
    too_much = [replace(kit[0], quantity=2), kit[1]]
    assert sum(row.quantity for row in pack(too_much, box, one_each).unpacked) == 3
    food = replace(half, family="food", apart=frozenset({"soap"}))
    soap = replace(half, key="s", family="soap")
    assert len(pack([food, soap], box, one_each).boxes) == 2
    assert len(pack([food, replace(soap, family="tea")], box, one_each).boxes) == 1
    alone = replace(half, single_product=True)
    assert len(pack([alone, more[0]], box, one_each).boxes) == 2
    plan = pack([replace(half, quantity=2, own_carton=True)], box, tariff)
    assert [box.carton.outer for box in plan.boxes] == [(200, 200, 100)] * 2


def test_filler_margin_and_room_for_filling():
    item = Item("a", 100, 100, 100, 500)
    plain = carton(100, 100, 100, filler=40, tare=100)
    assert pack([item], [plain], tariff).boxes[0].gross == 640
    assert pack([item], [replace(plain, margin=1)], tariff).unpacked
    assert pack([item], [replace(plain, void_share=0.01)], tariff).unpacked
    padded = carton(120, 120, 120, margin=10)
    plan = pack([item], [padded], tariff)
    assert plan.boxes[0].placements[0][1:4] == (10, 10, 0)
    assert check(plan, [item], [padded]) == []


def test_cut_down_cartons_cost_less():
    tall = carton(400, 300, 400)
    item = Item("a", 380, 280, 90, 500)
    whole = pack([item], [tall], tariff)
    cut = pack([item], [replace(tall, cut_heights=(100, 200, 300))], tariff)
    assert cut.price < whole.price
    assert cut.boxes[0].carton.cut == 100
    assert cut.boxes[0].carton.outer[2] == tall.outer[2] - 300


def test_the_cost_of_the_carton_counts():
    small, large = carton(100, 100, 100, cost=9), carton(110, 110, 110, cost=0)
    plan = pack([Item("a", 90, 90, 90, 100)], [small, large], one_each)
    assert plan.boxes[0].carton == large


def test_decimal_prices_stay_decimal():
    plan = pack(order(1), SET, lambda outer, gross: Decimal("4.10") + gross // 1000)
    assert isinstance(plan.price, Decimal)


def test_exact_outer_sizes_reach_the_price():
    seen = set()

    def price(outer, gross):
        seen.add(outer)
        return 1

    foot = Decimal("304.8")
    pack([Item("a", 9, 9, 9, 9)], [Carton("c", (300, 300, 300), (foot,) * 3)], price)
    assert seen == {(foot,) * 3}


def test_check_finds_what_is_wrong():
    items = [Item("a", 100, 100, 100, 500, 2, vertical="h"), Item("b", 90, 80, 70, 60)]
    plan = pack(items, SET, tariff)
    assert check(plan, items, SET) == []
    box = plan.boxes[0]

    def faults(*placements, **more):
        broken = replace(box, placements=placements, **more)
        return " ".join(map(str, check(replace(plan, boxes=(broken,)), items, SET)))

    one, two, three = box.placements
    assert "overlap" in faults(one, one, three)
    assert "not inside" in faults(one._replace(x=-1), two, three)
    assert "rests on" in faults(one._replace(z=50), two, three)
    assert "units in the plan" in faults(one, two)
    assert "position" in faults(one, two, three._replace(length=81, width=89))
    assert "weighs" in faults(one, two, three, gross=1)
    assert "not offered" in faults(one, two, three, carton=carton(1, 1, 1))


def test_more_effort_is_never_dearer_than_a_single_carton_allows():
    for seed in range(8):
        plan = pack(order(seed), SET, tariff)
        assert plan.bound - 1e-6 <= plan.price
        assert check(plan, order(seed), SET) == []


def test_price_per_gram_is_bounded_closely():
    """Such a price has a step for each gram: too many to combine."""
    carton = Carton("m", (300, 300, 300), (310, 310, 310), tare=300, max_gross=21000)
    item = Item("drum", 150, 150, 150, 9731, quantity=8)
    plan = pack([item], [carton], lambda _outer, gross: 7.95 + 0.9 * gross / 1000)
    assert len(plan.boxes) == 4
    assert plan.price - plan.bound < 0.01 * plan.price


def test_a_group_is_not_split_by_a_unit_that_a_carton_does_not_hold():
    low, high = carton(80, 80, 80), carton(80, 80, 90)
    items = [
        Item("a", 80, 80, 80, 100, turn=False, together="set"),
        Item("b", 80, 80, 90, 100, turn=False, together="set", vertical="h"),
    ]
    plan = pack(items, [low, high], tariff)
    assert check(plan, items, [low, high]) == []
    assert any(row.reason is Reason.GROUP_TOO_LARGE for row in plan.unpacked)


def test_every_reason_is_given():
    given = {
        row.reason
        for items, cartons, price in (
            ([Item("a", 0, 1, 1, 1), Item("b", 1, 1, 1, -1)], SET, tariff),
            ([Item("a", 1, 1, 1, 1, vertical="")], SET, tariff),
            ([Item("a", 1, 1, 1, 1, own_carton=True)], SET, lambda *_: inf),
            ([Item("a", 1, 1, 1, 1)], SET, lambda *_: inf),
            ([Item("a", 1, 1, 1, 1)], [], tariff),
            ([Item("a", 700, 1, 1, 1), Item("b", 500, 500, 500, 1)], SET, tariff),
            ([Item("a", 10, 10, 10, 40000)], SET, tariff),
            ([Item("a", 50, 50, 50, 1)], [carton(50, 50, 50, void_share=0.1)], tariff),
            ([Item("a", 50, 50, 50, 1, 2, together="x")], [carton(50, 50, 50)], tariff),
            ([Item("a", 50, 50, 50, 1, 2)], [carton(50, 50, 50, available=1)], tariff),
        )
        for row in pack(items, cartons, price).unpacked
    }
    assert given == set(Reason)


def test_every_fault_is_found_and_says_its_parameters():
    """One order broken in every way: each code is found, with what it names."""
    items = [
        Item("a", 60, 50, 40, 500, 3, vertical="h"),
        Item("vase", 50, 50, 50, 100, fragile=True),
        Item("safe", 50, 50, 50, 9000, floor_only=True),
        Item("weak", 50, 50, 50, 100, top_load=10),
        Item("solo", 10, 10, 10, 1, single_product=True),
        Item("barrel", 10, 10, 10, 1, own_carton=True),
        Item("soap", 10, 10, 10, 1, family="soap"),
        Item("tea", 10, 10, 10, 1, apart=frozenset({"soap"})),
        Item("cup", 10, 10, 10, 1, together="set"),
        Item("lid", 10, 10, 10, 1, together="set"),
    ]
    plain = carton(200, 200, 200, available=1, max_gross=5000, void_share=0.95)
    strange = carton(90, 90, 90)

    def at(key, x, y, z, side=50):
        return Placement(key, x, y, z, side, side, side)

    first = (
        Placement("a", 0, 0, 0, 60, 50, 40), Placement("a", 0, 0, 0, 40, 50, 60),
        Placement("a", 180, 0, 0, 60, 50, 40), Placement("a", 0, 150, 190, 60, 50, 40),
        at("vase", 70, 0, 0), at("safe", 70, 0, 50), at("weak", 0, 100, 0),
        at("cup", 0, 100, 50, 10), at("solo", 30, 120, 50, 10),
        at("barrel", 20, 130, 50, 10), at("soap", 100, 100, 0, 10),
        at("tea", 120, 100, 0, 10), at("a", 150, 150, 0),
    )  # fmt: skip
    good = pack(items, SET, tariff)
    whole = replace(good.boxes[0], carton=plain, placements=first, gross=1)
    second = replace(whole, placements=(at("lid", 0, 0, 0, 10), at("weak", 20, 0, 0)))
    second = replace(second, placements=(*second.placements, at("safe", 20, 0, 50)))
    third = replace(whole, carton=strange, placements=(at("nothing", 0, 0, 0),))
    plan = replace(good, boxes=(whole, second, third), unpacked=())
    faults = check(plan, items, [plain])
    assert {fault.code for fault in faults} == set(FaultCode)
    for fault in faults:
        assert set(fault.values) == fault.code.parameters, fault.code
        assert str(fault)
