from odoo import api, models


class OmsEvent(models.Model):
    _inherit = "oms.event"

    @api.model
    def _get_written_kinds(self):
        return super()._get_written_kinds() | {"received"}

    @api.model
    def _get_data_labels(self):
        return {
            **super()._get_data_labels(),
            "channel": self.env._("Channel"),
            "external_ref": self.env._("Reference"),
            "status": self.env._("Result"),
            "changes": self.env._("Changes"),
        }
