from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, escape_psql

from ..tools.gtin import spell_barcode

#: How a product may be found, the surest first.
HOW = ("customer_code", "default_code", "barcode")


class ProductProduct(models.Model):
    _inherit = "product.product"

    # -- exactly ----------------------------------------------------------------

    @api.model
    def _oms_find_by_codes(self, partner, texts, company):
        """Products by the customer's own code, internal reference, or barcode.

        Exact; the first kind that has a hit decides. Archived products and those of
        other companies are left out; whether they are sold is the caller's to ask.

        :param partner: whose own codes count, or none
        :param texts: what was typed or sent
        :param company: the company that sells
        :return: ``{text: [(product id, unit id or False, how)]}`` of the texts that are
            found; several where a code is not unique; ``how`` is one of ``HOW``
        """
        found = {}
        left = {text.strip() for text in texts} - {""}
        for how, hits in (
            ("customer_code", self._oms_find_by_customer_code(partner, left, company)),
            ("default_code", self._oms_find_by_default_code(left, company)),
            ("barcode", self._oms_find_by_barcode(left, company)),
        ):
            for text, products in hits.items():
                found.setdefault(
                    text, [(product, uom, how) for product, uom in products]
                )
        return {text: found[key] for text in texts if (key := text.strip()) in found}

    @api.model
    def _oms_find_by_customer_code(self, partner, texts, company):
        """``{text: [(product id, unit id or False)]}`` by one customer's own codes."""
        customer = partner.commercial_partner_id
        found = self._oms_find_by_customers_codes(
            {(customer.id, text) for text in texts} if customer else (), company
        )
        return {text: products for (_customer, text), products in found.items()}

    @api.model
    def _oms_find_by_customers_codes(self, pairs, company):
        """The same for many customers at once.

        :param pairs: (id of the commercial partner, text)
        :return: ``{(partner id, text): [(product id, unit id or False)]}``
        """
        pairs = set(pairs)
        if not pairs:
            return {}
        wanted = defaultdict(set)
        for partner_id, text in pairs:
            wanted[partner_id, text.lower()].add(text)
        lowered = tuple({text for _partner, text in wanted})
        codes = self.env["oms.customer.code"].search(
            Domain("company_id", "=", company.id)
            & Domain("partner_id", "in", [partner_id for partner_id, _text in pairs])
            & Domain.custom(
                to_sql=lambda model, alias, query: SQL(
                    "lower(%s) IN %s",
                    model._field_to_sql(alias, "code", query),
                    lowered,
                )
            )
        )
        live = self._oms_filter_live(codes.product_id, company)
        found = {}
        for code in codes:
            if code.product_id not in live:
                continue
            for text in wanted.get((code.partner_id.id, code.code.lower()), ()):
                found[code.partner_id.id, text] = [(code.product_id.id, code.uom_id.id)]
        return found

    @api.model
    def _oms_find_by_default_code(self, texts, company):
        """``{text: [(product id, False)]}`` by internal reference; where none is
        written just so, by one of other capital letters."""
        if not texts:
            return {}
        live = self._oms_get_live_domain(company)
        products = self.search_fetch(
            live & Domain("default_code", "in", list(texts)), ["default_code"]
        )
        found = {
            code: [(product.id, False) for product in same]
            for code, same in products.grouped("default_code").items()
        }
        left = {text.lower() for text in texts if text not in found}
        if not left:
            return found
        lowered = Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "lower(%s) IN %s",
                model._field_to_sql(alias, "default_code", query),
                tuple(left),
            )
        )
        others = defaultdict(list)
        for product in self.search_fetch(live & lowered, ["default_code"]):
            others[product.default_code.lower()].append((product.id, False))
        return found | {
            text: others[key]
            for text in texts
            if text not in found and (key := text.lower()) in others
        }

    @api.model
    def _oms_find_by_barcode(self, texts, company):
        """``{text: [(product id, unit id or False)]}`` by barcode, of a product or of a
        packaging; numbers of GS1 are the same with and without zeros in front."""
        if not texts:
            return {}
        spellings = defaultdict(set)
        for text in texts:
            for barcode in spell_barcode(text):
                spellings[barcode].add(text)
        found = defaultdict(list)
        products = self.search_fetch(
            self._oms_get_live_domain(company) & Domain("barcode", "in", [*spellings]),
            ["barcode"],
        )
        for product in products:
            for text in spellings[product.barcode]:
                found[text].append((product.id, False))
        packagings = self.env["product.uom"].search(
            [("barcode", "in", [*spellings]), ("company_id", "in", (False, company.id))]
        )
        live = self._oms_filter_live(packagings.product_id, company)
        for packaging in packagings:
            if packaging.product_id in live:
                for text in spellings[packaging.barcode]:
                    found[text].append((packaging.product_id.id, packaging.uom_id.id))
        return dict(found)

    @api.model
    def _oms_filter_live(self, products, company):
        """Of products those that the company has, and that are not archived."""
        if not products:
            return products
        return self.search(
            self._oms_get_live_domain(company) & Domain("id", "in", products.ids)
        )

    @api.model
    def _oms_get_live_domain(self, company):
        return Domain("active", "=", True) & Domain(self._check_company_domain(company))

    # -- while somebody types ---------------------------------------------------

    @api.model
    def _oms_suggest(self, partner, text, company, limit=10):
        """Products that are sold, for what somebody has typed so far.

        What matches exactly comes first, then what begins like it: the customer's own
        codes, internal references, barcodes; then names that contain it.

        :param int limit: at most so many
        :return: ``[(product id, unit id or False, how)]``, each product once; ``how``
            is one of ``HOW``, or ``name``
        """
        text = text.strip()
        if not text:
            return []
        exact = self._oms_find_by_codes(partner, [text], company).get(text, [])
        found = {product: (uom, how) for product, uom, how in exact}
        for suggest in (
            self._oms_suggest_customer_codes,
            self._oms_suggest_codes,
            self._oms_suggest_names,
        ):
            for product, uom, how in suggest(partner, text, company, limit):
                found.setdefault(product, (uom, how))
        sold = self.search(
            self._oms_get_live_domain(company)
            & Domain("sale_ok", "=", True)
            & Domain("id", "in", [*found])
        )
        left = [product for product in found if product in sold._ids][:limit]
        return [(product, *found[product]) for product in left]

    @api.model
    def _oms_suggest_customer_codes(self, partner, text, company, limit):
        customer = partner.commercial_partner_id
        if not customer:
            return []
        codes = self.env["oms.customer.code"].search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "=", customer.id),
                ("code", "=ilike", f"{escape_psql(text)}%"),
            ],
            limit=limit,
        )
        return [(code.product_id.id, code.uom_id.id, "customer_code") for code in codes]

    @api.model
    def _oms_suggest_codes(self, partner, text, company, limit):
        start = f"{escape_psql(text)}%"
        domain = self._oms_get_live_domain(company) & Domain("sale_ok", "=", True)
        return [
            (product.id, False, how)
            for how in ("default_code", "barcode")
            for product in self.search(
                domain & Domain(how, "=ilike", start), limit=limit, order=f"{how}, id"
            )
        ]

    @api.model
    def _oms_suggest_names(self, partner, text, company, limit):
        domain = self._oms_get_live_domain(company) & Domain("sale_ok", "=", True)
        for word in text.split():
            domain &= Domain("name", "ilike", word)
        return [
            (product.id, False, "name") for product in self.search(domain, limit=limit)
        ]
