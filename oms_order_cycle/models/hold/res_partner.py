from odoo import models

#: What a change of a customer may solve: fields, and the checks that look at them.
_WATCHED = {
    "address": {
        "city",
        "country_id",
        "email",
        "parent_id",
        "phone",
        "state_id",
        "street",
        "zip",
    },
    "credit_limit": {"credit_limit", "use_partner_credit_limit"},
}


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        res = super().write(vals)
        checks = {
            check for check, names in _WATCHED.items() if not names.isdisjoint(vals)
        }
        if checks and self:
            self.env["sale.order"]._oms_request_hold_check(self, checks)
        return res
