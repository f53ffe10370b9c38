from odoo import models


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "oms.by.walk"]

    def action_detailed_operations(self):
        action = super().action_detailed_operations()
        action["context"] = {**action["context"], "oms_by_walk": True}
        return action
