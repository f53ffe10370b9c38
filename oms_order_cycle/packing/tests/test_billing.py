"""Golden cases of the carriers' rules, and what rounding must not do."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from packing.freight.billing import Piece, Rule, bill, round_to, version
from packing.freight.carriers import RULES


def inches(*sides):
    return [Decimal(str(side)) * Decimal("25.4") for side in sides]


def pounds(weight):
    return round(weight * 453.59237)


def bill_parcel(rule, outer, gross, day=None):
    return bill(rule, [Piece(outer, gross)], day)


def billed(code, outer, gross, day="2026-02-01"):
    day = date.fromisoformat(day)
    return bill_parcel(version(RULES, code, day), outer, gross, day)


@pytest.mark.parametrize("code", ["ups_us", "fedex_us"])
@pytest.mark.parametrize(("day", "expected"), [("2025-08-17", 5), ("2025-08-18", 6)])
def test_fractions_of_an_inch_go_up_since_august_2025(code, day, expected):
    outer = inches(11.1, 8.5, 6.2)
    assert billed(code, outer, pounds(3), day).billable == expected


def test_large_is_strictly_greater():
    result = billed("ups_us", inches(30, 24, 24), pounds(40))
    assert (result.billable, result.classes) == (125, ("AHS_DIM",))
    result = billed("ups_us", inches(24.2, 24.2, 30), pounds(40))
    assert (result.billable, result.classes) == (135, ("LARGE",))


def test_additional_handling_has_a_least_weight():
    result = billed("fedex_us", inches(49, 10, 10), pounds(20))
    assert (result.dimensional, result.billable) == (36, 40)
    assert result.classes == ("AHS_DIM",)


def test_two_reasons_are_one_charge():
    assert billed("ups_us", inches(26, 20, 20), pounds(20)).classes == ("AHS_DIM",)
    heavy = billed("ups_us", inches(26, 20, 20), pounds(51))
    assert heavy.classes == ("AHS_WGT",)
    assert billed("ups_us", inches(10, 10, 10), pounds(50)).classes == ()


@pytest.mark.parametrize(
    ("sides", "weight", "day", "expected"),
    [
        ((12, 12, 12), 3, "2026-02-01", 3),
        ((12.1, 12, 12), 3, "2026-07-11", 3),
        ((12.1, 12, 12), 3, "2026-07-12", 14),
        ((18, 14, 12), 5, "2026-07-11", 19),
        ((18, 14, 12), 5, "2026-07-12", 22),
    ],
)
def test_usps(sides, weight, day, expected):
    assert billed("usps", inches(*sides), pounds(weight), day).billable == expected


def test_half_kilos():
    assert billed("dhl_express", (400, 300, 200), 3000).billable == 5
    assert billed("dhl_express", (400, 300, 200), 5001).billable == Decimal("5.5")
    assert billed("iata_air", (300, 450, 650), 14000).billable == 15


def test_road_takes_the_largest_of_three():
    rule = version(RULES, "road_eu", date(2026, 2, 1))
    pallets = Piece((1200, 1000, 1800), 960_000, 10)
    result = bill(rule, [pallets])
    assert (result.dimensional, result.billable) == (9250, 9600)
    by_volume = Rule("cubic", "m_kg", kg_per_m3=333, dim_round="none", scope="shipment")
    assert bill(by_volume, [pallets]).dimensional == 7193
    # one stackable pallet takes no loading metres of its own
    assert bill_parcel(rule, (1200, 800, 1000), 100_000).billable == 320
    alone = Piece((1200, 800, 1000), 100_000, stackable=False)
    assert bill(rule, [alone]).billable == 740


def test_freight_class_by_density():
    result = billed("ltl_us", inches(48, 40, 50), pounds(500))
    assert result.classes == ("100",)


def test_freight_class_of_what_has_no_size():
    result = billed("ltl_us", (0, 0, 0), pounds(500))
    assert (result.billable, result.classes) == (500, ())


def test_cartons_take_no_floor_of_their_own():
    """30 cartons of 600 x 400 x 400 mm: 2.88 m3 x 333 = 959.04 kg, not 3 loading
    metres x 1850 = 5,550. With a pallet of 0.4 m that nothing may stand on:
    959.04 + 740; its 0.96 m3 are 319.68 kg by volume."""
    rule = version(RULES, "road_eu", date(2026, 2, 1))
    cartons = Piece((600, 400, 400), 10_000, 30)
    assert bill(rule, [cartons]).billable == 960
    one_by_one = [Piece((600, 400, 400), 10_000)] * 30
    assert bill(rule, one_by_one).billable == 960
    pallet = Piece((1200, 800, 1000), 100_000, stackable=False)
    assert bill(rule, [cartons, pallet]).dimensional == 1700
    assert bill(rule, [cartons, replace(pallet, stackable=True)]).dimensional == 1279
    # six pallets of 0.4 loading metres, too high for another: 2.4 x 1850
    high = Piece((1200, 800, 1201), 100_000, 6)
    assert bill(rule, [high]).billable == 4440
    assert bill(rule, [replace(high, outer=(1200, 800, 1200))]).billable == 2302


def test_exact_sides_in_any_form():
    rule = version(RULES, "ups_us", date(2026, 2, 1))
    for foot in (Decimal("304.8"), "304.8", 304.8):
        assert bill_parcel(rule, (foot, foot, foot), 1000).dimensional == 13
    assert bill_parcel(rule, (305, 305, 305), 1000).dimensional == 16


def test_pieces_round_one_by_one_and_shipments_together():
    piece = Rule("p", "cm_kg", divisor=5000)
    together = Rule("s", "cm_kg", divisor=5000, scope="shipment")
    parcels = [Piece((210, 100, 100), 200, 3)]
    assert bill(piece, parcels).billable == 3
    assert bill(together, parcels).billable == 2


def test_contract_and_unknown_rounding():
    rule = replace(version(RULES, "ups_us", date(2026, 2, 1)), divisor=194)
    assert bill_parcel(rule, inches(12, 12, 12), 1000).billable == 9
    with pytest.raises(ValueError, match="unknown rounding"):
        round_to(1, 1, "down")
    assert version(RULES, "fedex_us", date(2010, 1, 1)) is None
