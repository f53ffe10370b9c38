from odoo import api, fields, models, tools


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


class StockPackageType(models.Model):
    _inherit = "stock.package.type"

    oms_box_ids = fields.One2many(
        "oms.pack.box", "package_type_id", string="Planned Boxes"
    )
    oms_package_ids = fields.One2many(
        "stock.package", "package_type_id", string="Packages Made"
    )

    @tools.ormcache()
    def _oms_is_packing_set_up(self):
        """Whether there is any carton to plan with; asked at each change of stock."""
        return bool(self.sudo().search_count([("oms_is_carton", "=", True)], limit=1))

    def _oms_forget_set_up(self):
        self.env.registry.clear_cache()

    @api.model_create_multi
    def create(self, vals_list):
        res = super().create(vals_list)
        self._oms_forget_set_up()
        return res

    def write(self, vals):
        res = super().write(vals)
        if {"oms_is_carton", "active"} & vals.keys() or any(
            name.startswith("oms_inner") for name in vals
        ):
            self._oms_forget_set_up()
        return res

    def unlink(self):
        res = super().unlink()
        self._oms_forget_set_up()
        return res
