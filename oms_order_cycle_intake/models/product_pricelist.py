from odoo import models


class FetchedRules:
    """Rules for many products, of whatever price lists are asked meanwhile."""

    def __init__(self, products):
        self.products = products
        self.rules = {}


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    def _oms_fetch_rules_for(self, products):
        """The price list, which asks for its rules once for all of these products, as
        do the lists that it is based on."""
        return self.with_context(oms_fetched_rules=FetchedRules(products))

    def _get_applicable_rules(self, products, date, **kwargs):
        fetched = self.env.context.get("oms_fetched_rules")
        if (
            not isinstance(fetched, FetchedRules)
            or products._name != fetched.products._name
            or not products <= fetched.products
        ):
            return super()._get_applicable_rules(products, date, **kwargs)
        key = self.id, date
        if key not in fetched.rules:
            fetched.rules[key] = super()._get_applicable_rules(
                fetched.products, date, **kwargs
            )
        return fetched.rules[key]
