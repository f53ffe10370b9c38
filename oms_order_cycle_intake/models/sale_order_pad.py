"""What a line that somebody asks for would cost, and when it could be had."""

from dataclasses import dataclass

from babel.dates import format_skeleton

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import babel_locale_parse, formatLang

from ..tools.submission import Line, Submission


@dataclass(eq=False)
class Asked(Line):
    """A line that somebody asks for, with what is answered.

    :param text: what he typed to name the product, if anything
    :param foreign_unit: name of the unit, where the product is not sold in such
    """

    text: str = ""
    foreign_unit: str = ""
    price: float = 0.0
    amount: float = 0.0
    availability: tuple = ("", False)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model
    def _oms_answer_lines(self, partner, lines, company, channel=None, address=None):
        """What lines would cost that somebody asks for, when the goods could be had,
        and what is wrong with the lines. Nothing is saved.

        Prices are those of an order of the customer made now. The number of queries
        does not grow with the lines.

        :param partner: the customer
        :param list lines: ``{"product_id", "qty", "uom_id", "date", "text"}`` of each:
            quantity as number, False while it is not known; the unit's id, False for
            the product's; the day wanted as ``2026-12-31`` or False; what was typed
            for the product, for the words of a fault
        :param company: the company that sells
        :param channel: the ``oms.channel`` that they come in over, if any
        :param address: the delivery address; the customer's own by default
        :return: for each, in the same order, ``{"product_id", "name", "code", "qty",
            "uom_id", "uom", "uoms": [{"id", "name"}], "price", "price_words", "amount",
            "amount_words", "currency", "min_qty", "multiple_qty", "availability":
            {"code", "date", "words"}, "last": {"date", "date_words", "qty", "uom",
            "price", "price_words"} or False, "faults": [{"code", "message",
            "proposal"}]}``; prices for one of the unit, without the taxes of which the
            price is free; ``product_id`` is False where there is no such product. A
            proposal is ``{"qty", "uom_id"}`` or False.
        :rtype: list
        """
        order = self.with_company(company)._oms_prepare_asked_order(
            partner, company, channel, address
        )
        asked = order._oms_read_asked(lines)
        faults = order._oms_find_asked_faults(asked)
        good = [line for line in asked if line.product]
        order._oms_price_asked(good)
        order._oms_find_asked_availability(good)
        products = self.env["product.product"].union(*(line.product for line in good))
        bought = order._oms_get_last_bought(products)
        return [
            order._oms_prepare_answer(line, faults[line.index], bought)
            for line in asked
        ]

    @api.model
    def _oms_prepare_asked_order(self, partner, company, channel, address):
        """An order that is never saved: it knows price list, taxes and warehouse."""
        values = {"partner_id": partner.id, "company_id": company.id}
        if channel:
            values["oms_channel_id"] = channel.id
        if address:
            values["partner_shipping_id"] = address.id
        tz = channel.tz if channel else self.env.context.get("tz")
        return self.with_context(tz=tz).new(values)

    # -- what is asked for --------------------------------------------------------

    def _oms_read_asked(self, lines):
        """The lines with their products and units, where there are such."""
        none = self.env["product.product"]
        ids = {line["product_id"] for line in lines if line["product_id"]}
        orderable = self._oms_filter_orderable(none.browse(ids), self.company_id)
        products = {product.id: product for product in orderable}
        units = self._oms_get_asked_units(lines, orderable)
        unknown = self.env._("this unit")
        asked = []
        for index, line in enumerate(lines):
            product = products.get(line["product_id"], none)
            unit = units.get(line.get("uom_id") or product.uom_id.id)
            fits = not product or bool(
                unit and unit._has_common_reference(product.uom_id)
            )
            qty = line.get("qty") or 0.0
            data = {"qty": f"{qty:.6f}".rstrip("0").rstrip("."), "ref": ""}
            if line.get("date"):
                data["requested_date"] = line["date"]
            asked.append(
                Asked(
                    index,
                    data,
                    product=product,
                    uom=unit if product and fits else product.uom_id,
                    text=line.get("text") or "",
                    foreign_unit="" if fits else unit and unit.name or unknown,
                )
            )
        return asked

    @api.model
    def _oms_get_asked_units(self, lines, products):
        """``{id: unit}`` of those that are named, and of the products' own."""
        ids = {line["uom_id"] for line in lines if line.get("uom_id")}
        units = self.env["uom.uom"].search([("id", "in", list(ids))])
        return {unit.id: unit for unit in units | products.uom_id}

    @api.model
    def _oms_filter_orderable(self, products, company):
        """Of products those that the company sells: nothing else is told apart."""
        return self.env["product.product"].search(
            products._oms_get_live_domain(company)
            & Domain("sale_ok", "=", True)
            & Domain("type", "!=", "combo")
            & Domain("id", "in", products.ids)
        )

    def _oms_find_asked_faults(self, asked):
        """``{line index: [fault]}``, as orders of this content would have them."""
        submission = Submission(raw={}, data={}, lines=asked, company=self.company_id)
        today = fields.Date.to_string(fields.Date.context_today(self))
        for line in asked:
            if not line.product:
                if line.text:
                    submission.add_line_fault(
                        line, "product_not_found", "product", line.text
                    )
                continue
            if line.foreign_unit:
                submission.add_line_fault(
                    line,
                    "uom_other_category",
                    "uom",
                    line.foreign_unit,
                    product=line.product.display_name,
                )
            # while it is typed, it is not wrong yet
            elif line.qty:
                self._oms_check_line(submission, line)
            day = line.data.get("requested_date")
            if day and day < today:
                submission.add_line_fault(line, "date_past", "requested_date", day)
        found = {line.index: [] for line in asked}
        by_path = {line.path: line.index for line in asked}
        for fault in submission.faults:
            found[by_path[fault.path.partition(".")[0]]].append(fault)
        return found

    # -- what it costs ------------------------------------------------------------

    def _oms_price_asked(self, asked):
        """The customer's prices, as Odoo finds them."""
        products = self.env["product.product"].union(*(line.product for line in asked))
        pricelist = self.pricelist_id._oms_fetch_rules_for(products)
        now = fields.Datetime.now()
        for line in asked:
            price = pricelist._get_product_price(
                line.product,
                line.qty or 1.0,
                currency=self.currency_id,
                uom=line.uom,
                date=now,
            )
            line.price, net = self._oms_apply_taxes(line.product, price)
            line.amount = self.currency_id.round(line.qty * net)

    def _oms_apply_taxes(self, product, price):
        """The price as the order shows it, and without taxes.

        Both are the same but for taxes that prices include.
        """
        taxes = product.taxes_id._filter_taxes_by_company(self.company_id)
        fiscal_position = self.fiscal_position_id
        shown = product._get_tax_included_unit_price_from_price(
            price, product_taxes=taxes, fiscal_position=fiscal_position
        )
        taxes = fiscal_position.map_tax(taxes)
        if not any(tax.price_include for tax in taxes):
            return shown, shown
        net = taxes.with_context(round=False).compute_all(
            shown, currency=self.currency_id, product=product, partner=self.partner_id
        )
        return shown, net["total_excluded"]

    # -- when it can be had -------------------------------------------------------

    def _oms_find_asked_availability(self, asked):
        wants = [
            (
                line.product,
                line.uom._compute_quantity(
                    line.qty or 1.0, line.product.uom_id, raise_if_failure=False
                ),
                fields.Date.to_date(line.data.get("requested_date") or False),
            )
            for line in asked
        ]
        answers = self._oms_get_availability(
            wants,
            self.warehouse_id,
            partner=self.partner_shipping_id,
            channel=self.oms_channel_id,
        )
        for line, answer in zip(asked, answers, strict=True):
            line.availability = answer

    @api.model
    def _oms_describe_availability(self, code, day):
        """Words for a customer; no quantity of the stock is among them."""
        words = {
            "in_stock": self.env._("in stock"),
            "awaited": self.env._("on its way, no date yet"),
            "to_order": self.env._("to order"),
        }
        if code == "from":
            return self.env._("from %s", self._oms_describe_day(day))
        return words.get(code, "")

    @api.model
    def _oms_describe_day(self, day):
        """A day in words, with its year where that is another: Dec 3."""
        is_near = day.year == fields.Date.context_today(self).year
        locale = babel_locale_parse(self.env.lang)
        return format_skeleton("MMMd" if is_near else "yMMMd", day, locale=locale)

    # -- what was bought before ---------------------------------------------------

    def _oms_get_bought_domain(self):
        customer = self.partner_id.commercial_partner_id
        return (
            Domain("order_partner_id", "child_of", customer.ids)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("state", "=", "sale")
            & Domain("product_id", "!=", False)
            & Domain("product_uom_qty", ">", 0)
            & Domain("is_downpayment", "=", False)
        )

    def _oms_get_last_bought(self, products):
        """``{product: the newest line of it}`` of what the customer has ordered."""
        if not products:
            return {}
        groups = self.env["sale.order.line"]._read_group(
            self._oms_get_bought_domain() & Domain("product_id", "in", products.ids),
            ["product_id"],
            ["id:max"],
        )
        lines = self.env["sale.order.line"].browse(line_id for _p, line_id in groups)
        return {line.product_id: line for line in lines}

    @api.model
    def _oms_get_products_bought(self, partner, company, limit=50):
        """What a customer has ordered lately, the newest first.

        :return: lines to ask :meth:`_oms_answer_lines` for, with what he took last;
            what is not sold any more is left out
        """
        order = self.with_company(company).new(
            {"partner_id": partner.id, "company_id": company.id}
        )
        groups = self.env["sale.order.line"]._read_group(
            order._oms_get_bought_domain()
            & Domain("product_id.sale_ok", "=", True)
            & Domain("product_id.active", "=", True),
            ["product_id"],
            ["id:max"],
            order="id:max desc",
            limit=limit,
        )
        orderable = order._oms_filter_orderable(
            self.env["product.product"].union(*(product for product, _line in groups)),
            company,
        )
        lines = self.env["sale.order.line"].browse(line_id for _p, line_id in groups)
        return [
            {
                "product_id": line.product_id.id,
                "qty": line.product_uom_qty,
                "uom_id": line.product_uom_id.id,
            }
            for line in lines
            if line.product_id in orderable
        ]

    # -- answer -------------------------------------------------------------------

    def _oms_prepare_answer(self, line, faults, bought):
        """One line as callers read it, of plain values."""
        product = line.product.with_context(lang=self.env.lang)
        code, day = line.availability
        return {
            "product_id": product.id,
            "name": product.with_context(display_default_code=False).display_name or "",
            "code": product.default_code or "",
            "qty": line.qty or False,
            "uom_id": line.uom.id,
            "uom": line.uom.name or "",
            "uoms": [
                {"id": unit.id, "name": unit.name}
                for unit in product.uom_id | product.uom_ids | line.uom
            ],
            "price": line.price,
            "price_words": self._oms_format_price(line.price) if product else "",
            "amount": line.amount,
            "amount_words": self._oms_format_price(line.amount) if product else "",
            "currency": self.currency_id.name,
            "min_qty": product.oms_min_qty,
            "multiple_qty": product.oms_multiple_qty,
            "availability": {
                "code": code,
                "date": fields.Date.to_string(day) if day else False,
                "words": self._oms_describe_availability(code, day),
            },
            "last": self._oms_prepare_last(bought.get(line.product)),
            "faults": self._oms_prepare_asked_faults(line, faults),
        }

    def _oms_prepare_last(self, bought):
        """What the customer took the last time."""
        if not bought:
            return False
        moment = fields.Datetime.context_timestamp(bought, bought.order_id.date_order)
        price = bought.price_unit * (1 - bought.discount / 100)
        currency = bought.currency_id
        return {
            "date": fields.Date.to_string(moment.date()),
            "date_words": self._oms_describe_day(moment.date()),
            "qty": bought.product_uom_qty,
            "uom": bought.product_uom_id.name,
            "price": price,
            "price_words": formatLang(self.env, price, currency_obj=currency),
        }

    def _oms_prepare_asked_faults(self, line, faults):
        errors = self.env["oms.intake"]._prepare_errors(faults)
        return [
            {
                "code": error["code"],
                "message": error["message"],
                "proposal": error["proposal"]
                and {
                    "qty": float(error["proposal"]),
                    "uom_id": self._oms_get_proposed_unit(line, fault).id,
                },
            }
            for error, fault in zip(errors, faults, strict=True)
        ]

    def _oms_get_proposed_unit(self, line, fault):
        """The unit that is proposed: that of the line, or the product's own."""
        units = line.uom | line.product.uom_id
        return units.filtered(lambda unit: unit.name == fault.params["uom"])[:1]

    def _oms_format_price(self, price):
        # as fine as prices are, where the currency is not enough
        rounded = self.currency_id.round(price)
        finer = "Product Price" if abs(rounded - price) > 1e-6 else None
        return formatLang(self.env, price, currency_obj=self.currency_id, dp=finer)
