"""What became of an attempt: on the row, in the journal, in the log."""

import traceback

from odoo import api, fields, models
from odoo.exceptions import UserError

from .oms_outbox_run import PAUSES

TRACEBACK_LINES = 30


class OmsOutbox(models.Model):
    _inherit = "oms.outbox"

    def _get_log_name(self):
        return f"oms.outbox {self.id} ({self.key})"

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
            self._log_event(self._describe_done())

    def _describe_done(self):
        """What ran, what asked for it, in whose name. An e-mail is only queued: whether
        it leaves is seen later."""
        self.ensure_one()
        mails = self.mail_ids.exists()
        words = (
            self.env._("%s: e-mail queued", self.name)
            if any(mail.state == "outgoing" for mail in mails)
            else self.env._("%s: done", self.name)
        )
        return self._add_source(words)

    def _add_source(self, words):
        """Add to a sentence what asked for the action, and in whose name it runs."""
        author = self.author_id.name
        source = self.reaction_id.name or self.stage_id.name
        if source and author:
            return self.env._(
                "%(words)s (“%(asked_by)s”, in the name of %(author)s)",
                words=words,
                asked_by=source,
                author=author,
            )
        if author:
            return self.env._(
                "%(words)s (in the name of %(author)s)", words=words, author=author
            )
        return words

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
                "last_error": message,
                "last_error_at": now,
            }
        )
        if next_try:
            self._trigger_cron(next_try)
        else:
            self._log_event(
                self._add_source(
                    self.env._(
                        "%(action)s: failed %(tries)s times: %(error)s",
                        action=self.name,
                        tries=max(self.total_tries, number),
                        error=message,
                    )
                )
            )

    def _log_event(self, sentence):
        self.env["oms.event"]._log(
            [
                {
                    "order_id": row.order_id.id,
                    "stage_id": row.stage_id.id,
                    "kind": "action",
                    "res_model": row.result_model or row._name,
                    "res_id": row.result_id or row.id,
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
                row.total_tries = max(row.total_tries, 1)
                words = self.env._("The e-mail could not be sent: %s", message)
                if row.tries == 1:  # the journal has said that it was queued
                    row._log_event(f"{row.name}: {words}")
                row._write_failure(words)
