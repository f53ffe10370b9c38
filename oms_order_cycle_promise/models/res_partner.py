from odoo import fields, models

from odoo.addons.oms_order_cycle.tools.groups import INTERNAL


class ResPartner(models.Model):
    _inherit = "res.partner"

    oms_receiving_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Receiving Days",
        ondelete="restrict",
        groups=INTERNAL,
        help="Days on which goods can be delivered at this address. Empty: those of the"
        " company it belongs to, or each day.",
    )

    def _oms_get_receiving_calendar(self):
        """The days on which an address takes goods in."""
        self.ensure_one()
        partner = self.sudo()
        return (
            partner.oms_receiving_calendar_id
            or partner.commercial_partner_id.oms_receiving_calendar_id
        )
