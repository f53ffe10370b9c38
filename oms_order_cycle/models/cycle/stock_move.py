from datetime import datetime

from odoo import api, fields, models

from ...tools.derived import refuse_derived, without_derived_defaults

ENDED = ("done", "cancel")
#: Fields that change how far an order has got, whatever the state of the move.
_FLOW_FIELDS = {
    "product_uom_qty",
    "product_uom",
    "sale_line_id",
    "location_id",
    "location_dest_id",
    "location_final_id",
    "picking_type_id",
    "to_refund",
    "origin_returned_move_id",
    "move_dest_ids",
    "oms_released_at",
}
#: Fields that count once the move is done.
_DONE_FIELDS = {"date", "quantity", "picking_id"}
#: What the release itself writes.
_GUARDED_FIELDS = {"oms_released_at", "oms_kit_quantity"}


class _Copied(datetime):
    """A moment that another move has: nothing that comes from a client is one."""

    @classmethod
    def of(cls, moment):
        return moment and cls(*moment.timetuple()[:6], moment.microsecond)


class _CopiedQuantity(float):
    """A quantity that another move has."""


class _CopiedNothing(int):
    """Another move does not know the moment: it is from before the addon was there."""


_COPIED = (_Copied, _CopiedQuantity, _CopiedNothing)


class StockMove(models.Model):
    _inherit = "stock.move"

    # copied: what is split off, pushed on or left for a backorder is not released anew
    oms_released_at = fields.Datetime(
        string="Released",
        readonly=True,
        help="When the last part of this quantity was asked for from the warehouse, for"
        " an order line (UTC).",
    )

    # copied, too; bills of materials change, what was asked for does not
    oms_kit_quantity = fields.Float(
        string="Needed for a Kit",
        digits=0,
        readonly=True,
        help="Of a part of a kit: how much of it a kit took when it was ordered, in the"
        " reference units of measure of the two. 0 where it is not known.",
    )

    @api.depends("move_line_ids.quantity")
    def _compute_quantity(self):
        res = super()._compute_quantity()
        # quantities of done transfers may be corrected
        self.filtered(lambda move: move.state == "done")._oms_rederive_orders()
        return res

    @api.model_create_multi
    def create(self, vals_list):
        self._oms_refuse_released(vals_list)
        clean = without_derived_defaults(self, _GUARDED_FIELDS)
        now = fields.Datetime.now()
        moves = super(StockMove, clean).create(
            [
                {"oms_released_at": now, **self._oms_get_kit_values(vals), **vals}
                if vals.get("sale_line_id")
                else vals
                for vals in vals_list
            ]
        )
        moves = moves.with_env(self.env)
        moves._oms_after_create()
        return moves

    @api.model
    def _oms_get_kit_values(self, vals):
        """How much a kit takes of the part that a move of it brings, where Odoo's
        manufacturing app says it. Not of kits within kits: what is asked for tells."""
        if not vals.get("bom_line_id"):
            return {}
        part = self.env["mrp.bom.line"].sudo().browse(vals["bom_line_id"])
        line = self.env["sale.order.line"].sudo().browse(vals["sale_line_id"])
        kit = part.bom_id
        made = kit.product_qty * kit.product_uom_id.factor
        if kit.product_tmpl_id != line.product_id.product_tmpl_id or not made:
            return {}
        return {
            "oms_kit_quantity": part.product_qty * part.product_uom_id.factor / made
        }

    def _oms_refuse_released(self, vals_list):
        """Refuse a moment of release, or what a kit takes, that was not copied from
        another move."""
        given = [
            {
                name
                for name in _GUARDED_FIELDS.intersection(vals)
                if not isinstance(vals[name], _COPIED)
            }
            for vals in vals_list
        ]
        refuse_derived(self, given, _GUARDED_FIELDS)

    def copy_data(self, default=None):
        """What is split off or pushed on was released when this was, and is of the same
        kit."""
        vals_list = super().copy_data(default=default)
        given = default or {}
        for vals in vals_list:
            if "oms_released_at" in vals and "oms_released_at" not in given:
                moment = vals["oms_released_at"]
                vals["oms_released_at"] = _Copied.of(moment) or _CopiedNothing()
            if "oms_kit_quantity" in vals and "oms_kit_quantity" not in given:
                vals["oms_kit_quantity"] = _CopiedQuantity(vals["oms_kit_quantity"])
        return vals_list

    def _oms_after_create(self):
        """Hook: moves were created."""

    def write(self, vals):
        self._oms_refuse_released([vals])
        counts = self._oms_filter_changing(vals)
        before = counts.sale_line_id.order_id if "sale_line_id" in vals else None
        memo = self._oms_before_write(vals)
        res = super().write(vals)
        self._oms_after_write(vals, memo)
        counts._oms_rederive_orders(before)
        return res

    def _oms_before_write(self, vals):
        """Hook: moves are about to be written.

        :return: what is to be known afterwards
        """

    def _oms_after_write(self, vals, memo):
        """Hook: moves were written; ``memo`` is from before."""

    def unlink(self):
        orders = self.sudo().sale_line_id.order_id
        res = super().unlink()
        if orders:
            orders._oms_rederive()
        return res

    def _oms_get_direction(self):
        """Where the move takes the goods of an order line: what facts, holds and words
        all go by. ``facts/moves.py`` says the same in SQL.

        :return: ``bound`` for the customer; ``back`` on the shelf, or to a step before;
            False for what comes from the customer, is put away, stored, or resupplied
        """
        self.ensure_one()
        move = self.sudo()
        final = move.location_final_id
        if move.location_id._oms_is_outside():
            return False
        if move.location_dest_id._oms_is_outside() or final._oms_is_outside():
            return "bound"
        if move.location_dest_id.usage != "internal":
            return False
        picking_type = move.picking_type_id
        warehouse = picking_type.warehouse_id or move.location_id.warehouse_id
        here = move.location_id._oms_get_zone(warehouse)
        there = move.location_dest_id._oms_get_zone(warehouse)
        origin = move.origin_returned_move_id
        step = picking_type.oms_step
        if here > there:
            return "back"
        if here == there:
            # within the lanes of one step, or places of the company's own
            if not final:
                if origin and not origin.origin_returned_move_id:
                    return "back"
            elif final.usage == "internal" and (
                step or origin.picking_type_id.oms_step
            ) in ("pick", "pack"):
                return "back"
        return "bound" if not final and step in ("pick", "pack") else False

    def _oms_filter_changing(self, vals):
        """The moves that ``vals`` bring further for their order, or back.

        Reserving changes states, too, but nothing that counts.
        """
        if not _FLOW_FIELDS.isdisjoint(vals) or vals.get("state") in ENDED:
            return self
        if "state" in vals or not _DONE_FIELDS.isdisjoint(vals):
            return self.filtered(lambda move: move.state in ENDED)
        return self.browse()

    def _oms_rederive_orders(self, others=None):
        """Have the facts of the moves' orders derived anew."""
        orders = self.sudo().sale_line_id.order_id
        if others:
            orders |= others
        if orders:
            orders._oms_rederive()

    def _merge_moves_fields(self):
        values = super()._merge_moves_fields()
        # a raised quantity joins the move that is there
        released = [move.oms_released_at for move in self if move.oms_released_at]
        if released:
            values["oms_released_at"] = _Copied.of(max(released))
        return values

    def _get_new_picking_values(self):
        values = super()._get_new_picking_values()
        # every step of the order, pushed ones too, is as urgent as its channel
        if "1" in self.sale_line_id.order_id.oms_channel_id.mapped("priority"):
            values["priority"] = "1"
        return values
