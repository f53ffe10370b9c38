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
        spoken_for = self.sudo()._oms_get_money_of_others()
        for order, position in self._oms_get_credit_positions().items():
            company = order.company_id
            surplus = (
                position.own_due
                - position.receivable
                - position.ahead
                - spoken_for[order]
            )
            booked, on_its_way = order._oms_get_online_payments()
            prepaid[order] = company.currency_id._convert(
                order._oms_get_paid_of_invoices()
                + on_its_way
                + max(booked, surplus, 0.0),
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

    def _oms_get_online_payments(self):
        """What was paid online and is on no invoice, in the company's currency.

        :return: (on the customer's account already, not booked yet)
        """
        self.ensure_one()
        booked = on_its_way = 0.0
        # captured in parts, or paid back: that is in transactions of their own
        transactions = self.transaction_ids | self.transaction_ids.child_transaction_ids
        for transaction in transactions:
            if transaction.state not in ("authorized", "done"):
                continue
            amount = transaction._oms_get_open_amount(self)
            if transaction.payment_id.move_id:
                booked += amount
            else:
                on_its_way += amount
        return booked, on_its_way

    def _oms_get_money_of_others(self):
        """What of the customers' accounts other orders were paid with online.

        What is on an account because a later order was paid online is not there for
        an earlier one; what an earlier one was paid online and is not booked yet, that
        one does not take from the account.

        :return: ``{order: amount in the company's currency}``; negative: it leaves
            more than its place in the queue says
        """
        customers = self.partner_invoice_id.commercial_partner_id
        online = self.search(
            Domain("partner_invoice_id.commercial_partner_id", "in", customers.ids)
            & Domain("state", "=", "sale")
            # of what is invoiced for good, nothing is waited for any more
            & Domain("oms_invoiced_at", "=", False)
            & Domain(
                "transaction_ids", "any", [("state", "in", ("authorized", "done"))]
            )
        )
        needs = self._oms_get_uninvoiced_amounts(online.ids)
        today = fields.Date.context_today(self)
        spoken_for = defaultdict(float)
        for other in online:
            need = other.currency_id._convert(
                needs.get(other.id, 0.0),
                other.company_id.currency_id,
                other.company_id,
                today,
            )
            booked, on_its_way = other._oms_get_online_payments()
            for order in self - other:
                if (
                    order.company_id.root_id != other.company_id.root_id
                    or order.partner_invoice_id.commercial_partner_id
                    != other.partner_invoice_id.commercial_partner_id
                ):
                    continue
                if order._oms_get_queue_key() < other._oms_get_queue_key():
                    spoken_for[order] += max(min(booked, need), 0.0)
                else:
                    spoken_for[order] -= max(min(on_its_way, need), 0.0)
        return spoken_for
