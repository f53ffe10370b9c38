from odoo import api, models

from odoo.addons.oms_order_cycle_intake import documents


class OmsIntake(models.Model):
    _inherit = "oms.intake"

    @api.model
    def _read_document(self, raw, name):
        if documents.standard_of(raw, name) == "edifact":
            return documents.read(raw, name)
        return super()._read_document(raw, name)
