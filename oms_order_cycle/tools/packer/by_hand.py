"""Boxes of a transfer that a packer changes by hand: packed again and checked."""

from collections import Counter
from dataclasses import replace
from math import inf

from odoo.exceptions import UserError

from ...packing import Box, Plan, check, pack
from .bench_draft import DraftBox
from .geometry import pack_geometry, unpack_geometry
from .planner import SUPPORT, Packer

#: Seconds for one carton that somebody fills.
CARTON_DEADLINE = 2


class HandPacking:
    """Changes the boxes of one transfer on the bench.

    :ivar transfer: the ``DraftTransfer``, changed in place
    :ivar cartons: what may be used
    """

    def __init__(self, picking, transfer, deadline):
        """
        :param picking: ``stock.picking`` of the transfer
        :param transfer: ``DraftTransfer``
        :param deadline: seconds that somebody waits for a plan
        """
        self.env = picking.env
        self.transfer = transfer
        self.job = picking._oms_get_pack_job(here=True)
        self.packer = Packer(self.env, deadline=deadline)
        self.packer.free(picking)
        self.packer.prefetch([self.job])
        items, _sizeless, _guessed = self.packer.items(
            self.job.company_id, self.job.contents
        )
        self.items = {item.key: item for item in items}
        self.cartons = self.packer.cartons(self.job)
        self._by_type = {carton.key: carton for carton in self.cartons}

    # -- boxes ------------------------------------------------------------------------

    def add_box(self, type_id=False, source=None):
        """An empty box: of the carton given, like the source, or the largest.

        :param type_id: of a ``stock.package.type``
        :param source: ``DraftBox`` its contents come from
        :raise UserError: if there is no carton
        """
        if not self.cartons:
            raise UserError(self.env._("There is no carton to use."))
        if not type_id and source and not source.own:
            type_id = source.type_id
        if not type_id:
            type_id = max(self.cartons, key=lambda carton: carton.usable_volume).key
        box = DraftBox(int(type_id), pinned=True)
        self.transfer.boxes.append(box)
        return box

    def put_into_new_boxes(self, key, number, source):
        """Units in the carton that suits them best; what ships as it is, as it is.

        :return: boxes that are to be packed by hand
        """
        boxes, unpacked = self._plan({key: number}, self.transfer.filled)
        alone = len(boxes) == 1 or all(box.own for box in boxes)
        if boxes and not unpacked and alone:
            for box in boxes:
                box.pinned = True
            self.transfer.boxes += boxes
            return []
        box = self.add_box(source=source)
        box.add(key, number)
        return [box]

    def plan_rest(self):
        """Plan anew all that nobody has packed by hand.

        :return: ``(boxes packed by hand, what is left)``, the latter from the engine
        """
        transfer = self.transfer
        pinned = [box for box in transfer.boxes if box.pinned]
        rest = Counter({key: row[0] for key, row in transfer.loose.items()})
        for box in pinned:
            rest.update(self._take_out_unplaced(box))
        for box in transfer.boxes:
            if not box.pinned:
                rest.update(box.bodies)
        boxes, left = self._plan(rest, [box for box in pinned if box.bodies])
        kept = [box for box in pinned if box.bodies or box.fresh]
        transfer.boxes = kept + boxes
        transfer.loose = {}
        # what ships as it is has no carton to be packed again in
        return [box for box in pinned if not box.own], left

    @staticmethod
    def _take_out_unplaced(box):
        """Take out of a box what found no room in it."""
        placed = Counter(row[0] for row in box.geometry["placements"])
        over = {
            key: number - placed[key]
            for key, number in box.bodies.items()
            if number > placed[key]
        }
        for key, number in over.items():
            box.remove(key, number)
        return over

    def _plan(self, counts, others):
        """Let the engine plan some bodies, with the cartons that others leave.

        :return: ``(draft boxes, unpacked)``
        """
        self.packer.take(box.type_id for box in others)
        boxes, unpacked, why = self.packer.plan_bodies(self.job, self.items, counts)
        found = [
            DraftBox.from_engine(box, words, self._cost(box.carton, box.gross))
            for box, words in zip(boxes, why, strict=True)
        ]
        return found, unpacked

    def _cost(self, carton, gross):
        return self.packer.cost_of_parcel(self.job, carton.outer, gross, carton.key)

    # -- by hand ----------------------------------------------------------------------

    def fill(self, box):
        """Lay what somebody wants in a box into the carton somebody wants.

        :raise UserError: if the carton is not for this transfer
        """
        carton = self._by_type.get(box.type_id)
        if not carton:
            raise UserError(
                self.env._("This carton is not for the carrier of the transfer.")
            )
        packed, left = self._pack(box, carton)
        # what finds no room is put in all the same: it weighs
        gross = packed.gross + self._weigh(left)
        box.geometry = pack_geometry(packed)
        box.gross = gross
        box.price = self._cost(carton, gross) if box.bodies else 0.0
        box.reason = self.env._("Chosen by hand.")
        box.pinned = True
        box.faults = self._find_faults(box, carton, gross, left)

    def price_anew(self):
        """What boxes weigh and cost by what holds now; faults of each by itself.

        For boxes that were packed before sizes, cartons or the carrier changed: they
        stay as they are.
        """
        for box in self.transfer.filled:
            packed = unpack_geometry(box.geometry, box.type_id)
            carton = self._by_type.get(box.type_id, packed.carton)
            if box.own:
                box.gross = self._weigh(box.bodies) or box.gross
                box.price = self.packer.cost_of_parcel(
                    self.job, packed.carton.outer, box.gross, None
                )
                continue
            if packed.carton.cut:
                carton = carton.cut_to(packed.carton.cut)
            if box.type_id in self._by_type:
                box.gross = carton.tare + carton.filler + self._weigh(box.bodies)
                placed = Counter(row[0] for row in box.geometry["placements"])
                left = Counter(box.bodies) - placed
                box.faults = self._find_faults(box, carton, box.gross, left)
            else:
                box.faults = [
                    self.env._("This carton is not for the carrier of the transfer.")
                ]
            box.price = self.packer.cost_of_parcel(
                self.job, packed.carton.outer, box.gross, box.type_id
            )

    def _pack(self, box, carton):
        """(engine box, ``{key: number}`` of what finds no room)."""
        wanted = [
            replace(self.items[key], quantity=number, own_carton=False)
            for key, number in box.bodies.items()
            if key in self.items
        ]
        packed, unpacked = None, ()
        if wanted:
            plan = pack(
                wanted,
                [replace(carton, cost=0, available=1, cut_heights=())],
                self.packer.objective(self.job),
                support=SUPPORT,
                deadline=CARTON_DEADLINE,
            )
            packed, unpacked = next(iter(plan.boxes), None), plan.unpacked
        left = Counter()
        for key, number, _reason in unpacked:
            left[key] += number
        for key in box.bodies.keys() - self.items.keys():
            left[key] += box.bodies[key]
        return packed or Box(carton, (), carton.tare + carton.filler, 0), left

    def _weigh(self, counts):
        """Weight in g of some units, as far as it is known."""
        return sum(
            self.items[key].weight * number
            for key, number in counts.items()
            if key in self.items
        )

    def _find_faults(self, box, carton, gross, left):
        """What is wrong with a box by itself, in words."""
        names = self.env["oms.pack.plan"]._body_names(set(left))
        faults = [
            self.env._(
                "%(quantity)s x %(name)s: no room found",
                quantity=number,
                name=names[key],
            )
            for key, number in left.items()
        ]
        if carton.max_gross is not None and gross > carton.max_gross:
            faults.append(self.env._("It is heavier than this carton may be."))
        if box.bodies and self.packer.objective(self.job)(carton.outer, gross) == inf:
            faults.append(self.env._("The carrier does not take such a parcel."))
        return faults

    def check(self):
        """What the independent checker finds in all boxes together.

        :return: list of (``packing.check.Fault``, number of its box from 1 or ``None``)
        """
        boxes, numbers = [], []
        for number, box in enumerate(self.transfer.boxes, start=1):
            packed = unpack_geometry(box.geometry, box.type_id)
            carton = self._by_type.get(box.type_id)
            if box.own or not packed.placements or not carton:
                continue
            numbers.append(number)
            if packed.carton.cut:
                carton = carton.cut_to(packed.carton.cut)
            weight = sum(self.items[p.key].weight for p in packed.placements)
            gross = carton.tare + carton.filler + weight
            boxes.append(replace(packed, carton=carton, gross=gross, price=0))
        own = {key for box in self.transfer.boxes if box.own for key in box.bodies}
        items = [item for item in self.items.values() if item.key not in own]
        return [
            (fault, fault.box and numbers[fault.box - 1])
            for fault in self._check_boxes(boxes, items)
        ]

    def _check_boxes(self, boxes, items):
        packed = Counter(p.key for box in boxes for p in box.placements)
        items = [
            replace(item, quantity=packed[item.key])
            for item in items
            if packed[item.key]
        ]
        plan = Plan(tuple(boxes), (), 0, 0, False, SUPPORT)
        return check(plan, items, self.cartons)
