from odoo import api, fields, models
from odoo.fields import Domain


class ProductTemplate(models.Model):
    _inherit = "product.template"

    oms_size_ids = fields.One2many(
        "oms.product.size", "product_tmpl_id", string="Sizes", copy=True
    )
    oms_missing_size = fields.Boolean(
        string="Without Size",
        compute="_compute_oms_missing_size",
        search="_search_oms_missing_size",
        help="Goods that nobody has measured: their size is guessed when cartons are"
        " planned.",
    )

    oms_packs_cases = fields.Boolean(
        string="Pack Whole Cases",
        help="Of an order in units, as many whole cases as go are packed as they are,"
        " and only the rest by the unit: 30 are two cases of 12 and 6. For every case"
        " whose size was measured.",
    )

    @api.depends("product_variant_ids.oms_missing_size")
    def _compute_oms_missing_size(self):
        for template in self:
            template.oms_missing_size = any(
                template.product_variant_ids.mapped("oms_missing_size")
            )

    def _search_oms_missing_size(self, operator, value):
        if operator != "in":
            return NotImplemented
        variants = self.env["product.product"]._search(
            [("oms_missing_size", "=", True)]
        )
        missing = Domain("product_variant_ids", "in", variants)
        return missing if True in value else ~missing

    def action_oms_sizes(self):
        """The sizes of the product, to enter them."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oms_order_cycle.oms_product_size_action"
        )
        action["domain"] = [("product_tmpl_id", "in", self.ids)]
        action["context"] = {
            "default_product_tmpl_id": self[:1].id,
            "oms_one_product": len(self) == 1,
        }
        return action
