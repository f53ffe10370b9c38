from odoo import fields, models


class StockPickingType(models.Model):
    _inherit = "stock.picking.type"

    oms_plan_packing = fields.Boolean(
        string="Plan Packing",
        default=True,
        help="Choose cartons as soon as goods are released, and again when what was"
        " picked differs. Nothing happens as long as there are no cartons with an inner"
        " size.",
    )

    def _oms_packs_here(self):
        """Whether goods are packed with transfers of this type."""
        self.ensure_one()
        if self.oms_step == "ship":
            return self.warehouse_id.delivery_steps != "pick_pack_ship"
        return self.oms_step == "pack"
