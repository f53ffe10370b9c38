from odoo import models


class SaleAdvancePaymentInv(models.TransientModel):
    _inherit = "sale.advance.payment.inv"

    def _create_invoices(self, sale_orders):
        # "delivered" goes through the orders, which know what is to be refunded
        if self.advance_payment_method != "delivered":
            sale_orders._oms_check_blocked("invoice")
        return super()._create_invoices(sale_orders)
