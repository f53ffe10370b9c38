"""Orders that share what is free."""

import random

from sourcing import FEWEST, Line, Order, Place, choose_all, find_faults, make_sources


def make_order(key, *wanted, **values):
    lines = tuple(
        Line((key, product), count, ((product, 1),), short_cost=1e4)
        for product, count in wanted
    )
    sources = make_sources(FEWEST, [Place("A"), Place("B")])
    return Order(key, lines, sources, **{"most": 2, **values})


def places(choices, key):
    return {part.source for part in choices[key].parts}


def test_swap_spares_a_delivery():
    """The first takes p from A although B has it, too: the second would be split."""
    orders = [make_order(1, ("p", 1)), make_order(2, ("p", 1), ("q", 1))]
    free = {("p", "A"): 1, ("q", "A"): 1, ("p", "B"): 1}
    greedy, _left = choose_all(orders, free, tries=0)
    assert places(greedy, 1) == {"A"} and places(greedy, 2) == {"A", "B"}
    swapped, left = choose_all(orders, free)
    assert places(swapped, 1) == {"B"} and places(swapped, 2) == {"A"}
    assert not any(left.free.values())


def test_older_promise_is_not_worse_off():
    orders = [
        make_order(2, ("p", 1), ("q", 1), promise=2),
        make_order(1, ("p", 1), promise=1),
    ]
    free = {("p", "A"): 1, ("q", "A"): 1, ("p", "B"): 1}
    choices, _left = choose_all(orders, free)
    assert places(choices, 1) == {"A"} and places(choices, 2) == {"A", "B"}


def test_higher_class_goes_first_whatever_was_promised():
    orders = [
        make_order("old", ("p", 1), promise=1, priority=1),
        make_order("urgent", ("p", 1), promise=9, priority=0),
    ]
    choices, _left = choose_all(orders, {("p", "B"): 1})
    assert [part.short for part in choices["urgent"].parts] == [0]
    assert [part.short for part in choices["old"].parts] == [1]


def test_same_answer_each_time():
    chance = random.Random(3)
    orders = [
        make_order(n, *[(p, chance.randint(1, 4)) for p in chance.sample("pqrst", 3)])
        for n in range(12)
    ]
    free = {(p, w): chance.randint(0, 20) for p in "pqrst" for w in "AB"}
    first, _left = choose_all(orders, free, seconds=60, tries=400)
    second, _left = choose_all(orders, free, seconds=60, tries=400)
    assert first == second
    assert not find_faults(orders, free, first)


def test_no_orders():
    choices, left = choose_all([], {("p", "A"): 1})
    assert choices == {} and left.free == {("p", "A"): 1}
