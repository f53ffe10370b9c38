from odoo import api, fields, models

from ...tools.units import unit_names


class OmsUnitNames(models.AbstractModel):
    """Names of the units that lengths and weights of the database are in."""

    _name = "oms.unit.names"
    _description = "Names of Units"
    #: Names of weights whose labels tell the unit: lists and pivots have no other room.
    _weights_with_unit = ()

    length_uom_name = fields.Char(string="Length Unit", compute="_compute_uom_names")
    weight_uom_name = fields.Char(string="Weight Unit", compute="_compute_uom_names")

    def _compute_uom_names(self):
        self.length_uom_name, self.weight_uom_name = unit_names(self.env)

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        descriptions = super().fields_get(allfields, attributes)
        weights = [name for name in self._weights_with_unit if name in descriptions]
        # Odoo leaves out what nobody asked for, and what it knows already
        weights = [name for name in weights if "string" in descriptions[name]]
        if weights:
            _length, unit = unit_names(self.env)
            for name in weights:
                descriptions[name]["string"] += f" ({unit})"
        return descriptions
