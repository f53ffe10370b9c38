from odoo import models


class StockPutInPack(models.TransientModel):
    _inherit = "stock.put.in.pack"

    def _compute_shipping_weight(self):
        """As measured, and with a package that is there counted once."""
        res = super()._compute_shipping_weight()
        for wizard in self:
            before = wizard.result_package_id
            weight = wizard.package_type_id.base_weight
            if before:
                weight = before.shipping_weight or before.package_type_id.base_weight
            added = wizard.move_line_ids.filtered(
                lambda line, before=before: (
                    not before or line.result_package_id != before
                )
            )
            wizard.shipping_weight = (
                weight
                + added._oms_get_weight()
                + sum(
                    package.shipping_weight or package.weight
                    for package in wizard.package_ids - before
                )
            )
        return res
