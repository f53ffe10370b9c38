from collections import Counter
from dataclasses import replace
from math import inf

from odoo import api, models
from odoo.exceptions import UserError

from ..packing import Box, FaultCode
from ..tools.pack_bench import (
    PackBench,
    finite,
    pack_geometry,
    unpack_geometry,
)
from ..tools.pack_reasons import split_key
from ..tools.units import Units
from .oms_pack_wizard import DEADLINE


class OmsPackWizard(models.TransientModel):
    """What packers change by hand: packed again and checked at once."""

    _inherit = "oms.pack.wizard"

    def change_carton(self, picking_id, number, type_id):
        """Put what is in a box into another carton."""
        entry, box = self._touch(picking_id, number)
        box.update(type=int(type_id), own=False)
        return self._replan(entry, [box])

    def move_units(self, picking_id, number, key, quantity, target):
        """Move units to another box.

        :param number: box they are in, 0 for what is not packed
        :param key: what, as in the contents of the box
        :param quantity: how many
        :param target: number of the box they go to; 0 for a new one
        """
        entry = self._get_entry(picking_id)
        source = self._get_box(entry, number) if number else None
        have = (
            source["bodies"].get(key, 0) if source else entry["loose"].get(key, [0])[0]
        )
        quantity = int(quantity)
        if not 0 < quantity <= have:
            raise UserError(
                self.env._("Between 1 and %s can be moved from here.", have)
            )
        touched = []
        if source:
            source["bodies"][key] -= quantity
            if not source["bodies"][key]:
                del source["bodies"][key]
            touched.append(source)
        else:
            entry["loose"][key][0] -= quantity
            if not entry["loose"][key][0]:
                del entry["loose"][key]
        if target:
            into = self._get_box(entry, target)
            if into["own"]:
                raise UserError(
                    self.env._("Box %s has no carton that could take more.", target)
                )
            into["bodies"][key] = into["bodies"].get(key, 0) + quantity
            touched.append(into)
        else:
            touched += self._put_into_new_boxes(entry, key, quantity, source)
        return self._replan(entry, touched)

    def _put_into_new_boxes(self, entry, key, quantity, source):
        """Units in the carton that suits them best; what ships as it is, as it is.

        :return: boxes that are to be packed by hand
        """
        bench, job, items, _cartons = self._get_bench(entry)
        bench.take(box["type"] for box in entry["boxes"] if box["bodies"])
        boxes, unpacked, why = bench.plan_bodies(job, items, {key: quantity})
        own = [box for box in boxes if not isinstance(box.carton.key, int)]
        if boxes and not unpacked and (len(own) == len(boxes) or len(boxes) == 1):
            new = [
                {**self._engine_to_draft(box, words), "pinned": True}
                for box, words in zip(boxes, why, strict=True)
            ]
            entry["boxes"] += new
            return []
        box = self._new_box(entry, source)
        box["bodies"] = {key: quantity}
        entry["boxes"].append(box)
        return [box]

    def add_box(self, picking_id, type_id=False):
        """Add an empty box, to move units into."""
        entry = self._get_entry(picking_id)
        box = {**self._new_box(entry, None, type_id), "fresh": True}
        entry["boxes"].append(box)
        return self._replan(entry, [box])

    def remove_box(self, picking_id, number):
        """Take a box away; what was in it is to be packed again."""
        entry = self._get_entry(picking_id)
        box = self._get_box(entry, number)
        entry["boxes"].remove(box)
        for key, quantity in box["bodies"].items():
            self._set_loose(entry, key, quantity, self.env._("its box was removed"))
        return self._replan(entry, [])

    def get_size(self, key):
        """Sides and weight of a product on the bench, in the database's units."""
        self._check_own()
        product, uom = self._get_body(key)
        size = product._oms_get_size_records().get((product, uom))
        template = self.env["product.template"]
        return {
            "length": size.length if size else 0,
            "width": size.width if size else 0,
            "height": size.height if size else 0,
            "weight": (size and size.weight)
            or product.weight * uom._compute_quantity(1, product.uom_id, round=False),
            "length_unit": template._get_length_uom_name_from_ir_config_parameter(),
            "weight_unit": template._get_weight_uom_name_from_ir_config_parameter(),
        }

    def measure(self, key, length, width, height, weight):
        """Keep what somebody measured at the bench, and plan all anew with it.

        :param key: what was measured, as in the contents of a box
        :param length: and width and height, in the database's unit of length
        :param weight: of one, in the database's unit of weight; 0 if not weighed
        """
        self._check_own()
        product, uom = self._get_body(key)
        sides = [float(side or 0) for side in (length, width, height)]
        weight = float(weight or 0)
        if min(sides) <= 0 or weight < 0:
            raise UserError(
                self.env._(
                    "Enter length, width and height of %s.", product.display_name
                )
            )
        units = Units.of(self.env)
        self.env["oms.product.size"]._learn(
            [
                (
                    product,
                    uom,
                    tuple(units.mm(side) for side in sides),
                    units.grams(weight),
                )
            ]
        )
        self._load()
        return True

    def _get_body(self, key):
        """(product, unit) of something on the bench."""
        on_bench = {
            body
            for entry in self.draft
            for bodies in (entry["loose"], *(box["bodies"] for box in entry["boxes"]))
            for body in bodies
        }
        if key not in on_bench:
            raise UserError(self.env._("This is not on the bench any more."))
        product_id, uom_id = split_key(key)
        return (
            self.env["product.product"].browse(product_id),
            self.env["uom.uom"].browse(uom_id),
        )

    def plan_rest(self, picking_id):
        """Plan anew all that nobody has packed by hand."""
        entry = self._get_entry(picking_id)
        bench, job, items, _cartons = self._get_bench(entry)
        pinned = [box for box in entry["boxes"] if box["pinned"]]
        rest = Counter({key: row[0] for key, row in entry["loose"].items()})
        for box in pinned:
            placed = Counter(row[0] for row in box["geometry"]["placements"])
            for key, quantity in list(box["bodies"].items()):
                over = quantity - placed[key]
                if over > 0:
                    rest[key] += over
                    box["bodies"][key] = placed[key]
                if not box["bodies"][key]:
                    del box["bodies"][key]
        for box in entry["boxes"]:
            if not box["pinned"]:
                rest.update(box["bodies"])
        bench.take(box["type"] for box in pinned if box["bodies"])
        boxes, loose, why = bench.plan_bodies(job, items, rest)
        entry["boxes"] = [box for box in pinned if box["bodies"] or box.get("fresh")]
        entry["boxes"] += [
            self._engine_to_draft(box, words)
            for box, words in zip(boxes, why, strict=True)
        ]
        entry["loose"] = {}
        for key, quantity, reason in loose:
            words = self.env["oms.pack.plan"]._reason_words(reason)
            self._set_loose(entry, key, quantity, words)
        # what ships as it is has no carton to be packed again in
        return self._replan(entry, [box for box in pinned if not box["own"]])

    def reset(self):
        """Forget what was changed by hand and plan again."""
        self._check_own()
        self._load(force=True)
        return True

    # -- helpers of the hand --------------------------------------------------------

    def _check_own(self):
        """A bench is for who opened it; transfers may have got out of reach."""
        self.ensure_one()
        self.picking_ids._oms_check_may_pack()

    def _get_entry(self, picking_id):
        self._check_own()
        found = [entry for entry in self.draft if entry["picking"] == picking_id]
        for entry in found:
            if not entry["applied"]:
                return entry
        if found:
            raise UserError(self.env._("It is packed already. Undo it to change it."))
        raise UserError(self.env._("This transfer is not on the bench."))

    def _touch(self, picking_id, number):
        entry = self._get_entry(picking_id)
        return entry, self._get_box(entry, number)

    def _get_box(self, entry, number):
        if not 0 < number <= len(entry["boxes"]):
            raise UserError(
                self.env._("There is no box %s any more. Open the bench again.", number)
            )
        return entry["boxes"][number - 1]

    @staticmethod
    def _set_loose(entry, key, quantity, reason):
        before = entry["loose"].get(key, [0])[0]
        entry["loose"][key] = [before + quantity, reason]

    def _new_box(self, entry, source, type_id=False):
        """An empty box: of the carton given, like the source, or the largest."""
        _bench, _job, _items, cartons = self._get_bench(entry)
        if not cartons:
            raise UserError(self.env._("There is no carton to use."))
        if not type_id and source and not source["own"]:
            type_id = source["type"]
        if not type_id:
            type_id = max(cartons, key=lambda carton: carton.usable_volume).key
        return {
            "type": int(type_id),
            "own": False,
            "bodies": {},
            "geometry": None,
            "gross": 0,
            "price": 0,
            "reason": "",
            "pinned": True,
            "faults": [],
            "package": "",
        }

    def _get_bench(self, entry):
        """(bench, job, ``{key: engine item}``, cartons) of a transfer."""
        picking = self.env["stock.picking"].browse(entry["picking"])
        job = picking._oms_get_pack_job(here=True)
        bench = PackBench(self.env, deadline=DEADLINE)
        bench.free(picking)
        bench.prefetch([job])
        items, _sizeless, _guessed = bench.items(job.company_id, job.contents)
        return bench, job, {item.key: item for item in items}, bench.cartons(job)

    def _replan(self, entry, touched):
        """Pack the boxes that were changed, and check all of them."""
        entry["changed"] = True
        bench, job, items, cartons = self._get_bench(entry)
        by_type = {carton.key: carton for carton in cartons}
        price = bench.price(job)
        for box in touched:
            carton = by_type.get(box["type"])
            if not carton:
                raise UserError(
                    self.env._("This carton is not for the carrier of the transfer.")
                )
            self._pack_by_hand(box, carton, bench, items, price)
        for box in entry["boxes"]:
            if box["bodies"]:
                box["fresh"] = False
        # a box goes when the last unit is moved out of it
        entry["boxes"] = [
            box for box in entry["boxes"] if box["bodies"] or box.get("fresh")
        ]
        self._check_boxes(entry, bench, items, cartons)
        self._keep(
            [entry if other["plan"] == entry["plan"] else other for other in self.draft]
        )
        return True

    def _pack_by_hand(self, box, carton, bench, items, price):
        """Lay what somebody wants in a box into the carton somebody wants."""
        faults = []
        wanted = [
            replace(items[key], quantity=quantity, own_carton=False)
            for key, quantity in box["bodies"].items()
            if key in items
        ]
        names = self.env["oms.pack.plan"]._body_names(set(box["bodies"]))
        packed, unpacked = (
            bench.pack_box(wanted, carton, price) if wanted else (None, ())
        )
        left = Counter()
        for key, quantity, _reason in unpacked:
            left[key] += quantity
        for key in box["bodies"].keys() - items.keys():
            left[key] += box["bodies"][key]
        faults += [
            self.env._(
                "%(quantity)s x %(name)s: no room found",
                quantity=quantity,
                name=names[key],
            )
            for key, quantity in left.items()
        ]
        if packed is None:
            packed = Box(carton, (), carton.tare + carton.filler, 0)
        # what finds no room is put in all the same: it weighs
        over = sum(
            items[key].weight * quantity
            for key, quantity in left.items()
            if key in items
        )
        gross = packed.gross + over
        if carton.max_gross is not None and gross > carton.max_gross:
            faults.append(self.env._("It is heavier than this carton may be."))
        paid = price(carton.outer, gross) if box["bodies"] else 0
        if paid == inf:
            faults.append(self.env._("The carrier does not take such a parcel."))
        box.update(
            geometry=pack_geometry(packed),
            gross=gross,
            price=finite(paid) + (float(carton.cost) if box["bodies"] else 0),
            reason=self.env._("Chosen by hand."),
            pinned=True,
            faults=faults,
        )

    def _check_boxes(self, entry, bench, items, cartons):
        """What the independent checker finds in all boxes together."""
        by_type = {carton.key: carton for carton in cartons}
        plan = self.env["oms.pack.plan"].sudo().browse(entry["plan"])
        offset = plan._get_box_offset()
        boxes, numbers = [], []
        for number, box in enumerate(entry["boxes"], start=1):
            packed = unpack_geometry(box["geometry"], box["type"])
            if box["own"] or not packed.placements or box["type"] not in by_type:
                continue
            numbers.append(offset + number)
            carton = by_type[box["type"]]
            if packed.carton.cut:
                carton = carton.cut_to(packed.carton.cut)
            weight = sum(items[p.key].weight for p in packed.placements)
            gross = carton.tare + carton.filler + weight
            boxes.append(replace(packed, carton=carton, gross=gross, price=0))
        own = {key for box in entry["boxes"] if box["own"] for key in box["bodies"]}
        rows = [item for item in items.values() if item.key not in own]
        names = self.env["oms.pack.plan"]._body_names(set(items))
        entry["faults"] = []
        for fault in bench.check(boxes, rows, cartons):
            number = fault.box and numbers[fault.box - 1]
            entry["faults"].append(self._fault_words(fault, names, number))

    @api.model
    def _fault_words(self, fault, names, box):
        """What the checker says, in the language of the user.

        :param fault: ``packing.Fault``
        :param dict names: ``{key: what a packer calls it}``
        :param box: number of the box on the screen, ``None`` for all of them
        """
        types = self.env["stock.package.type"]
        values = {name: names.get(value, value) for name, value in fault.values.items()}
        if "carton" in values:
            values["carton"] = types.browse(values["carton"]).name
        text = self._get_fault_messages()[fault.code] % values
        if box:
            return self.env._("Box %(number)s: %(fault)s", number=box, fault=text)
        return text

    @api.model
    def _get_fault_messages(self):
        """Words for every ``packing.FaultCode``, with places for its parameters."""
        return {
            FaultCode.NOT_ORDERED: self.env._("%(key)s was not ordered"),
            FaultCode.MISCOUNTED: self.env._(
                "%(key)s: %(planned)s units in the boxes, %(ordered)s ordered"
            ),
            FaultCode.CARTON_NOT_OFFERED: self.env._(
                "this carton is not for the transfer"
            ),
            FaultCode.OUT_OF_CARTONS: self.env._(
                "%(carton)s: %(used)s used, %(available)s in stock"
            ),
            FaultCode.OUTSIDE: self.env._("%(key)s is not inside"),
            FaultCode.OVERLAP: self.env._("%(key)s and %(other)s overlap"),
            FaultCode.NO_ROOM_FOR_FILLING: self.env._(
                "too little room is left for filling"
            ),
            FaultCode.TOO_HEAVY: self.env._(
                "it weighs %(gross)s g, the carton may hold %(most)s g"
            ),
            FaultCode.WRONG_GROSS: self.env._(
                "it weighs %(gross)s g, the plan says %(said)s g"
            ),
            FaultCode.POORLY_SUPPORTED: self.env._(
                "%(key)s rests on %(area)s of the %(base)s mm² of its base"
            ),
            FaultCode.WRONG_POSITION: self.env._(
                "%(key)s lies in a position it may not have"
            ),
            FaultCode.NOT_ON_FLOOR: self.env._("%(key)s does not stand on the floor"),
            FaultCode.ON_FRAGILE: self.env._(
                "%(key)s rests on %(other)s, which is fragile"
            ),
            FaultCode.OVERLOADED: self.env._(
                "%(key)s carries %(load)s g, more than it may"
            ),
            FaultCode.NOT_ALONE: self.env._(
                "%(key)s shares its carton with other products"
            ),
            FaultCode.NOT_IN_OWN_CARTON: self.env._("%(key)s ships in its own carton"),
            FaultCode.NOT_APART: self.env._(
                "%(key)s lies with %(other)s: they must be kept apart"
            ),
            FaultCode.GROUP_SPLIT: self.env._(
                "%(group)s must stay together: it is in %(number)s cartons"
            ),
        }

    @api.model
    def _engine_to_draft(self, box, why):
        own = not isinstance(box.carton.key, int)
        return {
            "type": False if own else box.carton.key,
            "own": own,
            "bodies": dict(Counter(p.key for p in box.placements)),
            "geometry": pack_geometry(box),
            "gross": box.gross,
            "price": finite(box.price),
            "reason": why.text,
            "pinned": False,
            "faults": [],
            "package": "",
        }
