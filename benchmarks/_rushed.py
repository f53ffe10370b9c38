"""Part of packing.py: plans in little time, one product, and whether reasons are true."""

import math
import statistics
import time
from random import Random

from _results import table
from packing import Carton, Item, check, pack, problem
from packing.audit import audit

# work is measured, not how much the machine has to do besides
problem.perf_counter = time.process_time

ROWS = (
    ((194, 144, 92), (200, 150, 100), 75, 5, 0.32, ()),
    ((294, 194, 142), (300, 200, 150), 150, 10, 0.47, ()),
    ((294, 244, 192), (300, 250, 200), 195, 12, 0.56, (150, 100)),
    ((394, 294, 192), (400, 300, 200), 290, 20, 0.78, (150, 100)),
    ((394, 394, 392), (400, 400, 400), 560, 25, 1.36, ()),
    ((592, 392, 288), (600, 400, 300), 720, 30, 1.65, (200,)),
    ((592, 392, 388), (600, 400, 400), 840, 30, 1.92, (300,)),
)
CARTONS = [
    Carton(
        "x".join(map(str, outer)), inner, outer, tare=tare, max_gross=kilos * 1000,
        cost=cost, cut_heights=cuts,
    )
    for inner, outer, tare, kilos, cost, cuts in ROWS
]  # fmt: skip


def tariff(outer, gross):
    """3.80 a parcel and 0.55 a billable kg in steps of 0.5, divisor 5000, whole cm."""
    litres = math.prod(math.ceil(float(side) / 10) for side in outer) / 5000
    return 3.8 + 0.55 * math.ceil(max(gross / 1000, litres) * 2) / 2


def order(seed, kinds=None):
    random = Random(seed)
    kinds = kinds or random.choice((2, 3, 5, 8, 12, 20, 25))
    items = []
    for key in range(kinds):
        sides = [min(380, int(random.lognormvariate(4.7, 0.45)) + 20) for _ in "lwh"]
        sides.sort(reverse=True)
        weight = int(math.prod(sides) / 1e3 * random.uniform(0.1, 0.7)) + 20
        many = random.randint(1, max(2, 60 // kinds))
        upright = "h" if random.random() < 0.15 else "lwh"
        items.append(Item(key, *sides, weight, many, upright))
    return items


LARGE = (
    [Item("jar", 150, 150, 150, 1200, 36), Item("gift", 200, 150, 120, 2000, 6)],
    [Item("crate", 290, 190, 140, 3000, 24), Item("tin", 95, 95, 120, 600, 48)],
    order(901, 25),
    order(902, 16),
    order(903, 40),
    [
        Item("a", 390, 290, 190, 6000, 5), Item("b", 190, 140, 90, 1100, 40),
        Item("c", 300, 200, 50, 900, 30), Item("d", 60, 60, 200, 350, 60),
    ],
)  # fmt: skip


def measure_rushed(quick):
    """The price of plans in little time above that of unhurried ones."""
    sets = (
        ("six large orders", LARGE),
        (
            "orders of 20 to 60 units",
            [order(1000 + n) for n in range(9 if quick else 100)],
        ),
    )
    rows, bad = [], 0
    for name, orders in sets:
        unhurried = [float(pack(items, CARTONS, tariff).price) for items in orders]
        for deadline in (0.5, 0.15, 0.05):
            prices, spent = [], []
            for items in orders:
                start = time.process_time()
                plan = pack(items, CARTONS, tariff, deadline=deadline)
                spent.append(time.process_time() - start)
                bad += bool(check(plan, items, CARTONS))
                prices.append(float(plan.price))
            worst = max(a / b for a, b in zip(prices, unhurried, strict=True)) - 1
            rows.append(
                [
                    name, len(orders), deadline,
                    f"{sum(prices) / sum(unhurried) - 1:+.2%}", f"{worst:+.1%}",
                    f"{max(spent):.2f}",
                ]
            )  # fmt: skip
    header = ("orders", "number", "deadline s", "dearer", "at most", "most CPU s")
    return f"### In little time, beside unhurried plans\n\n{table(header, rows)}", bad


def measure_one_product(quick):
    """How many plans of one product in several cartons are proven best."""
    random = Random(3)
    proven, gaps, spent = 0, [], []
    for _ in range(30 if quick else 200):
        sides = sorted((random.randrange(40, 250) for _ in "lwh"), reverse=True)
        weight = int(math.prod(sides) / 1e6 * random.uniform(100, 900)) + 10
        upright = random.choice(("lwh", "lwh", "h"))
        item = Item("a", *sides, weight, random.randrange(8, 200), upright)
        start = time.process_time()
        plan = pack([item], CARTONS, tariff, deadline=0.5)
        if len(plan.boxes) > 1:
            spent.append((time.process_time() - start) * 1e3)
            gaps.append(plan.gap)
            proven += plan.proven
    row = [
        len(gaps), f"{proven / len(gaps):.1%}", f"{statistics.mean(gaps):.2%}",
        f"{statistics.median(spent):.0f}", f"{max(spent):.0f}",
    ]  # fmt: skip
    header = ("orders", "proven best", "mean gap", "median ms", "most ms")
    return f"### One product in several cartons\n\n{table(header, [row])}"


def measure_reasons(quick):
    """Every carton that is named in a reason, tried once more."""
    boxes = named = untrue = seed = 0
    while boxes < (60 if quick else 1000):
        items = [
            Item(
                i.key,
                i.length,
                i.width,
                i.height,
                i.weight,
                -(-i.quantity // 2),
                i.vertical,
            )
            for i in order(5000 + seed)
        ]
        plan = pack(items, CARTONS, tariff, explain=True)
        boxes += len(plan.boxes)
        named += sum(len(box.tried) for box in plan.boxes)
        untrue += len(audit(plan, items, CARTONS))
        seed += 1
    rows = [[boxes, named, untrue]]
    return (
        f"### Reasons, tried again\n\n{table(('boxes', 'cartons', 'untrue'), rows)}",
        untrue,
    )
