from odoo import fields, models


class OmsCustomerClass(models.Model):
    """How important a customer is when goods are short."""

    _name = "oms.customer.class"
    _description = "Customer Class"
    _inherit = ["oms.limited"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(
        default=10,
        help="The first class is served before the second one, where goods are shared"
        " out by class. Customers without a class come last.",
    )
    partner_count = fields.Integer(string="Customers", compute="_compute_partner_count")

    def _compute_partner_count(self):
        groups = self.env["res.partner"]._read_group(
            [("oms_customer_class_id", "in", self.ids), ("parent_id", "=", False)],
            ["oms_customer_class_id"],
            ["__count"],
        )
        counts = {group.id: count for group, count in groups}
        for group in self:
            group.partner_count = counts.get(group.id, 0)

    def action_view_partners(self):
        """Open the customers of the class."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "res.partner",
            "views": [[False, "list"], [False, "form"]],
            "domain": [
                ("oms_customer_class_id", "=", self.id),
                ("parent_id", "=", False),
            ],
            "context": {"default_oms_customer_class_id": self.id},
        }
