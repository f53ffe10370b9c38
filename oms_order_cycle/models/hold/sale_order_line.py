from odoo import models

#: Fields of a line that change what the order is worth without new procurement.
_VALUE_FIELDS = frozenset(
    {"discount", "price_unit", "product_id", "product_uom_id", "tax_ids"}
)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

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
