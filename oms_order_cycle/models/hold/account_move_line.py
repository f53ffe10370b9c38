from odoo import models

from .oms_hold_type import MONEY_CHECKS


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def write(self, vals):
        if "sale_line_ids" in vals:
            self._oms_check_detaching()
        return super().write(vals)

    def _oms_check_detaching(self):
        """An invoice of a held order stays one of it until it is posted."""
        drafts = self.filtered(
            lambda line: (
                line.parent_state == "draft"
                and line.move_type in ("out_invoice", "out_receipt")
            )
        )
        drafts.sudo().sale_line_ids.order_id._oms_check_kept("invoice")

    def _reconcile_post_hook(self, data):
        res = super()._reconcile_post_hook(data)
        if self.env["sale.order"]._oms_waits_for_money():
            partners = self.filtered(
                lambda line: line.account_type == "asset_receivable"
            ).partner_id
            self.env["sale.order"]._oms_request_hold_check(partners, MONEY_CHECKS)
        return res
