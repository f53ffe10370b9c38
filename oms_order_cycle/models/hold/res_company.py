from odoo import api, fields, models

from ...tools.groups import INTERNAL


class ResCompany(models.Model):
    _inherit = "res.company"

    oms_hold_type_ids = fields.Many2many(
        "oms.hold.type",
        "res_company_oms_hold_type_rel",
        string="Holds for All Orders",
        groups=INTERNAL,
        domain="[('check', '!=', 'manual'), ('company_id', 'in', (False, id))]",
        help="What is checked on every order of the company, whatever its workflow: so"
        " that an order that falls into a workflow without checks does not pass them.",
    )

    # not a constraint: what is called whenever the field is written
    @api.constrains("oms_hold_type_ids")
    def _oms_hold_types_changed(self):
        """From now on other checks are made; orders under way are looked at soon."""
        self.env.registry.clear_cache()
        self.sudo().oms_hold_type_ids.write({"is_checking": True, "checked_up_to": 0})
        self.env["oms.hold"]._trigger_check()
