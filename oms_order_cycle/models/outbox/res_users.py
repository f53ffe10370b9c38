from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    oms_digest_date = fields.Date(
        "Last Digest of the Order Cycle",
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="The user's own day on which the last one was looked at.",
    )
