from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..walk import plan_walk
from ..walk.names import natural_key

#: numbers of more are slips of the pen
MOST = 1_000_000


class StockLocation(models.Model):
    _inherit = "stock.location"

    oms_aisle = fields.Integer(
        string="Aisle",
        help="Counted from the left of the warehouse, 1 is the first. 0 if it has no"
        " place: its lines stand where its pick sequence or its name puts them.",
    )
    oms_block = fields.Integer(
        string="Block",
        help="Between which cross aisles, counted from the front: 1 is the first. Leave"
        " 0 where there are cross aisles at the front and at the back only.",
    )
    oms_position = fields.Float(
        string="Bay",
        digits=(16, 1),
        help="How far along the aisle, in bays, counted from the front of its block: 1"
        " is the first. Bays across the aisle, or above each other, have the same.",
    )
    oms_pick_sequence = fields.Integer(
        string="Pick Sequence",
        index="btree_not_null",
        help="Where it comes in a walk through the whole zone. Orders the lists where"
        " aisle or bay is not known, and what lies in one place. 0 if it has none.",
    )

    @api.constrains("oms_aisle", "oms_block", "oms_position", "oms_pick_sequence")
    def _check_oms_place(self):
        for location in self:
            numbers = (
                location.oms_aisle,
                location.oms_block,
                location.oms_position,
                location.oms_pick_sequence,
            )
            if not all(0 <= number <= MOST for number in numbers):
                raise ValidationError(
                    self.env._(
                        "%(location)s: aisle, block, bay and pick sequence are numbers"
                        " from 0 to %(most)s.",
                        location=location.display_name,
                        most=MOST,
                    )
                )

    def _oms_has_place(self):
        self.ensure_one()
        return self.oms_aisle > 0 and self.oms_position > 0

    def _oms_plan_walk(self):
        """The shortest walk from the depot to all of them and back.

        Those of each warehouse have their own; in the order in which they are given.

        :return: ``(locations, length)``; the locations as they are, and 0, where none
            of them has a place or a pick sequence
        """
        if not any(one.oms_pick_sequence or one._oms_has_place() for one in self):
            return self, 0
        order, length = self.browse(), 0
        for warehouse, locations in self.grouped("warehouse_id").items():
            walk = locations._oms_plan_walk_in(warehouse)
            order += self.browse([location_id for *_place, location_id in walk.order])
            length += walk.length
        return order, length

    def _oms_plan_walk_in(self, warehouse):
        """The walk to locations of one warehouse; the last of each pick is its id."""
        in_order = self.sorted(
            lambda one: (
                one.oms_pick_sequence or MOST + 1,
                natural_key(one.complete_name or ""),
            )
        )
        if not warehouse or not any(one._oms_has_place() for one in self):
            picks = [
                (None, None, one.oms_pick_sequence or None, one.id) for one in in_order
            ]
            return plan_walk(picks, None)
        plan = warehouse._oms_make_map()
        picks = []
        for one in in_order:
            place = None, None
            if one._oms_has_place():
                place = plan.locate(one.oms_aisle, one.oms_block, one.oms_position)
            picks.append((*place, one.oms_pick_sequence or None, one.id))
        points = [pick[:2] for pick in picks if pick[0] is not None]
        return plan_walk(picks, plan.make_layout(points))

    def _oms_rank_by_walk(self):
        """``{location id: rank}`` in the walk; empty where Odoo's order holds."""
        order, _length = self._oms_plan_walk()
        if order is self:
            return {}
        return {location_id: rank for rank, location_id in enumerate(order._ids)}
