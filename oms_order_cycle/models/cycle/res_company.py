from odoo import fields, models

from ...tools.groups import INTERNAL


class ResCompany(models.Model):
    _inherit = "res.company"

    oms_setup_dismissed = fields.Boolean(
        string="First Steps Closed",
        groups=INTERNAL,
        help="The first steps of the order cycle are not shown unasked any more.",
    )
