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

    def write(self, vals):
        if "oms_hold_type_ids" not in vals:
            return super().write(vals)
        before = {company: company.sudo().oms_hold_type_ids for company in self}
        res = super().write(vals)
        workflows = (
            self.env["oms.workflow"]
            .sudo()
            .with_context(active_test=False)
            .search([("state", "!=", "draft")])
        )
        for company, types in before.items():
            now = company.sudo().oms_hold_type_ids
            (now - types)._start_checking(workflows)
            (types - now)._end_checking(workflows)
        return res

    # not a constraint: what is called whenever the field is written
    @api.constrains("oms_hold_type_ids")
    def _oms_hold_types_changed(self):
        """From now on other checks are made."""
        self.env.registry.clear_cache()
