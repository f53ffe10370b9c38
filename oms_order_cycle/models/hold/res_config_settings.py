from odoo import fields, models
from odoo.exceptions import AccessError


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    oms_hold_type_ids = fields.Many2many(
        related="company_id.oms_hold_type_ids",
        readonly=False,
        domain="[('check', '!=', 'manual'), ('company_id', 'in', (False, company_id))]",
    )
    oms_unreleased_count = fields.Integer(compute="_compute_oms_unreleased_count")

    def _compute_oms_unreleased_count(self):
        orders = self.env["sale.order"].sudo()
        self.oms_unreleased_count = orders.search_count(
            orders._oms_get_unreleased_domain()
        )

    def action_oms_view_unreleased(self):
        """Open the confirmed orders that the warehouse was not asked for."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Held Back from the Warehouse"),
            "res_model": "sale.order",
            "views": [
                [self.env.ref("oms_order_cycle.sale_order_view_list_oms").id, "list"],
                [False, "form"],
            ],
            "domain": list(self.env["sale.order"]._oms_get_unreleased_domain()),
        }

    def action_oms_release_all(self):
        """Hand all that is held back to the warehouse, of the companies chosen.

        :raise AccessError: to whoever is no administrator and manager of the cycle
        """
        if not (
            self.env.user.has_group("base.group_system")
            and self.env.user.has_group("oms_order_cycle.group_oms_manager")
        ):
            raise AccessError(
                self.env._(
                    "Only an administrator who is a Manager of the order cycle"
                    " releases all that is held."
                )
            )
        orders = self.env["sale.order"].search(
            self.env["sale.order"]._oms_get_unreleased_domain()
        )
        orders.sudo()._oms_release_whatever_holds()
        return self.action_oms_view_unreleased()
