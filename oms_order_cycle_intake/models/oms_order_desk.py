"""The order desk: what its screen asks for."""

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, escape_psql
from odoo.tools.misc import format_datetime

from ..tools.desk_content import (
    ContentFault,
    as_id,
    as_text,
    is_kept,
    read_content,
)

#: So many customers, products, former purchases are shown.
MOST_FOUND, MOST_BOUGHT = 8, 20
#: Lines of the customer that are looked at to find what he bought lately.
LOOKED_AT = 400
#: A draft larger than that is no order.
MOST_KEPT = 400_000


class OmsOrderDesk(models.AbstractModel):
    """Everything is read and written with the rights of the user."""

    _name = "oms.order.desk"
    _description = "Order Desk"

    # -- opening ----------------------------------------------------------------

    @api.model
    def open(self, key=False, order_id=False):
        """What the screen needs to begin with.

        :param key: of the draft to go on with, or False
        :param order_id: of the quotation to go on with, or False
        :return: dict: ``rights``, ``channels``, ``channel_id`` (the usual one),
            ``drafts`` (of the user), ``content`` (to go on with, or False)
        """
        self._check_can_use()
        drafts = self.env["oms.desk.draft"]._get_kept()
        content = False
        if order_id:
            content = self._read_order(self._find_order(order_id))
            # somebody went on with it before, and was called away
            mine = drafts.filtered(
                lambda draft: draft.content.get("order_id") == order_id
            )
            content = mine[:1].content or content
        elif key:
            content = drafts.filtered(lambda draft: draft.key == key).content or False
        channels = self.env["oms.channel"].search(
            [("company_id", "in", [False, *self.env.company.parent_ids.ids])]
        )
        phone = channels.filtered(lambda channel: channel.kind == "phone")
        return {
            "rights": {
                "discount": self._may_discount(),
                "create_partner": self.env["res.partner"].has_access("create"),
            },
            "channels": [{"id": one.id, "name": one.name} for one in channels],
            "channel_id": phone[:1].id,
            "currency_id": self.env.company.currency_id.id,
            "drafts": [self._describe_draft(draft) for draft in drafts],
            "content": content,
        }

    @api.model
    def _check_can_use(self):
        user = self.env.user
        if not user.has_group("sales_team.group_sale_salesman"):
            raise AccessError(
                self.env._(
                    "The order desk is for those who sell. Ask for the role"
                    " 'Sales / User' to use it."
                )
            )
        self.env["sale.order"].check_access("create")

    @api.model
    def _may_discount(self):
        return self.env.user.has_group("sale.group_discount_per_so_line")

    @api.model
    def _describe_draft(self, draft):
        return {
            "key": draft.key,
            "partner": draft.partner_id.display_name or "",
            "lines": draft.line_count,
            "since": format_datetime(self.env, draft.write_date, dt_format="short"),
        }

    @api.model
    def _find_order(self, order_id):
        """A quotation that can be gone on with.

        :raise UserError: it is none, or not the user's to change
        """
        order = self.env["sale.order"].browse(as_id(order_id)).exists()
        if not order:
            raise UserError(self.env._("This quotation was deleted."))
        order.check_access("write")
        if order.company_id not in self.env.companies:
            raise UserError(
                self.env._(
                    "%(order)s is an order of %(company)s: switch to that company.",
                    order=order.name,
                    company=order.company_id.name,
                )
            )
        if order.state not in ("draft", "sent") or order.locked:
            raise UserError(
                self.env._(
                    "%s is no quotation any more. Open it in its form to change it.",
                    order.name,
                )
            )
        return order

    @api.model
    def _read(self, raw):
        """:raise UserError: what was sent is no content"""
        try:
            return read_content(raw)
        except ContentFault as fault:
            raise UserError(
                self.env._("The order desk cannot read what was typed: %s", fault.path)
            ) from fault

    # -- drafts -----------------------------------------------------------------

    @api.model
    def keep(self, content):
        """Keep what is typed for the user, as he may leave the screen any time."""
        self._check_can_use()
        checked = self._read(content)
        if not is_kept(content):
            raise UserError(self.env._("This cannot be kept: save the quotation."))
        if len(str(content)) > MOST_KEPT:
            raise UserError(self.env._("This is too much to keep: save the quotation."))
        partner = self._browse("res.partner", [checked.partner_id])
        self.env["oms.desk.draft"]._keep(
            checked.key, content, partner.id, len(checked.lines)
        )
        return True

    @api.model
    def take_up(self, key):
        """The user's draft of this key, to go on with.

        :raise UserError: it is saved or was given up meanwhile
        """
        self._check_can_use()
        draft = (
            self.env["oms.desk.draft"]
            ._get_kept()
            .filtered(lambda draft: draft.key == key)
        )
        if not draft:
            raise UserError(self.env._("This draft was saved or given up meanwhile."))
        return draft.content

    @api.model
    def give_up(self, key):
        """Forget a draft of the user."""
        self._check_can_use()
        drafts = self.env["oms.desk.draft"]._get_kept()
        drafts.filtered(lambda draft: draft.key == key).unlink()
        return [
            self._describe_draft(draft)
            for draft in self.env["oms.desk.draft"]._get_kept()
        ]

    # -- customers --------------------------------------------------------------

    @api.model
    def find_customers(self, text):
        """Customers by what is said on the phone: name, number, city, telephone.

        :param str text: each word of it must be found somewhere
        :return: ``[{"id", "name", "details"}]``, the likeliest first
        """
        self._check_can_use()
        partners = self.env["res.partner"]
        domain = Domain(partners._check_company_domain(self.env.company)) & (
            Domain("parent_id", "=", False) | Domain("type", "=", "contact")
        )
        text = as_text(text)
        for word in text.split():
            domain &= Domain.OR(
                Domain(name, "ilike", word)
                for name in ("complete_name", "ref", "city", "zip", "email", "vat")
            ) | self._get_phone_domain(word, text)
        found = partners.search(
            domain, limit=MOST_FOUND, order="customer_rank desc, id"
        )
        exact = partners.search(
            Domain(partners._check_company_domain(self.env.company))
            & Domain("ref", "=ilike", escape_psql(text)),
            limit=MOST_FOUND,
        )
        return [
            {
                "id": partner.id,
                "name": partner.display_name,
                "details": " · ".join(
                    part for part in (partner.ref, partner.city, partner.phone) if part
                ),
            }
            for partner in (exact | found)[:MOST_FOUND]
        ]

    @api.model
    def _get_phone_domain(self, word, text):
        """Telephone numbers are said and written with all kinds of gaps."""
        digits = "".join(char for char in text if char.isdigit())
        if len(digits) < 4 or any(char.isalpha() for char in text):
            return Domain("phone", "ilike", word)
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "regexp_replace(%s, '[^0-9]', '', 'g') LIKE %s",
                model._field_to_sql(alias, "phone", query),
                # 0 in front where it is not said with the country's number
                f"%{digits.lstrip('0')}%",
            )
        )

    @api.model
    def get_customer(self, partner_id, order_id=False):
        """What is to be known of a customer who is on the phone.

        :param order_id: of the quotation that is gone on with
        :return: dict: ``id``, ``name``, ``details``, ``addresses``, ``bought``
            (lately), ``quotations`` (open ones)
        """
        self._check_can_use()
        partner = self._browse_one("res.partner", partner_id)
        customer = partner.commercial_partner_id
        return {
            "id": partner.id,
            "name": partner.display_name,
            "details": " · ".join(
                part
                for part in (partner.ref, partner.city, partner.phone, partner.email)
                if part
            ),
            "addresses": self._get_addresses(partner),
            "bought": self._get_bought(customer),
            "quotations": self._get_quotations(customer, order_id),
        }

    @api.model
    def _get_addresses(self, partner):
        """Where it may be delivered to, the usual address first."""
        usual = partner.browse(partner.address_get(["delivery"])["delivery"])
        others = partner.search(
            Domain("commercial_partner_id", "=", partner.commercial_partner_id.id)
            & Domain("type", "in", ("delivery", "other", "contact"))
            & Domain(partner._check_company_domain(self.env.company)),
            limit=80,
        )
        return [
            {
                "id": address.id,
                "name": " · ".join(
                    part
                    for part in (address.display_name, address.street, address.city)
                    if part
                ),
            }
            for address in usual | partner | others
        ]

    @api.model
    def _get_bought(self, customer):
        """What the customer bought lately: each product once, as it was bought last."""
        order = self.env["sale.order"].new(
            {"partner_id": customer.id, "company_id": self.env.company.id}
        )
        lines = self.env["sale.order.line"].search(
            order._oms_get_bought_domain()
            & Domain("product_id.sale_ok", "=", True)
            & Domain("product_id.active", "=", True)
            & Domain("product_id.type", "!=", "combo")
            & Domain("is_delivery", "=", False),
            order="id desc",
            limit=LOOKED_AT,
        )
        last = {}
        for line in lines.sorted(
            lambda line: (line.order_id.date_order, line.id), reverse=True
        ):
            last.setdefault(line.product_id, line)
        return [
            {
                **self._describe_product(product, line.product_uom_id),
                "qty": line.product_uom_qty,
                "price": line.price_unit * (1 - line.discount / 100),
                "currency_id": line.currency_id.id,
                "date": line.order_id.date_order.date().isoformat(),
                "order": line.order_id.name,
            }
            for product, line in list(last.items())[:MOST_BOUGHT]
        ]

    @api.model
    def _get_quotations(self, customer, order_id):
        orders = self.env["sale.order"].search(
            Domain("partner_id", "child_of", customer.id)
            & Domain("company_id", "=", self.env.company.id)
            & Domain("state", "in", ("draft", "sent"))
            & Domain("id", "!=", as_id(order_id)),
            limit=5,
        )
        return [
            {
                "id": order.id,
                "name": order.name,
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "date": order.date_order.date().isoformat(),
            }
            for order in orders
        ]

    # -- products ---------------------------------------------------------------

    @api.model
    def suggest(self, partner_id, text):
        """Products for what is typed: code, barcode, customer's own code, or name.

        :return: as :meth:`_describe_product`, with ``how`` it was found
        """
        self._check_can_use()
        partner = self._browse("res.partner", [partner_id])
        products = self.env["product.product"]
        found = products._oms_suggest(
            partner, as_text(text), self.env.company, MOST_FOUND
        )
        units = self.env["uom.uom"].browse(
            {uom for _product, uom, _how in found if uom}
        )
        by_id = {unit.id: unit for unit in units}
        # browsed together, they are read together
        suggested = products.browse([product for product, _uom, _how in found])
        return [
            {**self._describe_product(product, by_id.get(uom)), "how": how}
            for product, (_id, uom, how) in zip(suggested, found, strict=True)
        ]

    @api.model
    def _describe_product(self, product, uom=None):
        """``uom``: the unit that is meant, or none."""
        units = product.uom_id | product.uom_ids | (uom or product.uom_id)
        return {
            "product_id": product.id,
            "code": product.default_code or "",
            "name": product.with_context(display_default_code=False).display_name,
            "uom_id": (uom or product.uom_id).id,
            "uoms": [{"id": unit.id, "name": unit.name} for unit in units],
        }

    # -- records that the screen names ------------------------------------------

    @api.model
    def _browse(self, model, ids):
        """Those of the records that the user may see, in this company."""
        records = self.env[model]
        ids = [one for one in map(as_id, ids) if one]
        if not ids:
            return records
        domain = Domain("id", "in", ids)
        if "company_id" in records._fields:
            domain &= Domain(records._check_company_domain(self.env.company))
        found = records.with_context(active_test=False).search(domain)
        return found.with_env(self.env)

    @api.model
    def _browse_one(self, model, record_id):
        record = self._browse(model, [record_id])
        if not record:
            raise UserError(
                self.env._(
                    "%s: the record was deleted, belongs to another company, or is not"
                    " for you to see.",
                    self.env["ir.model"]._get(model).display_name,
                )
            )
        return record
