from odoo import fields, models
from odoo.fields import NO_ACCESS


class MailActivity(models.Model):
    _inherit = "mail.activity"

    oms_notifier = fields.Char(
        copy=False,
        groups=NO_ACCESS,
        index="btree_not_null",
        help="Model and id of what had a group told (a hold type, a stage).",
    )
