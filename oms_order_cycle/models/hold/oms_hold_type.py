from collections import namedtuple

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.values import name_copies
from ..oms_limited import MOST_DAYS, MOST_HOURS

#: What running orders need to know of a hold type of their workflow.
HoldDefinition = namedtuple("HoldDefinition", "id check company_id recheck")
#: Steps an order takes, in order; a hold type may block any of them.
STEPS = ("release", "pick", "pack", "ship", "invoice")
#: Those of them that goods take.
GOODS_STEPS = STEPS[:-1]
#: Checks whose cause is money: what was accepted once is accepted up to an amount.
MONEY_CHECKS = ("credit_limit", "overdue", "prepayment")
#: Checks that look at other orders of the customer.
CUSTOMER_CHECKS = frozenset({"credit_limit", "duplicate_ref", "prepayment"})


class OmsHoldType(models.Model):
    """What may stop an order: what is checked, what it blocks, who may lift it.

    Each check is one method ``_find_<check>(orders)`` (oms_hold_type_find.py, and in
    companions) that looks at all orders in a number of queries that does not grow with
    them, and returns ``{order: why, in words}`` for those to be stopped.
    """

    _name = "oms.hold.type"
    _description = "Order Hold Type"
    _inherit = [
        "oms.limited",
        "mail.thread",
        "oms.company.shared",
        "oms.conditioned",
        "oms.notify",
    ]
    _order = "sequence, name, id"
    _check_company_auto = True
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(copy=False, help="Short name, for imports and integrations.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self._default_shared_company(),
        help="Leave empty to use the hold in all companies.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    description = fields.Text(
        string="What to Do",
        translate=True,
        help="Shown with the hold: what it means and how to solve it.",
    )
    customer_text = fields.Char(
        string="Customer Sees",
        translate=True,
        help="What the customer reads in the portal while an order of his is on hold."
        " Leave empty to say nothing.",
    )
    color = fields.Integer()
    check = fields.Selection(
        [
            ("manual", "Placed by Hand"),
            ("credit_limit", "Credit Limit Exceeded"),
            ("overdue", "Overdue Invoices"),
            ("prepayment", "Prepayment Missing"),
            ("min_value", "Below Minimum Order Value"),
            ("customer_stopped", "Customer Stopped"),
            ("duplicate_ref", "Duplicate Customer Reference"),
            ("client_ref", "Customer Reference Missing"),
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
        tracking=True,
    )
    recheck = fields.Boolean(
        string="Check Again at Shipping",
        tracking=True,
        help="Check orders again until they have left, and stop them at the dock when"
        " the customer's situation got worse.",
    )
    auto_lift = fields.Boolean(
        string="Lift Automatically",
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
        tracking=True,
        help="Leave empty for the owner and everybody who sells, as far as they may"
        " change the order.",
    )
    owner_group_id = fields.Many2one(
        "res.groups",
        string="Owner",
        ondelete="set null",
        help="Whose work it is to solve the hold.",
        tracking=True,
    )
    allowed_hours = fields.Float(
        string="Allowed Time (hours)",
        help="A hold open for longer is late; working hours when a calendar is chosen."
        " 0: no limit.",
        tracking=True,
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Hours",
        ondelete="restrict",
        help="Leave empty to count round the clock.",
    )
    customer_caused = fields.Boolean(
        string="Waiting for the Customer",
        tracking=True,
        help="The clock of the order's stage pauses while such a hold is open.",
    )
    # parameters of the checks
    credit_default_limit = fields.Monetary(
        string="Default Credit Limit",
        help="Credit limit of customers who have none of their own. 0: no limit.",
        tracking=True,
    )
    overdue_days = fields.Integer(
        string="Days of Grace",
        help="Days after the due date that are tolerated.",
        tracking=True,
    )
    overdue_amount = fields.Monetary(
        string="Tolerated Amount",
        help="Overdue amount up to which nothing is stopped.",
        tracking=True,
    )
    prepayment_percent = fields.Float(
        string="Required Prepayment (%)",
        default=100.0,
        help="Share of the order's total that must be paid.",
        tracking=True,
    )
    min_amount = fields.Monetary(
        string="Minimum Order Value",
        help="Goods without taxes and delivery fees.",
        tracking=True,
    )
    duplicate_days = fields.Integer(
        string="Look Back (days)",
        help="Only orders confirmed that many days before count. 0: all.",
        tracking=True,
    )
    address_phone = fields.Boolean(string="Phone Required", tracking=True)
    address_email = fields.Boolean(string="Email Required", tracking=True)
    dimension_need = fields.Selection(
        [
            ("weight", "Weight"),
            ("volume", "Volume"),
            ("both", "Weight and Volume"),
            ("size", "Length, Width and Height"),
            ("size_weight", "Length, Width, Height and Weight"),
        ],
        string="Required Data",
        default="both",
        required=True,
        tracking=True,
    )
    workflow_ids = fields.Many2many(
        "oms.workflow",
        string="Workflows",
        tracking=True,
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

    @api.model
    def _get_number_limits(self):
        return {
            **super()._get_number_limits(),
            "allowed_hours": MOST_HOURS,
            "overdue_days": MOST_DAYS,
            "duplicate_days": MOST_DAYS,
        }

    # -- constraints ------------------------------------------------------------

    @api.constrains("domain", "check")
    def _check_orders_concerned(self):
        for hold_type in self:
            domain = hold_type._parse_condition("domain", hold_type.display_name)
            if hold_type.check == "domain" and domain.is_true():
                raise ValidationError(
                    self.env._(
                        'The condition of the hold "%s" is empty, so it would stop'
                        " every order. Add a condition.",
                        hold_type.display_name,
                    )
                )

    @api.model
    def _get_condition_texts(self):
        return [*super()._get_condition_texts(), "domain"]

    @api.model
    def _get_condition_fields(self):
        return [*super()._get_condition_fields(), "domain", "display_name"]

    def _get_conditions(self):
        return [*super()._get_conditions(), (self.domain, self.display_name)]

    @api.model
    def _is_searched(self):
        return True

    def _can_be_checked(self):
        """Whether its condition can be asked; if not it stops nobody, and what it has
        stopped already stays stopped."""
        return self.env["sale.order"]._oms_can_ask(self.domain, searched=True)

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

    def copy_data(self, default=None):
        return name_copies(self, super().copy_data(default=default), default)

    # -- actions ----------------------------------------------------------------

    def action_view_holds(self):
        """Open the holds of this type."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oms_order_cycle.oms_hold_action"
        )
        action["domain"] = [("type_id", "in", self.ids)]
        return action

    # -- who is told ------------------------------------------------------------

    def _get_notified_group(self):
        return self.owner_group_id

    def _get_waiting_domain(self):
        return "oms.hold", [("type_id", "=", self.id), ("state", "=", "open")]

    def _describe_waiting(self, document):
        order = document.sudo().order_id
        words = f"{order.partner_id.display_name}: {document.reason}"
        return order.name, words
