from odoo import fields, models

# who reads what came in
SALES = "sales_team.group_sale_salesman"


class SaleOrder(models.Model):
    _inherit = "sale.order"

    oms_intake_ids = fields.One2many(
        "oms.intake", "order_id", string="As It Came In", copy=False, groups=SALES
    )
    oms_intake_count = fields.Integer(
        compute="_compute_oms_intake_count", compute_sudo=True, groups=SALES
    )

    def _compute_oms_intake_count(self):
        counts = dict(
            self.env["oms.intake"]._read_group(
                [("order_id", "in", self.ids)], ["order_id"], ["__count"]
            )
        )
        for order in self:
            order.oms_intake_count = counts.get(order._origin, 0)

    def action_oms_view_intakes(self):
        """Open what the order was made of."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oms_order_cycle_intake.oms_intake_action"
        )
        action["domain"] = [("order_id", "in", self.ids)]
        action["context"] = {}
        if len(self.oms_intake_ids) == 1:
            action.update(res_id=self.oms_intake_ids.id, views=[(False, "form")])
        return action
