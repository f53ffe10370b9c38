import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from walk import Layout, Walk, optimum, plan_walk
from walk.improve import improve

ONE_BLOCK = Layout(aisles=5, blocks=[(0, 31)], pitch=3, depot=(3, 0))


def shortest(picks, layout):
    """Length of the shortest walk, by trying all orders."""
    return min(layout.measure(order) for order in itertools.permutations(set(picks)))


@st.composite
def layouts(draw, most_blocks=4):
    blocks, start = [], draw(st.integers(-2, 2))
    for _block in range(draw(st.integers(1, most_blocks))):
        start += draw(st.sampled_from([0, 0, 1]))
        end = start + draw(st.integers(1, 6))
        blocks.append((start, end))
        start = end
    aisles = draw(st.integers(1, 6))
    depot = draw(st.integers(0, aisles - 1)), draw(st.integers(-3, start + 2))
    return Layout(aisles, blocks, draw(st.sampled_from([0, 1, 3, 2.5])), depot)


@st.composite
def lists(draw, most_picks=6, **kwargs):
    layout = draw(layouts(**kwargs))
    last = layout.blocks[-1][1]
    aisle = st.integers(0, layout.aisles - 1)
    # also at crossings, before the first and behind the last of them
    place = st.integers(-4, last + 3)
    return draw(st.lists(st.tuples(aisle, place), max_size=most_picks)), layout


@given(lists())
@settings(max_examples=300, deadline=None)
def test_no_walk_is_shorter(case):
    picks, layout = case
    walk = plan_walk(picks, layout)
    assert walk.is_shortest or len(layout.cross_aisles) > 5
    assert sorted(walk.order) == sorted(picks)
    assert walk.length == pytest.approx(layout.measure(walk.order))
    assert walk.length == pytest.approx(shortest(picks, layout))


@given(lists(most_blocks=8, most_picks=5))
@settings(max_examples=60, deadline=None)
def test_no_walk_is_shorter_with_many_cross_aisles(case):
    picks, layout = case
    assert plan_walk(picks, layout).length == pytest.approx(shortest(picks, layout))


@given(lists(most_picks=40), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_any_list(case, rng):
    picks, layout = case
    walk = plan_walk(picks, layout)
    assert sorted(walk.order) == sorted(picks)
    assert walk.length == pytest.approx(layout.measure(walk.order))
    assert walk.length <= layout.measure(sorted(picks)) + 1e-6
    # whoever wrote the list, the walk is the same
    assert plan_walk(rng.sample(picks, len(picks)), layout).order == walk.order


def test_published_optimum():
    """unit_F1_m5_C30_a7_12 of Hessler & Irnich (2022); cells count from the back."""
    cells = [(0, 18), (0, 11), (1, 6), (1, 0), (2, 21), (2, 17), (2, 12)]
    picks = [(aisle, 30 - cell) for aisle, cell in cells]
    assert plan_walk(picks, ONE_BLOCK).length == 94


def test_order_by_hand():
    # through aisle 0, back through aisle 1
    layout = Layout(2, [(0, 10)], 1, (0, 0))
    walk = plan_walk([(1, 5), (0, 3), (0, 9), (1, 8), (1, 1)], layout)
    assert walk == Walk([(0, 3), (0, 9), (1, 8), (1, 5), (1, 1)], 22)
    # far apart: in and back each time
    layout = Layout(2, [(0, 100)], 1, (0, 0))
    assert plan_walk([(1, 5), (0, 3)], layout).length == 2 * (3 + 1 + 5)


def test_middle_cross_aisle_is_used():
    picks = [(0, 9), (1, 9), (2, 9), (3, 9)]
    one = Layout(4, [(0, 20)], 1, (0, 0))
    two = Layout(4, [(0, 10), (10, 20)], 1, (0, 0))
    assert plan_walk(picks, two).length == 2 * 10 + 2 * 3 + 2 * 2
    assert plan_walk(picks, two).length < plan_walk(picks, one).length


def test_depot_in_the_middle_of_an_aisle():
    layout = Layout(3, [(0, 10)], 2, (1, 5))
    assert plan_walk([(1, 6), (1, 4)], layout).length == 4
    assert plan_walk([(0, 1)], layout).length == 2 * (5 + 2 + 1)


def test_nothing_to_pick():
    assert plan_walk([], ONE_BLOCK) == Walk([], 0)
    assert plan_walk([], None) == Walk([], 0)


def test_equal_places_stay_together_as_given():
    picks = [(2, 5, None, "b"), (0, 1, None, "x"), (2, 5, None, "a")]
    assert plan_walk(picks, ONE_BLOCK).order == [picks[1], picks[0], picks[2]]


def test_numbers_alone():
    picks = [(None, None, 30), (None, None, 4), (None, None, None), (None, None, 4.5)]
    walk = plan_walk(picks, None)
    assert [pick[2] for pick in walk.order] == [4, 4.5, 30, None]
    assert plan_walk(picks, ONE_BLOCK).order == walk.order


def test_picks_without_place_go_beside_their_number():
    picks = [
        (0, 5, 10),
        (1, 5, 20),
        (2, 5, 30),
        (None, None, 21),
        (None, None, 1),
        (None, 7, 22),
        (None, None, None),
    ]
    walk = plan_walk(picks, Layout(3, [(0, 10)], 1, (0, 0)))
    numbers = [pick[2] for pick in walk.order]
    assert numbers.index(1) == numbers.index(10) + 1
    assert numbers.index(21) == numbers.index(20) + 1
    assert numbers.index(22) == numbers.index(21) + 1
    assert sorted(map(str, numbers)) == sorted(str(pick[2]) for pick in picks)


def test_six_cross_aisles_and_many_picks(monkeypatch):
    """Too many to look at all: still near the shortest."""
    layout = Layout(20, [(18 * k, 18 * k + 18) for k in range(5)], 5, (3, 0))
    rng = random.Random(5)
    picks = [(rng.randrange(20), rng.randrange(90)) for _pick in range(40)]
    walk = plan_walk(picks, layout)
    assert not walk.is_shortest
    monkeypatch.setattr(optimum, "MOST", 3032)
    best = plan_walk(picks, layout)
    assert best.is_shortest
    assert best.length <= walk.length <= 1.03 * best.length


def test_improving_never_makes_longer():
    rng = random.Random(1)
    for count in range(30):
        points = [(rng.randrange(5), rng.randrange(31)) for _point in range(count)]
        stops = [ONE_BLOCK.depot, *points]
        better = improve(stops, ONE_BLOCK.distance)
        assert better[0] == stops[0]
        assert sorted(better) == sorted(stops)
        assert ONE_BLOCK.measure(better) <= ONE_BLOCK.measure(stops)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"aisles": 0}, "aisles"),
        ({"aisles": 2.5}, "aisles"),
        ({"aisles": "five"}, "aisles"),
        ({"blocks": []}, "blocks"),
        ({"blocks": 7}, "blocks"),
        ({"blocks": [(5, 5)]}, "blocks"),
        ({"blocks": [(0, 10), (9, 20)]}, "blocks"),
        ({"blocks": [(0, float("inf"))]}, "blocks"),
        ({"pitch": -1}, "pitch"),
        ({"pitch": float("nan")}, "pitch"),
        ({"depot": (5, 0)}, "depot"),
        ({"depot": (0, None)}, "depot"),
        ({"depot": 3}, "depot"),
    ],
)
def test_no_warehouse(change, word):
    values = {"aisles": 5, "blocks": [(0, 31)], "pitch": 3, "depot": (3, 0), **change}
    with pytest.raises(ValueError, match=word):
        Layout(**values)


@pytest.mark.parametrize(
    "pick",
    [(5, 1), (-1, 1), (0.5, 1), ("A", 1), (0, "x"), (True, 1), (0, float("nan"))],
)
def test_no_place(pick):
    with pytest.raises(ValueError, match="pick"):
        plan_walk([pick], ONE_BLOCK)
