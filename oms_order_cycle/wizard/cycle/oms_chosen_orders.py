from odoo import Command, api, fields, models


class OmsChosenOrders(models.AbstractModel):
    """What a dialog is about: the orders chosen in a list, or the one that is shown."""

    _name = "oms.chosen.orders"
    _description = "Dialog About Chosen Orders"

    order_ids = fields.Many2many("sale.order", string="Orders", required=True)

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if (
            "order_ids" in fields_list
            and not values.get("order_ids")
            and self.env.context.get("active_model") == "sale.order"
        ):
            values["order_ids"] = [Command.set(self.env.context.get("active_ids", []))]
        return values
