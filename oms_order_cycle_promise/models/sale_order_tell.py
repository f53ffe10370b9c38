"""What a customer is told when dates move."""

from odoo import models

from ..tools.words import say_day


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _oms_get_moved_dates(self):
        """Lines whose dates moved and whose customer was not told yet, in his language.

        :return: list of dicts: ``product``, ``quantity``, ``before``, ``promised``
            (words; empty where there is no date)
        """
        self.ensure_one()
        promises = self.env["oms.promise"].search(
            [("order_id", "=", self.id), ("is_to_tell", "=", True)], order="id"
        )
        return [
            {
                "product": promise.product_id.display_name,
                "quantity": f"{promise.quantity:g} {promise.product_uom_id.name or ''}",
                "before": self._oms_format_told(promise._get_told_before()),
                "promised": self._oms_format_told(promise.promised_date),
            }
            for promise in promises
        ]

    def _oms_format_told(self, moment):
        day = moment and self._oms_get_local_day(moment)
        return say_day(self.env, day) if day else ""
