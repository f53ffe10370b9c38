from ast import literal_eval
from collections import namedtuple
from datetime import timedelta

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date, formatLang

from ...tools.conditions import parse_condition

#: What running orders need to know of a hold type of their workflow.
HoldDefinition = namedtuple("HoldDefinition", "id check company_id recheck has_domain")
#: Steps an order takes, in order; a hold type may block any of them.
STEPS = ("release", "pick", "pack", "ship", "invoice")
#: Checks whose cause is money: what was accepted once is accepted up to an amount.
MONEY_CHECKS = ("credit_limit", "overdue", "prepayment")


class OmsHoldType(models.Model):
    """What may stop an order: what is checked, what it blocks, who may lift it.

    Each check is one method ``_check_<check>(orders)`` that looks at all orders in a
    number of queries that does not grow with them, and returns
    ``{order: why, in words}`` for those to be stopped.
    """

    _name = "oms.hold.type"
    _description = "Order Hold Type"
    _inherit = ["mail.thread"]
    _order = "sequence, name, id"
    _check_company_auto = True
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(help="Short name, for imports and integrations.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", help="Leave empty to use the hold in all companies."
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    description = fields.Text(
        string="What to Do",
        translate=True,
        help="Shown with the hold: what it means and how to solve it.",
    )
    color = fields.Integer()
    check = fields.Selection(
        [
            ("manual", "Placed by Hand"),
            ("credit_limit", "Credit Limit Exceeded"),
            ("overdue", "Overdue Invoices"),
            ("prepayment", "Prepayment Missing"),
            ("min_value", "Below Minimum Order Value"),
            ("duplicate_ref", "Duplicate Customer Reference"),
            ("address", "Incomplete Delivery Address"),
            ("dimensions", "Goods Without Weight or Size"),
            ("domain", "Condition"),
        ],
        required=True,
        default="manual",
        tracking=True,
        help="What is checked when an order is confirmed, when it changes before its"
        " release, and when it is released.",
    )
    domain = fields.Char(
        string="Orders Concerned",
        default="[]",
        help="Only orders that match are checked. For the check 'Condition', the"
        " orders that match are stopped.",
    )
    recheck = fields.Boolean(
        string="Check Again at Shipping",
        tracking=True,
        help="Check orders again until they have left, and stop them at the dock when"
        " the customer's situation got worse.",
    )
    auto_lift = fields.Boolean(
        string="Lifts Itself",
        default=True,
        tracking=True,
        help="The hold is lifted as soon as its cause is gone: the payment arrived, the"
        " address is complete.",
    )
    block_release = fields.Boolean(
        string="Release",
        default=True,
        tracking=True,
        help="Nothing reaches the warehouse.",
    )
    block_pick = fields.Boolean(string="Picking", tracking=True)
    block_pack = fields.Boolean(string="Packing", tracking=True)
    block_ship = fields.Boolean(string="Shipping", tracking=True)
    block_invoice = fields.Boolean(
        string="Invoicing",
        tracking=True,
        help="No invoice is made or posted, down payments neither. Credit notes are"
        " never blocked.",
    )
    blocks = fields.Char(
        string="Blocked Steps", compute="_compute_blocks", help="In words."
    )
    lift_group_ids = fields.Many2many(
        "res.groups",
        string="May Be Lifted By",
        help="Leave empty for everybody who may change the order.",
    )
    owner_group_id = fields.Many2one(
        "res.groups",
        string="Owner",
        ondelete="set null",
        help="Whose work it is to solve the hold.",
    )
    allowed_hours = fields.Float(
        string="Allowed Time (hours)",
        help="A hold open for longer is late; working hours when a calendar is chosen."
        " 0: no limit.",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Hours",
        ondelete="restrict",
        help="Leave empty to count round the clock.",
    )
    customer_caused = fields.Boolean(
        string="Waits for the Customer",
        tracking=True,
        help="The clock of the order's stage pauses while such a hold is open.",
    )
    # parameters of the checks
    credit_default_limit = fields.Monetary(
        string="Limit Without One",
        help="Credit limit of customers who have none of their own. 0: no limit.",
    )
    overdue_days = fields.Integer(
        string="Days of Grace", help="Days after the due date that are tolerated."
    )
    overdue_amount = fields.Monetary(
        string="Tolerated Amount", help="Overdue amount up to which nothing is stopped."
    )
    prepayment_percent = fields.Float(
        string="To Be Paid Before (%)",
        default=100.0,
        help="Share of the order's total that must be paid.",
    )
    min_amount = fields.Monetary(
        string="Minimum Order Value", help="Goods without taxes and delivery fees."
    )
    duplicate_days = fields.Integer(
        string="Look Back (days)",
        help="Only orders confirmed that many days before count. 0: all.",
    )
    address_phone = fields.Boolean(string="Phone Needed")
    address_email = fields.Boolean(string="E-mail Needed")
    dimension_need = fields.Selection(
        [
            ("weight", "Weight"),
            ("volume", "Volume"),
            ("both", "Weight and Volume"),
            ("size", "Length, Width and Height"),
            ("size_weight", "Length, Width, Height and Weight"),
        ],
        string="What Must Be Known",
        default="both",
        required=True,
    )
    workflow_ids = fields.Many2many(
        "oms.workflow",
        string="Workflows",
        help="Orders of these workflows are checked.",
    )
    hold_ids = fields.One2many("oms.hold", "type_id", string="Holds")
    open_hold_count = fields.Integer(compute="_compute_open_hold_count")

    _code_company_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code IS NOT NULL",
        "Another hold type of this company has the same code.",
    )
    _allowed_hours_positive = models.Constraint(
        "CHECK (allowed_hours >= 0)", "The allowed time cannot be negative."
    )
    _prepayment_percent_range = models.Constraint(
        "CHECK (prepayment_percent > 0 AND prepayment_percent <= 100)",
        "The share to be paid before must be above 0 % and at most 100 %.",
    )
    _amounts_positive = models.Constraint(
        "CHECK (credit_default_limit >= 0 AND overdue_amount >= 0"
        " AND min_amount >= 0 AND overdue_days >= 0 AND duplicate_days >= 0)",
        "Limits, amounts and days of a hold type cannot be negative.",
    )

    # -- compute ----------------------------------------------------------------

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for hold_type in self:
            company = hold_type.company_id or self.env.company
            hold_type.currency_id = company.sudo().currency_id

    @api.depends("block_release", "block_pick", "block_pack", "block_ship")
    @api.depends("block_invoice")
    @api.depends_context("lang")
    def _compute_blocks(self):
        for hold_type in self:
            hold_type.blocks = ", ".join(
                self._get_step_label(step) for step in hold_type._get_blocked_steps()
            )

    def _compute_open_hold_count(self):
        counts = dict(
            self.env["oms.hold"]._read_group(
                [("type_id", "in", self.ids), ("state", "=", "open")],
                ["type_id"],
                ["__count"],
            )
        )
        for hold_type in self:
            hold_type.open_hold_count = counts.get(hold_type._origin, 0)

    # -- constraints ------------------------------------------------------------

    @api.constrains("domain", "check")
    def _check_orders_concerned(self):
        for hold_type in self:
            domain = parse_condition(
                self.env["sale.order"], hold_type.domain, hold_type.display_name
            )
            if hold_type.check == "domain" and domain.is_true():
                raise ValidationError(
                    self.env._(
                        'The condition of the hold "%s" is empty, so it would stop'
                        " every order. Add a condition.",
                        hold_type.display_name,
                    )
                )

    @api.constrains("check", "min_amount")
    def _check_parameters(self):
        for hold_type in self:
            if hold_type.check == "min_value" and not hold_type.min_amount:
                raise ValidationError(
                    self.env._(
                        'Give the minimum order value of the hold "%s".',
                        hold_type.display_name,
                    )
                )

    # -- CRUD -------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        hold_types = super().create(vals_list)
        self.env.registry.clear_cache()
        return hold_types

    def write(self, vals):
        res = super().write(vals)
        self.env.registry.clear_cache()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_used(self):
        used = (
            self.env["oms.hold"].sudo().search([("type_id", "in", self.ids)], limit=1)
        )
        if used:
            raise UserError(
                self.env._(
                    "Orders have been held by %s: archive it instead of deleting it.",
                    used.type_id.display_name,
                )
            )

    def unlink(self):
        res = super().unlink()
        self.env.registry.clear_cache()
        return res

    def copy_data(self, default=None):
        return [
            dict(vals, name=self.env._("%s (copy)", hold_type.name), code=False)
            if "name" not in (default or {})
            else vals
            for hold_type, vals in zip(
                self, super().copy_data(default=default), strict=True
            )
        ]

    # -- actions ----------------------------------------------------------------

    def action_view_holds(self):
        """Open the holds of this type."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oms_order_cycle.oms_hold_action"
        )
        action["domain"] = [("type_id", "in", self.ids)]
        return action

    # -- for running orders -----------------------------------------------------

    @api.model
    @tools.ormcache()
    def _get_definitions(self):
        """Checks by workflow, so that orders without any cost no query.

        :return: ``{workflow id: (HoldDefinition, ...)}``; types placed by hand are
            not in it
        """
        workflows = (
            self.env["oms.workflow"]
            .sudo()
            .with_context(active_test=False)
            .search([("hold_type_ids.check", "!=", "manual"), ("state", "!=", "draft")])
        )
        definitions = {}
        for workflow in workflows:
            hold_types = workflow.hold_type_ids.filtered(
                lambda hold_type: hold_type.active and hold_type.check != "manual"
            ).sorted()
            definitions[workflow.id] = tuple(
                HoldDefinition(
                    hold_type.id,
                    hold_type.check,
                    hold_type.company_id.id,
                    hold_type.recheck,
                    bool(literal_eval(hold_type.domain or "[]")),
                )
                for hold_type in hold_types
            )
        return definitions

    @api.model
    def _get_checks_in_use(self):
        """The checks that some workflow makes."""
        return {
            definition.check
            for definitions in self._get_definitions().values()
            for definition in definitions
        }

    @api.model
    @tools.ormcache()
    def _get_watched_fields(self):
        """Fields of an order whose change may open or lift a hold."""
        watched = {"client_order_ref", "partner_id", "partner_invoice_id"}
        watched |= {"partner_shipping_id", "payment_term_id", "oms_channel_id"}
        hold_types = self.sudo().with_context(active_test=False)
        for hold_type in hold_types.search([("domain", "not in", (False, "[]"))]):
            for condition in Domain(
                literal_eval(hold_type.domain or "[]")
            ).iter_conditions():
                watched.add(condition.field_expr.split(".")[0])
        # lines watch themselves
        return frozenset(watched - {"order_line"})

    @api.model
    @tools.ormcache("step")
    def _is_step_blockable(self, step):
        """Whether any hold type, in use or archived, blocks the step."""
        return bool(
            self.sudo()
            .with_context(active_test=False)
            .search_count([(f"block_{step}", "=", True)], limit=1)
        )

    def _is_about_money(self):
        """Whether what is accepted once is accepted up to the order's total only."""
        return self.check in MONEY_CHECKS

    def _lifts_itself(self):
        return self.auto_lift and self.check != "manual"

    def _get_blocked_steps(self):
        """Codes of the steps blocked, in their order."""
        self.ensure_one()
        return [step for step in STEPS if self[f"block_{step}"]]

    @api.model
    def _get_step_label(self, step):
        """A step as the form of hold types calls it, in the user's language."""
        return self._fields[f"block_{step}"]._description_string(self.env)

    def _get_lifters(self):
        """Who may lift holds of this type, in words."""
        self.ensure_one()
        groups = self.sudo().lift_group_ids
        if not groups:
            return self.env._("everybody who may change the order")
        names = []
        for group in groups:
            users = group.all_user_ids.filtered(lambda user: not user.share)[:3]
            who = ", ".join(users.mapped("name"))
            names.append(f"{group.full_name} ({who})" if who else group.full_name)
        return self.env._(" or ").join(names)

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
        return getattr(self, f"_check_{self.check}")(concerned)

    def _filter_concerned(self, orders):
        domain = Domain(literal_eval(self.domain or "[]"))
        if domain.is_true() and self.check != "domain":
            return orders
        return orders.search(domain & Domain("id", "in", orders.ids))

    # -- the checks -------------------------------------------------------------

    def _check_domain(self, orders):
        """The orders that match the condition, which is applied already."""
        reason = self.description or self.env._(
            "The order meets the condition of this hold."
        )
        return dict.fromkeys(orders, reason)

    def _check_credit_limit(self, orders):
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

    def _check_overdue(self, orders):
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

    def _check_prepayment(self, orders):
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

    def _check_min_value(self, orders):
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

    def _check_duplicate_ref(self, orders):
        """A confirmed order of the customer bears the reference already."""
        self.env["sale.order"].flush_model(
            ["client_order_ref", "company_id", "date_order", "partner_id", "state"]
        )
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        recent = SQL("TRUE")
        if self.duplicate_days:
            recent = SQL(
                "twin.date_order > o.date_order - %s * INTERVAL '1 day'",
                self.duplicate_days,
            )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (o.id) o.id, twin.name
                  FROM sale_order o
                  JOIN res_partner p ON p.id = o.partner_id
                  JOIN res_partner q
                       ON q.commercial_partner_id = p.commercial_partner_id
                  JOIN sale_order twin ON twin.partner_id = q.id
                   AND twin.company_id = o.company_id
                   AND twin.state = 'sale'
                   AND lower(trim(twin.client_order_ref))
                       = lower(trim(o.client_order_ref))
                   AND (twin.date_order, twin.id) < (o.date_order, o.id)
                   AND %(recent)s
                 WHERE o.id IN %(ids)s
                   AND trim(o.client_order_ref) <> ''
                 ORDER BY o.id, twin.date_order DESC, twin.id DESC
                """,
                recent=recent,
                ids=tuple(orders.ids),
            )
        )
        return {
            orders.browse(order_id): self.env._(
                "The customer reference %(ref)s is on %(twin)s already.",
                ref=orders.browse(order_id).client_order_ref.strip(),
                twin=twin,
            )
            for order_id, twin in rows
        }

    def _check_address(self, orders):
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

    def _check_dimensions(self, orders):
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
