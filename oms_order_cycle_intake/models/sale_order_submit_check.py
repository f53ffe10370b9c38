"""What an order that came in means, and all that is wrong with it."""

from datetime import date

from odoo import api, fields, models

from ..tools.unit_codes import is_each

#: Keys of a product, the surest first.
PRODUCT_KEYS = ("id", "customer_code", "barcode", "code")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # -- who --------------------------------------------------------------------

    @api.model
    def _oms_find_parties(self, submissions):
        """Customers and addresses, all of one company."""
        company = self.env.company
        partners = self.env["res.partner"]
        for submission in submissions:
            if submission.data.get("test"):
                submission.add_fault("test_document", "test", "true")
        submissions = [one for one in submissions if "customer" in one.data]
        found = partners._oms_find_customers(
            [one.data["customer"] for one in submissions], company
        )
        for submission, (partner, key, fault) in zip(submissions, found, strict=True):
            if fault:
                value = submission.data["customer"][key]
                path = f"customer.{key}"
                submission.add_fault(f"customer_{fault}", path, value, key=key)
            submission.partner = partner or None
        self._oms_find_addresses([one for one in submissions if one.partner])

    @api.model
    def _oms_find_addresses(self, submissions):
        partners = self.env["res.partner"]
        named = [
            one for one in submissions if "ship_to" in one.data or "bill_to" in one.data
        ]
        customers = partners.union(*(one.partner for one in named))
        addresses = partners._oms_get_addresses(customers, self.env.company)
        for submission in named:
            own = addresses.get(submission.partner.commercial_partner_id, partners)
            for key in ("ship_to", "bill_to"):
                if key not in submission.data:
                    continue
                address = own._oms_match_address(submission.data[key])
                setattr(submission, key, address or None)
                if not address:
                    words = ", ".join(map(str, submission.data[key].values()))
                    submission.add_fault(f"{key}_not_of_customer", key, words)

    # -- what -------------------------------------------------------------------

    @api.model
    def _oms_check(self, submissions):
        """All that is wrong with orders that are not known yet."""
        by_company = {}
        for submission in submissions:
            by_company.setdefault(submission.company, []).append(submission)
        for company, same in by_company.items():
            orders = self.with_company(company)
            orders._oms_find_products(same)
            orders._oms_find_units(same)
            for submission in same:
                orders._oms_check_dates(submission)
                orders._oms_check_currency(submission)
                orders._oms_check_total(submission)
                for line in submission.lines:
                    orders._oms_check_line(submission, line)

    @api.model
    def _oms_check_dates(self, submission):
        zone = self.with_context(tz=submission.channel.tz)
        today = fields.Date.context_today(zone)
        for key in ("requested_date", "valid_until"):
            if (day := submission.data.get(key)) and date.fromisoformat(day) < today:
                submission.add_fault("date_past", key, day)
        for line in submission.lines:
            day = line.data.get("requested_date")
            if day and date.fromisoformat(day) < today:
                submission.add_line_fault(line, "date_past", "requested_date", day)

    @api.model
    def _oms_check_currency(self, submission):
        wanted = submission.data.get("currency")
        if not wanted or not submission.partner:
            return
        partner = submission.partner.with_company(self.env.company)
        ours = (
            partner.property_product_pricelist.currency_id
            or self.env.company.currency_id
        )
        if ours.name != wanted.upper():
            submission.add_fault("currency_differs", "currency", wanted, ours=ours.name)

    @api.model
    def _oms_check_total(self, submission):
        """Whether the order's own prices make the total that it names."""
        total = submission.data.get("totals", {}).get("untaxed")
        prices = [line.price for line in submission.lines]
        if total is None or None in prices or not submission.is_clean:
            return
        made = sum(line.qty * line.price for line in submission.lines)
        # each line may have been rounded
        if abs(made - float(total)) > 0.01 * (len(prices) + 1):
            submission.add_fault(
                "total_differs", "totals.untaxed", total, ours=f"{made:.2f}"
            )

    @api.model
    def _oms_check_line(self, submission, line):
        if line.price is not None and line.price < 0:
            submission.add_line_fault(
                line, "price_negative", "price", line.data["price"]
            )
        if line.qty <= 0:
            submission.add_line_fault(line, "qty_not_positive", "qty", line.data["qty"])
        elif line.product and line.uom:
            self._oms_check_quantity(submission, line)

    @api.model
    def _oms_check_quantity(self, submission, line):
        """Not too little, no part of what is sold whole, nothing finer than Odoo's
        quantities."""
        product = line.product.product_tmpl_id
        wanted = line.uom._compute_quantity(line.qty, product.uom_id, round=False)
        proposed = product._oms_propose_qty(wanted)
        is_fine = line.uom.compare(line.qty, line.uom.round(line.qty)) == 0 and (
            abs(line.qty - line.uom.round(line.qty)) < 1e-6
        )
        if product.uom_id.compare(proposed, wanted) == 0 and is_fine:
            return
        too_little = product.uom_id.compare(wanted, product.oms_min_qty) < 0
        back = product.uom_id._compute_quantity(proposed, line.uom, round=False)
        # in the unit that was asked for where that is a whole number of it
        uom, qty = line.uom, back
        if abs(back - line.uom.round(back)) > 1e-6:
            uom, qty = product.uom_id, proposed
        submission.add_line_fault(
            line,
            "qty_below_minimum" if too_little else "qty_not_multiple",
            "qty",
            line.data["qty"],
            proposed=f"{qty:.6f}".rstrip("0").rstrip("."),
            uom=uom.name,
        )

    # -- products ---------------------------------------------------------------

    @api.model
    def _oms_find_products(self, submissions):
        """The product of each line: all keys that are given must mean the same one."""
        found = self._oms_search_products(submissions)
        for submission in submissions:
            customer = submission.partner and submission.partner.commercial_partner_id
            for line in submission.lines:
                self._oms_find_product(submission, line, found, customer)

    @api.model
    def _oms_search_products(self, submissions):
        """``{key: {value: [(product id, unit id or False)]}}``, in a query a key;
        customers' own codes by (customer id, code). ``product`` has the records."""
        products = self.env["product.product"]
        company = self.env.company
        values = {key: set() for key in PRODUCT_KEYS}
        for submission in submissions:
            for line in submission.lines:
                for key, value in line.data["product"].items():
                    if key != "customer_code":
                        values[key].add(value)
                    elif submission.partner:
                        customer = submission.partner.commercial_partner_id
                        values[key].add((customer.id, value))
        ids = products._oms_filter_live(products.browse(values["id"]), company)
        found = {
            "id": {product.id: [(product.id, False)] for product in ids},
            "customer_code": products._oms_find_by_customers_codes(
                values["customer_code"], company
            ),
            "barcode": products._oms_find_by_barcode(values["barcode"], company),
            "code": products._oms_find_by_default_code(values["code"], company),
        }
        every = {
            product
            for by_value in found.values()
            for hits in by_value.values()
            for product, _uom in hits
        }
        # from one set, so that they are read together
        found["product"] = {product.id: product for product in products.browse(every)}
        return found

    @api.model
    def _oms_find_product(self, submission, line, found, customer):
        """:param found: see :meth:`_oms_search_products`"""
        chosen = None
        for key in PRODUCT_KEYS:
            value = line.data["product"].get(key)
            if value is None:
                continue
            path = f"product.{key}"
            if key == "customer_code" and not customer:
                # whose code it is is not known
                line.is_good = False
                continue
            name = (customer.id, value) if key == "customer_code" else value
            hits = self._oms_prefer_sold(found[key].get(name, []), found["product"])
            if not hits:
                # another key may know it
                continue
            if len({product for product, _uom in hits}) > 1 or (
                chosen and chosen[0] != hits[0][0]
            ):
                submission.add_line_fault(line, "product_ambiguous", path, value)
                line.is_good = False
                return
            chosen = chosen or hits[0]
        if not chosen:
            if line.is_good or len(line.data["product"]) > 1:
                value = " / ".join(map(str, line.data["product"].values()))
                submission.add_line_fault(line, "product_not_found", "product", value)
            line.is_good = False
            return
        line.product = product = found["product"][chosen[0]]
        line.uom = self.env["uom.uom"].browse(chosen[1] or ())
        line.is_good = product.sale_ok
        if not product.sale_ok:
            name = product.display_name
            submission.add_line_fault(line, "product_not_sold", "product", name)

    @api.model
    def _oms_prefer_sold(self, hits, products):
        """Of several products that bear a code those that are sold."""
        if len(hits) < 2:
            return hits
        return [hit for hit in hits if products[hit[0]].sale_ok] or hits

    # -- units ------------------------------------------------------------------

    @api.model
    def _oms_find_units(self, submissions):
        """The unit of each line: the one named, the code's, or the product's."""
        texts = {
            line.data["uom"]
            for submission in submissions
            for line in submission.lines
            if "uom" in line.data
        }
        units = self.env["uom.uom"]._oms_find_by_codes(texts)
        for submission in submissions:
            for line in submission.lines:
                if line.product:
                    self._oms_find_unit(submission, line, units)
                elif "uom" in line.data and not units[line.data["uom"]]:
                    submission.add_line_fault(
                        line, "uom_unknown", "uom", line.data["uom"]
                    )

    @api.model
    def _oms_find_unit(self, submission, line, units):
        """:param units: ``{text: units}``"""
        text = line.data.get("uom")
        meant = line.uom
        line.uom = meant or line.product.uom_id
        # so many of what bears the barcode: the case, not what is in it
        if not text or (meant and is_each(text)):
            return
        chosen, fault = units[text]._oms_choose_for(line.product, text)
        if fault:
            name = line.product.display_name
            submission.add_line_fault(line, fault, "uom", text, product=name)
            line.is_good = False
            return
        line.uom = chosen
