from odoo import fields, models

from ...tools.units import unit_names


class OmsUnitNames(models.AbstractModel):
    """Names of the units that lengths and weights of the database are in."""

    _name = "oms.unit.names"
    _description = "Names of Units"

    length_uom_name = fields.Char(string="Length Unit", compute="_compute_uom_names")
    weight_uom_name = fields.Char(string="Weight Unit", compute="_compute_uom_names")

    def _compute_uom_names(self):
        self.length_uom_name, self.weight_uom_name = unit_names(self.env)
