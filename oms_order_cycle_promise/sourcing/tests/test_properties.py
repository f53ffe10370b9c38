"""What holds for any orders and any stock."""

from itertools import product as combine

from hypothesis import given, settings
from hypothesis import strategies as st
from sourcing import (
    GOALS,
    Line,
    Order,
    Place,
    Source,
    Stock,
    choose,
    choose_all,
    explain,
    find_faults,
    make_sources,
)

PRODUCTS, WAREHOUSES = "pqr", "ABC"
frees = st.dictionaries(
    st.tuples(st.sampled_from(PRODUCTS), st.sampled_from(WAREHOUSES)),
    st.integers(-1, 6),
)


@st.composite
def orders(draw, key=0, shared=True, least=True):
    count = draw(st.integers(1, 3))
    products = (
        draw(st.lists(st.sampled_from(PRODUCTS), min_size=count, max_size=count))
        if shared
        else PRODUCTS[:count]
    )
    lines = tuple(
        Line(
            (key, number),
            draw(st.integers(1, 5)),
            ((product, draw(st.sampled_from((1, 2)))),),
            short_cost=1e4 * draw(st.integers(1, 3)),
            value=draw(st.integers(0, 4)),
            splittable=draw(st.booleans()),
        )
        for number, product in enumerate(products)
    )
    places = [
        Place(w, draw(st.one_of(st.none(), st.integers(0, 9)))) for w in WAREHOUSES
    ]
    return Order(
        key,
        lines,
        make_sources(draw(st.sampled_from(GOALS)), places),
        most=draw(st.integers(1, 3)),
        least_value=draw(st.integers(0, 8)) if least else 0,
        priority=draw(st.integers(0, 1)),
        promise=draw(st.integers(0, 1)),
    )


@settings(max_examples=300, deadline=None)
@given(orders(shared=False, least=False), frees)
def test_one_order_is_exact(order, free):
    choice = choose(order, Stock(free))
    assert not find_faults([order], free, {order.key: choice})
    assert abs(choice.cost - try_all(order, free)) < 1e-3


def try_all(order, free):
    """The least cost, by trying every way to deliver every line."""
    ways = [list(list_ways(line, order, free)) for line in order.lines]
    total = sum(line.parts * line.value for line in order.lines) or 1
    best = None
    for takes in combine(*ways):
        opened = {key for taken in takes for key, parts in taken.items() if parts}
        if len(opened) > order.most:
            continue
        cost = sum(source.opening for source in order.sources if source.key in opened)
        for line, taken in zip(order.lines, takes, strict=True):
            cost += (line.parts - sum(taken.values())) * line.short_cost
            cost += sum(
                taken.get(source.key, 0) * source.handling * line.value / total
                for source in order.sources
            )
        best = cost if best is None else min(best, cost)
    return best


def list_ways(line, order, free):
    [(product, quantity)] = line.needs
    keys = [source.key for source in order.sources]
    most = [
        min(line.parts, max(free.get((product, key), 0), 0) // quantity) for key in keys
    ]
    for counts in combine(*(range(count + 1) for count in most)):
        if sum(counts) <= line.parts and (
            line.splittable or sum(map(bool, counts)) <= 1
        ):
            yield dict(zip(keys, counts, strict=True))


@settings(max_examples=150, deadline=None)
@given(st.data(), frees)
def test_batches_have_no_fault(data, free):
    batch = [data.draw(orders(key=key)) for key in range(data.draw(st.integers(1, 5)))]
    choices, left = choose_all(batch, free, tries=60)
    assert not find_faults(batch, free, choices)
    for order in batch:
        reasons = explain(order, choices[order.key], left)
        assert len(reasons) == len(choices[order.key].parts)


@settings(max_examples=150, deadline=None)
@given(st.data(), frees)
def test_all_together_are_not_worse_off_by_swaps(data, free):
    """Of those who go first: what the others find depends on what these leave."""
    batch = [data.draw(orders(key=key)) for key in range(data.draw(st.integers(2, 6)))]
    greedy, _left = choose_all(batch, free, tries=0)
    swapped, _left = choose_all(batch, free, tries=60)
    turn = min((order.priority, order.promise) for order in batch)
    keys = [o.key for o in batch if (o.priority, o.promise) == turn]
    before = sum(greedy[key].cost for key in keys)
    assert sum(swapped[key].cost for key in keys) <= before + 1e-3


@settings(max_examples=100, deadline=None)
@given(st.data(), frees)
def test_the_younger_change_nothing_for_the_older(data, free):
    older = [data.draw(orders(key=key)) for key in range(2)]
    turn = max((order.priority, order.promise) for order in older)
    younger = Order(
        "young",
        (Line("y", 5, (("p", 1),), short_cost=9e4),),
        tuple(Source(key) for key in WAREHOUSES),
        most=3,
        priority=turn[0],
        promise=turn[1] + 1,
    )
    alone, _left = choose_all(older, free, tries=40)
    together, _left = choose_all([younger, *older], free, tries=40)
    assert all(together[order.key] == alone[order.key] for order in older)
