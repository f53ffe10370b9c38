"""What holds for whatever is shared out."""

from dataclasses import replace
from fractions import Fraction
from itertools import product

from allocation import METHODS, Demand, Policy, allocate
from hypothesis import given, settings
from hypothesis import strategies as st


@st.composite
def demand_lists(draw, max_size=8, packs=(1, 2, 6, 12)):
    demands = []
    for number in range(draw(st.integers(0, max_size))):
        wanted = draw(st.integers(0, 40))
        demands.append(
            Demand(
                number,
                wanted,
                floor=draw(st.integers(0, wanted) | st.just(0)),
                rank=(draw(st.integers(0, 3)), number),
                tier=draw(st.integers(0, 2)),
                pack=draw(st.sampled_from(packs)),
                is_waiting=draw(st.booleans() if max_size > 6 else st.just(False)),
            )
        )
    return demands


policies = st.builds(
    Policy,
    st.sampled_from(METHODS),
    st.sampled_from([Fraction(0), Fraction(0), Fraction(1, 2), Fraction(1)]),
)


@settings(max_examples=500)
@given(st.integers(0, 200), demand_lists(), policies)
def test_never_too_much(supply, demands, policy):
    shares = allocate(supply, demands, policy)
    assert shares.keys() == {demand.id for demand in demands}
    for demand in demands:
        quantity = shares[demand.id].quantity
        assert demand.floor <= quantity <= demand.wanted
        beside = quantity - demand.floor
        assert beside % demand.pack == 0 or quantity == demand.wanted
        assert not demand.is_waiting or not beside
        if beside:
            assert quantity >= policy.least_part * demand.wanted
        assert (shares[demand.id].reason == "full") == (quantity == demand.wanted)
    total = sum(share.quantity for share in shares.values())
    assert total <= max(supply, sum(demand.floor for demand in demands))


@given(demand_lists(), policies, st.integers(0, 5))
def test_enough_for_all(demands, policy, more):
    supply = sum(demand.wanted for demand in demands) + more
    shares = allocate(supply, demands, policy)
    for demand in demands:
        if not demand.is_waiting:
            assert shares[demand.id].quantity == demand.wanted


@given(st.integers(0, 200), demand_lists(), policies, st.randoms())
def test_order_of_the_call_means_nothing(supply, demands, policy, random):
    shuffled = random.sample(demands, len(demands))
    assert allocate(supply, demands, policy) == allocate(supply, shuffled, policy)


@given(st.integers(0, 100), st.integers(0, 100), demand_lists(), policies)
def test_more_supply_takes_from_nobody(supply, more, demands, policy):
    """What each has been given is his floor when more comes."""
    before = allocate(supply, demands, policy)
    kept = [replace(d, floor=before[d.id].quantity) for d in demands]
    after = allocate(supply + more, kept, policy)
    for demand in demands:
        assert after[demand.id].quantity >= before[demand.id].quantity


@given(
    st.integers(0, 200),
    demand_lists(),
    st.sampled_from(("key", "proportional", "even")),
)
def test_nothing_lies_idle(supply, demands, method):
    """What is left would make no pack for anybody."""
    shares = allocate(supply, demands, Policy(method))
    left = supply - sum(share.quantity for share in shares.values())
    for demand in demands:
        missing = demand.wanted - shares[demand.id].quantity
        if not demand.is_waiting and missing:
            assert left < min(missing, demand.pack)


@given(st.integers(0, 200), demand_lists(), policies)
def test_a_class_goes_before_the_next(supply, demands, policy):
    """Those behind change nothing for those before."""
    shares = allocate(supply, demands, policy)
    behind = sum(demand.floor for demand in demands if demand.tier == 2)
    first = [demand for demand in demands if demand.tier < 2]
    alone = allocate(max(0, supply - behind), first, policy)
    assert {key: shares[key] for key in alone} == alone


@given(st.integers(0, 200), demand_lists(packs=(1,)))
def test_proportional_keeps_to_the_quota(supply, demands):
    members = [replace(d, floor=0, tier=0, is_waiting=False) for d in demands]
    wanted = sum(demand.wanted for demand in members)
    shares = allocate(supply, members, Policy("proportional"))
    for demand in members:
        quota = Fraction(min(supply, wanted) * demand.wanted, wanted or 1)
        assert abs(shares[demand.id].quantity - quota) < 1


@settings(max_examples=60)
@given(
    st.integers(0, 12),
    st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 5)).map(sorted),
        min_size=1,
        max_size=4,
    ),
)
def test_even_is_the_fairest(supply, pairs):
    """No other way gives the poorest more, then the second poorest, and so on."""
    demands = [
        Demand(number, wanted, floor=floor, rank=(number,))
        for number, (floor, wanted) in enumerate(pairs)
    ]
    shares = allocate(supply, demands, Policy("even"))
    ours = sorted(share.quantity for share in shares.values())
    ways = product(*(range(d.floor, d.wanted + 1) for d in demands))
    best = max(
        (sorted(way) for way in ways if sum(way) <= supply),
        default=sorted(d.floor for d in demands),
    )
    assert ours == best
