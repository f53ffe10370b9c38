from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.model
    def _oms_find_without_zeros(self, codes, company):
        """Internal references whose zeros in front a spreadsheet has dropped.

        :param codes: digits that are the reference of no product
        :return: ``{code: internal reference}`` where one product only is meant
        """
        bare = tuple({code.lstrip("0") for code in codes} - {""})
        if not bare:
            return {}
        products = self.search_fetch(
            self._oms_get_live_domain(company)
            & Domain.custom(
                to_sql=lambda model, alias, query: SQL(
                    "ltrim(%s, '0') IN %s",
                    model._field_to_sql(alias, "default_code", query),
                    bare,
                )
            ),
            ["default_code"],
        )
        found = defaultdict(list)
        for product in products:
            found[product.default_code.lstrip("0")].append(product.default_code)
        return {
            code: found[code.lstrip("0")][0]
            for code in codes
            if len(found.get(code.lstrip("0"), ())) == 1
        }
