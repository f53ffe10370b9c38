from typing import NamedTuple

from odoo import models


class OrderPad(NamedTuple):
    """The order pad of a customer: records of the superuser, as customers read neither
    products nor prices; what is his own is asked for by ``partner``."""

    partner: object
    company: object
    channel: object
    #: whether he orders at once, else he asks for a quotation
    can_order: bool


class ResUsers(models.Model):
    _inherit = "res.users"

    def _oms_get_order_pad(self):
        """The order pad of the customer who is logged in, None where he has none.

        Only customers have one: those who work here make their orders inside.
        """
        self.ensure_one()
        if not self._is_portal():
            return None
        user = self.sudo()
        company = user.env.company
        partner = user.partner_id.commercial_partner_id
        channel, right = user.env["oms.channel"]._get_order_pad(partner, company)
        if not channel:
            return None
        return OrderPad(
            partner.with_company(company),
            company,
            channel.with_context(tz=channel.tz),
            right == "order",
        )

    def _oms_can_order_again(self, order):
        """Whether the user can have the products of an order in his order pad."""
        pad = self._oms_get_order_pad()
        return bool(pad) and order.partner_id.commercial_partner_id == pad.partner
