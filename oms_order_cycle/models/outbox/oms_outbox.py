import logging
import time
import traceback
from contextvars import ContextVar
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL
from odoo.tools.constants import GC_UNLINK_LIMIT

_logger = logging.getLogger(__name__)

# First half of the advisory lock key; the second half is the id of the row.
LOCK_CLASS = 0x0E50B0
# After a failure the action waits that long; after the last pause, for a person.
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
)
# How often an action that collided with another transaction is repeated at once.
COLLISIONS_MAX = 3
TRACEBACK_LINES = 30
KEEP_DAYS = 90

#: Cursor and id of the row whose action runs in this thread.
_RUNNING = ContextVar("oms_outbox_running", default=(None, None))


class OmsOutbox(models.Model):
    """Actions that stages ask for, waiting to be run outside the order's own step.

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
        readonly=True, help="Attempts so far, the one that is running included."
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
        "Run at", readonly=True, help="When what the action did was saved."
    )
    error = fields.Char(readonly=True)
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

    @api.model
    @api.private
    def _get_running(self):
        """The row whose action runs just now, if any.

        Neither the context nor the user tells: anybody may send a context, and an
        action may act as another user.
        """
        cr, row_id = _RUNNING.get()
        if cr is not self.env.cr:
            return self.browse()
        return self.with_user(SUPERUSER_ID).browse(row_id).exists()

    # Queue

    @api.model
    @api.private
    def _enqueue(self, vals_list):
        """Queue actions, in the transaction of the step that asked for them.

        :param list vals_list: dicts with ``order_id``, ``stage_id``, ``action_id`` and
            ``key``; a key that was queued before is left alone, whatever became of it
        :return: the new rows
        """
        if not vals_list:
            return self.browse()
        orders = self.env["sale.order"].browse(vals["order_id"] for vals in vals_list)
        orders.sudo().flush_recordset(["company_id"])
        now = fields.Datetime.now()
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO oms_outbox (
                    key, order_id, stage_id, action_id, company_id, name,
                    state, tries, next_try,
                    create_uid, create_date, write_uid, write_date
                )
                SELECT v.key, v.order_id, v.stage_id, v.action_id, o.company_id,
                       COALESCE(a.name ->> %(lang)s, a.name ->> 'en_US'),
                       'pending', 0, %(now)s, %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM UNNEST(
                           %(keys)s::text[], %(order_ids)s::int[],
                           %(stage_ids)s::int[], %(action_ids)s::int[]
                       ) WITH ORDINALITY
                       AS v (key, order_id, stage_id, action_id, position)
                  JOIN sale_order o ON o.id = v.order_id
                  JOIN ir_act_server a ON a.id = v.action_id
              ORDER BY v.position
                    ON CONFLICT (key) DO NOTHING
             RETURNING id
                """,
                keys=[vals["key"] for vals in vals_list],
                order_ids=[vals["order_id"] for vals in vals_list],
                stage_ids=[vals.get("stage_id") or None for vals in vals_list],
                action_ids=[vals["action_id"] for vals in vals_list],
                lang=self.env.lang or "en_US",
                now=now,
                uid=self.env.uid,
            )
        )
        new_rows = self.browse(id_ for [id_] in rows)
        if new_rows:
            orders.invalidate_recordset(
                [
                    name
                    for name in ("oms_outbox_ids", "oms_failed_action_count")
                    if name in orders._fields
                ],
                flush=False,
            )
            new_rows._dispatch()
        return new_rows

    def _dispatch(self):
        """Have the rows run soon, after this transaction.

        The place for another job queue to take over: it calls :meth:`_process` on each
        row in a transaction that it commits.
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

    # Processing

    @api.model
    def _get_due_domain(self):
        return [
            ("state", "in", ("pending", "failed")),
            ("next_try", "<=", fields.Datetime.now()),
        ]

    @api.model
    @api.private
    def _cron_process(self):
        """Run what is due, one row after the other, each in its own transaction."""
        queue = self.with_user(SUPERUSER_ID)
        progress = self.env["ir.cron"]._commit_progress
        left = progress(remaining=queue.search_count(queue._get_due_domain()))
        seen = []
        while left:
            # A row is seen once per run: one that another process works on is left to
            # it.
            chunk = queue.search(
                [*queue._get_due_domain(), ("id", "not in", seen)],
                order="next_try, id",
                limit=100,
            )
            if not chunk:
                progress(remaining=0)
                return
            seen += chunk.ids
            # Each row begins with a transaction that sees what others have committed.
            left = progress()
            for row in chunk:
                if not left:
                    return
                # Nothing read before a commit is of use after it.
                row.with_prefetch()._process_alone()
                left = progress(processed=1)

    def _process_alone(self):
        """Process and commit one row, unless another process is at it.

        The lock spans several transactions. It belongs to the database session, so a
        process that is killed holds nothing.
        """
        self.ensure_one()
        cr = self.env.cr
        key = (LOCK_CLASS, self.id)
        cr.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
        if not cr.fetchone()[0]:
            return
        try:
            self._process_and_commit()
        except Exception:
            cr.rollback()
            raise
        finally:
            cr.execute("SELECT pg_advisory_unlock(%s, %s)", key)

    def _process_and_commit(self):
        """Process one row and commit; collisions with other transactions are repeated.

        The attempt is counted and committed before the action runs. So an action that
        takes the whole process down is seen to have done so, and does not stand in the
        way of the others for ever.
        """
        self.ensure_one()
        cr = self.env.cr
        progress = self.env["ir.cron"]._commit_progress
        try:
            begun = self._begin_attempt()
            progress()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # Another process has just changed it, so it has been taken care of.
            cr.rollback()
            return
        if not begun:
            return
        for collisions in range(1, COLLISIONS_MAX + 1):
            try:
                self._run_attempt(may_repeat=collisions < COLLISIONS_MAX)
                progress()
                return
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                cr.rollback()
                time.sleep(0.1 * collisions)
            except Exception as error:
                # Raised by the commit, by a check that the database had put off or by
                # something that was to happen after the commit.
                cr.rollback()
                self._end_attempt_after_commit(error)
                progress()
                return

    def _process(self):
        """Process rows without touching the transaction, for other job queues.

        What goes wrong is kept on the row; only collisions with other transactions are
        raised, for the caller to repeat the whole.
        """
        for row in self.with_user(SUPERUSER_ID):
            if row._begin_attempt():
                row._run_attempt(may_repeat=True)

    def _begin_attempt(self):
        """Count an attempt.

        :return: whether the action is to be run
        """
        self.ensure_one()
        if not self._lock_due():
            return False
        now = fields.Datetime.now()
        died_at = self.started_at
        # Behind those that wait already: should it stop the server, they go first.
        self.write({"tries": self.tries + 1, "started_at": now, "next_try": now})
        if died_at:
            error = self.env._(
                "The server stopped while this action was running, on %s (UTC).",
                fields.Datetime.to_string(died_at),
            )
            if self.tries > len(PAUSES):
                self._write_failure(error)
                return False
            # Tried at once, but should it stop the server again, it waits.
            self.write({"error": error, "next_try": now + PAUSES[self.tries - 1]})
        return True

    def _lock_due(self):
        """Lock the row, unless it is taken, not due any more, or out of date."""
        locked = self.try_lock_for_update()
        locked.invalidate_recordset()
        return bool(
            locked
            and locked.state in ("pending", "failed")
            and locked.next_try
            and locked.next_try <= fields.Datetime.now()
        )

    def _run_attempt(self, may_repeat=False):
        """Run the action and mark the row done, both or none.

        :param bool may_repeat: raise a collision with another transaction, instead of
            counting it as a failure
        """
        self.ensure_one()
        cr = self.env.cr
        locked = self.try_lock_for_update()
        locked.invalidate_recordset()
        if not locked or locked.state not in ("pending", "failed"):
            return  # cancelled by somebody meanwhile
        had_callbacks = bool(cr.postcommit)
        try:
            with cr.savepoint():
                if self._must_drop():
                    self._drop()
                else:
                    self._execute()
                    self._write_done()
        except Exception as error:
            if not had_callbacks:
                # What the failed action wanted to do after the commit.
                cr.postcommit.clear()
            if may_repeat and isinstance(error, PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
                raise
            _logger.warning("%s failed: %s", self._get_log_name(), error)
            self._write_failure(*self._format_error(error))

    def _end_attempt_after_commit(self, error):
        """Note what went wrong in the commit of an attempt, or just after it."""
        self.invalidate_recordset()
        message, details = self._format_error(error)
        if self.state == "done":
            _logger.warning(
                "%s is done, but what followed failed: %s",
                self._get_log_name(),
                message,
                exc_info=error,
            )
            self.write({"error": message, "error_details": details})
        else:
            self._write_failure(message, details)

    def _get_log_name(self):
        return f"oms.outbox {self.id} ({self.key})"

    def _must_drop(self):
        """Whether what the action is for has gone: never tell a customer that an order
        is on its way when it has been cancelled meanwhile."""
        return self.order_id.state == "cancel"

    def _drop(self):
        self.write(
            {
                "state": "cancelled",
                "next_try": False,
                "started_at": False,
                "error": self.env._("The order was cancelled before this action ran."),
            }
        )

    def _execute(self):
        """Run the action, or have its e-mails sent again when only these failed."""
        self.ensure_one()
        if self.done_at:
            self._requeue_mails()
            return
        if not self.action_id:
            raise UserError(
                self.env._("The action “%s” does not exist any more.", self.name)
            )
        token = _RUNNING.set((self.env.cr, self.id))
        try:
            self._get_action_to_run().run()
        finally:
            _RUNNING.reset(token)

    def _get_action_to_run(self):
        """The action with the rights, company, language and records to run it with."""
        order = self.order_id
        user = order.user_id
        company = order.company_id
        # A new context: the action shall not report progress for our scheduled job.
        env = self.env(
            user=SUPERUSER_ID,
            su=True,
            context={
                "lang": user.lang or company.partner_id.lang or self.env.lang,
                "tz": user.tz or self.env.context.get("tz"),
                "allowed_company_ids": company.ids,
                "active_model": "sale.order",
                "active_id": order.id,
                "active_ids": order.ids,
                "oms_outbox_id": self.id,
            },
        )
        return self.action_id.with_env(env)

    def _requeue_mails(self):
        mails = self.mail_ids.filtered(lambda mail: mail.state == "exception")
        mails.write({"failure_reason": False, "failure_type": False})
        mails.mark_outgoing()
        self._trigger_mail_queue()

    @api.model
    def _trigger_mail_queue(self):
        cron = self.env.ref(
            "mail.ir_cron_mail_scheduler_action", raise_if_not_found=False
        )
        if cron:
            cron.sudo()._trigger()

    def _write_done(self):
        again = bool(self.done_at)
        self.write(
            {
                "state": "done",
                "next_try": False,
                "started_at": False,
                "done_at": self.done_at or fields.Datetime.now(),
                "error": False,
                "error_details": False,
            }
        )
        if not again:
            self._log_event(self.env._("%s: done", self.name))

    def _write_failure(self, message, details=False):
        """Note a failed attempt and when the next one is."""
        self.ensure_one()
        now = fields.Datetime.now()
        number = max(self.tries, 1)
        next_try = now + PAUSES[number - 1] if number <= len(PAUSES) else False
        self.write(
            {
                "state": "failed",
                "next_try": next_try,
                "started_at": False,
                "error": message,
                "error_details": details,
            }
        )
        if next_try:
            self._trigger_cron(next_try)
        else:
            self._log_event(
                self.env._(
                    "%(action)s: failed %(tries)s times: %(error)s",
                    action=self.name,
                    tries=number,
                    error=message,
                )
            )

    def _log_event(self, sentence):
        self.env["oms.event"]._log(
            [
                {
                    "order_id": row.order_id.id,
                    "stage_id": row.stage_id.id,
                    "kind": "action",
                    "res_model": row._name,
                    "res_id": row.id,
                    "name": sentence,
                }
                for row in self
            ]
        )

    @api.model
    def _format_error(self, error):
        """The short message and the end of the traceback of an exception."""
        lines = str(error).strip().splitlines()
        message = lines[0] if lines else type(error).__name__
        if not isinstance(error, UserError):
            message = f"{type(error).__name__}: {message}"
        frames = "".join(traceback.format_exception(error)).splitlines()
        # Null bytes cannot be stored.
        details = "\n".join(frames[-TRACEBACK_LINES:]).replace("\x00", "")
        return message.replace("\x00", "")[:500], details

    def _note_mail_failure(self, message):
        """An e-mail of actions that had run could not be sent: they are to be retried.

        Called in the transaction that sends; it does not wait for rows in use.
        """
        for row in self.try_lock_for_update():
            if row.state == "done":
                row.tries = max(row.tries, 1)
                row._write_failure(
                    self.env._("The e-mail could not be sent: %s", message)
                )

    # Actions

    @api.model
    def _get_retry_groups(self):
        """The groups that may retry and cancel actions."""
        return [
            "oms_order_cycle.group_oms_service",
            "oms_order_cycle.group_oms_consultant",
            "oms_order_cycle.group_oms_manager",
        ]

    def _check_may_retry(self):
        """Who may not retry is told who may."""
        self.check_access("read")
        groups = self._get_retry_groups()
        if self.env.su or any(self.env.user.has_group(group) for group in groups):
            return
        names = [
            group.name
            for xmlid in groups
            if (group := self.env.ref(xmlid, raise_if_not_found=False).sudo())
        ]
        raise AccessError(
            self.env._(
                "Only these groups may retry or cancel the actions of orders: %s.",
                ", ".join(names),
            )
        )

    def action_retry(self):
        """Run failed or cancelled actions again, soon."""
        self._check_may_retry()
        rows = self.sudo().filtered(lambda row: row.state in ("failed", "cancelled"))
        rows._lock_or_raise()
        rows.write(
            {
                "state": "pending",
                "tries": 0,
                "next_try": fields.Datetime.now(),
                "started_at": False,
                "error": False,
                "error_details": False,
            }
        )
        rows._dispatch()
        return True

    def action_cancel(self):
        """Give up waiting or failed actions."""
        self._check_may_retry()
        rows = self.sudo().filtered(lambda row: row.state in ("pending", "failed"))
        rows._lock_or_raise()
        rows.write({"state": "cancelled", "next_try": False, "started_at": False})
        return True

    def _lock_or_raise(self):
        if self.try_lock_for_update() != self:
            raise UserError(
                self.env._("The action is running just now. Try again in a moment.")
            )

    def action_open_order(self):
        """Open the order of the action."""
        self.ensure_one()
        return self.order_id.get_formview_action()

    # Housekeeping

    @api.autovacuum
    def _gc_outbox(self):
        """Delete what was done or cancelled for orders that are over since long ago.

        As long as an order is under way, its rows stay, and their keys with them: it
        may come back to a stage, whose actions are not to run again then.
        """
        days = int(
            self.env["ir.config_parameter"]
            .sudo()
            .get_param("oms_order_cycle.outbox_keep_days", KEEP_DAYS)
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
