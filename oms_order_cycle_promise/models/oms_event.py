from odoo import api, models


class OmsEvent(models.Model):
    _inherit = "oms.event"

    @api.model
    def _get_written_kinds(self):
        return super()._get_written_kinds() | {"allocated"}
