from odoo import api, fields, models


class StockPickingType(models.Model):
    _inherit = "stock.picking.type"

    oms_step = fields.Selection(
        [("pick", "Pick"), ("pack", "Pack"), ("ship", "Ship")],
        string="Step of the Order Cycle",
        compute="_compute_oms_step",
        store=True,
        readonly=False,
        help="What a transfer of this type does with an order's goods on their way to"
        " the customer. Proposed for the warehouse's own picking, packing and"
        " deliveries; choose it for types of your own.",
    )

    @api.depends("code", "warehouse_id.pick_type_id", "warehouse_id.pack_type_id")
    def _compute_oms_step(self):
        picking = self.warehouse_id.pick_type_id
        packing = self.warehouse_id.pack_type_id
        for picking_type in self:
            if picking_type.code == "outgoing":
                picking_type.oms_step = "ship"
            elif picking_type.code != "internal":
                picking_type.oms_step = False
            elif picking_type._origin in packing:
                picking_type.oms_step = "pack"
            elif picking_type._origin in picking:
                picking_type.oms_step = "pick"
            elif picking_type.oms_step not in ("pick", "pack"):
                # goods are also put away, checked, and moved about the house
                picking_type.oms_step = False

    def write(self, vals):
        res = super().write(vals)
        if not {"code", "oms_step", "warehouse_id"}.isdisjoint(vals):
            self.env["sale.order"]._oms_rederive_concerned(
                "order_line.move_ids.picking_type_id", self
            )
        return res
