"""Quotations that are gone on with at the order desk."""

from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def action_oms_open_desk(self):
        """Go on with the quotation at the order desk."""
        self.ensure_one()
        self.check_access("write")
        action = self.env["ir.actions.client"]._for_xml_id(
            "oms_order_cycle_intake.oms_order_desk_action"
        )
        return {**action, "params": {"order_id": self.id}}
