from odoo import api, fields, models


class OmsLoad(models.Model):
    """What the least companion knows: since when a transfer is on the truck."""

    _name = "test.oms.load"
    _inherit = ["oms.order.document"]
    _description = "Load of the Order Cycle's Tests"
    _oms_order_path = "picking_id.move_ids.sale_line_id.order_id"

    picking_id = fields.Many2one("stock.picking", required=True, ondelete="cascade")
    date = fields.Datetime(required=True, default=fields.Datetime.now)

    @api.model_create_multi
    def create(self, vals_list):
        loads = super().create(vals_list)
        loads.oms_order_ids._oms_rederive()
        self.env["oms.event"]._log(
            [
                {
                    "order_id": order.id,
                    "kind": "loaded",
                    "name": self.env._("%s is on the truck", load.picking_id.name),
                    "data": {"picking": load.picking_id.name},
                    "res_model": self._name,
                    "res_id": load.id,
                }
                for load in loads
                for order in load.oms_order_ids
            ]
        )
        return loads

    def unlink(self):
        orders = self.oms_order_ids
        res = super().unlink()
        orders._oms_rederive()
        return res
