"""The cases of the reference, by hand."""

from fractions import Fraction

import pytest
from allocation import Demand, Policy, allocate


def share(supply, demands, method="proportional", least=0):
    """Quantities in the order of the demands, ranked in that order unless they say."""
    demands = [
        Demand(number, **{"rank": (number,), **values})
        for number, values in enumerate(demands)
    ]
    shares = allocate(supply, demands, Policy(method, Fraction(least)))
    return [shares[number].quantity for number in range(len(demands))]


def wants(*quantities, **values):
    return [{"wanted": quantity, **values} for quantity in quantities]


def test_largest_remainder():
    assert share(100, wants(50, 30, 40)) == [42, 25, 33]


def test_the_earliest_gets_the_rest():
    assert share(10, wants(7, 7, 7)) == [4, 3, 3]
    assert share(
        10,
        [
            {"wanted": 7, "rank": (3,)},
            {"wanted": 7, "rank": (1,)},
            {"wanted": 7, "rank": (2,)},
        ],
    ) == [3, 4, 3]


def test_classes():
    demands = [*wants(15, 9, tier=1), *wants(5, tier=2)]
    assert share(20, demands) == [13, 7, 0]
    assert share(26, demands) == [15, 9, 2]


def test_even():
    assert share(20, wants(4, 10, 16), "even") == [4, 8, 8]
    assert share(10, wants(7, 7, 7), "even") == [4, 3, 3]


def test_even_counts_what_each_has():
    demands = [{"wanted": 10, "floor": 6}, {"wanted": 10}, {"wanted": 2}]
    assert share(12, demands, "even") == [6, 4, 2]


def test_packs():
    assert share(40, wants(24, 18, 30, pack=6)) == [12, 12, 12]


def test_packs_of_several_sizes():
    """A dozen and single pieces: what makes no dozen goes to who takes pieces."""
    demands = [{"wanted": 24, "pack": 12}, {"wanted": 24}]
    assert share(20, demands) == [12, 8]
    assert share(10, demands) == [0, 10]


def test_odd_ends_come_last():
    demands = wants(8, 12, pack=6)
    assert share(13, demands) == [6, 6]
    assert share(18, demands) == [6, 12]
    assert share(20, demands) == [8, 12]


def test_picked_is_kept():
    demands = [*wants(10, 10), {"wanted": 10, "floor": 5}]
    assert share(12, demands) == [3, 3, 6]


def test_more_picked_than_there_is():
    demands = [{"wanted": 10, "floor": 5}, {"wanted": 10}]
    assert share(3, demands) == [5, 0]


def test_least_part():
    demands = [
        {"wanted": 12, "rank": (3,)},
        {"wanted": 9, "rank": (2,)},
        {"wanted": 4, "rank": (1,)},
    ]
    assert share(10, demands, least="1/2") == [0, 7, 3]


def test_least_part_makes_room_for_the_next():
    assert share(10, wants(8, 8, 2), "key", "1/2") == [8, 0, 2]


def test_least_part_leaves_what_is_picked():
    demands = [{"wanted": 10, "floor": 1}, {"wanted": 3}]
    assert share(4, demands, least="9/10") == [1, 3]


def test_complete_only():
    assert share(10, wants(6, 5, 4), "complete") == [6, 0, 4]


def test_complete_fills_up_what_is_begun():
    demands = [{"wanted": 6, "floor": 2}, {"wanted": 5}]
    assert share(6, demands, "complete") == [6, 0]
    assert share(5, demands, "complete") == [2, 0]


def test_by_key():
    assert share(10, wants(6, 5, 4), "key") == [6, 4, 0]


def test_alabama():
    """Nobody loses because there is more."""
    assert share(10, wants(6, 6, 2)) == [4, 4, 2]
    assert share(11, wants(6, 6, 2)) == [5, 5, 1]
    has = [{"wanted": w, "floor": f} for w, f in ((6, 4), (6, 4), (2, 2))]
    assert share(11, has) == [5, 4, 2]


def test_waiting_gets_nothing_new():
    demands = [{"wanted": 9, "is_waiting": True}, {"wanted": 9}]
    assert share(10, demands) == [0, 9]


def test_reasons():
    demands = [
        Demand("has all", 3, rank=(1,)),
        Demand("some", 9, rank=(2,)),
        Demand("picked", 9, floor=1, rank=(3,)),
        Demand("late", 9, rank=(4,)),
        Demand("on hold", 9, rank=(0,), is_waiting=True),
    ]
    shares = allocate(8, demands, Policy("key"))
    assert {name: share.reason for name, share in shares.items()} == {
        "has all": "full",
        "some": "part",
        "picked": "kept",
        "late": "nothing_left",
        "on hold": "waiting",
    }
    shares = allocate(8, demands, Policy("complete"))
    assert shares["some"].reason == "not_whole"
    shares = allocate(5, demands, Policy("key", Fraction(1, 2)))
    assert shares["some"].reason == "below_least"


@pytest.mark.parametrize(
    "make",
    [
        lambda: Demand(1, 3, floor=4),
        lambda: Demand(1, -1),
        lambda: Demand(1, 3, pack=0),
        lambda: Policy("guess"),
        lambda: Policy(least_part=Fraction(3, 2)),
        lambda: allocate(1, [Demand(1, 1), Demand(1, 2)], Policy()),
    ],
)
def test_bad_input(make):
    with pytest.raises(ValueError, match=r"."):
        make()


def test_nobody_asks():
    assert allocate(10, [], Policy()) == {}
    assert share(0, wants(0, 5), "even") == [0, 0]


@pytest.mark.parametrize(
    ("method", "quantities"),
    [
        ("key", [4, 10, 6]),
        ("complete", [4, 10, 0]),
        ("proportional", [3, 7, 10]),
        ("even", [4, 8, 8]),
    ],
)
def test_table_of_the_guide(method, quantities):
    """What ``docs/promise.md`` shows."""
    assert share(20, wants(4, 10, 16), method) == quantities
