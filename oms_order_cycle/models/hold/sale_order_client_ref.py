from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _oms_hold_for_client_ref(self):
        """Hold orders that were confirmed where nobody could be asked for the reference
        that their channel wants, whatever their workflow checks."""
        orders = self.sudo().filtered("oms_client_ref_missing")
        if not orders:
            return
        faults = orders._oms_find_client_ref_faults()
        hold_type = self.env.ref(
            "oms_order_cycle.oms_hold_type_client_ref", raise_if_not_found=False
        )
        if hold_type and hold_type.sudo().active:
            self.env["oms.hold"]._open(
                [
                    {"order_id": order.id, "type_id": hold_type.id, "reason": words}
                    for order, words in faults.items()
                    if hold_type
                    not in order.oms_hold_ids.filtered(
                        lambda hold: hold.state == "open"
                    ).type_id
                ]
            )
            return
        for order, words in faults.items():
            order._oms_schedule_warning(self.env._("Customer reference missing"), words)
