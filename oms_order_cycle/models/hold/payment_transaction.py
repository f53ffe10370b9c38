from odoo import models


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
