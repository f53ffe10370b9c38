from odoo import api, models
from odoo.exceptions import UserError

from ...packing import FaultCode
from ...tools.arguments import finite_number, text, whole_number
from ...tools.packer.by_hand import HandPacking
from ...tools.packer.contents import split_key
from ...tools.units import Units, unit_names
from .oms_pack_wizard import DEADLINE


class OmsPackWizard(models.TransientModel):
    """What packers change by hand: packed again and checked at once."""

    _inherit = "oms.pack.wizard"

    def change_carton(self, picking_id, number, type_id):
        """Put what is in a box into another carton.

        :param picking_id: transfer on the bench
        :param number: of the box, from 1
        :param type_id: ``stock.package.type`` of the other carton
        """
        draft, transfer = self._get_open(picking_id)
        box = self._get_box(transfer, number)
        box.type_id, box.own = whole_number(self.env, type_id), False
        return self._repack(draft, self._get_hand(transfer), [box])

    def move_units(self, picking_id, number, key, quantity, target):
        """Move units to another box.

        :param number: box they are in, 0 for what is not packed
        :param key: what, as in the contents of the box
        :param quantity: how many
        :param target: number of the box they go to; 0 for a new one
        """
        draft, transfer = self._get_open(picking_id)
        key, quantity = text(self.env, key), whole_number(self.env, quantity)
        source = self._get_box(transfer, number) if number else None
        have = transfer.count(key, source)
        if not 0 < quantity <= have:
            raise UserError(
                self.env._("Between 1 and %s can be moved from here.", have)
            )
        into = self._get_box(transfer, target) if target else None
        if into and into.own:
            raise UserError(
                self.env._("Box %s has no carton that could take more.", target)
            )
        if source:
            source.remove(key, quantity)
        else:
            transfer.remove_loose(key, quantity)
        hand = self._get_hand(transfer)
        touched = [source] if source else []
        if into:
            into.add(key, quantity)
            touched.append(into)
        else:
            touched += hand.put_into_new_boxes(key, quantity, source)
        return self._repack(draft, hand, touched)

    def add_box(self, picking_id, type_id=False):
        """Add an empty box, to move units into."""
        draft, transfer = self._get_open(picking_id)
        hand = self._get_hand(transfer)
        box = hand.add_box(whole_number(self.env, type_id))
        box.fresh = True
        return self._repack(draft, hand, [box])

    def remove_box(self, picking_id, number):
        """Take a box away; what was in it is to be packed again."""
        draft, transfer = self._get_open(picking_id)
        box = self._get_box(transfer, number)
        transfer.boxes.remove(box)
        for key, quantity in box.bodies.items():
            transfer.add_loose(key, quantity, self.env._("its box was removed"))
        return self._repack(draft, self._get_hand(transfer), [])

    def get_size(self, key):
        """Sides and weight of a product on the bench, in the database's units."""
        self._check_own()
        product, uom = self._get_body(key)
        size = product._oms_get_size_records().get((product, uom))
        length_unit, weight_unit = unit_names(self.env)
        return {
            "length": size.length if size else 0,
            "width": size.width if size else 0,
            "height": size.height if size else 0,
            "weight": (size and size.weight)
            or product.weight * uom._compute_quantity(1, product.uom_id, round=False),
            "length_unit": length_unit,
            "weight_unit": weight_unit,
        }

    def measure(self, key, length, width, height, weight):
        """Keep what somebody measured at the bench, and plan all anew with it.

        :param key: what was measured, as in the contents of a box
        :param length: and width and height, in the database's unit of length
        :param weight: of one, in the database's unit of weight; 0 if not weighed
        """
        self._check_own()
        product, uom = self._get_body(key)
        sides = [finite_number(self.env, side) for side in (length, width, height)]
        weight = finite_number(self.env, weight)
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
        plans = self.env["oms.pack.plan"].sudo()
        self._load(
            released=plans.browse(one.plan_id for one in self._get_draft().transfers)
        )
        return True

    def _get_body(self, key):
        """(product, unit) of something on the bench."""
        key = text(self.env, key)
        if key not in self._get_draft().keys:
            raise UserError(self.env._("This is not on the bench any more."))
        product_id, uom_id = split_key(key)
        return (
            self.env["product.product"].browse(product_id),
            self.env["uom.uom"].browse(uom_id),
        )

    def plan_rest(self, picking_id):
        """Plan anew all that nobody has packed by hand."""
        draft, transfer = self._get_open(picking_id)
        hand = self._get_hand(transfer)
        by_hand, left = hand.plan_rest()
        for key, quantity, reason in left:
            words = self.env["oms.pack.plan"]._get_reason_message(reason)
            transfer.add_loose(key, quantity, words)
        return self._repack(draft, hand, by_hand)

    def reset(self, picking_id=None):
        """Forget what was changed by hand: back to the proposal, as it was.

        :param picking_id: one transfer only
        """
        self._check_own()
        self._load(self._get_pickings(picking_id))
        return True

    def take_offer(self, picking_id):
        """Lay the plan that was offered meanwhile on the bench."""
        _draft, transfer = self._get_open(picking_id)
        plan = self.env["oms.pack.plan"].sudo().browse(transfer.plan_id).exists()
        plan.offer_id._take()
        self._load(self._get_pickings(picking_id))
        return True

    def _get_pickings(self, picking_id):
        """One of the transfers on the bench, or all."""
        return self.picking_ids.filtered(
            lambda picking: not picking_id or picking.id == picking_id
        )

    # -- helpers of the hand --------------------------------------------------------

    def _check_own(self):
        """A bench is for who opened it; transfers may have got out of reach."""
        self.ensure_one()
        self.picking_ids._oms_check_can_pack()

    def _get_open(self, picking_id):
        """(draft, the transfer in it that is still to be packed), to change them.

        :raise UserError: if the transfer is packed already, or not on the bench
        """
        self._check_own()
        draft = self._get_draft()
        found = draft.of_picking(picking_id)
        for transfer in found:
            if not transfer.applied:
                return draft, transfer
        if found:
            raise UserError(self.env._("It is packed already. Undo it to change it."))
        raise UserError(self.env._("This transfer is not on the bench."))

    def _get_box(self, transfer, number):
        number = whole_number(self.env, number)
        if not 0 < number <= len(transfer.boxes):
            raise UserError(
                self.env._("There is no box %s any more. Open the bench again.", number)
            )
        return transfer.boxes[number - 1]

    def _get_hand(self, transfer):
        picking = self.env["stock.picking"].browse(transfer.picking_id)
        return HandPacking(picking, transfer, DEADLINE)

    def _repack(self, draft, hand, boxes):
        """Pack the boxes that were changed, check all of them, and keep the draft."""
        transfer = hand.transfer
        transfer.changed = True
        for box in boxes:
            if box.bodies or box.fresh:
                hand.fill(box)
        transfer.drop_empty()
        transfer.faults = self._find_faults(hand)
        self._keep(draft)
        return True

    def _find_faults(self, hand):
        """What the independent checker finds in all boxes together, in words."""
        plan = self.env["oms.pack.plan"].sudo().browse(hand.transfer.plan_id)
        offset = plan._get_box_offset()
        names = self.env["oms.pack.plan"]._body_names(set(hand.items))
        return [
            self._get_fault_message(fault, names, number and offset + number)
            for fault, number in hand.check()
        ]

    @api.model
    def _get_fault_message(self, fault, names, box):
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
