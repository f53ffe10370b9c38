"""Between Odoo's records and the packing engine: what a run of plans shares.

A packer looks up sizes, cartons and prices once for many transfers and solves equal
contents once. All that goes in or comes out of the engine is converted here.
"""

import time
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import blake2s
from math import ceil, inf

from ...packing import Plan, Reason, Unpacked, pack
from ..parcel_price import finite
from ..units import Units, as_cube
from .bodies import Bodies
from .contents import is_carton, without_values
from .memory import MEMORY
from .reasons import Reasons

#: Context key: ids of transfers that are planned just now; their cartons are free.
REPLANNED = "oms_replanned"
#: Share of each unit's base that must be supported.
SUPPORT = 0.7
#: Effort for the comparison with the smallest carton by volume.
BASELINE_EFFORT = 4
#: mm3 that a carton counts for in it beside its volume, more than all that is ever
#: shipped at once: one carton more is worse than larger ones.
ONE_MORE = 1e12
#: What writing a box and placing a body take at least here.
SECONDS_PER_BOX = 0.01
SECONDS_PER_BODY = 1e-4


@dataclass
class Answer:
    """A plan and what there is to say of it.

    :ivar usual: the parcels in the fewest and smallest cartons by volume, as
        ``(outer, gross, carton key)``; ``None`` where that leaves more unpacked
    """

    plan: Plan
    items: list
    usual: list | None
    guessed: bool
    seconds: float
    why: list = field(default_factory=list)


class Packer:
    """Plans many jobs; what they have in common is looked up and solved once."""

    def __init__(self, env, deadline=None, budget=None, quote=False):
        """
        :param deadline: seconds for one answer; the best found by then is taken
        :param budget: seconds for all answers; ``is_spent`` when they are over
        :param quote: only the parcels are wanted: no time goes into what is usual, nor
            into why each carton was taken
        """
        self.env = env(su=True)
        self.units = Units.of(self.env)
        self.deadline = deadline
        self.quote = quote
        self._end = budget and time.monotonic() + budget
        self.solved = 0
        self._reasons = Reasons(self.env)
        self._bodies = Bodies(self.env, self.units)
        self._cartons = {}
        self._prices = {}
        self._objectives = {}
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
        """Whether the time for all answers is over."""
        return bool(self._end) and time.monotonic() > self._end

    # -- what is packed -----------------------------------------------------------

    def prefetch(self, jobs):
        """Look up the sizes of everything in the jobs at once."""
        self._bodies.prefetch(jobs)

    def bodies(self, company_id, contents):
        """``{key: (quantity, size, grams)}``, see :meth:`.bodies.Bodies.of`."""
        return self._bodies.of(company_id, contents)

    def items(self, company_id, contents):
        """(engine items, keys without a size, whether a size was guessed)."""
        return self._bodies.items(company_id, contents)

    def least_seconds(self, job):
        """How long it takes at least to plan a job and to write its boxes: those it
        needs by volume, with every body in its place."""
        roomiest = max(
            (carton.usable_volume for carton in self.cartons(job)), default=0
        )
        boxes = bodies = volume = 0
        for number, size, _grams in self.bodies(job.company_id, job.contents).values():
            bodies += number
            if size and size.own_carton:
                boxes += number
            elif size:
                volume += number * size.volume
        if roomiest:
            boxes += ceil(volume / roomiest)
        return boxes * SECONDS_PER_BOX + bodies * SECONDS_PER_BODY

    # -- cartons and prices ------------------------------------------------------------

    def cartons(self, job):
        """What the job may be packed in, as far as there is any left.

        :return: list of ``packing.Carton``
        """
        key = (job.carrier_id, job.company_id, job.warehouse_id)
        if key not in self._cartons:
            self._cartons[key] = self.env["stock.package.type"]._oms_get_cartons(
                self._carrier(job),
                self.env["res.company"].browse(job.company_id),
                self.env["stock.warehouse"].browse(job.warehouse_id or ()),
            )
        return self._cartons[key]

    def price(self, job):
        """What a parcel of the job costs, in money: a ``ParcelPrice``."""
        key = self._price_key(job)
        if key not in self._prices:
            company = self.env["res.company"].browse(job.company_id)
            carrier = self._carrier(job).with_company(company)
            self._prices[key] = carrier._oms_get_price(
                job.date, company, dict(job.values)
            )
        return self._prices[key]

    def objective(self, job):
        """What is made least for the job: its price, or a ``BillableWeight``."""
        key = self._price_key(job)
        if key not in self._objectives:
            self._objectives[key] = self._carrier(job)._oms_get_objective(
                self.price(job)
            )
        return self._objectives[key]

    def _carrier(self, job):
        return self.env["delivery.carrier"].browse(job.carrier_id or ())

    @staticmethod
    def _price_key(job):
        return job.carrier_id, job.company_id, job.date, job.values

    def has_cost(self, job):
        """Whether there is a cost in money: the method tells it, or the company plans
        with one where cost is made least."""
        return self.price(job).is_tariff or self.objective(job).minimised == "cost"

    def cost_of_parcel(self, job, outer, gross, type_id):
        """What one parcel and its carton cost, in money.

        :param outer: its sides in mm
        :param gross: its weight in g
        :param type_id: of its package type, if it has one
        :return: 0 where nothing tells, or the method does not take it
        """
        if not self.has_cost(job):
            return 0.0
        return finite(self.price(job)(outer, gross)) + self.carton_cost(type_id)

    def cost(self, job, parcels):
        """What a shipment costs in money: its parcels and their cartons.

        :param parcels: list of (outer mm, gross g, id of the package type if any)
        :return: 0 where nothing tells, or the method does not take it
        """
        price = self.price(job)
        if not self.has_cost(job):
            return 0.0
        paid = price.total([(outer, gross) for outer, gross, _type in parcels])
        cartons = sum(self.carton_cost(type_id) for *_parcel, type_id in parcels)
        return finite(paid) + cartons

    def carton_cost(self, type_id):
        """What a carton costs; nothing for what ships as it is."""
        if not is_carton(type_id):
            return 0.0
        return self.env["stock.package.type"].browse(type_id or ()).oms_cost

    def sign(self, job):
        """What an answer depends on beside the contents: sizes, cartons and prices.

        :return: a short text that is another one when any of them changes
        """
        self.prefetch([job])
        sizes = self._bodies.sign(job)
        cartons = [replace(carton, available=None) for carton in self.cartons(job)]
        parts = repr((sizes, cartons, self.objective(job).sign()))
        return blake2s(parts.encode(), digest_size=8).hexdigest()

    # -- answers --------------------------------------------------------------------

    def remember(self, job, make):
        """What ``make`` makes of a job, made once for equal jobs."""
        job = self._without_values(job)
        if job not in self._remembered:
            self._remembered[job] = make()
        return self._remembered[job]

    def answer(self, job):
        """Plan a job, or remember the plan of an equal one."""
        job = self._without_values(job)
        if job not in self._answers:
            self.prefetch([job])
            self._answers[job] = self._solve(job)
            self.solved += 1
        return self._answers[job]

    def _without_values(self, job):
        """The job, whatever it is worth: that counts only where cartons may run short,
        and orders of other prices are equal."""
        if any(carton.available is not None for carton in self.cartons(job)):
            return job
        return job._replace(contents=without_values(job.contents))

    def parcels(self, job):
        """The parcels a job goes in: its boxes, and what no carton takes as it is.

        :return: list of (outer mm, gross g, number)
        """
        plan = self.answer(job).plan
        found = Counter((tuple(box.carton.outer), box.gross) for box in plan.boxes)
        for parcel, number in self._left_over(job, plan.unpacked):
            found[parcel] += number
        return [(*parcel, number) for parcel, number in found.items()]

    def _left_over(self, job, unpacked):
        """((outer mm, gross g), number) of what is not packed, piece by piece.

        What nobody knows the sides of is one parcel, as compact as can be.
        """
        bodies = self.bodies(job.company_id, job.contents)
        sizeless = 0
        for key, quantity, _reason in unpacked:
            _number, size, weight = bodies[key]
            if size:
                yield (size.sides, weight or 0), quantity
            else:
                sizeless += quantity * (weight or 0)
        if sizeless:
            yield as_cube(0, sizeless), 1

    def _solve(self, job):
        items, sizeless, guessed = self.items(job.company_id, job.contents)
        objective, cartons = self.objective(job), self.cartons(job)
        offer = objective.offer(items, cartons)
        # all that the answer depends on: the offer is made of it
        name, sign = self.env.cr.dbname, objective.sign()
        case = (name, items, cartons, sign, self.deadline, self.quote)
        found, seconds = self._recall(case, self._pack, items, offer)
        plan, usual, why = offer.plain(found), None, []
        if sizeless:
            rows = [Unpacked(*row, Reason.NO_SIZE) for row in sizeless.items()]
            plan = replace(plan, unpacked=(*plan.unpacked, *rows), proven=False)
        if not self.quote:
            made = partial(self._usual, found)
            usual, more = self._recall(("usual", case), made, items, offer)
            seconds += more
            why = self._explain(found.boxes, offer, objective)
        return Answer(plan, items, usual, guessed, seconds, why)

    def _explain(self, boxes, offer, objective):
        return [self._reasons.explain(box, offer, objective) for box in boxes]

    def _recall(self, case, make, items, offer):
        """What ``make`` makes of items and offer, and the seconds it took; made once
        for equal cases."""
        found = MEMORY.get(case)
        if not found:
            start = time.monotonic()
            made = make(items, offer)
            found = MEMORY.keep(case, (made, time.monotonic() - start))
        return found

    def _pack(self, items, offer):
        return pack(
            items,
            offer.cartons,
            offer.price,
            support=SUPPORT,
            deadline=self.deadline,
            explain=not self.quote,
        )

    def _usual(self, plan, items, offer):
        """The parcels in the fewest and smallest cartons by volume."""
        if not plan.boxes:
            return None

        def by_volume(outer, gross):
            if offer.price(outer, gross) == inf:
                return inf
            length, width, height = (float(side) for side in outer)
            return ONE_MORE + length * width * height

        usual = pack(
            items,
            [replace(carton, cost=0) for carton in offer.cartons],
            by_volume,
            support=SUPPORT,
            effort=BASELINE_EFFORT,
            deadline=min(self.deadline or 1, 1),
        )
        if len(usual.unpacked) > len(plan.unpacked):
            return None
        return parcels_of(usual.boxes)

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
        objective = self.objective(job)
        offer = objective.offer(wanted, self.cartons(job))
        plan = self._pack(wanted, offer)
        sizeless = [
            Unpacked(key, number, Reason.NO_SIZE)
            for key, number in counts.items()
            if number > 0 and key not in items
        ]
        why = self._explain(plan.boxes, offer, objective)
        return plan.boxes, [*plan.unpacked, *sizeless], why


def parcels_of(boxes):
    """``[(outer mm, gross g, carton key)]`` of packed boxes."""
    return [(box.carton.outer, box.gross, box.carton.key) for box in boxes]
