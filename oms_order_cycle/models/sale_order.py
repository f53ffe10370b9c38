import logging
from ast import literal_eval
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import NO_ACCESS, Domain
from odoo.tools import SQL, ormcache
from odoo.tools.sql import table_exists

from ..tools.derived import refuse_derived
from ..tools.facts_sql import (
    FACT_FIELDS,
    GOODS_STEPS,
    MILESTONES,
    FactsQuery,
    call_function,
    create_function,
)
from ..tools.groups import INTERNAL, READERS

_logger = logging.getLogger(__name__)

#: Orders that the nightly check computes at once, and those that it names in a message.
DRIFT_BATCH = 500
DRIFT_NAMED = 20

#: Key of the journal's notes in ``cr.precommit.data``.
JOURNAL = "oms_order_cycle.journal"
#: Stored results of the cycle; what the journal compares.
CYCLE_FIELDS = (*FACT_FIELDS, "oms_stage_id", "oms_cycle_state")
#: All that is derived together.
DERIVED_FIELDS = (
    *CYCLE_FIELDS,
    "oms_stage_since",
    "oms_stage_deadline",
    "oms_revision",
)
#: What is not to be written from outside.
_GUARDED_FIELDS = frozenset(
    (
        *DERIVED_FIELDS,
        "oms_workflow_id",
        "oms_workflow_reason",
        "oms_open_hold_count",
        "oms_has_limited_decision",
    )
)

#: What the facts are read from.
DOCUMENT_FIELDS = {
    "sale.order.line": (
        "order_id",
        "product_id",
        "product_uom_qty",
        "product_uom_id",
        "qty_delivered_method",
        "display_type",
        "is_downpayment",
        "oms_release_pending",
    ),
    "stock.move": (
        "state",
        "quantity",
        "product_uom_qty",
        "product_uom",
        "date",
        "sale_line_id",
        "location_id",
        "location_dest_id",
        "location_final_id",
        "picking_id",
        "picking_type_id",
        "origin_returned_move_id",
        "to_refund",
        "move_dest_ids",
        "oms_released_at",
    ),
    "stock.move.line": (
        "move_id",
        "quantity_product_uom",
        "package_id",
        "result_package_id",
        "oms_packed_at",
    ),
    "stock.picking": ("oms_delivered_at",),
    "stock.picking.type": ("oms_step",),
    "stock.warehouse": ("delivery_steps",),
    "stock.location": ("usage", "parent_path"),
    "stock.package": ("package_type_id",),
    "account.move": (
        "state",
        "move_type",
        "payment_state",
        "oms_posted_at",
        "invoice_date",
    ),
    "account.move.line": (
        "move_id",
        "quantity",
        "product_uom_id",
        "sale_line_ids",
        "display_type",
    ),
    "account.partial.reconcile": ("max_date", "debit_move_id"),
    "product.template": ("invoice_policy", "type", "uom_id"),
    "uom.uom": ("factor",),
}
#: Those that Odoo writes more to in the same step.
REWRITTEN_MODELS = ("stock.move", "account.move")


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
    oms_cycle_state = fields.Selection(
        [("open", "Open"), ("closed", "Closed"), ("cancel", "Cancelled")],
        string="Cycle",
        compute="_compute_oms_cycle",
        store=True,
        groups=INTERNAL,
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
        "oms.event", "order_id", string="Journal", groups=READERS
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
    # What is said in the house stays there: customers may read orders, too. Users of
    # other apps may read orders, but neither stages nor holds: the superuser computes,
    # and asks for the user what only some may see or do.
    oms_cycle_bar = fields.Json(
        compute="_compute_oms_cycle_bar", compute_sudo=True, groups=INTERNAL
    )
    oms_why = fields.Text(
        string="Why?", compute="_compute_oms_why", compute_sudo=True, groups=INTERNAL
    )
    oms_can_approve = fields.Boolean(
        compute="_compute_oms_can_approve",
        search="_search_oms_can_approve",
        groups=INTERNAL,
    )

    oms_client_ref_key = fields.Char(
        compute="_compute_oms_client_ref_key",
        store=True,
        copy=False,
        groups=NO_ACCESS,
        help="Customer and reference of a confirmed order whose channel asks for a"
        " reference of its own.",
    )

    _oms_open_stage_idx = models.Index(
        "(oms_stage_id, oms_stage_deadline) WHERE oms_cycle_state = 'open'"
    )
    # Two orders confirmed at the same moment do not see each other: each transaction
    # reads the database as it was when it began, so that not even a lock that the
    # second waits for would show it the first. An index does.
    _oms_client_ref_uniq = models.UniqueIndex(
        "(oms_client_ref_key) WHERE oms_client_ref_key IS NOT NULL",
        "Another order of the same customer has just been confirmed under the same"
        " customer reference. Change the reference or cancel one of the two orders.",
    )

    def init(self):
        res = super().init()
        # anew for each addon that changes what the facts are read from
        create_function(self.env.cr, loaded=self._oms_loaded_condition())
        return res

    # -- compute ----------------------------------------------------------------

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

    @api.depends(lambda self: self._oms_get_triggers())
    def _compute_oms_cycle(self):
        stored = self.filtered("id")
        for order in self - stored:
            for name in DERIVED_FIELDS:
                order[name] = order._origin[name] if order._origin else False
        if not stored:
            return
        stored._oms_note_for_journal()
        progress = stored._oms_get_progress()
        for order, found in progress.items():
            order._oms_set_cycle(found)
        stored._oms_set_deadlines()

    def _oms_set_cycle(self, progress):
        """Write facts and stage of one order from what its documents say."""
        self.oms_revision += 1
        before = self.oms_stage_id
        since_before = self.oms_stage_since
        derived = self._oms_derive(progress)
        since = derived.pop("since")
        for name, value in derived.items():
            self[name] = value
        self.oms_stage_since = self._oms_get_since(
            derived["oms_stage_id"], since, before, since_before
        )

    def _oms_derive(self, progress):
        """What an order's documents say: values of ``CYCLE_FIELDS``, and ``since``,
        when the stages before were left (False when no document tells)."""
        values = {
            field: progress["facts"][milestone]
            for milestone, field in zip(MILESTONES, FACT_FIELDS, strict=True)
        }
        stage_id, since = self._oms_find_stage(progress)
        if self.state == "cancel":
            state = "cancel"
        else:
            state = "open" if stage_id or not self.oms_workflow_id else "closed"
        return {
            **values,
            "oms_stage_id": stage_id,
            "oms_cycle_state": state,
            "since": since,
        }

    def _oms_find_stage(self, progress):
        """The first stage whose exit test does not hold.

        :return: (stage id or False, when the stages before were left or False)
        """
        if self.state == "cancel" or not self.oms_workflow_id:
            return False, False
        since = False
        known = True
        for stage in self.env["oms.workflow"]._get_stages(self.oms_workflow_id.id):
            passed, moment = self._oms_has_passed(stage, progress)
            if not passed:
                return stage.id, known and (since or self.create_date)
            if moment:
                since = max(since, moment) if since else moment
            # when a condition came true no document tells
            known = known and stage.kind != "domain"
        return False, known and (since or self.create_date)

    def _oms_has_passed(self, stage, progress):
        """Exit test of a ``StageDefinition`` without words: (passed, when)."""
        if stage.kind == "milestone":
            moment = progress["facts"][stage.milestone]
            return bool(moment or not progress["applies"][stage.milestone]), moment
        if stage.kind == "approval":
            moment, covers = self._oms_get_approval(stage.id, progress)
            return bool(moment and covers), moment
        domain = Domain(literal_eval(stage.domain))
        return bool(self.filtered_domain(domain)), False

    def _oms_get_approval(self, stage_id, progress):
        """When the stage was approved, and whether that covers the order as it is.

        An order that grew is to be approved again before more is released; what is
        added when all is with the warehouse (freight, say) is not.
        """
        self.ensure_one()
        moment, amount = progress["approvals"].get(stage_id, (False, 0.0))
        covers = (
            progress["facts"]["released"]
            or not amount
            or self.currency_id.compare_amounts(self.amount_total, amount) <= 0
        )
        return moment, bool(covers)

    def _oms_get_since(self, stage_id, since, before, since_before):
        """Since when the order stands in its stage.

        Documents tell when it went forward; that it fell back they do not tell,
        nor when a condition came true: then it is now.
        """
        if self.env.context.get("oms_rederive") or not since_before:
            return since or fields.Datetime.now()
        if before.id == stage_id:
            return since_before
        ids = [
            stage.id
            for stage in self.env["oms.workflow"]._get_stages(self.oms_workflow_id.id)
        ]
        went_back = stage_id in ids and ids.index(stage_id) < (
            ids.index(before.id) if before.id in ids else len(ids)
        )
        return fields.Datetime.now() if went_back or not since else since

    def _oms_set_deadlines(self):
        """End of the allowed time of the stage, pauses by the customer added."""
        stages = {
            stage.id: stage
            for workflow in self.oms_workflow_id
            for stage in self.env["oms.workflow"]._get_stages(workflow.id)
        }
        limited = self.filtered(
            lambda order: (
                order.oms_stage_id and stages[order.oms_stage_id.id].allowed_hours
            )
        )
        (self - limited).oms_stage_deadline = False
        pauses = limited._oms_get_pauses()
        planned = {}
        for order in limited:
            start = order.oms_stage_since
            if order.oms_confirmed_at:
                start = max(start, order.oms_effective_date or start)
            pause = pauses.get(order, ())
            if None in (end for _begin, end in pause):
                order.oms_stage_deadline = False
                continue
            stage = order.oms_stage_id
            hours = stage.allowed_hours + sum(
                order._oms_count_hours(stage.calendar_id, max(begin, start), end)
                for begin, end in pause
                if end > start
            )
            # many orders enter a stage at the same moment
            key = (stage.calendar_id.id, start, hours)
            if key not in planned:
                planned[key] = order._oms_plan_hours(stage.calendar_id, start, hours)
            order.oms_stage_deadline = planned[key]

    @api.model
    def _oms_plan_hours(self, calendar, start, hours):
        if not calendar:
            return start + timedelta(hours=hours)
        return calendar.plan_hours(hours, start, compute_leaves=True) or False

    @api.model
    def _oms_count_hours(self, calendar, start, end):
        if not calendar:
            return (end - start).total_seconds() / 3600
        return calendar.get_work_hours_count(start, end)

    def _oms_get_pauses(self):
        """Times during which the customer was awaited: {order: [(begin, end)]}.

        ``end`` is None while the hold is open. Overlapping holds are merged.
        """
        if not self:
            return {}
        holds = self.env["oms.hold"].search_fetch(
            [("order_id", "in", self.ids), ("type_id.customer_caused", "=", True)],
            ["order_id", "opened_at", "lifted_at", "state"],
            order="opened_at, id",
        )
        pauses = {}
        for hold in holds:
            end = None if hold.state == "open" else hold.lifted_at
            intervals = pauses.setdefault(hold.order_id, [])
            if intervals and (
                intervals[-1][1] is None or intervals[-1][1] >= hold.opened_at
            ):
                begin, last = intervals[-1]
                merged = None if None in (last, end) else max(last, end)
                intervals[-1] = (begin, merged)
            else:
                intervals.append((hold.opened_at, end))
        return pauses

    @api.depends("oms_channel_id", "oms_confirmed_at")
    def _compute_oms_effective_date(self):
        for order in self:
            order.oms_effective_date = order.oms_channel_id._effective_order_date(
                order.oms_confirmed_at
            )

    @api.depends(
        "oms_stage_deadline", "oms_cycle_state", "commitment_date", "oms_shipped_at"
    )
    def _compute_oms_is_late(self):
        now = fields.Datetime.now()
        for order in self:
            order.oms_is_late = order.oms_cycle_state == "open" and bool(
                (order.oms_stage_deadline and order.oms_stage_deadline < now)
                or (
                    order.state == "sale"
                    and order.commitment_date
                    and order.commitment_date < now
                    and not order.oms_shipped_at
                )
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
        if operator not in (">", "!=") or value:
            return NotImplemented
        rows = self.env["oms.outbox"].sudo()._search([("state", "=", "failed")])
        return [("id", "in", rows.subselect("order_id"))]

    @api.depends("oms_stage_id", "oms_stage_since", "oms_open_hold_count")
    @api.depends_context("uid", "lang")
    def _compute_oms_cycle_bar(self):
        for order in self:
            order.oms_cycle_bar = order._oms_get_cycle_bar()

    @api.depends("oms_stage_id", "oms_open_hold_count")
    @api.depends_context("lang", "tz", "uid")
    def _compute_oms_why(self):
        for order in self:
            order.oms_why = "\n".join(order._oms_explain())

    @api.depends("oms_stage_id")
    @api.depends_context("uid")
    def _compute_oms_can_approve(self):
        groups = self.env.user.all_group_ids
        for order in self:
            stage = order.oms_stage_id.sudo()
            order.oms_can_approve = (
                stage.exit_kind == "approval" and stage.approval_group_id in groups
            )

    @api.model
    def _search_oms_can_approve(self, operator, value):
        if operator != "in":
            return NotImplemented
        stages = (
            self.env["oms.stage"]
            .sudo()
            ._search(
                [
                    ("exit_kind", "=", "approval"),
                    ("approval_group_id", "in", self.env.user.all_group_ids.ids),
                ]
            )
        )
        domain = Domain("oms_stage_id", "in", stages)
        return domain if True in value else ~domain

    @api.model
    def _group_expand_oms_stage_id(self, stages, domain):
        """All stages of the workflows in sight, so that empty columns show, too."""
        workflows = stages.sudo().workflow_id
        return stages.browse(
            stages.sudo().search([("workflow_id", "in", workflows.ids)]).ids
        )

    # -- CRUD -------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        refuse_derived(self, vals_list, _GUARDED_FIELDS)
        return super().create(vals_list)

    def write(self, vals):
        refuse_derived(self, [vals], _GUARDED_FIELDS)
        return super().write(vals)

    def unlink(self):
        res = super().unlink()
        notes = self.env.cr.precommit.data.get(JOURNAL, {})
        for order_id in self.ids:
            notes.pop(order_id, None)
        return res

    # -- what the documents say -------------------------------------------------

    @api.model
    def _oms_get_triggers(self):
        """Fields whose change makes an order's facts and stage be computed anew."""
        # moves, packages and invoices say themselves when something changed that
        # counts (_oms_rederive): reserving goods, say, changes their state, too
        triggers = [
            "state",
            "date_order",
            "oms_workflow_id",
            "oms_channel_id",
            "order_line.product_uom_qty",
            "order_line.product_uom_id",
            "order_line.oms_release_pending",
            "order_line.move_ids",
            # an approval covers the total it was given for
            "amount_total",
            "oms_hold_ids.state",
        ]
        return triggers + [
            name for name in self._oms_get_domain_fields() if name not in triggers
        ]

    @api.model
    def _oms_get_domain_fields(self):
        """Paths used in the conditions of stages; they trigger the computation."""
        if not table_exists(self.env.cr, "oms_stage"):
            return []
        self.env.cr.execute(
            "SELECT DISTINCT exit_domain FROM oms_stage WHERE exit_kind = 'domain'"
        )
        paths = set()
        for (text,) in self.env.cr.fetchall():
            for condition in Domain(literal_eval(text or "[]")).iter_conditions():
                path = condition.field_expr
                if path.split(".")[0] in self._fields:
                    paths.add(path)
        return sorted(paths - set(CYCLE_FIELDS) - {"id"})

    @api.model
    def _oms_update_triggers(self):
        """Let new conditions of stages trigger the computation from now on."""
        if not self.pool.ready:
            return
        known = self.pool.field_depends[self._fields["oms_stage_id"]]
        self.env["oms.stage"].flush_model(["exit_domain", "exit_kind"])
        if set(self._oms_get_domain_fields()) - set(known):
            self.env.flush_all()
            self.pool._setup_models__(self.env.cr, [self._name])

    @api.model
    def _oms_facts_query(self, order_condition):
        """The query that reads the facts; bridges extend it (trucks: loaded).

        :param SQL order_condition: condition on ``l.order_id``
        :rtype: FactsQuery
        """
        return FactsQuery(
            order_condition,
            **self._oms_facts_parameters(),
            loaded=self._oms_loaded_condition(),
        )

    @api.model
    def _oms_facts_parameters(self):
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return {
            "tolerance": 0.5 * 10**-digits,
            "intercompany_path": self._oms_get_intercompany_path(),
        }

    @api.model
    @ormcache()
    def _oms_get_intercompany_path(self):
        location = self.env.ref(
            "stock.stock_location_inter_company", raise_if_not_found=False
        )
        return f"{location.sudo().parent_path}%" if location else ""

    @api.model
    def _oms_loaded_condition(self):
        """``SQL`` condition on a move ``m`` of a transfer ``p``: it is on the truck."""
        return SQL("FALSE")

    @api.model
    def _oms_flush_documents(self):
        """Write to the database what the facts query reads."""
        for model_name, names in DOCUMENT_FIELDS.items():
            model = self.env[model_name]
            if model_name in REWRITTEN_MODELS:
                # all that is to be computed, so that rows are written once
                model._recompute_model()
            model.flush_model(names)

    def _oms_get_progress(self):
        """Facts of orders, read from their documents in one query.

        :return: ``{order: {"facts": {milestone: datetime or False},
            "applies": {milestone: bool}, "approvals": {stage id: (datetime, total)}}}``
        """
        found = {}
        confirmed = self.filtered(lambda order: order.state == "sale")
        if confirmed:
            self._oms_flush_documents()
            query = call_function(confirmed._origin.ids, **self._oms_facts_parameters())
            found = {row[0]: row[1:] for row in self.env.execute_query(query)}
        approvals = self._oms_get_approvals()
        return {
            order: order._oms_make_progress(
                found.get(order._origin.id), approvals.get(order._origin.id, {})
            )
            for order in self
        }

    def _oms_make_progress(self, row, approvals):
        self.ensure_one()
        has_goods, has_cash, *moments = row or (False, False)
        facts = dict.fromkeys(MILESTONES, False)
        if row:
            # microseconds would make the stored value differ from the computed one
            facts.update(
                (milestone, moment.replace(microsecond=0) if moment else False)
                for milestone, moment in zip(MILESTONES[1:], moments, strict=True)
            )
        confirmed = self.state == "sale"
        facts["confirmed"] = confirmed and self.date_order
        applies = {
            milestone: not confirmed
            or (has_goods if milestone in GOODS_STEPS else has_cash)
            for milestone in MILESTONES
        }
        applies["confirmed"] = True
        return {"facts": facts, "applies": applies, "approvals": approvals}

    def _oms_get_approvals(self):
        """Approvals that stand: ``{order id: {stage id: (datetime, order total)}}``."""
        workflows = self.env["oms.workflow"]
        asked = self.filtered(
            lambda order: any(
                stage.kind == "approval"
                for stage in workflows._get_stages(order.oms_workflow_id.id)
            )
        )
        if not asked:
            return {}
        approvals = {}
        for event in (
            self.env["oms.event"]
            .sudo()
            .search_fetch(
                [
                    ("order_id", "in", asked._origin.ids),
                    ("kind", "in", ("approval", "approval_withdrawn")),
                ],
                ["order_id", "stage_id", "kind", "date", "amount"],
                order="id",
            )
        ):
            by_stage = approvals.setdefault(event.order_id.id, {})
            if event.kind == "approval":
                by_stage[event.stage_id.id] = (event.date, event.amount)
            else:
                by_stage.pop(event.stage_id.id, None)
        return approvals

    def _oms_rederive(self):
        """Have facts and stage computed anew when they are next asked for."""
        pending = self.env.records_to_compute(self._fields["oms_stage_id"])
        orders = self - pending
        if not orders:
            return
        for name in DERIVED_FIELDS:
            self.env.add_to_compute(self._fields[name], orders)
        # what depends on them is stale, too
        orders.modified(DERIVED_FIELDS)

    @api.model
    def _oms_rederive_concerned(self, path, records):
        """Something was set up otherwise: have the open orders that depend on it
        derived anew.

        :param str path: from an order to the records
        :param records: operation types, warehouses, products
        """
        if records:
            orders = self.sudo().search(
                [("oms_cycle_state", "=", "open"), (path, "in", records.ids)]
            )
            orders._oms_rederive()

    # -- journal ----------------------------------------------------------------

    def _oms_note_for_journal(self):
        """Remember what was, once a transaction, to journal what changed at its end."""
        precommit = self.env.cr.precommit
        if JOURNAL not in precommit.data:
            precommit.data[JOURNAL] = {}
            precommit.add(self.env["sale.order"]._oms_write_journal)
        notes = precommit.data[JOURNAL]
        for order in self:
            if order.id not in notes:
                notes[order.id] = {name: order[name] for name in CYCLE_FIELDS}
                notes[order.id]["uid"] = self.env.uid

    @api.model
    def _oms_write_journal(self):
        """Journal what changed in this transaction, and start the stages' actions."""
        notes = self.env.cr.precommit.data.pop(JOURNAL, {})
        orders = self.sudo().browse(notes)
        changed = [
            (order, notes[order.id])
            for order in orders
            if any(order[name] != notes[order.id][name] for name in CYCLE_FIELDS)
        ]
        if not changed:
            return
        self.env["oms.event"]._log(
            [
                vals
                for order, before in changed
                for vals in order._oms_prepare_events(before)
            ]
        )
        entered = self.browse(
            order.id
            for order, before in changed
            if order.oms_stage_id and order.oms_stage_id != before["oms_stage_id"]
        ).sudo()
        entered._oms_start_stage_actions()

    def _oms_prepare_events(self, before):
        """Values of the events that lead from ``before`` to now, for one order."""
        self.ensure_one()
        events = []
        base = {"order_id": self.id, "user_id": before["uid"]}
        labels = dict(
            self.env["oms.stage"]._fields["milestone"]._description_selection(self.env)
        )
        now = fields.Datetime.now()
        for milestone, field in zip(MILESTONES, FACT_FIELDS, strict=True):
            if bool(self[field]) == bool(before[field]):
                continue
            if self[field]:
                events.append(
                    dict(
                        base,
                        kind="fact",
                        date=self[field],
                        milestone=milestone,
                        name=labels[milestone],
                    )
                )
            else:
                events.append(
                    dict(
                        base,
                        kind="fact_cleared",
                        date=now,
                        milestone=milestone,
                        name=self.env._("No longer: %s", labels[milestone]),
                    )
                )
        stage, old_stage = self.oms_stage_id, before["oms_stage_id"]
        if stage != old_stage and stage:
            events.append(
                dict(
                    base,
                    kind="stage",
                    date=self.oms_stage_since,
                    stage_id=stage.id,
                    from_stage_id=old_stage.id,
                    name=self.env._("Stage: %s", stage._get_cached_name()),
                )
            )
        state, old_state = self.oms_cycle_state, before["oms_cycle_state"]
        if state != old_state and (old_state or state != "open"):
            kind, words = {
                "cancel": ("cancelled", self.env._("Order cancelled")),
                "closed": ("closed", self.env._("Order cycle closed")),
                "open": ("reopened", self.env._("Order cycle reopened")),
            }[state]
            date = self.oms_stage_since if state == "closed" else now
            events.append(
                dict(base, kind=kind, date=date, name=words, from_stage_id=old_stage.id)
            )
        return events

    def _oms_start_stage_actions(self):
        """Put the actions on entry of the orders' stages into the outbox.

        An order kept from the warehouse by the stages before its release is
        released the same way once it comes to the stage that waits for it.
        """
        release_id = self.env["ir.model.data"]._xmlid_to_res_id(
            "oms_order_cycle.action_server_release"
        )
        rows = []
        for order in self:
            for stage in self.env["oms.workflow"]._get_stages(order.oms_workflow_id.id):
                if stage.id != order.oms_stage_id.id:
                    continue
                rows += [
                    order._oms_prepare_outbox(stage, action_id)
                    for action_id in stage.action_ids
                ]
                if stage.milestone == "released" and order._oms_get_pending_lines():
                    rows.append(
                        order._oms_prepare_outbox(
                            stage._replace(rerun=True), release_id
                        )
                    )
        if rows:
            self.env["oms.outbox"]._enqueue(rows)

    def _oms_prepare_outbox(self, stage, action_id):
        self.ensure_one()
        key = f"stage:{stage.id}:action:{action_id}:order:{self.id}"
        if stage.rerun:
            key += f":{self.oms_stage_since:%Y%m%d%H%M%S}"
        return {
            "order_id": self.id,
            "stage_id": stage.id,
            "action_id": action_id,
            "key": key,
        }

    # -- release ----------------------------------------------------------------

    def _action_confirm(self):
        if self:
            # conditions of workflows are tested on the order as it is confirmed;
            # the checks for holds follow (sale_order_hold.py, imported before)
            self.sudo()._oms_assign_workflow()
        return super()._action_confirm()

    def _oms_get_withheld(self):
        """Orders that must not reach the warehouse yet, and why.

        :return: ``{order: words}``
        """
        withheld = {
            order: ", ".join(holds.mapped("display_name"))
            for order, holds in self._oms_blocking_holds("release").items()
            if holds
        }
        workflows = self.env["oms.workflow"]
        for order in self:
            gate = workflows._get_release_gate(order.oms_workflow_id.id)
            # reading the stage costs a query, so only where it matters
            if gate and order not in withheld and order.oms_stage_id.id in gate:
                withheld[order] = self.env._(
                    "it is still in the stage %s", order.oms_stage_id.sudo().name
                )
        return withheld

    def _oms_get_pending_lines(self):
        return self.order_line.filtered("oms_release_pending")

    def _oms_release(self):
        """Hand to the warehouse what was kept back and no longer has to be."""
        orders = self.filtered(
            lambda order: order.state == "sale" and order._oms_get_pending_lines()
        )
        if orders:
            orders._oms_run_hold_checks("release")
            orders._oms_get_pending_lines()._action_launch_stock_rule()
        return True

    def action_oms_release(self):
        """Release orders to the warehouse, or say why they cannot be yet."""
        self._oms_release()
        withheld = self._oms_get_withheld()
        for order in self:
            if order in withheld and order._oms_get_pending_lines():
                raise UserError(
                    self.env._(
                        "%(order)s cannot be released to the warehouse: %(why)s.",
                        order=order.name,
                        why=withheld[order],
                    )
                )
        return True

    # -- approval ---------------------------------------------------------------

    def _oms_check_can_approve(self):
        for order in self:
            stage = order.oms_stage_id.sudo()
            if stage.exit_kind != "approval":
                raise UserError(
                    self.env._(
                        "%s is in no stage that waits for an approval.", order.name
                    )
                )
            if not order.oms_can_approve:
                raise UserError(
                    self.env._(
                        "%(order)s can only be approved by %(group)s.",
                        order=order.name,
                        group=stage.approval_group_id.display_name,
                    )
                )

    def action_oms_approve(self):
        """Approve orders in the stage they stand in."""
        self.check_access("read")
        self._oms_check_can_approve()
        self.env["oms.event"]._log(
            [
                {
                    "order_id": order.id,
                    "kind": "approval",
                    "stage_id": order.oms_stage_id.id,
                    "amount": order.amount_total,
                    "name": self.env._("Approved: %s", order.oms_stage_id.name),
                }
                for order in self
            ]
        )
        self._oms_rederive()
        self.sudo()._oms_release()
        return True

    def action_oms_withdraw_approval(self):
        """Take back the last approval of orders not yet released."""
        self.check_access("read")
        groups = self.env.user.all_group_ids
        vals_list = []
        for order in self:
            approvals = self._oms_get_approvals().get(order.id, {})
            stages = self.env["oms.stage"].sudo().browse(approvals)
            if not stages:
                raise UserError(self.env._("%s has not been approved.", order.name))
            stage = stages.sorted("sequence")[-1]
            if stage.approval_group_id not in groups:
                raise UserError(
                    self.env._(
                        "The approval of %(order)s can only be withdrawn by %(group)s.",
                        order=order.name,
                        group=stage.approval_group_id.display_name,
                    )
                )
            vals_list.append(self._oms_prepare_withdrawal(order.id, stage))
        self.env["oms.event"]._log(vals_list)
        self._oms_rederive()
        return True

    def _action_cancel(self):
        res = super()._action_cancel()
        # what comes back from the dead is to be approved as it is then
        self._oms_withdraw_approvals()
        return res

    def _oms_withdraw_approvals(self):
        self.env["oms.event"]._log(
            [
                self._oms_prepare_withdrawal(order_id, stage)
                for order_id, approvals in self._oms_get_approvals().items()
                for stage in self.env["oms.stage"].sudo().browse(approvals)
            ]
        )

    @api.model
    def _oms_prepare_withdrawal(self, order_id, stage):
        return {
            "order_id": order_id,
            "kind": "approval_withdrawn",
            "stage_id": stage.id,
            "name": self.env._("Approval withdrawn: %s", stage.name),
        }

    # -- customer reference -----------------------------------------------------

    # What a channel asks for is not a dependency: ticking it is for the orders to come.
    @api.depends(
        "state", "client_order_ref", "oms_channel_id", "partner_id", "company_id"
    )
    def _compute_oms_client_ref_key(self):
        if not self.env["oms.channel"]._is_client_ref_required():
            self.oms_client_ref_key = False
            return
        freed = []
        for order in self:
            ref = order._oms_get_clean_client_ref()
            asked = order.state == "sale" and order.oms_channel_id.require_client_ref
            customer = order.partner_id.commercial_partner_id
            key = asked and ref and f"{order.company_id.id}:{customer.id}:{ref}"
            if order.id and order.oms_client_ref_key not in (False, key):
                freed.append(order.id)
            order.oms_client_ref_key = key
        # now, not with the others: one of these may take what another gives up
        if freed:
            self.env.cr.execute(
                SQL(
                    "UPDATE sale_order SET oms_client_ref_key = NULL WHERE id IN %s",
                    tuple(freed),
                )
            )

    def _oms_get_clean_client_ref(self):
        self.ensure_one()
        return (self.client_order_ref or "").strip().lower()

    @api.constrains(
        "state", "client_order_ref", "oms_channel_id", "partner_id", "company_id"
    )
    def _check_oms_client_ref(self):
        """The reference that a channel asks for is there, and no other order has it.

        However the order came to be confirmed: by the button, an import, a program;
        and as long as it is.
        """
        orders = self.sudo().filtered(
            lambda order: (
                order.state == "sale" and order.oms_channel_id.require_client_ref
            )
        )
        if not orders:
            return
        for order in orders:
            if not order._oms_get_clean_client_ref():
                raise ValidationError(
                    self.env._(
                        "Orders of the channel %(channel)s need a customer reference."
                        " Fill it in on %(order)s before you confirm it.",
                        channel=order.oms_channel_id.name,
                        order=order.name,
                    )
                )
        for order, twin in orders._oms_get_client_ref_twins().items():
            raise ValidationError(
                self.env._(
                    "%(customer)s has already ordered under the reference %(ref)s: see"
                    " %(order)s. Change the reference or cancel one of the two orders.",
                    customer=order.partner_id.commercial_partner_id.name,
                    ref=order.client_order_ref,
                    order=twin.name,
                )
            )

    def _oms_get_client_ref_twins(self):
        """Confirmed orders of the same customer under the same reference.

        :return: ``{order: the first such order}``, in one query
        """
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        self.flush_model(["client_order_ref", "company_id", "partner_id", "state"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT o.id, MIN(twin.id)
                  FROM sale_order o
                  JOIN res_partner p ON p.id = o.partner_id
                  JOIN res_partner q
                       ON q.commercial_partner_id = p.commercial_partner_id
                  JOIN sale_order twin ON twin.partner_id = q.id
                 WHERE o.id IN %(ids)s
                   AND twin.id <> o.id
                   AND twin.state = 'sale'
                   AND twin.company_id = o.company_id
                   AND LOWER(TRIM(twin.client_order_ref))
                       = LOWER(TRIM(o.client_order_ref))
                 GROUP BY o.id
                """,
                ids=tuple(self.ids),
            )
        )
        return {self.browse(order_id): self.browse(twin) for order_id, twin in rows}

    # -- words ------------------------------------------------------------------

    def _oms_get_cycle_bar(self):
        """What the cycle bar shows; plain data for the ``oms_cycle_bar`` widget."""
        self.ensure_one()
        workflow = self.oms_workflow_id.sudo()
        if not workflow or not self._origin.id:
            return False
        steps = workflow._explain(self)
        now = fields.Datetime.now()
        closed = self.oms_cycle_state == "closed"
        stages = []
        entered = self.create_date
        for step in steps:
            stage = step["stage"]
            current = stage == self.oms_stage_id
            done = closed or (
                step["passed"]
                and not any(past["state"] == "current" for past in stages)
            )
            state = "current" if current else "done" if done else "todo"
            deadline = self.oms_stage_deadline if current else False
            left = step["since"] if state == "done" else False
            since = self.oms_stage_since if current else entered if done else False
            if left:
                entered = max(entered, left) if entered else left
            stages.append(
                {
                    "id": stage.id,
                    "name": stage.name,
                    "state": state,
                    "since": fields.Datetime.to_string(since) if since else None,
                    "left_at": fields.Datetime.to_string(left) if left else None,
                    "deadline": fields.Datetime.to_string(deadline)
                    if deadline
                    else None,
                    "late": bool(deadline and deadline < now),
                    "exit": step["why"] if current else stage.exit_summary,
                    "next": (stage.description or "") if current else "",
                    "group": stage.group_id.name or "",
                }
            )
        holds = self._oms_get_holds_to_show()
        return {
            "stages": stages,
            "cycle_state": self.oms_cycle_state,
            "held": bool(holds),
            "holds": [
                {
                    "id": hold.id,
                    "name": hold.type_id.name,
                    "reason": reason,
                    "blocks": hold.type_id._get_blocked_steps(),
                    "can_lift": can_lift,
                }
                for hold, reason, can_lift in holds
            ],
            "late": self.oms_is_late,
            "paused": bool(
                any(hold.type_id.customer_caused for hold, *_others in holds)
                and self.oms_stage_id.sudo().allowed_hours
            ),
            "workflow": workflow.display_name,
            "reason": self.oms_workflow_reason or "",
            "channel": self.oms_channel_id.sudo().name or "",
        }

    def _oms_get_holds_to_show(self):
        """Open holds as the user may see them, whoever computes: a hold (sudo), its
        reason (empty for those who may not read holds; it may tell what a customer
        owes), and whether the user may lift it.

        :return: list of (hold, reason, can lift)
        """
        self.ensure_one()
        user_env = self.sudo(False).env
        may_read = user_env["oms.hold"].has_access("read")
        return [
            (
                hold,
                hold.reason or "" if may_read else "",
                may_read and hold.with_env(user_env)._may_be_lifted(),
            )
            for hold in self.sudo().oms_hold_ids
            if hold.state == "open"
        ]

    def _oms_explain(self):
        """Sentences: where the order stands, why, what stops it, what comes next."""
        self.ensure_one()
        if self.oms_cycle_state == "cancel":
            return [self.env._("The order is cancelled.")]
        workflow = self.oms_workflow_id.sudo()
        if not workflow:
            return [self.env._("No workflow is for this order.")]
        words = []
        if self.oms_cycle_state == "closed":
            words.append(self.env._("The order has passed all its stages."))
        else:
            words += self._oms_explain_stage(workflow)
        withheld = self._oms_get_withheld() if self._oms_get_pending_lines() else {}
        for hold, reason, _can_lift in self._oms_get_holds_to_show():
            words.append(
                self.env._(
                    "On hold: %(name)s. %(reason)s",
                    name=hold.type_id.name,
                    reason=reason,
                ).strip()
            )
        if self in withheld:
            words.append(
                self.env._("Not released to the warehouse yet: %s.", withheld[self])
            )
        words.append(
            self.env._(
                "Follows the workflow %(workflow)s: %(reason)s.",
                workflow=workflow.display_name,
                reason=self.oms_workflow_reason or "",
            )
        )
        return words

    def _oms_explain_stage(self, workflow):
        steps = workflow._explain(self)
        position = next(
            (i for i, step in enumerate(steps) if step["stage"] == self.oms_stage_id),
            None,
        )
        if position is None:
            return []
        step = steps[position]
        words = [
            self.env._(
                "In %(stage)s since %(since)s: %(why)s.",
                stage=step["stage"].name,
                since=self._oms_format(self.oms_stage_since),
                why=step["why"].rstrip("."),
            )
        ]
        if self.oms_stage_deadline:
            late = self.oms_stage_deadline < fields.Datetime.now()
            text = (
                self.env._("It should have left the stage by %s.")
                if late
                else self.env._("It should leave the stage by %s.")
            )
            words.append(text % self._oms_format(self.oms_stage_deadline))
        if position + 1 < len(steps):
            words.append(
                self.env._("Next comes %s.", steps[position + 1]["stage"].name)
            )
        return words

    def _oms_format(self, moment):
        return (
            self.env["ir.qweb.field.datetime"].value_to_html(
                moment, {"tz_name": self.env.user.tz or "UTC", "hide_seconds": True}
            )
            if moment
            else ""
        )

    def _oms_explain_missing(self, milestone):
        """Words why a milestone is not reached: which lines are missing how much."""
        self.ensure_one()
        if milestone == "confirmed":
            return self.env._("The order is not confirmed yet")
        if milestone in ("invoiced", "paid"):
            return self._oms_explain_cash(milestone)
        lines = self.order_line.filtered(lambda line: line.oms_qty_wanted > 0)
        open_lines = lines.filtered(
            lambda line: (
                line.product_uom_id.compare(
                    line[f"oms_qty_{milestone}"], line.oms_qty_wanted
                )
                < 0
            )
        )
        return self.env._(
            "%(open)s of %(all)s lines are still to be %(milestone)s",
            open=len(open_lines),
            all=len(lines),
            milestone=self._oms_get_verb(milestone),
        )

    def _oms_summarize_stages(self):
        """The stages of some orders in one line, for transfers and invoices."""
        if len(self) <= 1:
            return self.oms_stage_id.name or False
        return ", ".join(
            self.env._("%(order)s: %(stage)s", order=order.name, stage=stage)
            for order in self
            if (stage := order.oms_stage_id.name)
        )

    def _oms_summarize_holds(self):
        """The open holds of some orders in one line, for transfers and invoices."""
        held = self.filtered("oms_open_hold_count")
        return ", ".join(
            self.env._("%(order)s: %(hold)s", order=order.name, hold=hold.type_id.name)
            for order in held
            for hold in order.oms_hold_ids
            if hold.state == "open"
        )

    @api.model
    def _oms_get_verb(self, milestone):
        return {
            "released": self.env._("released"),
            "picked": self.env._("picked"),
            "packed": self.env._("packed"),
            "loaded": self.env._("loaded"),
            "shipped": self.env._("shipped"),
            "delivered": self.env._("delivered"),
        }[milestone]

    def _oms_explain_cash(self, milestone):
        if milestone == "paid" and self.oms_invoiced_at:
            invoices = self.sudo().invoice_ids.filtered(
                lambda move: move.state == "posted" and move.amount_residual
            )
            return self.env._(
                "Payment is open on %s", ", ".join(invoices.mapped("name"))
            )
        drafts = self.sudo().invoice_ids.filtered(lambda move: move.state == "draft")
        if drafts:
            return self.env._("%s draft invoices are to be posted", len(drafts))
        return self.env._("Not all has been invoiced yet")

    # -- drift ------------------------------------------------------------------

    @api.model
    def _oms_cron_check_drift(self):
        """Compute open orders anew and report any that stood wrongly.

        Only conditions on the passing of time may move an order here; anything
        else is a fault, and is logged as such.
        """
        cron = self.env["ir.cron"]
        ids = self.search(self._oms_get_drift_domain()).ids
        cron._commit_progress(remaining=len(ids))
        faults = {}
        for start in range(0, len(ids), DRIFT_BATCH):
            orders = self.browse(ids[start : start + DRIFT_BATCH]).exists()
            faults.update(orders._oms_get_faults(orders._oms_mend_drift()))
            if not cron._commit_progress(processed=len(orders)):
                break
        self._oms_report_faults(faults)

    @api.model
    def _oms_get_drift_domain(self):
        """Orders to compute anew: what time or documents may have moved.

        Most databases are full of old quotations: only those count that are to be
        confirmed in a given time, or wait for a condition.
        """
        return Domain("oms_cycle_state", "=", "open") & (
            Domain("state", "=", "sale")
            | Domain("oms_stage_id.allowed_hours", ">", 0)
            | Domain("oms_workflow_id.stage_ids.exit_kind", "=", "domain")
        )

    def _oms_get_faults(self, drift):
        """The part of what :meth:`_oms_mend_drift` returns that is nobody's doing: not
        what a condition on the time of day moved from one stage to another."""
        workflows = self.env["oms.workflow"]
        return {
            order: names
            for order, names in drift.items()
            if not {"oms_stage_id", "oms_cycle_state"}.issuperset(names)
            or not any(
                stage.kind == "domain"
                for stage in workflows._get_stages(order.oms_workflow_id.id)
            )
        }

    @api.model
    def _oms_report_faults(self, faults):
        """Tell the managers of the order cycle what the nightly check corrected."""
        if not faults:
            return
        _logger.warning(
            "The nightly check corrected the cycle of %s orders: %s",
            len(faults),
            ", ".join(order.name for order in list(faults)[:DRIFT_NAMED]),
        )
        group = self.env.ref(
            "oms_order_cycle.group_oms_manager", raise_if_not_found=False
        )
        managers = (group or self.env["res.groups"]).sudo().all_user_ids
        managers = managers.filtered(lambda user: user.active and not user.share)
        for company, orders in self.union(*faults).grouped("company_id").items():
            partners = managers.filtered(
                lambda user, c=company: c in user.company_ids
            ).partner_id
            if partners:
                self.env["mail.thread"].message_notify(
                    partner_ids=partners.ids,
                    subject=self.env._("Order cycle corrected: %s orders", len(orders)),
                    body=orders._oms_describe_faults(faults),
                    email_layout_xmlid="mail.mail_notification_light",
                )

    def _oms_describe_faults(self, faults):
        items = [
            Markup("<li>%s: %s</li>")
            % (
                order._get_html_link(),
                ", ".join(order._fields[name].string for name in faults[order]),
            )
            for order in self[:DRIFT_NAMED]
        ]
        return Markup("<p>%s</p><ul>%s</ul>") % (
            self.env._(
                "The nightly check found that these orders stood wrongly, and corrected"
                " them. That is a fault of a program, not of a person: please report"
                " it. All of them are in the journal, filter Nightly Check."
            ),
            Markup().join(items),
        )

    def _oms_mend_drift(self):
        """Compute facts and stage anew; the differences are journalled.

        :return: ``{order: [names of fields that differed]}``
        """
        drift = {}
        for order, progress in self._oms_get_progress().items():
            derived = order._oms_derive(progress)
            derived["oms_stage_id"] = order.oms_stage_id.browse(derived["oms_stage_id"])
            names = [name for name in CYCLE_FIELDS if order[name] != derived[name]]
            if names:
                drift[order] = names
        if drift:
            self.union(*drift)._oms_rederive()
            self.env.flush_all()
            self.env["oms.event"]._log(
                [
                    {
                        "order_id": order.id,
                        "kind": "note",
                        "name": self.env._(
                            "Found by the nightly check: %s",
                            ", ".join(order._fields[name].string for name in names),
                        ),
                    }
                    for order, names in drift.items()
                ]
            )
        return drift
