"""Running what is queued: attempts, locks, commits."""

import logging
import time
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

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
#: More than the longest pause.
MOST_PAUSE = max(PAUSES) + timedelta(hours=1)
# How often an action that collided with another transaction is repeated at once.
COLLISIONS_MAX = 3

#: Cursor and id of the row whose action runs in this thread.
_RUNNING = ContextVar("oms_outbox_running", default=(None, None))
#: Answers of actions that do nothing by themselves.
_WINDOWS = ("ir.actions.act_window", "ir.actions.act_url", "ir.actions.client")
#: Between the key that a row had and its id, once it was dropped without having run.
DROPPED = ":dropped:"


class OmsOutbox(models.Model):
    _inherit = "oms.outbox"

    @api.model
    @api.private
    def _get_running(self):
        """The row whose action runs just now, if any: what was asked for, and by which
        event, ``_get_running().event_id``, with the figures in its ``data``.

        Neither the context nor the user tells: anybody may send a context, and an
        action may act as another user.
        """
        cr, row_id = _RUNNING.get()
        if cr is not self.env.cr:
            return self.browse()
        return self.with_user(SUPERUSER_ID).browse(row_id).exists()

    @api.model
    def _get_due_domain(self):
        now = fields.Datetime.now()
        return [
            ("state", "in", ("pending", "failed")),
            "|",
            ("next_try", "<=", now),
            # no pause is that long: the clock of the server was put back
            ("next_try", ">", now + MOST_PAUSE),
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
        self.write(
            {
                "tries": self.tries + 1,
                "total_tries": self.total_tries + 1,
                "started_at": now,
                "next_try": now,
            }
        )
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
            and not timedelta() < locked.next_try - fields.Datetime.now() <= MOST_PAUSE
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
            self.write(
                {
                    "error": message,
                    "error_details": details,
                    "last_error": message,
                    "last_error_at": fields.Datetime.now(),
                }
            )
        else:
            self._write_failure(message, details)

    def _must_drop(self):
        """Whether what the action is for has gone: never tell a customer that an order
        is on its way when it has been cancelled meanwhile, nor the other way round."""
        is_cancelled = self.order_id.state == "cancel"
        return is_cancelled != (self.event_id.kind == "cancelled")

    def _drop(self):
        """Give up what is pointless now.

        What never ran may be asked for again, should the order come back: its key is
        free. What somebody cancelled by hand stays cancelled.
        """
        values = {
            "state": "cancelled",
            "next_try": False,
            "started_at": False,
            "error": self.env._("The order was cancelled before this action ran.")
            if self.order_id.state == "cancel"
            else self.env._("The order was taken up again before this action ran."),
        }
        if not self.done_at:
            values["key"] = f"{self.key}{DROPPED}{self.id}"
        self.write(values)

    def _execute(self):
        """Run the action, or have its e-mails sent again when only these failed."""
        self.ensure_one()
        if self.done_at:
            self._requeue_mails()
            return
        if not self.action_id and not self.stage_action_id:
            raise UserError(
                self.env._("The action “%s” does not exist any more.", self.name)
            )
        env = self._get_env_to_run()
        token = _RUNNING.set((self.env.cr, self.id))
        try:
            with self._commits_refused():
                self._run_in(env)
                # What the action caused, its journal too, is written as its doing.
                self.env.cr.flush()
        finally:
            _RUNNING.reset(token)

    def _run_in(self, env):
        """Do what is asked for, and note what was made.

        :raise UserError: when nothing was done
        """
        if self.stage_action_id:
            result = self.stage_action_id.with_env(env)._run(self.order_id, self)
            if result:
                self.write({"result_model": result._name, "result_id": result[:1].id})
            return
        answer = self.action_id.with_env(env).run()
        if isinstance(answer, dict) and answer.get("type") in _WINDOWS:
            raise UserError(
                self.env._(
                    "“%s” only opens a window for somebody to fill in, so nothing was"
                    " done. Choose another action.",
                    self.name,
                )
            )

    @contextmanager
    def _commits_refused(self):
        """Have the cursor refuse to commit, so that an action that fails, or whose mark
        cannot be written, is not half-saved and then run again.

        Only this cursor, and only meanwhile: its method is hidden, not changed.
        """
        cr = self.env.cr
        message = self.env._(
            "“%s” wants to save what it has done so far. It cannot be run for the"
            " events of an order: all that an action does is saved together, or nothing"
            " of it.",
            self.name,
        )

        def refuse():
            raise UserError(message)

        hidden = vars(cr).get("commit")
        cr.commit = refuse
        try:
            yield
        finally:
            if hidden:
                cr.commit = hidden
            else:
                del cr.commit
