"""A deadline is kept, measured by a clock that only the work done moves."""

import pytest
from packing import Item, check, pack, problem
from packing.search import cuts, fills, single
from samples import SET, tariff

PER_UNIT = 1e-4  # seconds that placing one unit takes
PER_SKIPPED = 1e-5  # seconds to find out that one has no place

RULES = {
    "none": lambda n: {},
    "fragile": lambda n: {"fragile": n % 4 == 0},
    "top load": lambda n: {"top_load": (None, 0, 500, 5000)[n % 4]},
    "floor": lambda n: {"floor_only": n % 6 == 0},
    "apart": lambda n: {
        "family": "abc"[n % 3],
        "apart": frozenset("b") if n % 3 == 0 else frozenset(),
    },
    "together": lambda n: {"together": n % 7 if n % 2 else None},
    "single product": lambda n: {"single_product": n % 10 == 0},
}


def every_rule(n):
    rules = {}
    for rule in RULES.values():
        rules.update(rule(n))
    # neither a group of kinds in conflict nor a group with a product that ships alone
    rules["together"] = n % 9 if n % 10 else None
    return rules


def heavy(rules, kinds=40, many=8):
    # a floor takes no 30 units that carry nothing
    carrying = {"top_load": 5000, "fragile": False} if many > 20 else {}
    return [
        Item(
            n, 40 + 150 * n // kinds, 30 + 80 * n // kinds, 25 + 40 * n // kinds,
            100 + n, many, "h" if n % 5 == 0 else "lwh", **{**rules(n), **carrying},
        )
        for n in range(kinds)
    ]  # fmt: skip


@pytest.fixture
def clock(monkeypatch):
    """The time that the constructions made so far would have taken."""
    now = [0.0]

    def slow(construct):
        def constructed(hull, sequence, *args, **kwargs):
            placed, failed = construct(hull, sequence, *args, **kwargs)
            now[0] += PER_UNIT * len(placed) + PER_SKIPPED * len(sequence)
            return placed, failed

        return constructed

    for reading in ("perf_counter", "thread_time"):
        monkeypatch.setattr(problem, reading, lambda: now[0])
    for module in (cuts, fills, single):
        monkeypatch.setattr(module, "construct", slow(module.construct))
    return now


@pytest.mark.parametrize("rules", [*RULES.values(), every_rule], ids=[*RULES, "all"])
@pytest.mark.parametrize(("kinds", "many"), [(40, 8), (150, 2), (10, 30)])
@pytest.mark.parametrize("deadline", [0.0, 0.1])
def test_a_heavy_order_keeps_its_deadline_and_is_complete(
    clock, rules, kinds, many, deadline
):
    items = heavy(rules, kinds, many)
    plan = pack(items, SET, tariff, deadline=deadline)
    assert clock[0] <= deadline + 0.16
    assert check(plan, items, SET) == []
    assert plan.bound <= plan.price + 1e-6
    assert not plan.unpacked


def test_groups_are_complete_however_little_time_there_is(clock):
    # in a common order of all units every group would be split
    groups = [
        Item((group, n), 150 - n, 140 - n, 130 - n, 500, 3, together=group)
        for group in range(8)
        for n in range(4)
    ]
    for deadline in (None, 0.0):
        plan = pack(groups, SET, tariff, effort=20, deadline=deadline)
        assert not plan.unpacked
        assert check(plan, groups, SET) == []


def test_a_group_that_no_carton_takes_does_not_keep_others_out():
    large = [Item(n, 290, 290, 290, 9000, 2, together="large") for n in range(3)]
    small = [Item(n, 120, 110, 100, 500, 4, together="small") for n in range(3, 6)]
    plan = pack(large + small, SET, tariff)
    assert {row.key for row in plan.unpacked} == {0, 1, 2}
    assert {row.quantity for row in plan.unpacked} == {2}
    assert check(plan, large + small, SET) == []


def test_in_little_time_the_last_units_do_not_lie_alone(clock):
    items = [
        Item("jar", 150, 150, 150, 1200, 36),
        Item("gift", 200, 150, 120, 2000, 6),
    ]
    best = pack(items, SET, tariff)
    for deadline, dearer in ((0.5, 1.02), (0.1, 1.05)):
        clock[0] = 0.0
        plan = pack(items, SET, tariff, deadline=deadline)
        assert plan.price <= best.price * dearer + 1e-6


def test_without_a_deadline_no_clock_is_read(monkeypatch):
    # the load of the machine does not change what is found
    def read():
        raise AssertionError

    for reading in ("perf_counter", "thread_time"):
        monkeypatch.setattr(problem, reading, read)
    items = heavy(RULES["none"], kinds=4, many=4)
    assert pack(items, SET, tariff, effort=30, explain=True).complete
