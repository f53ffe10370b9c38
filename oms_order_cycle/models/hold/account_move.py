from odoo import api, models

from .oms_hold_type import MONEY_CHECKS


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        # before numbers are given, though writing the state looks again
        self._oms_check_invoice_holds()
        posted = super()._post(soft=soft)
        posted._oms_request_hold_check()
        return posted

    def _oms_check_posting(self):
        self._oms_check_invoice_holds()
        return super()._oms_check_posting()

    def _oms_check_invoice_holds(self):
        """Refuse to post customer invoices of orders that are held for invoicing."""
        if not self.env["oms.hold.type"]._is_step_blockable("invoice"):
            return
        invoices = self.filtered(
            lambda move: move.move_type in ("out_invoice", "out_receipt")
        )
        orders = invoices.sudo().line_ids.sale_line_ids.order_id
        if not orders.filtered("oms_open_hold_count"):
            return
        for invoice in invoices:
            invoice.sudo().line_ids.sale_line_ids.order_id._oms_check_blocked(
                "invoice", document=invoice
            )

    def _oms_request_hold_check(self):
        """Money on account came in: orders may wait for it."""
        if not self.env["sale.order"]._oms_waits_for_money():
            return
        payments = self.filtered(
            lambda move: not move.is_invoice(include_receipts=True)
        )
        partners = payments.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).partner_id
        refunded = self.filtered(lambda move: move.move_type == "out_refund")
        self.env["sale.order"]._oms_request_hold_check(
            partners | refunded.commercial_partner_id, MONEY_CHECKS
        )

    @api.depends("state", "move_type")
    def _compute_oms_is_blocked(self):
        return super()._compute_oms_is_blocked()

    def _oms_get_open_steps(self):
        if self.state == "draft" and self.move_type in ("out_invoice", "out_receipt"):
            return ("invoice",)
        return ()
