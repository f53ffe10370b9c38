from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import str2bool

from ...tools.groups import INTERNAL

#: Payments that Odoo has worked off without an invoice.
_UNINVOICED = [
    ("state", "=", "done"),
    ("is_post_processed", "=", True),
    ("invoice_ids", "=", False),
]


class SaleOrder(models.Model):
    """Invoices for what was paid online while invoicing was held: automatic actions on
    the end of holds ask for them (``data/hold/oms_reaction_data.xml``)."""

    _inherit = "sale.order"

    oms_has_online_payment_to_invoice = fields.Boolean(
        string="Online Payment to Invoice",
        compute="_compute_oms_has_online_payment_to_invoice",
        compute_sudo=True,
        search="_search_oms_has_online_payment_to_invoice",
        groups=INTERNAL,
        help="Paid online and not invoiced, although invoices for online payments are"
        " automatic.",
    )

    @api.depends("state", "transaction_ids.state", "transaction_ids.invoice_ids")
    def _compute_oms_has_online_payment_to_invoice(self):
        for order in self:
            order.oms_has_online_payment_to_invoice = order.state == "sale" and bool(
                order._oms_get_uninvoiced_transactions()
            )

    @api.model
    def _search_oms_has_online_payment_to_invoice(self, operator, value):
        if operator != "in":
            return NotImplemented
        orders = []
        if self._oms_is_invoicing_automatic():
            orders = self.sudo()._search(
                Domain("state", "=", "sale")
                & Domain("transaction_ids", "any", _UNINVOICED)
            )
        return [("id", "in" if True in value else "not in", orders)]

    @api.model
    def _oms_is_invoicing_automatic(self):
        return str2bool(
            self.env["ir.config_parameter"].sudo().get_param("sale.automatic_invoice")
        )

    def _oms_get_uninvoiced_transactions(self):
        if not self._oms_is_invoicing_automatic():
            return self.env["payment.transaction"]
        return self.sudo().transaction_ids.filtered_domain(_UNINVOICED)

    def _oms_invoice_online_payments(self):
        """Invoice online payments as Odoo would have, had nothing been held."""
        self._oms_get_uninvoiced_transactions()._invoice_sale_orders()
