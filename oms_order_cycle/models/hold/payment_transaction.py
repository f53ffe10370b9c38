from odoo import fields, models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _invoice_sale_orders(self):
        """An order held for invoicing is paid all the same; it is invoiced when the
        hold ends."""
        held = self.sale_order_ids._oms_blocking_holds("invoice")
        blocked = self.filtered(
            lambda transaction: any(
                order in held for order in transaction.sale_order_ids
            )
        )
        return super(PaymentTransaction, self - blocked)._invoice_sale_orders()

    def _oms_get_open_amount(self, order):
        """What was paid for an order and is on no invoice yet.

        :return: in the currency of the order's company; negative: paid back
        """
        self.ensure_one()
        company = order.company_id
        payment = self.payment_id
        if payment.state in ("canceled", "rejected"):
            return 0.0
        if payment.move_id:
            _liquidity, counterpart, _other = payment._seek_for_lines()
            amount = -sum(counterpart.mapped("amount_residual"))
        elif payment.reconciled_invoice_ids:
            amount = 0.0
        else:
            captured_or_void = self.child_transaction_ids.filtered(
                lambda child: (
                    child.operation != "refund" and child.state in ("done", "cancel")
                )
            )
            amount = self.currency_id._convert(
                self.amount - sum(captured_or_void.mapped("amount")),
                company.currency_id,
                company,
                fields.Date.context_today(self),
            )
        # paid for several orders at once: each has its share
        orders = (self.source_transaction_id or self).sale_order_ids
        total = sum(orders.mapped("amount_total"))
        if len(orders) > 1 and total:
            amount *= order.amount_total / total
        return amount
