"""What people want, on cases reckoned by hand."""

import pytest
from sourcing import (
    FEWEST,
    FIRST,
    NEAREST,
    WHOLE,
    Line,
    Order,
    Place,
    Stock,
    choose,
    explain,
    make_sources,
)


def source(goal, free, *wanted, most=3, places="ABC", far=None, **values):
    """What comes from where: ``{(line, warehouse): (parts, short)}``."""
    order = make_order(goal, *wanted, most=most, places=places, far=far, **values)
    choice = choose(order, Stock(free))
    return {(part.line, part.source): (part.parts, part.short) for part in choice.parts}


def make_order(goal, *wanted, most=3, places="ABC", far=None, **values):
    allowed = [Place(key, (far or {}).get(key)) for key in places]
    lines = tuple(
        line
        if isinstance(line, Line)
        else Line(line[0], line[1], ((line[0], 1),), short_cost=1e4)
        for line in wanted
    )
    return Order("O", lines, make_sources(goal, allowed), most=most, **values)


@pytest.mark.parametrize(
    ("goal", "expected"),
    [
        # each line from the first that has it
        (FIRST, {("p", "A"): (4, 0), ("q", "B"): (2, 0), ("q", "C"): (3, 0)}),
        # A and C bring all
        (FEWEST, {("p", "A"): (4, 0), ("q", "C"): (5, 0)}),
    ],
)
def test_first_and_fewest(goal, expected):
    free = {("p", "A"): 9, ("q", "B"): 2, ("q", "C"): 6}
    assert source(goal, free, ("p", 4), ("q", 5)) == expected


def test_fewest_takes_the_first_of_equals():
    free = {("p", "A"): 1, ("p", "B"): 5, ("p", "C"): 5}
    assert source(FEWEST, free, ("p", 4)) == {("p", "B"): (4, 0)}


def test_nearest():
    free = {("p", "A"): 9, ("p", "C"): 9}
    far = {"A": 900, "B": 10, "C": 40}
    assert source(NEAREST, free, ("p", 4), far=far) == {("p", "C"): (4, 0)}
    # one that nobody knows the way to is the farthest
    assert source(NEAREST, free, ("p", 4), far={"A": 900}) == {("p", "A"): (4, 0)}


def test_whole_order_from_one():
    free = {("p", "A"): 4, ("q", "B"): 5, ("p", "C"): 4, ("q", "C"): 5}
    found = source(WHOLE, free, ("p", 4), ("q", 5), most=1)
    assert found == {("p", "C"): (4, 0), ("q", "C"): (5, 0)}
    # nobody has all: who has most of it, and the rest waits there
    del free["p", "C"]
    found = source(WHOLE, free, ("p", 4), ("q", 5), most=1)
    assert found == {("p", "B"): (4, 4), ("q", "B"): (5, 0)}


def test_most_splits():
    free = {("p", "A"): 2, ("p", "B"): 2, ("p", "C"): 2}
    found = source(FIRST, free, ("p", 6), most=2)
    assert found == {("p", "A"): (4, 2), ("p", "B"): (2, 0)}


def test_least_value_of_a_split():
    free = {("p", "A"): 9, ("p", "B"): 9}
    line = Line("p", 10, (("p", 1),), short_cost=1e4, value=5.0)
    # B would bring one piece of 5; asked for 15 it brings three
    found = source(FIRST, free, line, least_value=15)
    assert found == {("p", "A"): (7, 0), ("p", "B"): (3, 0)}
    # it cannot bring so much: all from one, the rest waits
    found = source(FIRST, {**free, ("p", "B"): 2}, line, least_value=15)
    assert found == {("p", "A"): (10, 1)}


def test_line_that_must_not_be_split():
    free = {("p", "A"): 5, ("p", "B"): 7, ("p", "C"): 4}
    line = Line("p", 6, (("p", 1),), short_cost=1e4, splittable=False)
    assert source(FIRST, free, line) == {("p", "B"): (6, 0)}
    line = Line("p", 8, (("p", 1),), short_cost=1e4, splittable=False)
    # what is short of it waits where the rest comes from
    found = source(FIRST, free, line, waits={"p": ["C"]})
    assert found == {("p", "B"): (8, 1)}


def test_dozens_are_not_divided():
    free = {("p", "A"): 20, ("p", "B"): 13}
    line = Line("p", 3, (("p", 12),), short_cost=1e4)
    found = source(FIRST, free, line)
    assert found == {("p", "A"): (2, 1), ("p", "B"): (1, 0)}


def test_kit_has_all_its_parts_from_one():
    free = {("x", "A"): 10, ("y", "A"): 3, ("x", "B"): 4, ("y", "B"): 9}
    line = Line("kit", 3, (("x", 2), ("y", 3)), short_cost=1e4)
    found = source(FIRST, free, line)
    assert found == {("kit", "A"): (1, 0), ("kit", "B"): (2, 0)}


def test_two_lines_of_one_product_do_not_share_a_piece():
    free = {("p", "A"): 5, ("p", "B"): 1}
    lines = [Line(key, 3, (("p", 1),), short_cost=1e4) for key in ("one", "two")]
    found = source(FIRST, free, *lines)
    assert found == {("one", "A"): (3, 0), ("two", "A"): (2, 0), ("two", "B"): (1, 0)}


def test_what_is_short_waits_where_it_comes_first():
    free = {("p", "A"): 1}
    found = source(FIRST, free, ("p", 3), ("q", 2), waits={"q": ["C"], "p": ["Z"]})
    # Z is not allowed
    assert found == {("p", "A"): (3, 2), ("q", "C"): (2, 2)}
    # no further delivery is opened for it
    found = source(FIRST, free, ("p", 3), ("q", 2), most=1, waits={"q": ["C"]})
    assert found == {("p", "A"): (3, 2), ("q", "A"): (2, 2)}


def test_nothing_allowed_and_nothing_there():
    assert source(FIRST, {("p", "A"): 5}, ("p", 3), places="") == {}
    assert source(FIRST, {}, ("p", 3)) == {("p", "A"): (3, 3)}
    assert source(FIRST, {("p", "A"): -4}, ("p", 3)) == {("p", "A"): (3, 3)}
    assert source(FIRST, {("p", "A"): 4}) == {}


def test_more_than_eight_warehouses():
    places = "ABCDEFGHIJKL"
    free = {("p", "K"): 3, ("p", "L"): 9}
    assert source(FEWEST, free, ("p", 5), places=places) == {("p", "L"): (5, 0)}


def test_reason_to_stay_together():
    free = {("p", "A"): 1, ("p", "C"): 4, ("q", "C"): 1}
    order = make_order(FEWEST, ("p", 1), ("q", 1))
    choice = choose(order, Stock(free))
    left = Stock(free)
    left.take(order, choice)
    told = {reason.line: reason for reason in explain(order, choice, left)}
    assert told["p"].code == "together"
    assert told["p"].refused == (("A", "split", 1), ("B", "nothing", 0))


def test_reasons():
    free = {("p", "A"): 9, ("q", "B"): 2, ("q", "C"): 6, ("r", "C"): 1, ("r", "A"): 1}
    order = make_order(FEWEST, ("p", 4), ("q", 5), ("r", 1), ("s", 1))
    choice = choose(order, Stock(free))
    left = Stock(free)
    left.take(order, choice)
    told = {
        reason.line: (reason.source, reason.code, reason.refused)
        for reason in explain(order, choice, left)
    }
    assert told == {
        "p": ("A", "only", (("B", "nothing", 0), ("C", "nothing", 0))),
        "q": ("C", "best", (("A", "nothing", 0), ("B", "too_little", 2))),
        "r": ("A", "best", (("B", "nothing", 0), ("C", "later", 1))),
        "s": ("A", "waits", (("B", "nothing", 0), ("C", "nothing", 0))),
    }
