from odoo import api, models


class OmsSetupGuide(models.AbstractModel):
    _inherit = "oms.setup.guide"

    @api.model
    def _get_steps(self):
        return [*super()._get_steps(), self._get_dates_step()]

    def _get_dates_step(self):
        warehouses = self.env["stock.warehouse"].sudo()
        found = warehouses.search_count(
            [
                ("company_id", "=", self.env.company.id),
                ("oms_calendar_id", "!=", False),
            ],
            limit=1,
        )
        return self._make_step(
            "dates",
            self.env._("Promise Dates You Can Keep"),
            self.env._(
                "Give a warehouse its working hours, cut-off and pick-up, and delivery"
                " methods their days on the way: from then on dates are promised from"
                " stock, receipts and what is promised already."
            ),
            found,
            "stock.action_warehouse_form",
        )
