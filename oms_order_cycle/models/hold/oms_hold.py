from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS, Domain

from ...tools.groups import ACCOUNT_READERS
from .oms_hold_type import STEPS


class OmsHold(models.Model):
    """Something that stops an order: since when, why, who decided what about it.

    Nobody writes holds directly; what may be done with them are the actions, which
    check who does it.  A decision (lifted or overridden by a person) stays *in force*
    until the order grows above what was accepted, or its time is over.
    """

    _name = "oms.hold"
    _description = "Order Hold"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "opened_at desc, id desc"
    # readers may plan activities and write notes on a hold
    _mail_post_access = "read"

    order_id = fields.Many2one(
        "sale.order",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    type_id = fields.Many2one(
        "oms.hold.type",
        string="Hold",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    state = fields.Selection(
        [("open", "Open"), ("lifted", "Lifted"), ("overridden", "Overridden")],
        required=True,
        readonly=True,
        default="open",
    )
    # what is checked about money says what the customer owes
    reason = fields.Text(readonly=True, groups=ACCOUNT_READERS)
    public_reason = fields.Text(
        string="Cause",
        compute="_compute_public_reason",
        compute_sudo=True,
        help="The reason, without what the customer owes.",
    )
    opened_at = fields.Datetime(
        string="Since", required=True, readonly=True, default=fields.Datetime.now
    )
    opened_by = fields.Many2one(
        "res.users", readonly=True, default=lambda self: self.env.uid
    )
    lifted_at = fields.Datetime(string="Decided On", readonly=True)
    lifted_by = fields.Many2one("res.users", string="Decided By", readonly=True)
    is_auto_lifted = fields.Boolean(
        string="Lifted Automatically", readonly=True, help="Its cause was gone."
    )
    note = fields.Text(readonly=True, help="What was said when it was lifted.")
    is_closed_by_cancel = fields.Boolean(
        string="Closed with the Order",
        readonly=True,
        help="Open when the order was cancelled: it comes back with the order.",
    )
    amount = fields.Monetary(
        string="Accepted Up To",
        readonly=True,
        help="Order total up to which the decision counts. 0: whatever the total.",
    )
    expiry = fields.Datetime(
        string="Accepted Until",
        readonly=True,
        help="When the decision ends. Empty: it does not.",
    )
    rejection_id = fields.Many2one(
        "oms.event",
        "Rejected By",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The rejection that the hold was placed for. To approve the order lifts"
        " it.",
    )
    in_force = fields.Boolean(
        string="Still Counts",
        readonly=True,
        help="Somebody accepted the cause: the check does not stop the order again"
        " while the decision counts.",
    )
    stops_rest = fields.Boolean(
        string="Stops What Is Left",
        readonly=True,
        help="The order was changed after the steps that the hold blocks: it stops"
        " whatever step the goods still have to take.",
    )
    is_dropped = fields.Boolean(
        readonly=True,
        help="Its type is not checked any longer: it is lifted in the background.",
    )
    lifted_as = fields.Char(
        readonly=True,
        groups=NO_ACCESS,
        help="What the order was when the hold lifted itself. Once it is something"
        " else, its cause is looked for again.",
    )
    deadline = fields.Datetime(
        readonly=True, help="When the allowed time of the hold ends."
    )
    is_late = fields.Boolean(
        string="Late", compute="_compute_is_late", search="_search_is_late"
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="order_id.currency_id")
    partner_id = fields.Many2one(related="order_id.partner_id", store=True)
    user_id = fields.Many2one(related="order_id.user_id", string="Salesperson")
    order_amount = fields.Monetary(
        related="order_id.amount_total", string="Order Total"
    )
    order_stage_id = fields.Many2one(related="order_id.oms_stage_id")
    owner_group_id = fields.Many2one(related="type_id.owner_group_id")
    customer_caused = fields.Boolean(related="type_id.customer_caused")
    blocks = fields.Char(compute="_compute_blocks")
    color = fields.Integer(related="type_id.color")
    description = fields.Text(related="type_id.description")
    can_lift = fields.Boolean(compute="_compute_can_lift", search="_search_can_lift")
    can_take_back = fields.Boolean(compute="_compute_can_take_back")
    lifters = fields.Char(string="May Be Lifted By", compute="_compute_lifters")

    _open_uniq = models.UniqueIndex(
        "(order_id, type_id) WHERE state = 'open'",
        "The order is on this hold already.",
    )
    _in_force_idx = models.Index("(expiry) WHERE in_force")
    _lifted_as_idx = models.Index("(order_id) WHERE lifted_as IS NOT NULL")
    _dropped_idx = models.Index("(id) WHERE is_dropped")

    # -- compute ----------------------------------------------------------------

    @api.depends("type_id")
    def _compute_display_name(self):
        for hold in self:
            hold.display_name = hold.type_id.sudo().name or ""

    @api.depends("reason", "type_id")
    @api.depends_context("lang")
    def _compute_public_reason(self):
        words = {
            "credit_limit": self.env._("The customer's credit limit is exceeded."),
            "overdue": self.env._("Invoices of the customer are overdue."),
            "prepayment": self.env._("A payment of the customer is awaited."),
        }
        for hold in self:
            hold.public_reason = words.get(hold.type_id.check, hold.reason)

    @api.depends("type_id.blocks", "stops_rest")
    @api.depends_context("lang")
    def _compute_blocks(self):
        for hold in self:
            hold.blocks = ", ".join(hold.sudo()._get_blocked_steps())

    def _get_blocked_steps(self):
        """The steps that the hold stops, as people call them."""
        self.ensure_one()
        hold_type = self.type_id
        if not self.stops_rest:
            steps = hold_type._get_blocked_steps()
        else:
            # after the release: whatever the goods still have to take
            steps = [step for step in STEPS[1:] if self._blocks((step,))]
        return [hold_type._get_step_label(step) for step in steps]

    @api.depends("state", "deadline")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for hold in self:
            hold.is_late = (
                hold.state == "open" and bool(hold.deadline) and hold.deadline < now
            )

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain("state", "=", "open") & Domain(
            "deadline", "<", fields.Datetime.now()
        )
        return domain if True in value else ~domain

    @api.depends("state", "type_id", "order_id")
    @api.depends_context("uid")
    def _compute_can_lift(self):
        for hold in self:
            hold.can_lift = hold.state == "open" and hold._is_for_user()

    def _is_for_user(self):
        """The one rule of who may lift or override: buttons and methods obey it."""
        self.ensure_one()
        if self.env.su:
            return True
        groups = self.env.user.all_group_ids
        lifters = self.type_id.sudo().lift_group_ids
        if lifters:
            return bool(lifters & groups)
        owners = self.type_id._get_default_lifters()
        return bool(owners & groups) and self.order_id.has_access("write")

    @api.model
    def _search_can_lift(self, operator, value):
        if operator != "in":
            return NotImplemented
        groups = self.env.user.all_group_ids
        mine = Domain("type_id.lift_group_ids", "in", groups.ids)
        if self.env["sale.order"].has_access("write"):
            owned = Domain("type_id.owner_group_id", "in", groups.ids)
            if self.env["oms.hold.type"]._get_default_lifters() & groups:
                owned = Domain.TRUE
            mine |= Domain("type_id.lift_group_ids", "=", False) & owned
        domain = Domain("state", "=", "open") & mine
        return domain if True in value else ~domain

    @api.depends("type_id")
    @api.depends_context("lang")
    def _compute_lifters(self):
        for hold in self:
            hold.lifters = hold.type_id._get_lifters() if hold.type_id else ""

    # -- CRUD -------------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "Holds are kept as a record: lift them instead of deleting them."
            )
        )
