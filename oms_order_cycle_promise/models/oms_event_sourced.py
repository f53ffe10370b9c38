from odoo import api, models


class OmsEvent(models.Model):
    _inherit = "oms.event"

    @api.model
    def _get_written_kinds(self):
        return super()._get_written_kinds() | {"sourced"}

    @api.model
    def _get_data_labels(self):
        return {
            **super()._get_data_labels(),
            "rule": self.env._("Rule"),
            "warehouse": self.env._("Warehouse"),
            "quantity": self.env._("Quantity"),
            "short": self.env._("Not There Yet"),
        }
