from odoo import api, models

#: Fields that Odoo hands on to the moves.
_ROUTE_FIELDS = frozenset({"location_dest_id", "location_id", "picking_type_id"})


class StockPicking(models.Model):
    _inherit = "stock.picking"

    @api.depends("state", "picking_type_id.oms_step")
    def _compute_oms_is_blocked(self):
        return super()._compute_oms_is_blocked()

    def _oms_before_write(self, vals):
        # Odoo computes the state: nobody who moves goods writes it
        if vals.get("state") == "done":
            self.move_ids._oms_check_not_stopped()
        super()._oms_before_write(vals)
        if _ROUTE_FIELDS.isdisjoint(vals):
            return None
        return self.move_ids._oms_filter_held()._oms_get_stopping()

    def _oms_after_write(self, vals, memo):
        self.move_ids._oms_check_still_stopped(memo)
        return super()._oms_after_write(vals, memo)

    def action_oms_view_holds(self):
        """Open the holds of the transfers' orders, for those who may read them."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oms_order_cycle.oms_hold_action"
        )
        orders = self.oms_order_ids
        action.update(
            domain=[("order_id", "in", orders.ids)],
            context={"search_default_open": 1},
        )
        return action

    def _oms_get_open_steps(self):
        if self.state in ("done", "cancel"):
            return ()
        return {step for move in self.move_ids for step in move._oms_get_steps()}
