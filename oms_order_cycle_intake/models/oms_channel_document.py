from odoo import fields, models


class OmsChannel(models.Model):
    """A channel has an address that documents are mailed to."""

    _name = "oms.channel"
    _inherit = ["oms.channel", "mail.alias.mixin.optional"]

    answer = fields.Selection(
        [
            ("none", "Not at All"),
            ("attachment", "A File on the Order"),
            ("mail", "By E-mail to the Customer"),
        ],
        string="Answer Documents",
        required=True,
        default="none",
        help="What a customer is told once an order that came in a document is"
        " confirmed: an order response in the standard of his document, with the"
        " quantities and days that he gets.",
    )

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id("oms.intake")
        if self.id:
            values["alias_defaults"] = repr({"channel_id": self.id})
        return values
