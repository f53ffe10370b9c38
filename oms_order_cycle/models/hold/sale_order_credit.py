"""What customers owe and have paid, for the checks of holds."""

from collections import defaultdict, namedtuple
from datetime import datetime

from odoo import api, fields, models
from odoo.tools import SQL

#: What a customer owes when an order is looked at, in the company's currency: open
#: receivables, orders confirmed before it and not invoiced, and the order itself.
CreditPosition = namedtuple("CreditPosition", "receivable ahead own own_due")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _oms_get_credit_positions(self):
        """What the customers of the orders owe, in the company's currency.

        The commercial partner of the invoice address owes: open receivables (less
        what was paid and is not matched yet), and confirmed orders as far as they
        are not invoiced.  Orders are served first come, first served: later ones do
        not count against earlier ones, so that what was let pass stays let pass.

        :return: ``{order: CreditPosition}``
        """
        positions = {}
        for company, orders in self.sudo().grouped("company_id").items():
            positions.update(orders._oms_get_company_positions(company))
        return positions

    def _oms_get_company_positions(self, company):
        partners = self.partner_invoice_id.commercial_partner_id.with_company(company)
        # the field has no dependencies: forget what was read before a payment
        partners.invalidate_recordset(["credit"], flush=False)
        queues = self._oms_get_uninvoiced(company, partners)
        own_due = self._oms_get_own_receivables(company)
        positions = {}
        for order in self:
            partner = order.partner_invoice_id.commercial_partner_id
            own, ahead = 0.0, 0.0
            queue = queues[partner.id]
            key = order._oms_get_queue_key()
            if order.state in ("draft", "sent"):
                own = order.currency_id._convert(
                    order.amount_total, company.currency_id, company
                )
            for other_key, amount in queue:
                if other_key[-1] == order.id:
                    own = amount
                elif other_key < key:
                    ahead += amount
            positions[order] = CreditPosition(
                partner.with_company(company).credit, ahead, own, own_due[order]
            )
        return positions

    def _oms_get_queue_key(self):
        """A customer's credit and money serve his orders in this order.

        Confirmed in the same second, one that was released goes before one that was
        not: whoever was let go saw nobody before it. What is not confirmed comes as if
        it were confirmed after all others.
        """
        self.ensure_one()
        confirmed = self.date_order
        if self.state in ("draft", "sent"):
            confirmed = datetime.max
        return confirmed, not self.oms_released_at, self.id

    @api.model
    def _oms_get_uninvoiced(self, company, partners):
        """What confirmed orders of customers still have to be invoiced, with taxes.

        The keys are those of :meth:`_oms_get_queue_key`.

        :return: ``{partner id: [((date, whether not released, order id), amount)]}``
            in the company's currency
        """
        self.flush_model(
            [
                "company_id",
                "currency_id",
                "date_order",
                "oms_released_at",
                "partner_invoice_id",
                "state",
            ]
        )
        self.env["sale.order.line"].flush_model(["price_total"])
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        self._oms_flush_documents()
        # orders that are invoiced for good need not be looked at again
        orders = self.env.execute_query(
            SQL(
                """
                SELECT o.id, o.date_order, o.oms_released_at IS NULL,
                       o.currency_id, p.commercial_partner_id
                  FROM sale_order o
                  JOIN res_partner p ON p.id = o.partner_invoice_id
                  JOIN res_company c ON c.id = o.company_id
                 WHERE o.state = 'sale'
                   AND o.oms_invoiced_at IS NULL
                   AND p.commercial_partner_id IN %(partners)s
                   AND split_part(c.parent_path, '/', 1)::int = %(root)s
                """,
                partners=tuple(partners.ids) or (0,),
                root=company.sudo().root_id.id,
            )
        )
        amounts = self._oms_get_uninvoiced_amounts([row[0] for row in orders])
        today = fields.Date.context_today(self)
        currencies = self.env["res.currency"]
        queues = defaultdict(list)
        for order_id, date_order, is_kept, currency_id, partner_id in orders:
            converted = currencies.browse(currency_id)._convert(
                amounts.get(order_id, 0.0), company.currency_id, company, today
            )
            queues[partner_id].append(((date_order, is_kept, order_id), converted))
        return queues

    @api.model
    def _oms_get_uninvoiced_amounts(self, order_ids):
        """``{order id: what is still to be invoiced}``, in the order's currency.

        What is wanted of each line and not on a posted invoice, at the line's price;
        down payments that are invoiced and not deducted yet are taken off.
        """
        if not order_ids:
            return {}
        ids = tuple(order_ids)
        rows = self.env.execute_query(
            SQL(
                """
                %(progress)s,
                amounts AS (
                    SELECT g.order_id, (g.to_invoice - g.invoiced)
                               * l.price_total / NULLIF(l.product_uom_qty, 0) AS amount,
                           CASE WHEN l.product_uom_qty = 0
                                     AND g.to_invoice <> g.invoiced
                                THEN ARRAY[l.id, g.to_invoice - g.invoiced] END AS added
                      FROM progress g
                      JOIN sale_order_line l ON l.id = g.line_id
                 UNION ALL
                    SELECT l.order_id, -aml.price_total * CASE
                               WHEN inv.move_type = 'out_refund' THEN -1 ELSE 1 END,
                           NULL
                      FROM sale_order_line l
                      JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = l.id
                      JOIN account_move_line aml ON aml.id = rel.invoice_line_id
                      JOIN account_move inv ON inv.id = aml.move_id
                     WHERE l.order_id IN %(ids)s
                       AND l.is_downpayment
                       AND inv.state = 'posted'
                       AND inv.move_type IN ('out_invoice', 'out_refund')
                )
                SELECT order_id, SUM(amount)::float8,
                       array_agg(added) FILTER (WHERE added IS NOT NULL)
                  FROM amounts
                 GROUP BY order_id
                """,
                progress=self._oms_facts_query(
                    SQL("l.order_id IN %s", ids)
                ).progress_ctes(),
                ids=ids,
            )
        )
        return {
            order_id: max((amount or 0.0) + self._oms_get_added_amount(added), 0.0)
            for order_id, amount, added in rows
        }

    @api.model
    def _oms_get_added_amount(self, added):
        """What was added to deliveries and is to be invoiced, with taxes.

        Its lines have no ordered quantity, and so no total to take a price from.

        :param added: list of (order line id, quantity to invoice), or None
        """
        taxes = self.env["account.tax"]
        amount = 0.0
        for line_id, quantity in added or ():
            line = self.env["sale.order.line"].sudo().browse(int(line_id))
            base_line = line._prepare_base_line_for_taxes_computation(quantity=quantity)
            taxes._add_tax_details_in_base_line(base_line, line.company_id)
            amount += base_line["tax_details"]["raw_total_included_currency"]
        return amount

    def _oms_get_own_receivables(self, company):
        """What is still open on posted invoices of each order, down payments too."""
        due = dict.fromkeys(self, 0.0)
        for order in self:
            for invoice in order.invoice_ids:
                if invoice.state == "posted":
                    due[order] += invoice.amount_residual_signed * order._oms_get_share(
                        invoice
                    )
        return due

    def _oms_get_share(self, invoice):
        """The order's part in an invoice that may cover several orders."""
        orders = invoice.line_ids.sale_line_ids.order_id
        if len(orders) <= 1 or not invoice.amount_total:
            return 1.0
        own = invoice.invoice_line_ids.filtered(
            lambda line: self in line.sale_line_ids.order_id
        )
        return sum(own.mapped("price_total")) / invoice.amount_total
