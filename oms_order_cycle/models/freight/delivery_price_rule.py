from odoo import fields, models

from ...tools.parcel_price import PriceStep


class DeliveryPriceRule(models.Model):
    _inherit = "delivery.price.rule"

    # without the addon a rule on billable weight is one on weight, not on quantity

    variable = fields.Selection(
        selection_add=[
            ("billable_weight", "Billable Weight"),
            ("dimensional_weight", "Dimensional Weight"),
        ],
        ondelete={
            "billable_weight": "set weight",
            "dimensional_weight": "set weight",
        },
    )
    variable_factor = fields.Selection(
        selection_add=[
            ("billable_weight", "Billable Weight"),
            ("dimensional_weight", "Dimensional Weight"),
        ],
        ondelete={
            "billable_weight": "set weight",
            "dimensional_weight": "set weight",
        },
    )

    def _oms_to_step(self):
        """The rule for :class:`..tools.parcel_price.ParcelPrice`."""
        self.ensure_one()
        return PriceStep(
            self.variable,
            self.operator,
            self.max_value,
            self.list_base_price,
            self.list_price,
            self.variable_factor,
        )
