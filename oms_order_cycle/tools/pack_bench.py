"""Between Odoo's records and the packing engine: what a run of plans shares.

A bench looks up sizes, cartons and prices once for many transfers and solves equal
contents once. All that goes in or comes out of the engine is converted here.
"""

import logging
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from decimal import Decimal
from hashlib import blake2s
from math import ceil, inf, isfinite
from typing import NamedTuple

from odoo.tools.lru import LRU

from ..packing import Box, Carton, Placement, Plan, check, pack
from ..packing.drawing import Words, draw, draw_captioned, draw_steps
from .pack_reasons import Reasons, body_key
from .units import Units, as_cube

_logger = logging.getLogger(__name__)

#: The last answers of this process, by all that they depend on.
MEMORY = LRU(512)

#: Context key: ids of transfers that are planned just now; their cartons are free.
REPLANNED = "oms_replanned"
#: Share of each unit's base that must be supported.
SUPPORT = 0.7
#: Effort for the comparison with the smallest carton by volume.
BASELINE_EFFORT = 4


class Content(NamedTuple):
    """A quantity of a product, in its own unit, and the units it may be packed in."""

    product_id: int
    quantity: float
    uom_ids: tuple


class Job(NamedTuple):
    """What is to be packed for whom; equal jobs have equal answers.

    :ivar values: ``((variable, value), ...)`` of the order, where the carrier's price
        rules look at them
    """

    contents: tuple
    carrier_id: int
    company_id: int
    date: object
    warehouse_id: int = False
    values: tuple = ()


@dataclass
class Answer:
    """A plan and what there is to say of it."""

    plan: Plan
    items: list
    baseline: float
    guessed: bool
    seconds: float
    why: list = field(default_factory=list)


def pack_geometry(box):
    """A packed box as JSON: the sizes and places that a picture needs."""
    carton = box.carton
    return {
        "inner": list(carton.inner),
        "outer": [str(side) for side in carton.outer],
        "cut": carton.cut,
        "margin": carton.margin,
        "placements": [list(placement) for placement in box.placements],
    }


def unpack_geometry(geometry, name):
    """The box of ``pack_geometry``, its carton called ``name``."""
    return Box(
        carton=Carton(
            key=name,
            inner=tuple(geometry["inner"]),
            outer=tuple(Decimal(side) for side in geometry["outer"]),
            cut=geometry.get("cut"),
            margin=geometry.get("margin") or 0,
        ),
        placements=tuple(Placement(*row) for row in geometry["placements"]),
        gross=0,
        price=0,
    )


def translated_words(env):
    return Words(
        step=env._("Step {number} of {total}: {quantity} x {name}"),
        left=env._("{left} more to come"),
        last=env._("the last"),
        more=env._("and {number} more products"),
        cut=env._("cut down to {height} mm"),
    )


def picture(env, geometry, name, names, order=None):
    """The whole box.

    :param order: keys of the whole transfer, to be numbered alike in all boxes
    """
    box = unpack_geometry(geometry, name)
    return draw(box, names, words=translated_words(env), order=order)


def keys_in_order(geometries):
    """Keys of what lies in boxes, in the order in which they come up."""
    return list(
        dict.fromkeys(
            placement[0]
            for geometry in geometries
            if geometry
            for placement in geometry["placements"]
        )
    )


def step_pictures(env, geometry, name, names):
    return draw_steps(unpack_geometry(geometry, name), names, translated_words(env))


def step_captions(env, geometry, name, names, most=None):
    """``(picture, what to put in, what is still to come)`` for each step.

    :param most: of more steps, so many are drawn
    """
    box = unpack_geometry(geometry, name)
    return draw_captioned(box, names, translated_words(env), most)


class PackBench(Reasons):
    """Plans many jobs; what they have in common is looked up and solved once."""

    def __init__(self, env, deadline=None, budget=None):
        """
        :param deadline: seconds for one answer; the best found by then is taken
        :param budget: seconds for all answers; ``is_spent`` when they are over
        """
        self.env = env(su=True)
        self.units = Units.of(self.env)
        self.deadline = deadline
        self._end = budget and time.monotonic() + budget
        self.solved = 0
        self._sizes = {}
        self._cartons = {}
        self._prices = {}
        self._answers = {}
        self._remembered = {}

    def free(self, pickings):
        """Count the cartons of plans that are going to be replaced as free."""
        ids = tuple(pickings.ids)
        if ids != self.env.context.get(REPLANNED):
            self.env = self.env(context={**self.env.context, REPLANNED: ids})
            self._cartons.clear()
            self._answers.clear()
            self._remembered.clear()

    def take(self, type_ids):
        """Count cartons that a plan has taken: the next ones have fewer.

        :param type_ids: ids of the package types, one for each box
        """
        taken = Counter(type_ids)
        scarce = False
        for key, cartons in self._cartons.items():
            limited = {
                carton.key
                for carton in cartons
                if carton.available is not None and taken[carton.key]
            }
            if limited:
                scarce = True
                self._cartons[key] = [
                    replace(
                        carton, available=max(0, carton.available - taken[carton.key])
                    )
                    if carton.key in limited
                    else carton
                    for carton in cartons
                ]
        if scarce:
            self._answers.clear()
            self._remembered.clear()

    @property
    def is_spent(self):
        return bool(self._end) and time.monotonic() > self._end

    # -- what is packed -----------------------------------------------------------

    def prefetch(self, jobs):
        """Look up the sizes of everything in the jobs at once."""
        wanted = defaultdict(set)
        for job in jobs:
            for content in job.contents:
                for uom_id in content.uom_ids:
                    if (job.company_id, content.product_id, uom_id) not in self._sizes:
                        wanted[job.company_id].add((content.product_id, uom_id))
        for company_id, pairs in wanted.items():
            products = self.env["product.product"].browse({pair[0] for pair in pairs})
            uoms = self.env["uom.uom"].browse({pair[1] for pair in pairs})
            company = self.env["res.company"].browse(company_id)
            sizes = products._oms_get_sizes(uoms, company)
            # what has no size is remembered as well
            self._sizes.update(dict.fromkeys((company_id, *pair) for pair in pairs))
            self._sizes.update(
                {
                    (company_id, product.id, uom.id): size
                    for (product, uom), size in sizes.items()
                }
            )

    def bodies(self, company_id, contents):
        """``{key: (quantity, size, grams)}``: whole cases first, the rest in units.

        A quantity that is not whole, such as 2.5 kg, is as many bodies rounded up.
        """
        found = {}
        for content in contents:
            product = self.env["product.product"].browse(content.product_id)
            left = content.quantity
            for uom, factor in self._packing_units(
                company_id, product, content.uom_ids
            ):
                number = ceil(left - 1e-6) if factor == 1 else int(left / factor + 1e-6)
                if number <= 0:
                    continue
                left -= number * factor
                key = body_key(product.id, uom.id)
                size = self._sizes.get((company_id, product.id, uom.id))
                grams = size and size.weight
                if not grams:
                    grams = self.units.grams(product.weight * factor)
                if left < -1e-6:
                    # the last body holds less than a whole unit
                    grams = ceil(grams * (number * factor + left) / (number * factor))
                before = found.get(key, (0, None, 0))[0]
                found[key] = (before + number, size, grams)
        return found

    def _packing_units(self, company_id, product, uom_ids):
        """Units that are measured, the largest first; the product's own last."""
        base = product.uom_id
        rows = []
        for uom in self.env["uom.uom"].browse(uom_ids):
            size = self._sizes.get((company_id, product.id, uom.id))
            if uom == base or not size or size.is_guess:
                continue
            factor = uom._compute_quantity(1, base, round=False)
            if factor > 1:
                rows.append((uom, factor))
        return [*sorted(rows, key=lambda row: -row[1]), (base, 1)]

    def items(self, company_id, contents):
        """(engine items, keys without a size, whether a size was guessed)."""
        items, sizeless, guessed = [], {}, False
        for key, (quantity, size, grams) in self.bodies(company_id, contents).items():
            if not size:
                sizeless[key] = quantity
                continue
            guessed = guessed or size.is_guess
            items.append(replace(size.item(quantity, key), weight=grams))
        return items, sizeless, guessed

    # -- cartons and prices ------------------------------------------------------------

    def cartons(self, job):
        key = (job.carrier_id, job.company_id, job.warehouse_id)
        if key not in self._cartons:
            self._cartons[key] = self.env["stock.package.type"]._oms_get_cartons(
                self.env["delivery.carrier"].browse(job.carrier_id or ()),
                self.env["res.company"].browse(job.company_id),
                self.env["stock.warehouse"].browse(job.warehouse_id or ()),
            )
        return self._cartons[key]

    def price(self, job):
        key = (job.carrier_id, job.company_id, job.date, job.values)
        if key not in self._prices:
            carrier = self.env["delivery.carrier"].browse(job.carrier_id or ())
            company = self.env["res.company"].browse(job.company_id)
            self._prices[key] = carrier.with_company(company)._oms_get_price(
                job.date, company, dict(job.values)
            )
        return self._prices[key]

    def sign(self, job):
        """What an answer depends on beside the contents: sizes, cartons and prices.

        :return: a short text that is another one when any of them changes
        """
        self.prefetch([job])
        sizes = [
            size.signature() if (size := self._sizes.get(key)) else key
            for content in job.contents
            for uom_id in content.uom_ids
            for key in [(job.company_id, content.product_id, uom_id)]
        ]
        cartons = [replace(carton, available=None) for carton in self.cartons(job)]
        parts = repr((sizes, cartons, self.price(job).sign()))
        return blake2s(parts.encode(), digest_size=8).hexdigest()

    # -- answers --------------------------------------------------------------------

    def remember(self, job, make):
        """What ``make`` makes of a job, made once for equal jobs."""
        if job not in self._remembered:
            self._remembered[job] = make()
        return self._remembered[job]

    def answer(self, job):
        """Plan a job, or remember the plan of an equal one."""
        if job not in self._answers:
            self.prefetch([job])
            self._answers[job] = self._solve(job)
            self.solved += 1
        return self._answers[job]

    def parcels(self, job):
        """The parcels a job goes in: its boxes, and one of what no carton takes.

        :return: list of (outer mm, gross g, number)
        """
        plan = self.answer(job).plan
        found = Counter((tuple(box.carton.outer), box.gross) for box in plan.boxes)
        if plan.unpacked:
            found[self._left_over(job, plan.unpacked)] += 1
        return [(*parcel, number) for parcel, number in found.items()]

    def _left_over(self, job, unpacked):
        """(outer mm, gross g) of what is not packed, as compact as can be."""
        bodies = self.bodies(job.company_id, job.contents)
        mm3 = grams = 0
        for key, quantity, _reason in unpacked:
            _number, size, weight = bodies[key]
            grams += quantity * (weight or 0)
            if size:
                mm3 += quantity * size.length * size.width * size.height
        return as_cube(mm3, grams)

    def _solve(self, job):
        items, sizeless, guessed = self.items(job.company_id, job.contents)
        cartons = self.cartons(job)
        price = self.price(job)
        plan, baseline, seconds = self._recall(items, cartons, price)
        if sizeless:
            reason = self.env._("its size is not known")
            rows = tuple((key, quantity, reason) for key, quantity in sizeless.items())
            plan = replace(plan, unpacked=(*plan.unpacked, *rows))
        answer = Answer(plan, items, baseline, guessed, seconds)
        answer.why = [self.explain(box, cartons, price) for box in plan.boxes]
        return answer

    def _recall(self, items, cartons, price):
        """Plan, price by volume and seconds; remembered, as distributors ship the same
        again and again, and the price of freight is asked for at each click."""
        case = (self.env.cr.dbname, items, cartons, price.sign(), self.deadline)
        key = blake2s(repr(case).encode()).digest()
        found = MEMORY.get(key)
        if not found:
            start = time.monotonic()
            plan = pack(items, cartons, price, support=SUPPORT, deadline=self.deadline)
            baseline = self._baseline(plan, items, cartons, price)
            found = MEMORY[key] = plan, baseline, time.monotonic() - start
        return found

    def _baseline(self, plan, items, cartons, price):
        """What it would cost in the fewest and smallest cartons by volume."""
        if not plan.boxes:
            return 0.0

        def by_volume(outer, gross):
            if price(outer, gross) == inf:
                return inf
            length, width, height = (float(side) for side in outer)
            return 1e12 + length * width * height

        cheap = [replace(carton, cost=0) for carton in cartons]
        costs = {carton.key: carton.cost for carton in cartons}
        usual = pack(
            items,
            cheap,
            by_volume,
            support=SUPPORT,
            effort=BASELINE_EFFORT,
            deadline=min(self.deadline or 1, 1),
        )
        if len(usual.unpacked) > len(plan.unpacked):
            return float(plan.price)
        return price.total(
            [(box.carton.outer, box.gross) for box in usual.boxes]
        ) + sum(float(costs.get(box.carton.key, 0)) for box in usual.boxes)

    def plan_bodies(self, job, items, counts):
        """Plan some bodies of a job: ``(boxes, unpacked, reasons)``.

        :param dict items: ``{key: engine item}``
        :param counts: ``{key: number}``
        """
        wanted = [
            replace(items[key], quantity=number)
            for key, number in counts.items()
            if number > 0 and key in items
        ]
        cartons, price = self.cartons(job), self.price(job)
        plan = pack(wanted, cartons, price, support=SUPPORT, deadline=self.deadline)
        sizeless = [
            (key, number, self.env._("its size is not known"))
            for key, number in counts.items()
            if number > 0 and key not in items
        ]
        why = [self.explain(box, cartons, price) for box in plan.boxes]
        return plan.boxes, [*plan.unpacked, *sizeless], why

    def pack_box(self, items, carton, price):
        """Pack one chosen carton by hand: ``(box or None, unpacked)``."""
        plan = pack(
            items,
            [replace(carton, available=1, cut_heights=())],
            price,
            support=SUPPORT,
            deadline=2,
        )
        return (plan.boxes[0] if plan.boxes else None), plan.unpacked

    @staticmethod
    def check(boxes, items, cartons):
        """Faults of boxes packed by hand, as the independent checker finds them."""
        total = sum((box.price for box in boxes), 0)
        plan = Plan(tuple(boxes), (), total, total, False, SUPPORT)
        packed = Counter(p.key for box in boxes for p in box.placements)
        items = [
            replace(item, quantity=packed[item.key])
            for item in items
            if packed[item.key]
        ]
        return check(plan, items, cartons)


def finite(value):
    """A price as a number that can be stored; nothing for what no carrier takes."""
    value = float(value)
    return value if isfinite(value) else 0.0
