from odoo import models


class SaleAdvancePaymentInv(models.TransientModel):
    _inherit = "sale.advance.payment.inv"

    def _create_invoices(self, sale_orders):
        """Accounting invoices orders without being allowed to sell: a down payment adds
        a line to the order."""
        self._oms_before_invoices(sale_orders)
        if self.env.su or self.env["sale.order.line"].has_access("create"):
            return super()._create_invoices(sale_orders)
        sale_orders.check_access("write")
        self.env["account.move"].check_access("create")
        invoices = super(SaleAdvancePaymentInv, self.sudo())._create_invoices(
            sale_orders.sudo()
        )
        return invoices.sudo(False)

    def _oms_before_invoices(self, orders):
        """Hook: orders are about to be invoiced by the dialog of Odoo."""
