from odoo import api, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    @api.depends("state", "picking_type_id.oms_step")
    def _compute_oms_is_blocked(self):
        return super()._compute_oms_is_blocked()

    def _oms_get_open_steps(self):
        if self.state in ("done", "cancel"):
            return ()
        return {step for move in self.move_ids for step in move._oms_get_steps()}
