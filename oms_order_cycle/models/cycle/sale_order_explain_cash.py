"""What is still to be invoiced, credited or paid of an order, in words."""

from odoo import models
from odoo.tools import SQL
from odoo.tools.misc import formatLang

from ...facts.cash import DEPOSIT_TOLERANCE


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _oms_explain_cash(self, milestone):
        """Words why an order is not invoiced, or not paid."""
        self.ensure_one()
        if milestone == "paid" and self.oms_invoiced_at:
            invoices = self.sudo().invoice_ids.filtered(
                lambda move: move.state == "posted" and move.amount_residual
            )
            return self.env._(
                "Payment is open on %s", ", ".join(invoices.mapped("name"))
            )
        drafts = self.sudo().invoice_ids.filtered(lambda move: move.state == "draft")
        if len(drafts) == 1:
            return self.env._("A draft invoice is to be posted")
        if drafts:
            return self.env._("%s draft invoices are to be posted", len(drafts))
        return self._oms_explain_open_invoicing()

    def _oms_explain_open_invoicing(self):
        due, deposit_left = self._oms_get_open_invoicing()
        words = []
        credits = [quantity for quantity in due.values() if quantity < 0]
        if len(credits) == 1:
            words.append(self.env._("%s to be credited", self._oms_round(-credits[0])))
        elif credits:
            words.append(self.env._("%s lines to be credited", len(credits)))
        if len(credits) < len(due):
            words.append(self.env._("Not all has been invoiced yet"))
        elif deposit_left > 0:
            words.append(
                self.env._(
                    "%s of down payments to be deducted or credited",
                    formatLang(self.env, deposit_left, currency_obj=self.currency_id),
                )
            )
        return ", ".join(words) or self.env._("Not all has been invoiced yet")

    def _oms_round(self, quantity):
        """A quantity as people write it: 4, not 4.0."""
        return (
            formatLang(self.env, quantity, dp="Product Unit").rstrip("0").rstrip(".,")
        )

    def _oms_get_open_invoicing(self):
        """What is to be invoiced of an order, and is not.

        :return: ({order line id: quantity, below nothing when it is to be credited},
            what is left of down payments to deduct, without taxes)
        """
        self.ensure_one()
        self._oms_flush_documents()
        query = self._oms_facts_query(SQL("l.order_id = %s", self._origin.id))
        due = dict(self.env.execute_query(query.open_query()))
        deposit = due.pop(None) or 0.0
        return due, deposit if abs(deposit) >= DEPOSIT_TOLERANCE else 0.0
