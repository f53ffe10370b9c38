from odoo import fields, models

from odoo.addons.oms_order_cycle.tools.groups import INTERNAL


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    oms_external_ref = fields.Char(
        string="Customer's Line",
        copy=False,
        readonly=True,
        groups=INTERNAL,
        help="What the customer calls the line in the order that came in.",
    )
