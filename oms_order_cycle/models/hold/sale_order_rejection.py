"""What was rejected is stopped, also where no stage keeps it from the warehouse."""

from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _oms_after_reject(self, events):
        res = super()._oms_after_reject(events)
        hold_type = self.env.ref(
            "oms_order_cycle.oms_hold_type_service", raise_if_not_found=False
        )
        if not hold_type or not hold_type.active:
            return res
        by_order = {event.order_id.id: event for event in events}
        confirmed = self.filtered(
            lambda order: order.state == "sale" and not order.oms_shipped_at
        )
        withheld = confirmed._oms_get_withheld()
        for order in confirmed:
            if order in withheld and not order.oms_released_at:
                continue
            event = by_order[order.id]
            holds = order.sudo()._oms_place_hold(hold_type.sudo(), event.name)
            holds.sudo().rejection_id = event
        return res

    def _oms_after_approve(self):
        res = super()._oms_after_approve()
        holds = self.env["oms.hold"].sudo()
        holds = holds.search(
            [
                ("order_id", "in", self.ids),
                ("state", "=", "open"),
                ("rejection_id", "!=", False),
            ]
        )
        holds._lift(automatic=True)
        return res
