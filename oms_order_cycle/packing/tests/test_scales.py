"""Proofs that units are too large for a carton together, and what density allows."""

from packing import Item
from packing.problem import Problem
from packing.proof.scales import too_large
from samples import carton, one_each


def problem(items, *cartons):
    return Problem(items, list(cartons), one_each, 0, None)


def test_units_longer_than_half_an_edge_lie_in_no_carton_by_volume_alone():
    # nine cubes of 51 have less volume than the carton, but only one fits in it
    asked = problem([Item("a", 51, 51, 51, 10, 2)], carton(100, 100, 100))
    assert too_large((100, 100, 100), asked.load, asked.kinds)


def test_what_fits_exactly_is_never_refuted():
    asked = problem([Item("a", 50, 25, 20, 10, 40)], carton(100, 100, 100))
    assert not too_large((100, 100, 100), asked.load, asked.kinds)


def test_a_carton_holds_no_more_than_its_densest_units_weigh():
    items = [Item("lead", 10, 10, 10, 100, 2), Item("foam", 10, 10, 10, 1, 100)]
    asked = problem(items, carton(20, 20, 10))
    assert asked.shells[0].cap == 202
