from odoo import api, fields, models
from odoo.exceptions import ValidationError


class OmsPackFamily(models.Model):
    """What goods are, where some must not travel in one carton with others."""

    _name = "oms.pack.family"
    _description = "Packing Family"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    apart_ids = fields.Many2many(
        "oms.pack.family",
        "oms_pack_family_apart_rel",
        "family_id",
        "apart_id",
        string="Never Packed With",
        help="Goods of these families do not go into the same carton. It is enough to"
        " say it in one of two families.",
    )

    _name_uniq = models.UniqueIndex("(name)", "There is a family of this name.")

    @api.constrains("apart_ids")
    def _check_apart_ids(self):
        for family in self:
            if family in family.apart_ids:
                raise ValidationError(
                    self.env._("%s cannot be kept apart from itself.", family.name)
                )

    @api.model
    def _get_apart(self):
        """{family id: ids of families to keep apart}, both ways."""
        apart = {}
        for family in self.sudo().search([("apart_ids", "!=", False)]):
            for other in family.apart_ids:
                apart.setdefault(family.id, set()).add(other.id)
                apart.setdefault(other.id, set()).add(family.id)
        return {key: frozenset(ids) for key, ids in apart.items()}
