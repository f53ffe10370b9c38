"""Packing: cost, proof and time of our answers, beside packvium and py3dbp.

Own generated orders by default; with --data DIR every set of orders found there as well
(JSON: boxes and orders; items with dims, weight, qty and rot, a mask of the edges that
may stand upright, 0 for no turning at all). Every answer, ours and theirs, goes through
the independent checker. Peers are those that can be imported; they get every n-th
order. Times are CPU time of one process.
"""

import argparse
import json
import math
import statistics
import sys
import time
from pathlib import Path
from random import Random

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
# this file is called packing too: the engine is found before it
sys.path.insert(0, str(HERE.parent / "oms_order_cycle"))

from _arguments import at_least, existing_folder  # noqa: E402
from _results import machine, table, write_section  # noqa: E402
from _rushed import measure_one_product, measure_reasons, measure_rushed  # noqa: E402
from packing import Box, Carton, FaultCode, Item, Placement, Plan, check, pack  # noqa: E402
from packing.choose import choose, grid, made_to_measure, measure, refined  # noqa: E402

CLASSES = ((1, 10), (11, 30), (31, 60), (61, 10**9))
EDGES = ((1, "l"), (2, "w"), (4, "h"))
BIN_SETS = (
    "bins",
    "c_ivancic",
    "d_mpv50",
    "b_bedbpp5",
)  # one price: cartons are counted

# faults that say that an answer is incomplete, not that it is wrong
INCOMPLETE = (FaultCode.NOT_ORDERED, FaultCode.MISCOUNTED)


def tariff(outer, gross):
    """4.00 a parcel and 0.90 a billable kg in steps of 0.5, divisor 5000, whole cm."""
    dimensional = math.prod(math.ceil(side / 10) for side in outer) / 5000
    return 4.0 + 0.45 * math.ceil(max(gross / 1000, dimensional) * 2 - 1e-9)


def one_each(outer, gross):
    return 1.0


# -- sets of orders -------------------------------------------------------------------

SIZES = (
    (200, 150, 100), (250, 200, 100), (250, 200, 150), (300, 200, 150), (300, 220, 220),
    (350, 250, 200), (400, 300, 150), (400, 300, 300), (450, 350, 250), (500, 400, 300),
    (600, 400, 400), (800, 400, 400),
)  # fmt: skip
CARTONS = [
    Carton(
        key="x".join(map(str, size)),
        inner=size,
        outer=(size[0] + 8, size[1] + 8, size[2] + 12),
        tare=round(
            2 * (size[0] * size[1] + size[0] * size[2] + size[1] * size[2]) / 1600
        ),
        max_gross=20000 if size[0] < 500 else 30000,
    )
    for size in SIZES
]


def wholesale(number, seed=19):
    """Orders of a distributor: many small, some large, out of 120 products."""
    random = Random(seed)
    products = []
    for _ in range(120):
        size = sorted(
            min(430, int(random.lognormvariate(4.5, 0.6)) + 12) for _ in "lwh"
        )
        weight = max(5, int(math.prod(size) / 1000 * random.uniform(0.1, 0.6)))
        products.append((size[2], size[1], size[0], weight, random.random() < 0.15))
    for _ in range(number):
        kinds = min(20, int(random.paretovariate(0.9)))
        chosen = random.sample(products, kinds)
        yield [
            Item(n, *product[:4], random.randint(1, 4), "h" if product[4] else "lwh")
            for n, product in enumerate(chosen)
        ]


def tight(number, seed=23):
    """Cartons cut into pieces by straight cuts, the pieces a little smaller."""
    random = Random(seed)
    for _ in range(number):
        size = random.choice(SIZES[4:10])
        pieces = [tuple(size)]
        for _ in range(random.randint(4, 14)):
            pieces.sort(key=math.prod)
            piece = pieces.pop()
            axis = max(range(3), key=lambda a: piece[a] * random.uniform(0.5, 1))
            at = int(piece[axis] * random.uniform(0.3, 0.7))
            for part in (at, piece[axis] - at):
                pieces.append((*piece[:axis], part, *piece[axis + 1 :]))
        yield [
            Item(n, *(max(5, int(e * random.uniform(0.9, 1))) for e in piece), 300)
            for n, piece in enumerate(pieces)
        ]


def bins(number, seed=29):
    """Fifty boxes that may not turn, in bins of 100 x 100 x 100."""
    random = Random(seed)
    for _ in range(number):
        yield [
            Item(n, *(random.randint(5, 75) for _ in "lwh"), 1, 1, "h", False)
            for n in range(50)
        ]


def own_sets(quick):
    cube = [Carton("bin", (100, 100, 100), (100, 100, 100))]
    for name, orders, cartons in (
        ("wholesale", wholesale(40 if quick else 300), CARTONS),
        ("tight", tight(10 if quick else 100), CARTONS),
        ("bins", bins(3 if quick else 20), cube),
    ):
        yield name, [(items, cartons) for items in orders]


def read_set(path):
    data = json.loads(path.read_text())
    orders = []
    for order in data["orders"]:
        boxes = order.get("boxes") or data["boxes"]
        items = [
            Item(
                n, *row["dims"], row["weight"], row["qty"],
                "".join(e for bit, e in EDGES if row["rot"] & bit) or "h",
                row["rot"] != 0,
            )
            for n, row in enumerate(order["items"])
        ]  # fmt: skip
        cartons = [
            Carton(
                box["id"], tuple(box["inner"]), tuple(box["outer"]), box["tare"],
                box["max_weight"] or None,
            )
            for box in boxes
        ]  # fmt: skip
        orders.append((items, cartons))
    return path.stem, orders


# -- packers ---------------------------------------------------------------------------


def ours(items, cartons, price, support):
    return pack(items, cartons, price, support=support)


def packvium(items, cartons, price, support):
    import packvium as peer

    def upright(item):
        return tuple(
            rotation
            for rotation in peer.Rotation
            if rotation.value[2].lower() in item.vertical
            and (item.turn or rotation.value == "LWH")
        )

    def size(sides):
        return peer.Dimensions.mm(*map(str, sides))

    def rates(carton):
        heaviest = carton.max_gross or sum(i.weight * i.quantity for i in items)
        grams = range(500, heaviest + carton.tare + 501, 500)
        prices = tuple(round(100 * price(carton.outer, gross)) for gross in grams)
        return peer.models.RateTable(tuple(grams), prices)

    if price is tariff:
        options = {
            "objective": "shipping_cost", "dimensional_weight_divisor": 5000,
            "dimensional_weight_length_unit": "cm",
            "dimensional_weight_weight_unit": "kg",
        }  # fmt: skip
    else:
        options = {}
    config = peer.PackingConfig.balanced(minimum_support_ratio=support, **options)
    answer = peer.Packer(config).pack(
        items=[
            peer.Item.create(
                str(item.key), size((item.length, item.width, item.height)),
                f"{item.weight} g", quantity=item.quantity,
                allowed_rotations=upright(item),
            )
            for item in items
        ],
        containers=[
            peer.Container.create(
                str(carton.key), size(carton.inner), f"{carton.tare} g",
                carton.max_gross and f"{carton.max_gross - carton.tare} g",
                outer_dimensions=size(carton.outer), rate_table=rates(carton),
            )
            for carton in cartons
        ],
    )  # fmt: skip
    keys = {str(item.key): item.key for item in items}

    def ticks(length):
        return round(getattr(length, "ticks", length) / 16000)

    found = []
    for box in answer.containers:
        placed = []
        for p in box.placements:
            at, turned = p.position, p.dimensions
            sides = (at.x, at.y, at.z, turned.length, turned.width, turned.height)
            placed.append(Placement(keys[p.instance.item.id], *map(ticks, sides)))
        found.append((box.container.id, placed))
    return _plan(found, items, cartons, price, support)


def py3dbp(items, cartons, price, support):
    """It fills one bin: the cheapest that holds all, or the fullest again and again."""
    import py3dbp as peer

    def fill(carton, units):
        packer = peer.Packer()
        room = (carton.max_gross or 10**9) - carton.tare
        length, width, height = carton.inner
        packer.add_bin(peer.Bin(str(carton.key), length, width, height, room))
        for item in units:
            name = str(item.key)
            sides = (item.length, item.width, item.height)
            packer.add_item(peer.Item(name, *sides, item.weight))
        packer.pack(bigger_first=True)
        return packer.bins[0]

    keys = {str(item.key): item for item in items}
    rest = [item for item in items for _ in range(item.quantity)]
    found = []
    while rest:
        weight = sum(item.weight for item in rest)
        ranked = sorted(cartons, key=lambda c: price(c.outer, c.tare + weight))
        filled = []
        for carton in ranked:
            box = fill(carton, rest)
            filled.append((len(box.items), carton, box))
            if not box.unfitted_items:
                break
        number, carton, box = max(filled, key=lambda row: row[0])
        if not number:
            break
        rest = [keys[item.name] for item in box.unfitted_items]
        placed = [
            Placement(
                keys[unit.name].key,
                *(int(value) for value in (*unit.position, *unit.get_dimension())),
            )
            for unit in box.items
        ]
        found.append((str(carton.key), placed))
    return _plan(found, items, cartons, price, support)


def _plan(found, items, cartons, price, support):
    """A peer's answer as a plan, for the checker."""
    by_key = {str(carton.key): carton for carton in cartons}
    weights = {item.key: item.weight for item in items}
    boxes = []
    for key, placed in found:
        carton = by_key[str(key)]
        gross = carton.tare + sum(weights[p.key] for p in placed)
        boxes.append(Box(carton, tuple(placed), gross, price(carton.outer, gross)))
    total = sum(box.price for box in boxes)
    return Plan(tuple(boxes), (), total, 0, False, support)


PEERS = {"packvium": packvium, "py3dbp": py3dbp}


def importable(name):
    try:
        __import__(name)
    except ImportError:
        return False
    return True


# -- measuring -------------------------------------------------------------------------


def run(solve, orders, price, support):
    """Per order: the plan, faults, whether units are missing, CPU milliseconds."""
    rows = []
    for items, cartons in orders:
        start = time.process_time()
        plan = solve(items, cartons, price, support)
        spent = (time.process_time() - start) * 1e3
        faults = check(plan, items, cartons)
        missing = [fault for fault in faults if fault.code in INCOMPLETE]
        rows.append((plan, len(faults) - len(missing), bool(missing), spent))
    return rows


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(share * len(values)))]


def summary(name, rows):
    plans = [plan for plan, *_ in rows]
    price = sum(plan.price for plan in plans)
    bound = sum(plan.bound for plan in plans)
    known = name == "ours"
    times = [spent for *_, spent in rows]
    return [
        name, len(rows), sum(len(plan.boxes) for plan in plans), f"{price:.1f}",
        f"{price / bound:.4f}" if known else "",
        f"{sum(plan.proven for plan in plans) / len(plans):.1%}" if known else "",
        sum(faults > 0 for _, faults, _, _ in rows),
        sum(missing for _, _, missing, _ in rows),
        f"{statistics.median(times):.2f}", f"{percentile(times, 0.95):.1f}",
    ]  # fmt: skip


HEADER = (
    "packer", "orders", "parcels", "price", "of the bound", "proven best", "invalid",
    "incomplete", "median ms", "p95 ms",
)  # fmt: skip


def measure_set(name, orders, support, every):
    price = one_each if name in BIN_SETS else tariff
    support = 0.0 if name in BIN_SETS else support
    answers = run(ours, orders, price, support)
    rows = [summary("ours", answers)]
    lines = [f"### {name}, support {support:.0%}"]
    for peer, solve in PEERS.items():
        if importable(peer):
            theirs = run(solve, orders[::every], price, support)
            mine = [row[0].price for row in answers[::every]]
            valid = [
                row[0].price if not row[1] and not row[2] else None for row in theirs
            ]
            pairs = [(x, y) for x, y in zip(mine, valid, strict=True) if y is not None]
            rows.append(summary(peer, theirs))
            if pairs:
                ratio = sum(x for x, _ in pairs) / sum(y for _, y in pairs)
                better = sum(x < y - 1e-6 for x, y in pairs)
                worse = sum(x > y + 1e-6 for x, y in pairs)
                lines.append(
                    f"- beside {peer}, on the {len(pairs)} of {len(theirs)} orders "
                    f"where its answer is whole and valid: {ratio:.4f} of its price; "
                    f"ours is better on {better}, worse on {worse}"
                )
    lines.append("")
    lines.append(table(HEADER, rows))
    times = []
    for low, high in CLASSES:
        spent = [
            row[3]
            for row, (items, _) in zip(answers, orders, strict=True)
            if low <= sum(item.quantity for item in items) <= high
        ]
        if spent:
            times.append(
                [
                    f"{low}-{high}" if high < 10**9 else f"{low} or more", len(spent),
                    f"{statistics.median(spent):.2f}", f"{percentile(spent, 0.95):.1f}",
                    f"{max(spent):.0f}",
                ]
            )  # fmt: skip
    lines += ["", table(("units", "orders", "median ms", "p95 ms", "max ms"), times)]
    return "\n".join(lines), sum(
        faults > 0 or missing for _, faults, missing, _ in answers
    )


def measure_choice(name, orders, quick):
    """Cartons beside today's set, and sets from nothing, on the orders of a set."""
    history = [items for items, _ in orders]
    today = orders[0][1]
    start = time.perf_counter()
    strongest = max((c.max_gross for c in today if c.max_gross), default=None)
    wall = min(int(c.outer[0] - c.inner[0]) // 2 for c in today)
    sample = 60 if quick else 240

    def about(carton):
        length, width, height = carton.inner
        for longer in (-20, 0, 20):
            for wider in (-20, 0, 20):
                for higher in (-20, -10, 0, 10, 20):
                    size = (length + longer, width + wider, height + higher)
                    if min(size) > 0:
                        yield made_to_measure(size, wall, 400, strongest)

    def beside(carton):
        length, width, height = carton.inner
        for longer in (-10, 0, 10):
            for wider in (-10, 0, 10):
                for higher in (-5, 0, 5):
                    size = (length + longer, width + wider, height + higher)
                    yield made_to_measure(size, wall, 400, strongest)

    candidates = grid(
        range(120, 521, 40), range(80, 401, 40), range(20, 401, 20),
        wall=wall, max_gross=strongest,
    )  # fmt: skip
    base = measure(history, today, tariff)
    rows = [[f"today's {len(today)}", "1.0000", ""]]
    wanted = (
        ("today's and {}", today, (1, 2, 4)),
        ("{} from nothing", (), (2, 3, 4, 5, 6, 7, 8, 10, 12, 15)),
    )
    for words, kept, numbers in wanted:
        options = {"today": kept, "sample": sample}
        for choice in choose(history, candidates, tariff, numbers=numbers, **options):
            if choice.number in (2, 4, 6, 8) and (kept or choice.number > 2):
                choice = refined(choice, history, tariff, about, **options)
                if kept:  # steps of half the size beside what was found
                    choice = refined(choice, history, tariff, beside, **options)
            cost = measure(history, [*kept, *choice.cartons], tariff)
            keys = ", ".join(carton.key for carton in choice.cartons)
            share = (
                "not all can be packed" if cost == math.inf else f"{cost / base:.4f}"
            )
            rows.append([words.format(choice.number), share, keys])
    spent = time.perf_counter() - start
    head = f"### Which cartons to stock, {name}, {spent:.0f} s"
    return f"{head}\n\n{table(('cartons', 'price', 'chosen'), rows)}"


def main():
    parser = argparse.ArgumentParser(prog="./oms bench packing", description=__doc__)
    parser.add_argument(
        "--data", type=existing_folder, help="folder with more sets of orders"
    )
    parser.add_argument("--set", nargs="*", help="only these sets")
    parser.add_argument("--support", type=at_least(0, float), default=0.7)
    parser.add_argument(
        "--every", type=at_least(1), default=10, help="orders given to peers"
    )
    parser.add_argument("--choose", nargs="*", default=["wholesale"])
    parser.add_argument("--quick", action="store_true", help="smaller, without writing")
    args = parser.parse_args()
    sets = list(own_sets(args.quick))
    if args.data:
        folder = args.data / "data" if (args.data / "data").is_dir() else args.data
        sets += [read_set(path) for path in sorted(folder.glob("*.json"))]
    names = [name for name, _orders in sets]
    for name in args.set or ():
        if name not in names:
            parser.error(f"there is no set {name}; there are: {', '.join(names)}")
    bad = 0
    parts = ["## Packing", machine(), __doc__.split("\n\n", 1)[1].strip()]
    for name, orders in sets:
        if args.set and name not in args.set:
            continue
        text, faults = measure_set(name, orders, args.support, args.every)
        bad += faults
        parts.append(text)
        print(text, "\n", flush=True)
        if name in args.choose:
            parts.append(measure_choice(name, orders, args.quick))
            print(parts[-1], "\n", flush=True)
    if not args.set:
        rushed, faults = measure_rushed(args.quick)
        reasons, untrue = measure_reasons(args.quick)
        bad += faults + untrue
        parts += [rushed, measure_one_product(args.quick), reasons]
        print("\n\n".join(parts[-3:]), flush=True)
    if not args.quick:
        write_section("packing", "\n\n".join(parts))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
