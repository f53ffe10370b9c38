from odoo import models

from .oms_hold_type import STEPS

#: Fields of a line that change what the order is worth without new procurement.
_VALUE_FIELDS = frozenset(
    {"discount", "price_unit", "product_id", "product_uom_id", "tax_ids"}
)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _oms_before_write(self, vals):
        if "order_id" in vals:
            moved = self.filtered(lambda line: line.order_id.id != vals["order_id"])
            moved.order_id._oms_check_kept(*STEPS)
        if "invoice_lines" in vals:
            self.sudo().invoice_lines._oms_check_detaching()
        return super()._oms_before_write(vals)

    def _oms_after_write(self, vals):
        if not _VALUE_FIELDS.isdisjoint(vals):
            self.filtered(
                lambda line: line.state == "sale" and not line.is_downpayment
            ).order_id._oms_recheck_after_change()
        return super()._oms_after_write(vals)

    def _oms_before_launch(self):
        return super()._oms_before_launch() | (
            self.order_id._oms_run_checks_before_launch()
        )
