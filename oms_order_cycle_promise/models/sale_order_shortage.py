"""What an order misses because it is short."""

from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _oms_explain_obstacles(self):
        return super()._oms_explain_obstacles() + self._oms_explain_shortages()

    def _oms_explain_shortages(self):
        """A sentence for each product that is short, and that the order misses."""
        self.ensure_one()
        missing = self.env["oms.shortage.line"]
        if self.state != "sale" or not missing.has_access("read"):
            return []
        missing = missing.search([("order_id", "=", self.id), ("missing", ">", 0)])
        shortages = self.env["oms.shortage"].search(
            [
                ("product_id", "in", missing.product_id.ids),
                ("warehouse_id", "in", missing.warehouse_id.ids),
            ]
        )
        return [
            self._oms_explain_shortage(
                shortage,
                missing.filtered(
                    lambda line, shortage=shortage: (
                        line.product_id == shortage.product_id
                        and line.warehouse_id == shortage.warehouse_id
                    )
                ),
            )
            for shortage in shortages
        ]

    def _oms_explain_shortage(self, shortage, missing):
        """
        :param missing: ``oms.shortage.line`` of the order
        """
        words = {
            "missing": shortage._format_quantity(sum(missing.mapped("missing"))),
            "wanted": shortage._format_quantity(sum(missing.mapped("wanted"))),
            "unit": shortage.uom_id.name,
            "product": shortage.product_id.display_name,
        }
        if not shortage.next_receipt_date:
            return self.env._(
                "Short: %(missing)s of %(wanted)s %(unit)s of %(product)s are missing,"
                " and nothing is on its way.",
                **words,
            )
        return self.env._(
            "Short: %(missing)s of %(wanted)s %(unit)s of %(product)s are missing; the"
            " next receipt is expected on %(day)s.",
            day=self._oms_format_day(shortage.next_receipt_date),
            **words,
        )
