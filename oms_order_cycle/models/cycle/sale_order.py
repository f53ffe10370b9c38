import operator as operators

from odoo import api, fields, models
from odoo.fields import Domain

from ...facts.fields import DERIVED_FIELDS
from ...tools.derived import refuse_derived, without_derived_defaults
from ...tools.groups import INTERNAL, READERS

#: What is not to be written from outside.
_GUARDED_FIELDS = frozenset(
    (
        *DERIVED_FIELDS,
        "oms_phase",
        "oms_workflow_id",
        "oms_workflow_reason",
    )
)
#: How a count may be searched for.
_COUNT_OPERATORS = {
    "in": lambda count, values: count in values,
    "not in": lambda count, values: count not in values,
    ">": operators.gt,
    ">=": operators.ge,
    "<": operators.lt,
    "<=": operators.le,
}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    oms_channel_id = fields.Many2one(
        "oms.channel",
        string="Channel",
        compute="_compute_oms_channel_id",
        store=True,
        precompute=True,
        readonly=False,
        check_company=True,
        index="btree_not_null",
        tracking=True,
        groups=INTERNAL,
        help="How the order came in.",
    )
    oms_workflow_id = fields.Many2one(
        "oms.workflow",
        string="Workflow",
        compute="_compute_oms_workflow_id",
        store=True,
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups=INTERNAL,
        help="The stages this order goes through. Chosen when it is confirmed.",
    )
    oms_workflow_reason = fields.Char(
        string="Why This Workflow",
        compute="_compute_oms_workflow_id",
        store=True,
        readonly=True,
        groups="base.group_user",
    )
    oms_confirmed_at = fields.Datetime(
        string="Confirmed", compute="_compute_oms_cycle", store=True
    )
    oms_released_at = fields.Datetime(
        string="Released",
        compute="_compute_oms_cycle",
        store=True,
        help="When all that is wanted was handed to the warehouse (UTC).",
    )
    oms_picked_at = fields.Datetime(
        string="Picked", compute="_compute_oms_cycle", store=True
    )
    oms_packed_at = fields.Datetime(
        string="Packed", compute="_compute_oms_cycle", store=True
    )
    oms_loaded_at = fields.Datetime(
        string="Loaded", compute="_compute_oms_cycle", store=True
    )
    oms_shipped_at = fields.Datetime(
        string="Shipped",
        compute="_compute_oms_cycle",
        store=True,
        help="When the last of what is wanted left. Goods that come back do not undo"
        " it.",
    )
    oms_delivered_at = fields.Datetime(
        string="Arrived", compute="_compute_oms_cycle", store=True
    )
    oms_invoiced_at = fields.Datetime(
        string="Invoiced",
        compute="_compute_oms_cycle",
        store=True,
        help="When the last posted invoice covered all that is to be invoiced.",
    )
    oms_paid_at = fields.Datetime(
        string="Paid", compute="_compute_oms_cycle", store=True
    )
    oms_stage_id = fields.Many2one(
        "oms.stage",
        string="Order Stage",
        compute="_compute_oms_cycle",
        store=True,
        index="btree_not_null",
        ondelete="restrict",
        group_expand="_group_expand_oms_stage_id",
        groups=INTERNAL,
        help="The first stage of the workflow whose exit test does not hold.",
    )
    oms_phase = fields.Selection(
        [
            ("1_taken", "Taken"),
            ("2_release", "To Release"),
            ("3_pick", "Picking"),
            ("4_pack", "Packing"),
            ("5_ship", "To Ship"),
            ("6_way", "On the Way"),
            ("7_invoice", "To Invoice"),
            ("8_collect", "To Collect"),
        ],
        string="Phase",
        compute="_compute_oms_phase",
        store=True,
        group_expand="_group_expand_oms_phase",
        groups=INTERNAL,
        help="What is being worked towards, the same for all workflows; empty when the"
        " order is closed or cancelled.",
    )
    oms_cycle_state = fields.Selection(
        [("open", "Open"), ("closed", "Closed"), ("cancel", "Cancelled")],
        string="Cycle",
        compute="_compute_oms_cycle",
        store=True,
        groups=INTERNAL,
    )
    oms_goods = fields.Selection(
        [
            ("none", "None"),
            ("wanted", "To Be Delivered"),
            ("back", "Only Coming Back"),
            ("cancelled", "All Cancelled"),
        ],
        string="Goods",
        compute="_compute_oms_cycle",
        store=True,
        groups=INTERNAL,
        help="What the order, once confirmed, has of goods. All cancelled: none of what"
        " was ordered is to be brought any more.",
    )
    oms_stage_since = fields.Datetime(
        string="In Stage Since",
        compute="_compute_oms_cycle",
        store=True,
        groups=INTERNAL,
    )
    oms_stage_deadline = fields.Datetime(
        string="Stage Due",
        compute="_compute_oms_cycle",
        store=True,
        groups=INTERNAL,
        help="When the allowed time of the stage ends. Empty while the clock is"
        " paused by a hold that waits for the customer.",
    )
    oms_revision = fields.Integer(
        string="Cycle Revision",
        compute="_compute_oms_cycle",
        store=True,
        groups="base.group_system",
        help="Counts how often the order was derived from its documents. Writing it"
        " makes transactions that change documents of one order at the same time meet,"
        " so that the later one sees what the earlier one did.",
    )
    oms_effective_date = fields.Datetime(
        string="Effective Order Date",
        compute="_compute_oms_effective_date",
        compute_sudo=True,
        groups=INTERNAL,
        help="When the order counts as received: its confirmation, or the start of"
        " the next day when that was after the channel's cut-off.",
    )
    oms_is_late = fields.Boolean(
        string="Late",
        compute="_compute_oms_is_late",
        search="_search_oms_is_late",
        groups=INTERNAL,
    )
    oms_event_ids = fields.One2many(
        "oms.event", "order_id", string="Order Log", groups=READERS
    )
    oms_event_count = fields.Integer(
        compute="_compute_oms_event_count", compute_sudo=True, groups=INTERNAL
    )
    oms_outbox_ids = fields.One2many(
        "oms.outbox", "order_id", string="Automatic Actions", groups=READERS
    )
    oms_failed_action_count = fields.Integer(
        string="Failed Actions",
        compute="_compute_oms_failed_action_count",
        compute_sudo=True,
        search="_search_oms_failed_action_count",
        groups=INTERNAL,
    )
    # For internal users only: customers may read orders, too. Users of
    # other apps may read orders, but neither stages nor holds: the superuser computes,
    # and asks for the user what only some may see or do.
    oms_cycle_bar = fields.Json(
        compute="_compute_oms_cycle_bar", compute_sudo=True, groups=INTERNAL
    )
    oms_why = fields.Text(
        string="Why?", compute="_compute_oms_why", compute_sudo=True, groups=INTERNAL
    )

    _oms_open_stage_idx = models.Index(
        "(oms_stage_id, oms_stage_deadline) WHERE oms_cycle_state = 'open'"
    )
    _oms_open_phase_idx = models.Index(
        "(oms_phase, oms_stage_deadline) WHERE oms_cycle_state = 'open'"
    )

    # -- compute --------------------------------------------------------------------

    @api.depends("company_id")
    def _compute_oms_channel_id(self):
        for order in self:
            company = order.oms_channel_id.company_id
            if company and company not in order.company_id.parent_ids:
                order.oms_channel_id = False

    @api.depends("oms_channel_id")
    def _compute_warehouse_id(self):
        res = super()._compute_warehouse_id()
        for order in self:
            warehouse = order.oms_channel_id.warehouse_id
            if (
                warehouse
                and order.state in ("draft", "sent")
                and warehouse.company_id == order.company_id
            ):
                order.warehouse_id = warehouse
        return res

    @api.depends("order_line.invoice_lines")
    def _get_invoiced(self):
        # who may not read invoices, a dispatcher, opens the order all the same
        may_read = self.env["account.move.line"].has_access("read")
        orders = self if may_read else self.sudo()
        return super(SaleOrder, orders)._get_invoiced()

    @api.depends(
        "state", "company_id", "oms_channel_id", "team_id", "partner_id", "carrier_id"
    )
    def _compute_oms_workflow_id(self):
        orders = self.filtered(
            lambda order: not order.oms_workflow_id or order.state in ("draft", "sent")
        )
        # assigned to itself, a running order's workflow stays what it is
        for order in self - orders:
            order.oms_workflow_id = order.oms_workflow_id
            order.oms_workflow_reason = order.oms_workflow_reason
        orders._oms_assign_workflow()

    def _oms_assign_workflow(self):
        """Choose the workflow by channel, team, customer, carrier and condition."""
        matches = self.env["oms.workflow"]._match(self)
        for order, (workflow_id, reason) in matches.items():
            if order.oms_workflow_id.id != workflow_id or not order.id:
                order.oms_workflow_id = workflow_id
            if order.oms_workflow_reason != reason or not order.id:
                order.oms_workflow_reason = reason

    @api.depends("oms_channel_id", "oms_confirmed_at")
    def _compute_oms_effective_date(self):
        for order in self:
            order.oms_effective_date = order.oms_channel_id._effective_order_date(
                order.oms_confirmed_at
            )

    @api.depends(
        "oms_stage_deadline",
        "oms_cycle_state",
        "oms_goods",
        "commitment_date",
        "oms_shipped_at",
    )
    def _compute_oms_is_late(self):
        now = fields.Datetime.now()
        for order in self:
            order.oms_is_late = order.oms_cycle_state == "open" and bool(
                (order.oms_stage_deadline and order.oms_stage_deadline < now)
                or order._oms_is_overdue()
            )

    def _oms_is_overdue(self):
        """Whether the promised date is over and not all has left."""
        self.ensure_one()
        return bool(
            self.oms_cycle_state == "open"
            and self.state == "sale"
            and self.commitment_date
            and self.commitment_date < fields.Datetime.now()
            and self.oms_goods == "wanted"
            and not self.oms_shipped_at
        )

    @api.model
    def _search_oms_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        domain = Domain("oms_cycle_state", "=", "open") & (
            Domain("oms_stage_deadline", "<", now)
            | (
                Domain("state", "=", "sale")
                & Domain("commitment_date", "<", now)
                & Domain("oms_goods", "=", "wanted")
                & Domain("oms_shipped_at", "=", False)
            )
        )
        return domain if True in value else ~domain

    def _compute_oms_event_count(self):
        counts = dict(
            self.env["oms.event"]._read_group(
                [("order_id", "in", self.ids)], ["order_id"], ["__count"]
            )
        )
        for order in self:
            order.oms_event_count = counts.get(order._origin, 0)

    @api.depends("oms_outbox_ids.state")
    def _compute_oms_failed_action_count(self):
        counts = dict(
            self.env["oms.outbox"]._read_group(
                [("order_id", "in", self.ids), ("state", "=", "failed")],
                ["order_id"],
                ["__count"],
            )
        )
        for order in self:
            order.oms_failed_action_count = counts.get(order._origin, 0)

    @api.model
    def _search_oms_failed_action_count(self, operator, value):
        compare = _COUNT_OPERATORS.get(operator)
        if not compare:
            return NotImplemented
        groups = (
            self.env["oms.outbox"]
            .sudo()
            ._read_group([("state", "=", "failed")], ["order_id"], ["__count"])
        )
        # all other orders have none
        as_none = compare(0, value)
        ids = [order.id for order, count in groups if compare(count, value) != as_none]
        return [("id", "not in" if as_none else "in", ids)]

    @api.depends("oms_stage_id", "oms_stage_since")
    @api.depends_context("uid", "lang")
    def _compute_oms_cycle_bar(self):
        for order in self:
            order.oms_cycle_bar = order._oms_get_cycle_bar()

    @api.depends("oms_stage_id")
    @api.depends_context("lang", "tz", "uid")
    def _compute_oms_why(self):
        for order in self:
            order.oms_why = "\n".join(order._oms_explain())

    @api.model
    def _group_expand_oms_stage_id(self, stages, domain):
        """All stages of the workflows in sight, so that empty columns show, too."""
        workflows = stages.sudo().workflow_id
        return stages.browse(
            stages.sudo().search([("workflow_id", "in", workflows.ids)]).ids
        )

    # -- CRUD -----------------------------------------------------------------------

    @api.model
    def _oms_get_guarded_fields(self):
        """Hook: names of what is derived, and written by nobody."""
        return _GUARDED_FIELDS

    @api.model_create_multi
    def create(self, vals_list):
        refuse_derived(self, vals_list, self._oms_get_guarded_fields())
        clean = without_derived_defaults(self, self._oms_get_guarded_fields())
        return super(SaleOrder, clean).create(vals_list).with_env(self.env)

    def write(self, vals):
        refuse_derived(self, [vals], self._oms_get_guarded_fields())
        res = super().write(vals)
        self._oms_after_write(vals)
        return res

    def _oms_after_write(self, vals):
        """Hook: orders were written; ``vals`` are those of ``write``."""
