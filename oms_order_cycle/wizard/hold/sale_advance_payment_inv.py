from odoo import models


class SaleAdvancePaymentInv(models.TransientModel):
    _inherit = "sale.advance.payment.inv"

    def _oms_before_invoices(self, orders):
        # "delivered" goes through the orders, which know what is to be refunded
        if self.advance_payment_method != "delivered":
            orders._oms_check_blocked("invoice")
        return super()._oms_before_invoices(orders)
