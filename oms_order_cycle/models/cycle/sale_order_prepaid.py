"""Orders that are paid before they are released, and so before they are invoiced."""

from odoo import models
from odoo.tools.misc import formatLang


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _oms_get_prepayments(self):
        """Payments in advance that the journal notes and that stand.

        What was paid of an order's own invoices the facts know; money on account, and
        what was paid online and is on no invoice, does not say for good which order it
        is for, so that it is noted when it is found (``_oms_note_prepayments``).

        :return: ``{order id: (datetime, order total)}``
        """
        workflows = self.env["oms.workflow"]
        asked = self.filtered(
            lambda order: workflows._get_prepaid_stage(order.oms_workflow_id.id)
        )
        if not asked:
            return {}
        prepayments = {}
        for event in (
            self.env["oms.event"]
            .sudo()
            .search_fetch(
                [
                    ("order_id", "in", asked._origin.ids),
                    ("kind", "in", ("prepaid", "prepaid_withdrawn")),
                ],
                ["order_id", "kind", "date", "amount"],
                order="id",
            )
        ):
            if event.kind == "prepaid":
                prepayments[event.order_id.id] = (event.date, event.amount)
            else:
                prepayments.pop(event.order_id.id, None)
        return prepayments

    def _oms_get_prepaid_moment(self, paid_amount, paid_at, prepayment):
        """Since when all of the order is paid, invoiced or not; False if it is not.

        :param float paid_amount: paid of the order's invoices, in its currency
        :param datetime paid_at: when last
        :param prepayment: see :meth:`_oms_get_prepayments`, or None
        """
        self.ensure_one()
        for moment, amount in ((paid_at, paid_amount), prepayment or (False, 0.0)):
            if (
                moment
                and self.currency_id.compare_amounts(amount, self.amount_total) >= 0
            ):
                return moment.replace(microsecond=0)
        return False

    def _oms_test_prepaid(self, progress):
        """Whether nothing has to be paid any more before the order is released.

        :return: (bool, datetime or False)
        """
        self.ensure_one()
        passed = self.state == "sale" and (
            progress["prepaid"]
            # after the release, credit notes and growing freight stop nothing
            or progress["facts"]["released"]
            or self.currency_id.compare_amounts(self.amount_total, 0) <= 0
        )
        return bool(passed), progress["prepaid"]

    def _oms_explain_prepaid(self):
        self.ensure_one()
        return self.env._(
            "%s is to be paid before anything is released: by a paid invoice or down"
            " payment, online, or with money on account",
            formatLang(self.env, self.amount_total, currency_obj=self.currency_id),
        )
