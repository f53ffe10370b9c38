"""Payment in advance that no invoice of the order tells of."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import formatLang


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _oms_note_prepayments(self):
        """Journal which orders that wait for it are paid in advance, or no longer are.

        Invoices of the orders that are paid, what was paid online, and money that the
        customers have on account count together, see :meth:`_oms_get_prepaid`.

        :return: orders that are paid now and were not before
        """
        workflows = self.env["oms.workflow"]
        waiting = self.sudo().filtered(
            lambda order: (
                order.state == "sale"
                and workflows._get_prepaid_stage(order.oms_workflow_id.id)
                and order.currency_id.compare_amounts(order.amount_total, 0) > 0
                and not order.oms_released_at
            )
        )
        if not waiting:
            return self.browse()
        known = waiting._oms_get_prepayments()
        amounts = waiting._oms_get_prepaid()
        events = []
        for order in waiting:
            covered = (
                order.currency_id.compare_amounts(amounts[order], order.amount_total)
                >= 0
            )
            _moment, noted = known.get(order.id, (False, 0.0))
            if covered and order.currency_id.compare_amounts(noted, order.amount_total):
                events.append(order._oms_prepare_prepaid_event(amounts[order]))
            elif not covered and noted:
                events.append(
                    {
                        "order_id": order.id,
                        "kind": "prepaid_withdrawn",
                        "name": self.env._("No longer paid in advance"),
                    }
                )
        self.env["oms.event"]._log(events)
        changed = waiting.browse(event["order_id"] for event in events)
        changed._oms_rederive()
        return self.browse(
            event["order_id"] for event in events if event["kind"] == "prepaid"
        )

    def _oms_prepare_prepaid_event(self, amount):
        self.ensure_one()
        return {
            "order_id": self.id,
            "kind": "prepaid",
            "amount": self.amount_total,
            "name": self.env._(
                "Paid in advance: %s",
                formatLang(self.env, amount, currency_obj=self.currency_id),
            ),
        }

    def _oms_withdraw_prepayments(self):
        """A cancelled order is paid by nothing."""
        self.env["oms.event"]._log(
            [
                {
                    "order_id": order_id,
                    "kind": "prepaid_withdrawn",
                    "name": self.env._("No longer paid in advance"),
                }
                for order_id in self._oms_get_prepayments()
            ]
        )

    @api.model
    def _oms_get_prepaid_waiting(self, condition=Domain.TRUE):
        """Orders that wait for payment before they are released.

        :param Domain condition: on the orders
        """
        stages = self.env["oms.workflow"]._get_prepaid_stages()
        if not stages:
            return self.sudo().browse()
        return self.sudo().search(
            Domain("oms_stage_id", "in", stages)
            & Domain("oms_cycle_state", "=", "open")
            & Domain("state", "=", "sale")
            & condition,
            order="id",
        )

    def _oms_get_prepaid(self):
        """What has been paid on each order, in the order's currency.

        Paid invoices of the order (credit notes subtracted), and money that came in
        and is on no invoice yet: online payments of the order, or what the customer
        has paid in advance beyond earlier orders, and beyond what later ones paid
        online.

        :return: ``{order: amount}``
        """
        today = fields.Date.context_today(self)
        prepaid = {}
        reserved = self.sudo()._oms_get_reserved_payments()
        for order, position in self._oms_get_credit_positions().items():
            company = order.company_id
            surplus = (
                position.own_due
                - position.receivable
                - position.ahead
                - reserved[order]
            )
            prepaid[order] = company.currency_id._convert(
                order._oms_get_paid_of_invoices()
                + max(order._oms_get_online_payments(), surplus, 0.0),
                order.currency_id,
                company,
                today,
            )
        return {order: prepaid[order.sudo()] for order in self}

    def _oms_get_paid_of_invoices(self):
        """What has been paid of the order's invoices, in the company's currency."""
        self.ensure_one()
        invoiced = 0.0
        for invoice in self.invoice_ids.filtered(lambda move: move.state == "posted"):
            paid = invoice.amount_total_signed
            if invoice.payment_state not in ("paid", "in_payment"):
                paid -= invoice.amount_residual_signed
            invoiced += paid * self._oms_get_share(invoice)
        return invoiced

    def _oms_get_online_payments(self, booked=False):
        """What was paid online and is on no invoice, in the company's currency.

        :param bool booked: only what is on the customer's account already
        """
        self.ensure_one()
        today = fields.Date.context_today(self)
        return sum(
            transaction.currency_id._convert(
                transaction.amount, self.company_id.currency_id, self.company_id, today
            )
            for transaction in self.transaction_ids
            if transaction.state in ("authorized", "done")
            and not transaction.payment_id.is_reconciled
            and (transaction.payment_id or not booked)
        )

    def _oms_get_reserved_payments(self):
        """What is on the customers' accounts because later orders were paid online.

        :return: ``{order: amount in the company's currency}``
        """
        customers = self.partner_invoice_id.commercial_partner_id
        online = self.search(
            Domain("partner_invoice_id", "child_of", customers.ids)
            & Domain("state", "=", "sale")
            & Domain(
                "transaction_ids",
                "any",
                [("state", "=", "done"), ("payment_id.is_reconciled", "=", False)],
            )
        )
        reserved = defaultdict(float)
        for later in online:
            paid = later._oms_get_online_payments(booked=True)
            for order in self:
                if (
                    order.company_id == later.company_id
                    and order.partner_invoice_id.commercial_partner_id
                    == later.partner_invoice_id.commercial_partner_id
                    and (order.date_order, order.id) < (later.date_order, later.id)
                ):
                    reserved[order] += paid
        return reserved
