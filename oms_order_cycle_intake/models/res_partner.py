import re
from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize

#: What a customer may be named by, the surest first.
CUSTOMER_KEYS = ("id", "gln", "ref", "vat", "email")


class ResPartner(models.Model):
    _inherit = "res.partner"

    # -- customers --------------------------------------------------------------

    @api.model
    def _oms_find_customers(self, names, company):
        """Customers by what they are named by, in one query for each kind of name.

        All names that are given must mean the same company; the first in the order
        of ``CUSTOMER_KEYS`` decides which of its contacts is meant.

        :param list names: ``{"id"|"gln"|"ref"|"vat"|"email": value}`` of each
        :param company: the company that sells
        :return: ``[(partner, key at fault or False, "not_found" or "ambiguous" or
            False)]``
        """
        found = {
            key: getattr(self, f"_oms_find_by_{key}")(
                {name[key] for name in names if key in name}, company
            )
            for key in CUSTOMER_KEYS
        }
        return [self._oms_choose_customer(name, found) for name in names]

    @api.model
    def _oms_choose_customer(self, name, found):
        chosen = self.browse()
        for key in CUSTOMER_KEYS:
            if key not in name:
                continue
            partners = found[key].get(name[key], self.browse())
            if not partners:
                return self.browse(), key, "not_found"
            companies = partners.commercial_partner_id
            if chosen:
                companies &= chosen.commercial_partner_id
            if len(companies) != 1:
                return self.browse(), key, "ambiguous"
            if not chosen:
                chosen = partners if len(partners) == 1 else companies
        return chosen, False, False

    @api.model
    def _oms_get_customer_domain(self, company):
        return Domain("active", "=", True) & Domain(self._check_company_domain(company))

    @api.model
    def _oms_find_by_id(self, values, company):
        partners = self._oms_search_customers(values, company, "id")
        return {partner.id: partner for partner in partners}

    @api.model
    def _oms_find_by_ref(self, values, company):
        return self._oms_search_customers(values, company, "ref").grouped("ref")

    @api.model
    def _oms_search_customers(self, values, company, name):
        if not values:
            return self.browse()
        return self.search(
            self._oms_get_customer_domain(company) & Domain(name, "in", [*values])
        )

    @api.model
    def _oms_find_by_gln(self, values, company):
        """By Global Location Number, in whatever fields installed addons keep it."""
        found = defaultdict(self.browse)
        for name in self._oms_get_gln_fields():
            for partner in self._oms_search_customers(values, company, name):
                found[partner[name]] |= partner
        return found

    @api.model
    def _oms_get_gln_fields(self):
        """Names of the fields that keep a location number."""
        known = ("global_location_number", "peppol_endpoint")
        return [name for name in known if name in self._fields]

    @api.model
    def _oms_find_by_vat(self, values, company):
        """By tax number, whatever blanks and dots it is written with. Contacts bear
        their company's, which is the one that is meant."""
        wanted = defaultdict(set)
        for value in values:
            wanted[_plain(value).upper()].add(value)
        wanted.pop("", None)
        if not wanted:
            return {}
        plain = tuple(wanted)
        partners = self.search(
            self._oms_get_customer_domain(company)
            & Domain("vat", "!=", False)
            & Domain("parent_id", "=", False)
            & Domain.custom(
                to_sql=lambda model, alias, query: SQL(
                    r"upper(regexp_replace(%s, '[^[:alnum:]]', '', 'g')) IN %s",
                    model._field_to_sql(alias, "vat", query),
                    plain,
                )
            )
        )
        found = defaultdict(self.browse)
        for partner in partners:
            for value in wanted[_plain(partner.vat).upper()]:
                found[value] |= partner
        return found

    @api.model
    def _oms_find_by_email(self, values, company):
        wanted = {value: email_normalize(value) for value in values}
        clean = {email for email in wanted.values() if email}
        partners = self._oms_search_customers(clean, company, "email_normalized")
        by_email = partners.grouped("email_normalized")
        return {
            value: by_email[email]
            for value, email in wanted.items()
            if email in by_email
        }

    # -- addresses --------------------------------------------------------------

    @api.model
    def _oms_get_addresses(self, customers, company):
        """``{commercial partner: all its addresses}``, itself among them."""
        commercials = customers.commercial_partner_id
        if not commercials:
            return {}
        partners = self.search(
            self._oms_get_customer_domain(company)
            & Domain("commercial_partner_id", "in", commercials.ids)
        )
        return partners.grouped("commercial_partner_id")

    def _oms_match_address(self, name):
        """Of these addresses the one that is named, by a key or by what stands in it.

        Written addresses are compared without blanks, signs and capital letters; the
        name decides between several only, or where nothing else is given.

        :param dict name: ``id``, ``gln``, ``ref``, or parts of an address
        :return: one partner or none
        """
        for key in ("id", "gln", "ref"):
            if key in name:
                fields = self._oms_get_gln_fields() if key == "gln" else (key,)
                return self.filtered(
                    lambda partner, k=key, f=fields: any(
                        partner[field] == name[k] for field in f
                    )
                )[:1]
        parts = {key: _plain(value) for key, value in name.items() if key != "name"}
        matching = self.filtered(
            lambda partner: all(
                value in partner._oms_get_spellings(key) for key, value in parts.items()
            )
        )
        called = matching.filtered(
            lambda partner: _plain(name.get("name")) == _plain(partner.name)
        )
        return called[:1] or (matching[:1] if parts else called)

    def _oms_get_spellings(self, key):
        """How a part of an address may be written."""
        self.ensure_one()
        if key in ("country", "state"):
            place = self[f"{key}_id"]
            return {_plain(place.code), _plain(place.name)}
        return {_plain(self[key])}


def _plain(text):
    """A text without blanks, signs and capital letters."""
    return re.sub(r"[\W_]", "", text or "").casefold()
