from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.oms_order_cycle.tools.groups import INTERNAL


class ResPartner(models.Model):
    _inherit = "res.partner"

    oms_edi_id = fields.Char(
        "EDI Identifier",
        index="btree_not_null",
        copy=False,
        groups=INTERNAL,
        help="What the customer calls himself as sender of electronic orders: the"
        " sender of the interchange in EDIFACT (UNB) and X12 (ISA). Orders of documents"
        " that name no customer we know are his.",
    )

    @api.model
    def _oms_find_by_edi(self, values, company):
        """Companies by what they call themselves as senders; none where several do.

        :return: ``{value: partner}``
        """
        values = {value for value in values if value}
        if not values:
            return {}
        partners = self.search(
            self._oms_get_customer_domain(company)
            & Domain("oms_edi_id", "in", [*values])
        )
        return {
            value: same
            for value, same in partners.grouped("oms_edi_id").items()
            if len(same) == 1
        }
