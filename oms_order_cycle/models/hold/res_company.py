from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    oms_hold_type_ids = fields.Many2many(
        "oms.hold.type",
        "res_company_oms_hold_type_rel",
        string="Holds for All Orders",
        domain="[('check', '!=', 'manual'), ('company_id', 'in', (False, id))]",
        help="What is checked on every order of the company, whatever its workflow: so"
        " that an order that falls into a workflow without checks does not pass them.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        if companies.oms_hold_type_ids:
            companies._oms_hold_types_changed()
        return companies

    def write(self, vals):
        res = super().write(vals)
        if "oms_hold_type_ids" in vals:
            self._oms_hold_types_changed()
        return res

    def _oms_hold_types_changed(self):
        """From now on other checks are made; orders under way are looked at soon."""
        self.env.registry.clear_cache()
        cron = self.env.ref(
            "oms_order_cycle.ir_cron_check_holds", raise_if_not_found=False
        )
        if cron:
            cron.sudo()._trigger()
