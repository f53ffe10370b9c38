from odoo import fields, models


class OmsTypicalCartons(models.TransientModel):
    """Says what adding the typical cartons does, and asks."""

    _name = "oms.typical.cartons"
    _description = "Add Typical Cartons"

    carton_count = fields.Integer(
        "Cartons in Use",
        compute="_compute_carton_count",
        help="Cartons that packing is planned with already.",
    )

    def _compute_carton_count(self):
        count = self.env["stock.package.type"].search_count(
            [("oms_is_carton", "=", True)]
        )
        self.carton_count = count

    def action_add(self):
        """Add them, and show all cartons."""
        self.ensure_one()
        return self.env["stock.package.type"].action_oms_typical_cartons()
