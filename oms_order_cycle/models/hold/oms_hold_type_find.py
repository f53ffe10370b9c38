"""The checks of hold types: which orders are to be stopped, and why, in words."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date, formatLang

from ...tools.condition_words import describe_condition
from ...tools.conditions import read_condition


class OmsHoldType(models.Model):
    _inherit = "oms.hold.type"

    def _run_check(self, orders):
        """Make the check of one type on the orders that it concerns.

        :return: ``{order: why}`` for the orders to be stopped
        """
        self.ensure_one()
        if self.check == "manual" or not orders:
            return {}
        concerned = self._filter_concerned(orders)
        if not concerned:
            return {}
        return getattr(self, f"_find_{self.check}")(concerned)

    def _filter_concerned(self, orders):
        if not self._can_be_checked():
            return orders.browse()
        domain = read_condition(self.domain)
        if domain.is_true() and self.check != "domain":
            return orders
        # those that are typed and not saved yet are in no table
        typed = orders.filtered(lambda order: not order.id)
        saved = orders - typed
        if saved:
            saved = orders.search(domain & Domain("id", "in", saved.ids))
        return saved | typed._oms_meets(self.domain)

    def _find_domain(self, orders):
        """The orders that match the condition, which is applied already."""
        words = describe_condition(self.env["sale.order"].sudo(), self.domain)
        reason = self.env._("To be looked at: %s.", words)
        if self.description:
            reason = f"{self.description} ({words})"
        return dict.fromkeys(orders, reason)

    def _find_credit_limit(self, orders):
        """Exposure of the customer above the credit limit, first come first served."""
        positions = orders._oms_get_credit_positions()
        reasons = {}
        for order, position in positions.items():
            company = order.company_id
            partner = order.partner_invoice_id.commercial_partner_id
            limit = (
                partner.with_company(company).credit_limit or self.credit_default_limit
            )
            exposure = position.receivable + position.ahead + position.own
            if not limit or company.currency_id.compare_amounts(exposure, limit) <= 0:
                continue
            reasons[order] = self.env._(
                "%(partner)s would owe %(exposure)s, %(excess)s more than the credit"
                " limit of %(limit)s: open %(receivable)s, earlier orders %(ahead)s,"
                " this order %(own)s.",
                partner=partner.display_name,
                **{
                    key: formatLang(self.env, amount, currency_obj=company.currency_id)
                    for key, amount in (
                        ("exposure", exposure),
                        ("excess", exposure - limit),
                        ("limit", limit),
                        ("receivable", position.receivable),
                        ("ahead", position.ahead),
                        ("own", position.own),
                    )
                },
            )
        return reasons

    def _find_overdue(self, orders):
        """Invoices of the customer past due, less what is paid but not matched."""
        reasons = {}
        cutoff = fields.Date.context_today(self) - timedelta(days=self.overdue_days)
        for company, company_orders in orders.grouped("company_id").items():
            overdue = self._get_overdue(
                company, company_orders.partner_invoice_id.commercial_partner_id, cutoff
            )
            for order in company_orders:
                partner = order.partner_invoice_id.commercial_partner_id
                amount, since = overdue.get(partner.id, (0.0, False))
                if company.currency_id.compare_amounts(amount, self.overdue_amount) > 0:
                    reasons[order] = self.env._(
                        "%(partner)s owes %(amount)s that is overdue, the oldest of"
                        " it since %(date)s.",
                        partner=partner.display_name,
                        amount=formatLang(
                            self.env, amount, currency_obj=company.currency_id
                        ),
                        date=format_date(self.env, since),
                    )
        return reasons

    @api.model
    def _get_overdue(self, company, partners, cutoff):
        """``{partner id: (amount past due, oldest due date)}`` in one query."""
        self.env["account.move.line"].flush_model(
            [
                "account_id",
                "amount_residual",
                "company_id",
                "date",
                "date_maturity",
                "no_followup",
                "parent_state",
                "partner_id",
                "reconciled",
            ]
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT l.partner_id,
                       SUM(l.amount_residual) FILTER (WHERE l.amount_residual < 0
                           OR (COALESCE(l.date_maturity, l.date) < %(cutoff)s
                               AND l.no_followup IS NOT TRUE)),
                       MIN(COALESCE(l.date_maturity, l.date)) FILTER (
                           WHERE l.amount_residual > 0
                             AND COALESCE(l.date_maturity, l.date) < %(cutoff)s
                             AND l.no_followup IS NOT TRUE)
                  FROM account_move_line l
                  JOIN account_account a ON a.id = l.account_id
                  JOIN res_company c ON c.id = l.company_id
                 WHERE l.partner_id IN %(partners)s
                   AND l.parent_state = 'posted'
                   AND l.reconciled IS NOT TRUE
                   AND a.account_type = 'asset_receivable'
                   AND split_part(c.parent_path, '/', 1)::int = %(root)s
                 GROUP BY l.partner_id
                """,
                cutoff=cutoff,
                partners=tuple(partners.ids) or (0,),
                root=company.sudo().root_id.id,
            )
        )
        return {
            partner: (amount or 0.0, since) for partner, amount, since in rows if since
        }

    def _find_customer_stopped(self, orders):
        """Orders of customers who are stopped, or who buy for one that is."""
        reasons = {}
        for order in orders:
            partners = order.partner_id | order.partner_invoice_id
            stopped = (partners | partners.commercial_partner_id).filtered(
                "oms_is_stopped"
            )
            if stopped:
                reasons[order] = stopped[0].oms_stop_reason or self.env._(
                    "All orders of %s are stopped.", stopped[0].display_name
                )
        return reasons

    def _find_prepayment(self, orders):
        """Less paid on the order than the share asked for before the goods go out."""
        reasons = {}
        paid_by_order = orders._oms_get_prepaid()
        for order in orders:
            required = order.currency_id.round(
                order.amount_total * self.prepayment_percent / 100
            )
            paid = max(paid_by_order[order], 0.0)
            if order.currency_id.compare_amounts(paid, required) >= 0:
                continue
            reasons[order] = self.env._(
                "%(required)s of %(total)s must be paid before, %(paid)s has arrived.",
                **{
                    key: formatLang(self.env, amount, currency_obj=order.currency_id)
                    for key, amount in (
                        ("required", required),
                        ("total", order.amount_total),
                        ("paid", paid),
                    )
                },
            )
        return reasons

    def _find_min_value(self, orders):
        """Goods worth less than the minimum, delivery fees not counted."""
        today = fields.Date.context_today(self)
        reasons = {}
        for order in orders:
            company = order.company_id
            value = order.currency_id._convert(
                sum(order._oms_get_goods_lines().mapped("price_subtotal")),
                company.currency_id,
                company,
                today,
            )
            if company.currency_id.compare_amounts(value, self.min_amount) < 0:
                reasons[order] = self.env._(
                    "The goods are worth %(value)s, less than the minimum order value"
                    " of %(minimum)s.",
                    value=formatLang(self.env, value, currency_obj=company.currency_id),
                    minimum=formatLang(
                        self.env, self.min_amount, currency_obj=company.currency_id
                    ),
                )
        return reasons

    def _find_duplicate_ref(self, orders):
        """An earlier order of the customer bears the reference already."""
        since = SQL("TRUE")
        if self.duplicate_days:
            since = SQL(
                "twin.date_order > o.date_order - %s * INTERVAL '1 day'",
                self.duplicate_days,
            )
        # in the same second: one that was let go saw no other before it
        earlier = SQL(
            "(twin.date_order, twin.oms_released_at IS NULL, twin.id)"
            " < (o.date_order, o.oms_released_at IS NULL, o.id) AND %s",
            since,
        )
        return {
            order: self.env._(
                "The customer reference %(ref)s is on %(twin)s already.",
                ref=order.client_order_ref.strip(),
                twin=twin.sudo().name,
            )
            for order, twin in orders._oms_get_client_ref_twins(earlier).items()
        }

    def _find_client_ref(self, orders):
        """Confirmed by a payment or a customer, without the reference that the channel
        asks for. Where somebody can be told, such orders are not confirmed at all."""
        faults = {}
        for order in orders.filtered("oms_client_ref_missing").sorted("id"):
            found = order._oms_find_client_ref_faults()
            faults.update(found)
            # one by one: two may wait for the reference that a third has given up
            order.oms_client_ref_missing = bool(found)
        return faults

    def _find_address(self, orders):
        """Goods to deliver, and something a carrier needs is not in the address."""
        reasons = {}
        for order in orders:
            if not order._oms_get_goods_lines():
                continue
            missing = self._get_missing_in_address(order.partner_shipping_id)
            if missing:
                reasons[order] = self.env._(
                    "The delivery address of %(partner)s lacks: %(missing)s.",
                    partner=order.partner_shipping_id.display_name,
                    missing=", ".join(missing),
                )
        return reasons

    def _get_missing_in_address(self, partner):
        """Labels of what is missing in an address, in the user's language."""
        country = partner.country_id
        needed = ["street", "city", "country_id"]
        if country.zip_required:
            needed.append("zip")
        if country.state_required:
            needed.append("state_id")
        if self.address_phone:
            needed.append("phone")
        if self.address_email:
            needed.append("email")
        return [
            partner._fields[name]._description_string(self.env)
            for name in needed
            if not (
                (partner[name] or "").strip()
                if partner._fields[name].type == "char"
                else partner[name]
            )
        ]

    def _find_dimensions(self, orders):
        """Goods whose weight or volume nobody has entered."""
        products = self._get_products_without_size(
            orders._oms_get_goods_lines().product_id
        )
        reasons = {}
        for order in orders:
            missing = order._oms_get_goods_lines().product_id & products
            if missing:
                reasons[order] = self.env._(
                    "%(what)s not known of: %(products)s%(more)s",
                    what=dict(
                        self._fields["dimension_need"]._description_selection(self.env)
                    )[self.dimension_need],
                    products=", ".join(missing[:3].mapped("display_name")),
                    more=self.env._(" and %s more", len(missing) - 3)
                    if len(missing) > 3
                    else "",
                )
        return reasons

    def _get_products_without_size(self, products):
        """Products of which something that must be known is not."""
        need = self.dimension_need
        weight = need in ("weight", "both", "size_weight")
        volume = need in ("volume", "both")
        size = need in ("size", "size_weight")
        return products.filtered(
            lambda product: (
                (weight and product.weight <= 0)
                or (volume and product.volume <= 0 and product.oms_missing_size)
                or (size and product.oms_missing_size)
            )
        )
