from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL
from odoo.tools.constants import GC_UNLINK_LIMIT

#: So many actions may each be caused by the one before. More are a circle.
DEPTH_MAX = 10
#: How many names of a chain of actions a message tells.
CHAIN_SHOWN = 4


class OmsOutbox(models.Model):
    """Actions that events ask for, waiting to be run outside the order's own step.

    What asks for them are automatic actions (``oms.reaction``), and stages for the
    special case that an order comes to stand in them.

    A row is written in the transaction that moved the order, so it is there if and
    only if the order moved. The scheduled job runs each row in a transaction of its
    own that also marks it done: what the action did and the mark are committed
    together or not at all.
    """

    _name = "oms.outbox"
    _description = "Order Cycle Action"
    _order = "id desc"

    name = fields.Char("Action Name", readonly=True)
    order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(related="order_id.partner_id", string="Customer")
    stage_id = fields.Many2one(
        "oms.stage", readonly=True, index="btree_not_null", ondelete="set null"
    )
    action_id = fields.Many2one(
        "ir.actions.server", readonly=True, index="btree_not_null", ondelete="set null"
    )
    stage_action_id = fields.Many2one(
        "oms.stage.action",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="What is to be done, when it is an action of a stage.",
    )
    result_model = fields.Char(readonly=True)
    result_id = fields.Many2oneReference(
        "What Was Made",
        model_field="result_model",
        readonly=True,
        help="By the action: a message, an activity.",
    )
    event_id = fields.Many2one(
        "oms.event",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="What happened, so that the action was asked for.",
    )
    reaction_id = fields.Many2one(
        "oms.reaction",
        "Automatic Action",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    author_id = fields.Many2one(
        "res.users",
        "Runs As",
        readonly=True,
        ondelete="set null",
        help="Who set up what asked for the action. It runs with his rights.",
    )
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, index="btree_not_null"
    )
    key = fields.Char(
        required=True,
        readonly=True,
        help="The same key is never queued twice. Webhooks send it as a header, so that"
        " the receiver can recognise a repetition.",
    )
    state = fields.Selection(
        [
            ("pending", "Waiting"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        default="pending",
        required=True,
        readonly=True,
    )
    tries = fields.Integer(
        "Tries in This Round",
        readonly=True,
        help="Attempts since somebody pressed Retry last, the one that is running"
        " included. The pauses between them grow.",
    )
    total_tries = fields.Integer(
        "Tries",
        readonly=True,
        aggregator=None,
        help="All attempts so far, the one that is running included.",
    )
    next_try = fields.Datetime(
        readonly=True,
        default=fields.Datetime.now,
        help="A failed action without a next try waits for somebody to retry it.",
    )
    started_at = fields.Datetime(
        readonly=True,
        help="Set while the action runs. When it stays, the server stopped meanwhile.",
    )
    done_at = fields.Datetime(
        "Run At", readonly=True, help="When what the action did was saved."
    )
    depth = fields.Integer(
        readonly=True,
        help="How many actions led to this one, each by what the one before it did.",
    )
    parent_id = fields.Many2one(
        "oms.outbox",
        "Caused By",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The action that was running when this one was asked for.",
    )
    error = fields.Char(readonly=True)
    last_error = fields.Char(
        readonly=True, help="Why it failed last. Kept when it is run again."
    )
    last_error_at = fields.Datetime("Failed At", readonly=True)
    error_details = fields.Text(
        "Technical Details",
        readonly=True,
        # Tracebacks may quote what not everybody is to see.
        groups="oms_order_cycle.group_oms_consultant,base.group_system",
    )
    mail_ids = fields.Many2many(
        "mail.mail",
        "oms_outbox_mail_rel",
        "outbox_id",
        "mail_id",
        string="E-mails",
        readonly=True,
        groups="base.group_system",
        help="E-mails that this action has queued.",
    )

    _key_uniq = models.Constraint("unique(key)", "This action is already in the queue.")
    _due_idx = models.Index(
        "(next_try, id) WHERE state IN ('pending', 'failed') AND next_try IS NOT NULL"
    )

    @api.depends("name", "order_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.order_id.display_name or ''}: {row.name or ''}"

    # -- the queue ------------------------------------------------------------------

    @api.model
    @api.private
    def _enqueue(self, vals_list):
        """Queue actions, in the transaction of the step that asked for them.

        :param list vals_list: dicts with ``order_id``, ``key`` and ``action_id``, or
            ``stage_action_id`` and ``name``; where known with ``stage_id``,
            ``event_id`` and ``reaction_id``; and with ``author_id``, in whose name the
            action runs, left out for the superuser. A key that was queued before is
            left alone, whatever became of it
        :return: the new rows
        """
        if not vals_list:
            return self.browse()
        orders = self.env["sale.order"].browse(vals["order_id"] for vals in vals_list)
        orders.sudo().flush_recordset(["company_id"])
        now = fields.Datetime.now()
        parent = self._get_running()
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO oms_outbox (
                    key, order_id, stage_id, action_id, stage_action_id, event_id,
                    reaction_id,
                    author_id, company_id, name, depth, parent_id,
                    state, tries, next_try,
                    create_uid, create_date, write_uid, write_date
                )
                SELECT v.key, v.order_id, v.stage_id, v.action_id,
                       v.stage_action_id, v.event_id,
                       v.reaction_id, v.author_id, o.company_id,
                       COALESCE(a.name ->> %(lang)s, a.name ->> 'en_US', v.name),
                       %(depth)s, %(parent_id)s,
                       'pending', 0, %(now)s, %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM UNNEST(
                           %(keys)s::text[], %(order_ids)s::int[],
                           %(stage_ids)s::int[], %(action_ids)s::int[],
                           %(stage_action_ids)s::int[], %(names)s::text[],
                           %(event_ids)s::int[], %(reaction_ids)s::int[],
                           %(author_ids)s::int[]
                       ) WITH ORDINALITY
                       AS v (key, order_id, stage_id, action_id, stage_action_id,
                             name, event_id, reaction_id, author_id, position)
                  JOIN sale_order o ON o.id = v.order_id
             LEFT JOIN ir_act_server a ON a.id = v.action_id
             LEFT JOIN oms_stage_action s ON s.id = v.stage_action_id
             LEFT JOIN oms_reaction r ON r.id = v.reaction_id
                 -- what was deleted may be remembered by the cache still
                 WHERE (a.id IS NOT NULL OR s.id IS NOT NULL)
                   AND (v.reaction_id IS NULL OR r.id IS NOT NULL)
              ORDER BY v.position
                    ON CONFLICT (key) DO NOTHING
             RETURNING id
                """,
                keys=[vals["key"] for vals in vals_list],
                order_ids=[vals["order_id"] for vals in vals_list],
                stage_ids=[vals.get("stage_id") or None for vals in vals_list],
                action_ids=[vals.get("action_id") or None for vals in vals_list],
                stage_action_ids=[
                    vals.get("stage_action_id") or None for vals in vals_list
                ],
                names=[vals.get("name") for vals in vals_list],
                event_ids=[vals.get("event_id") or None for vals in vals_list],
                reaction_ids=[vals.get("reaction_id") or None for vals in vals_list],
                author_ids=[
                    vals.get("author_id", SUPERUSER_ID) or None for vals in vals_list
                ],
                lang=self.env.lang or "en_US",
                depth=parent.depth + 1 if parent else 0,
                parent_id=parent.id or None,
                now=now,
                uid=self.env.uid,
            )
        )
        new_rows = self.browse(id_ for [id_] in rows)
        if new_rows:
            orders.invalidate_recordset(
                ["oms_outbox_ids", "oms_failed_action_count"], flush=False
            )
            for model in ("oms.event", "oms.reaction"):
                self.env[model].invalidate_model(["outbox_ids"], flush=False)
            if parent.depth >= DEPTH_MAX:
                new_rows.sudo()._stop_chain()
            else:
                new_rows._dispatch()
        return new_rows

    def _stop_chain(self):
        """Have rows wait for a person: actions that ask for each other by what they do
        would go on for ever."""
        for row in self:
            error = self.env._(
                "Stopped: %(number)s actions in a row have each been asked for by what"
                " the one before did (%(chain)s). Change when they are run. Press Retry"
                " to run this one all the same.",
                number=row.depth,
                chain=row._describe_chain(),
            )
            row.write({"state": "failed", "next_try": False, "error": error})
            row._log_event(
                self.env._("%(action)s: %(error)s", action=row.name, error=error)
            )

    def _describe_chain(self):
        """The names of the last actions that led to this one, itself included."""
        self.ensure_one()
        names, row = [], self
        while row and len(names) < CHAIN_SHOWN:
            names.append(row.name or "")
            row = row.parent_id
        return " → ".join(reversed(names))

    def _dispatch(self):
        """Hook: have the rows run soon, after this transaction.

        Another job queue that takes over calls :meth:`_process` on each row in a
        transaction that it commits.
        """
        if not self:
            return
        # Once per transaction. The trigger is looked up because a savepoint that was
        # rolled back may have taken it along.
        data = self.env.cr.postcommit.data
        trigger = data.get("oms_order_cycle.outbox_trigger")
        if not trigger or not trigger.exists():
            data["oms_order_cycle.outbox_trigger"] = self._trigger_cron()

    @api.model
    def _trigger_cron(self, at=None):
        cron = self.env.ref("oms_order_cycle.oms_outbox_cron", raise_if_not_found=False)
        if not cron:
            return self.env["ir.cron.trigger"]
        return cron.sudo()._trigger(at)

    # -- housekeeping --------------------------------------------------------------

    @api.autovacuum
    def _gc_outbox(self):
        """Delete what was done or cancelled for orders that are over since long ago.

        As long as an order is under way, its rows stay, and their keys with them: it
        may come back to a stage, whose actions are not to run again then.
        """
        # a parameter that the settings emptied means for ever, as 0 does
        days = int(
            self.env["ir.config_parameter"]
            .sudo()
            .get_param("oms_order_cycle.outbox_keep_days", 0)
        )
        if days <= 0:  # keep for ever
            return 0, False
        long_ago = fields.Datetime.now() - timedelta(days=days)
        rows = self.search(
            [
                ("state", "in", ("done", "cancelled")),
                ("write_date", "<", long_ago),
                ("order_id.oms_cycle_state", "in", ("closed", "cancel")),
                ("order_id.oms_stage_since", "<", long_ago),
            ],
            limit=GC_UNLINK_LIMIT,
        )
        rows.unlink()
        return len(rows), len(rows) == GC_UNLINK_LIMIT
