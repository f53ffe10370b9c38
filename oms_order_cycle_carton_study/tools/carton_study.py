"""Between records and ``packing.choose``: what a study of cartons keeps while it runs.

Plain data in, plain data out: a study goes on in another process after a break.
"""

import json
from dataclasses import asdict, fields, replace
from decimal import Decimal
from math import inf

from odoo.addons.oms_order_cycle.packing import Carton, Item, pack
from odoo.addons.oms_order_cycle.packing.choose import (
    EFFORT,
    Cluster,
    cluster,
    grid,
    made_to_measure,
)
from odoo.addons.oms_order_cycle.packing.geometry import orientations
from odoo.addons.oms_order_cycle.tools.packer.planner import SUPPORT

#: What most items do not have is left out when they are kept.
_PLAIN = {field.name: field.default for field in fields(Item)}


class Grid:
    """Cartons of all sizes of a range, made of the same board.

    :param ranges: (least, most) inner length, width, height in mm
    :param steps: of length and width, of height, in mm
    :param wall: mm of board at each side
    :param board: (g, cost) of a square metre of board
    :param max_gross: g one may weigh when packed, ``None`` for any
    """

    def __init__(self, ranges, steps, wall, board, max_gross=None):
        self.ranges, self.wall, self.max_gross = ranges, wall, max_gross
        self.steps = (steps[0], steps[0], steps[1])
        self.grams, self.cost = board

    @staticmethod
    def _sides(least, most, step):
        if step <= 0 or least <= 0 or most < least:
            return []
        count = int((most - least) / step + 1e-6)
        return [round(least + step * number) for number in range(count + 1)]

    @property
    def size(self):
        """How many cartons there are, at most."""
        sides = [
            len(self._sides(*ends, step))
            for ends, step in zip(self.ranges, self.steps, strict=True)
        ]
        return sides[0] * sides[1] * sides[2]

    def cartons(self):
        """The cartons, the length never under the width."""
        sides = [
            self._sides(*ends, step)
            for ends, step in zip(self.ranges, self.steps, strict=True)
        ]
        made = grid(
            *sides,
            wall=self.wall,
            grams_per_m2=self.grams,
            max_gross=self.max_gross,
        )
        return [self._priced(carton) for carton in made]

    def _priced(self, carton):
        return replace(carton, cost=round(square_metres(carton.inner) * self.cost, 4))

    def _holds(self, inner):
        """Whether a size is within the range."""
        return all(
            least <= side <= most
            for side, (least, most) in zip(inner, self.ranges, strict=True)
        )

    def around(self, carton):
        """Cartons of about the size of one of the grid, for ``choose.refined``."""
        if isinstance(carton.key, int):
            return
        half = [max(1, round(step / 2)) for step in self.steps]
        length, width, height = carton.inner
        for longer in (-half[0], 0, half[0]):
            for wider in (-half[1], 0, half[1]):
                for higher in (-half[2], 0, half[2]):
                    inner = (length + longer, width + wider, height + higher)
                    if inner[1] <= inner[0] and self._holds(inner):
                        made = made_to_measure(
                            inner, self.wall, self.grams, self.max_gross
                        )
                        yield self._priced(made)


def square_metres(inner):
    """Surface of a carton, in m2."""
    length, width, height = (float(side) for side in inner)
    return 2 * (length * width + length * height + width * height) / 1_000_000


def takes(carton, items):
    """Whether every single unit of an order goes into the carton."""
    usable = carton.usable
    return all(
        carton.carries(item.weight)
        and any(
            all(side <= room for side, room in zip(turned, usable, strict=True))
            for turned in orientations(
                item.length, item.width, item.height, item.vertical, item.turn
            )
        )
        for item in items
    )


# -- kept as JSON ---------------------------------------------------------------------


def item_to_json(item):
    row = {name: value for name, value in asdict(item).items() if value != _PLAIN[name]}
    if "apart" in row:
        row["apart"] = sorted(row["apart"])
    return row


def item_from_json(row):
    return Item(**{**row, "apart": frozenset(row.get("apart", ()))})


def clusters_to_json(clusters):
    return [
        [[item_to_json(item) for item in one.items], one.number] for one in clusters
    ]


def clusters_from_json(rows):
    return [
        Cluster(tuple(item_from_json(row) for row in items), number)
        for items, number in rows
    ]


def carton_to_json(carton):
    row = asdict(carton)
    row["outer"] = [str(side) for side in carton.outer]
    row["cost"] = float(carton.cost)
    return json.loads(json.dumps(row))


def carton_from_json(row):
    outer = tuple(Decimal(side) for side in row["outer"])
    return Carton(
        **{
            **row,
            "inner": tuple(row["inner"]),
            "outer": outer,
            "cut_heights": tuple(row["cut_heights"]),
        }
    )


def as_orders(clusters):
    """Every order of clusters of whole numbers."""
    return [one.items for one in clusters for _number in range(int(one.number))]


def sampled(clusters, most):
    """At most so many of the clusters; those that are kept stand for all."""
    return cluster(as_orders(clusters), most)


# -- what an order costs --------------------------------------------------------------


def packed(items, cartons, price, seconds=None):
    """An order packed in a set: ``(price, {carton key: parcels})``; ``None`` if it
    cannot be.

    :param seconds: after which the best plan so far is taken
    """
    plan = pack(items, cartons, price, support=SUPPORT, effort=EFFORT, deadline=seconds)
    if plan.unpacked or float(plan.price) == inf:
        return None
    used = {}
    for box in plan.boxes:
        key = str(box.carton.key)
        used[key] = used.get(key, 0) + 1
    return float(plan.price), used
