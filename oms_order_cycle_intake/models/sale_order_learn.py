"""Customers' own product codes, learnt from what a person corrects."""

from odoo import api, models

from ..tools.met import repeated_when_met


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model
    def _oms_learn_codes(self, partner, codes):
        """Remember what a customer calls products; what was known is corrected.

        :param partner: the customer, or a contact of his
        :param codes: ``[(code, product id, unit id or False)]``; of two spellings of a
            code the last counts
        :return: the ``oms.customer.code`` of them
        """
        customer = partner.commercial_partner_id
        company = self.env.company
        learnt = {
            code.strip().lower(): (code.strip(), product_id, uom_id)
            for code, product_id, uom_id in codes
            if code.strip()
        }
        model = self.env["oms.customer.code"]
        known = {
            code.code.lower(): code
            for code in model.search(
                [("company_id", "=", company.id), ("partner_id", "=", customer.id)]
            )
        }
        result = model
        to_create = []
        for key, (code, product_id, uom_id) in learnt.items():
            values = {"product_id": product_id, "uom_id": uom_id}
            if key in known:
                known[key].write(values)
                result |= known[key]
                continue
            to_create.append(
                {
                    **values,
                    "code": code,
                    "partner_id": customer.id,
                    "company_id": company.id,
                }
            )
        with repeated_when_met(self.env):
            return result | model.create(to_create)
