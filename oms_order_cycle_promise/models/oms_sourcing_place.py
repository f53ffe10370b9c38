from odoo import api, fields, models


class OmsSourcingPlace(models.Model):
    """A warehouse in the list of a rule."""

    _name = "oms.sourcing.place"
    _description = "Warehouse of a Sourcing Rule"
    _rec_name = "warehouse_id"
    _order = "sequence, id"
    _check_company_auto = True

    rule_id = fields.Many2one(
        "oms.sourcing.rule", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="rule_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    warehouse_id = fields.Many2one(
        "stock.warehouse", required=True, check_company=True, ondelete="cascade"
    )

    _rule_warehouse_uniq = models.UniqueIndex(
        "(rule_id, warehouse_id)", "A warehouse stands in the list of a rule once."
    )

    @api.model_create_multi
    def create(self, vals_list):
        places = super().create(vals_list)
        self.env.registry.clear_cache()
        return places

    def write(self, vals):
        res = super().write(vals)
        self.env.registry.clear_cache()
        return res

    def unlink(self):
        res = super().unlink()
        self.env.registry.clear_cache()
        return res
