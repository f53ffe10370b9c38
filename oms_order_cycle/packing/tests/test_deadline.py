"""A deadline is kept, measured by a clock that only the work done moves."""

from packing import Item, check, fills, pack, problem, single
from samples import SET, tariff

PER_UNIT = 1e-4  # seconds that placing one unit takes


def heavy():
    return [
        Item(
            n, 40 + 3 * n, 30 + 2 * n, 25 + n, 100 + n, 8, "h" if n % 5 == 0 else "lwh"
        )
        for n in range(40)
    ]


def test_a_heavy_order_keeps_its_deadline(monkeypatch):
    now = [0.0]

    def slow(construct):
        def constructed(hull, sequence, *args, **kwargs):
            now[0] += PER_UNIT * len(sequence)
            return construct(hull, sequence, *args, **kwargs)

        return constructed

    monkeypatch.setattr(problem, "perf_counter", lambda: now[0])
    for module in (fills, single):
        monkeypatch.setattr(module, "construct", slow(module.construct))
    items = heavy()
    for deadline in (0.5, 1.0):
        now[0] = 0.0
        plan = pack(items, SET, tariff, deadline=deadline)
        assert now[0] <= 1.2 * deadline + 0.05
        assert check(plan, items, SET) == []
        assert plan.bound <= plan.price + 1e-6
        assert not plan.unpacked
