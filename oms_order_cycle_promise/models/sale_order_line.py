from odoo import models


class SaleOrderLine(models.Model):
    """Odoo's methods that more than one capability of this addon joins."""

    _inherit = "sale.order.line"

    def _prepare_procurement_values(self):
        values = super()._prepare_procurement_values()
        self._oms_adjust_procurement_values(values)
        return values

    def _oms_adjust_procurement_values(self, values):
        """Hook: values with which the warehouse is asked for the goods of a line.

        :param dict values: to be changed
        """
