from odoo import models
from odoo.tools import str2bool


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _oms_queue_online_invoices(self):
        """Have the outbox invoice what was paid online while invoicing was held."""
        action_id = self.env["ir.model.data"]._xmlid_to_res_id(
            "oms_order_cycle.action_server_invoice_online_payments"
        )
        self.env["oms.outbox"]._enqueue(
            [
                {
                    "order_id": order.id,
                    "action_id": action_id,
                    "key": f"online:{transaction.id}:order:{order.id}",
                }
                for order in self.filtered(lambda order: order.state == "sale")
                for transaction in order._oms_get_uninvoiced_transactions()
            ]
        )

    def _oms_get_uninvoiced_transactions(self):
        if not str2bool(
            self.env["ir.config_parameter"].sudo().get_param("sale.automatic_invoice")
        ):
            return self.env["payment.transaction"]
        return self.sudo().transaction_ids.filtered(
            lambda transaction: (
                transaction.state == "done"
                and transaction.is_post_processed
                and not transaction.invoice_ids
            )
        )

    def _oms_invoice_online_payments(self):
        """Invoice online payments as Odoo would have, had nothing been held."""
        self._oms_get_uninvoiced_transactions()._invoice_sale_orders()
