"""Quantities that change after the warehouses were asked."""

from sourcing import (
    FEWEST,
    Holding,
    Line,
    Order,
    Place,
    Stock,
    choose,
    lower,
    make_sources,
    raise_by,
)


def test_lowered_where_least_is_done():
    holdings = [
        Holding("near", open=6, reserved=6, far=0),
        Holding("far", open=4, reserved=4, far=1),
        Holding("begun", open=5, reserved=5, begun=2, far=2),
    ]
    # the farther goes first, what was begun last
    assert lower(holdings, 3) == ({"far": 3}, 0)
    assert lower(holdings, 7) == ({"far": 4, "near": 3}, 0)
    assert lower(holdings, 12) == ({"far": 4, "near": 6, "begun": 2}, 0)
    # beyond it nothing is open
    assert lower(holdings, 16) == ({"far": 4, "near": 6, "begun": 5}, 1)


def test_what_is_not_reserved_goes_first():
    holdings = [
        Holding("near", open=6, reserved=2, far=0),
        Holding("far", open=4, reserved=4, far=1),
    ]
    assert lower(holdings, 5) == ({"near": 4, "far": 1}, 0)


def test_raised_where_it_comes_from_already():
    sources = make_sources(FEWEST, [Place("A"), Place("B"), Place("C")])
    line = Line("p", 3, (("p", 1),), short_cost=1e4)
    order = Order("O", (line,), sources, most=2)
    free = {("p", "A"): 9, ("p", "B"): 3}
    [part] = choose(raise_by(order, {"B"}), Stock(free)).parts
    assert (part.source, part.parts) == ("B", 3)
    # not enough there: one more warehouse may be asked
    free["p", "B"] = 2
    parts = choose(raise_by(order, {"B", "C"}), Stock(free)).parts
    assert {(part.source, part.short) for part in parts} == {("B", 1)}
    parts = choose(raise_by(order, {"B"}), Stock(free)).parts
    assert sum(part.short for part in parts) == 0


def test_raised_after_the_warehouse_went_from_the_rule():
    sources = make_sources(FEWEST, [Place("A")])
    line = Line("p", 3, (("p", 1),), short_cost=1e4)
    order = raise_by(Order("O", (line,), sources, most=1), {"gone"})
    [part] = choose(order, Stock({("p", "A"): 9})).parts
    assert (part.source, part.short) == ("A", 0)
