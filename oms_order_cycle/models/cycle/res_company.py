from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    oms_setup_dismissed = fields.Boolean(
        string="First Steps Closed",
        help="The first steps of the order cycle are not shown unasked any more.",
    )
