from odoo import models
from odoo.tools.misc import OrderedSet


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        if self:
            self._oms_check_holds()
        return super()._action_done(cancel_backorder=cancel_backorder)

    def _oms_check_holds(self):
        """Refuse to move goods of orders that are held for the step.

        The model enforces it: buttons, batches, imports and other addons end here.
        Orders without holds cost no query.
        """
        moves = self.filtered(
            lambda move: (
                move.picked
                and move.quantity > 0
                and move.state not in ("done", "cancel")
                and move._oms_get_bound_order()
            )
        )
        if not moves:
            return
        orders = moves._oms_get_bound_orders()
        if moves._oms_has_shipping_checks() or any(
            order.oms_has_limited_decision for order in orders
        ):
            moves.filtered(
                lambda move: "ship" in move._oms_get_steps_in_lines()
            )._oms_get_bound_orders()._oms_recheck_at_shipping()
        moves._oms_check_steps()

    def _oms_check_steps(self):
        """Refuse the steps that the moves take where a hold stops them."""
        held = self._oms_get_bound_orders().filtered("oms_open_hold_count")
        if not held:
            return
        by_steps = self.grouped(lambda move: move._oms_get_steps_in_lines())
        for steps, same in by_steps.items():
            same_orders = same._oms_get_bound_orders() & held
            if steps and same_orders:
                same_orders._oms_check_blocked(
                    *steps, document=same._oms_get_held_document(held)
                )

    def _oms_get_bound_orders(self):
        """The orders (sudo) whose goods some moves are."""
        return (
            self.env["sale.order"]
            .sudo()
            .union(*(move._oms_get_bound_order() for move in self))
        )

    def _oms_get_bound_order(self):
        """The order (sudo) whose goods the move is.

        What was added to a transfer by hand belongs to the transfer's order: Odoo makes
        a line of the order of it once it has left.
        """
        self.ensure_one()
        move = self.sudo()
        if move.sale_line_id:
            return move.sale_line_id.order_id
        picking = move.picking_id
        if not picking.picking_type_id.oms_step:
            return move.sale_line_id.order_id
        return picking.sale_id or picking.reference_ids.sale_ids[:1]

    def _oms_has_shipping_checks(self):
        return any(
            definition.recheck
            for definitions in self.env["oms.hold.type"]._get_definitions().values()
            for definition in definitions
        )

    def _oms_get_held_document(self, held):
        """The transfer to name in the error, when there is just one."""
        pickings = self.filtered(
            lambda move: move._oms_get_bound_order() in held
        ).picking_id
        return pickings if len(pickings) == 1 else None

    def _oms_get_steps(self):
        """Steps of the order cycle that the move takes, all those it stands for.

        A delivery in one step picks, packs and ships; one after picking packs and
        ships. What is not bound for the customer takes none.
        """
        self.ensure_one()
        if self._oms_get_direction() != "bound":
            return ()
        picking_type = self.picking_type_id or self.picking_id.picking_type_id
        step = picking_type.oms_step
        if not step:
            # dropshipping, or moved by code without a transfer
            return ("ship",) if self.location_dest_id._oms_is_outside() else ()
        steps = OrderedSet([step])
        if step == "ship":
            delivery_steps = picking_type.warehouse_id.delivery_steps
            if delivery_steps != "pick_pack_ship":
                steps.add("pack")
            if delivery_steps == "ship_only":
                steps.add("pick")
        return tuple(steps)

    def _oms_get_steps_in_lines(self):
        """The steps of the move, and shipping where one of its lines leaves the house
        although the move does not."""
        steps = self._oms_get_steps()
        if "ship" not in steps and not self.location_dest_id._oms_is_outside():
            places = self.move_line_ids.location_dest_id
            if any(place._oms_is_outside() for place in places):
                steps += ("ship",)
        return steps
