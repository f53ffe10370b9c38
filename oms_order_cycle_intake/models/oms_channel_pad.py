"""The order pad of a channel: whether its customers order in the portal, and how."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

#: What a customer may do in the order pad.
PAD_RIGHTS = [
    ("none", "Does Not See It"),
    ("quotation", "Asks for a Quotation"),
    ("order", "Orders at Once"),
]


class OmsChannel(models.Model):
    _inherit = "oms.channel"

    order_pad = fields.Boolean(
        help="Customers order by themselves in the portal: by code, from a list, from"
        " what they bought before.",
    )
    pad_right = fields.Selection(
        selection=PAD_RIGHTS,
        string="In the Order Pad",
        required=True,
        default="quotation",
        help="What customers may do who have no right of their own: it is set with the"
        " customer, on the page of sales and purchases.",
    )

    @api.constrains("order_pad", "kind", "submit_as")
    def _check_order_pad(self):
        for channel in self.filtered("order_pad"):
            if channel.kind != "portal":
                raise ValidationError(
                    self.env._(
                        "%s is no channel of the customer portal: its customers have no"
                        " order pad.",
                        channel.name,
                    )
                )
            if channel.submit_as == "order":
                raise ValidationError(
                    self.env._(
                        "In the order pad of %s it is the customer's right that decides"
                        " whether he orders at once. Take what comes in as quotations.",
                        channel.name,
                    )
                )

    @api.model
    def _get_order_pad(self, partner, company):
        """The order pad that a customer has.

        :param partner: the customer, or a contact of his
        :param company: the company that sells
        :return: (channel, ``quotation`` or ``order``); (none, ``none``) where he has
            none
        """
        channels = self.search(
            Domain("order_pad", "=", True)
            & Domain("kind", "=", "portal")
            & Domain("company_id", "in", [False, *company.parent_ids.ids])
        )
        own = channels.filtered(lambda channel: channel.company_id == company)
        channel = (own or channels)[:1]
        right = partner.commercial_partner_id.oms_pad_right or channel.pad_right
        if not channel or right == "none":
            return self.browse(), "none"
        return channel, right
