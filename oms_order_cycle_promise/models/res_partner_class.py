"""The class of customers, for when goods are short."""

from odoo import api, fields, models

from odoo.addons.oms_order_cycle.tools.groups import INTERNAL


class ResPartner(models.Model):
    _inherit = "res.partner"

    oms_customer_class_id = fields.Many2one(
        "oms.customer.class",
        string="Customer Class",
        ondelete="set null",
        index="btree_not_null",
        groups=INTERNAL,
        help="Who is served first when goods are short and are shared out by class."
        " It counts for all addresses of the customer.",
    )

    @api.model
    def _commercial_fields(self):
        return [*super()._commercial_fields(), "oms_customer_class_id"]
