"""What people may do with the actions of orders."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .oms_outbox_run import DROPPED


class OmsOutbox(models.Model):
    _inherit = "oms.outbox"

    can_retry = fields.Boolean(compute="_compute_can_retry")

    @api.depends_context("uid")
    def _compute_can_retry(self):
        self.can_retry = self._is_for_retry_groups()

    @api.model
    def _is_for_retry_groups(self):
        return self.env.su or any(
            self.env.user.has_group(group) for group in self._get_retry_groups()
        )

    @api.model
    def _get_retry_groups(self):
        """The groups that may retry and cancel actions."""
        return [
            "oms_order_cycle.group_oms_service",
            "oms_order_cycle.group_oms_consultant",
            "oms_order_cycle.group_oms_manager",
        ]

    def _check_can_retry(self):
        """Who may not retry is told who may.

        :raise AccessError: naming the groups
        """
        self.check_access("read")
        if self._is_for_retry_groups():
            return
        names = [self.env.ref(xmlid).sudo().name for xmlid in self._get_retry_groups()]
        raise AccessError(
            self.env._(
                "Only these groups may retry or cancel the actions of orders: %s.",
                ", ".join(names),
            )
        )

    def action_retry(self):
        """Run failed or cancelled actions again, soon."""
        self._check_can_retry()
        rows = self.sudo().filtered(lambda row: row.state in ("failed", "cancelled"))
        rows._lock_or_raise()
        rows._renew_author()
        rows._restore_key()
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
        return self._notify_retry(len(rows))

    def _notify_retry(self, count):
        """Say what becomes of actions that are to be run again."""
        if not count:
            words = self.env._("Only what failed or was cancelled can be retried.")
        elif count == 1:
            words = self.env._("Queued again: it runs within a minute.")
        else:
            words = self.env._(
                "%s actions queued again: they run within a minute.", count
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info" if count else "warning",
                "message": words,
                # has what is shown read anew
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _renew_author(self):
        """Whoever has taken over what asked for an action answers for it from now on.

        Not when another action is asked for by now: this one was not his choice.
        """
        for row in self:
            if row.reaction_id:
                source, actions = row.reaction_id, row.reaction_id.action_id
            else:
                source, actions = row.stage_id, row.stage_id.action_ids
            if row.action_id & actions:
                row.author_id = source.author_id

    def _restore_key(self):
        """Rows that were dropped count again, unless what asked for them has asked
        again meanwhile."""
        for row in self:
            key = row.key.split(DROPPED)[0]
            if key != row.key and not self.search_count([("key", "=", key)], limit=1):
                row.key = key

    def action_cancel(self):
        """Give up waiting or failed actions."""
        self._check_can_retry()
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
