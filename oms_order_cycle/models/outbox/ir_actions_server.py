import json
import re

import requests

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

WEBHOOK_TIMEOUT = 10  # seconds
#: Code that hands a window to whoever pressed a button sets ``action``.
_OPENS_WINDOW = re.compile(r"^\s*action\s*=", re.MULTILINE)


class IrActionsServer(models.Model):
    _inherit = "ir.actions.server"

    # an address of a webhook is a key; consultants read which actions there are
    webhook_url = fields.Char(groups="base.group_system")
    oms_acts_on_orders = fields.Boolean(
        compute="_compute_oms_acts_on_orders",
        search="_search_oms_acts_on_orders",
        compute_sudo=True,
        help="It does something on a sales order by itself: it neither opens a window"
        " for somebody to fill in nor is a scheduled job.",
    )

    def _compute_oms_acts_on_orders(self):
        acting = self.filtered_domain(self._search_oms_acts_on_orders("in", [True]))
        for action in self:
            action.oms_acts_on_orders = action in acting

    @api.model
    def _search_oms_acts_on_orders(self, operator, value):
        if operator != "in":
            return NotImplemented
        found = self.sudo().search(
            [
                ("model_id.model", "=", "sale.order"),
                ("usage", "=", "ir_actions_server"),
            ]
        )
        jobs = self.env["ir.cron"].sudo().with_context(active_test=False)
        jobs = jobs.search([("ir_actions_server_id", "in", found.ids)])
        release = self.env.ref(
            "oms_order_cycle.action_server_release", raise_if_not_found=False
        )
        found -= jobs.ir_actions_server_id
        found -= release or self.browse()
        acting = found.filtered(
            lambda action: (
                action.state != "code" or not _OPENS_WINDOW.search(action.code or "")
            )
        )
        return [("id", "in" if True in value else "not in", acting.ids)]

    def _can_execute_action_on_records(self, records):
        row = self.env["oms.outbox"]._get_running()
        # The groups of an action say which users may run it. What an addon asks for,
        # no user does.
        if row and row._is_of_superuser():
            return
        try:
            super()._can_execute_action_on_records(records)
        except AccessError as error:
            if not row:
                raise
            raise AccessError(
                self.env._(
                    "%(user)s, in whose name “%(action)s” runs, may not run it on"
                    " %(order)s.",
                    user=self.env.user.name,
                    action=self.name,
                    order=row.order_id.name,
                )
            ) from error

    def _oms_check_can_attach(self, user):
        """Refuse actions that a user may not have run for him on orders.

        :param user: one ``res.users``; the superuser may what addons ship
        :raise ValidationError: the action is not one for orders, or is a scheduled job
        :raise AccessError: the user may not run the action himself
        """
        for action in self.sudo():
            if action.model_id.model != "sale.order":
                raise ValidationError(
                    self.env._(
                        "“%(action)s” is an action for %(model)s: only actions for"
                        " sales orders can be run for the events of an order.",
                        action=action.name,
                        model=action.model_id.name,
                    )
                )
            if action.usage == "ir_cron":
                raise ValidationError(
                    self.env._(
                        "“%s” is a scheduled job: it saves what it has done on the way"
                        " and is not meant for one order. Choose another action.",
                        action.name,
                    )
                )
            if user.id != SUPERUSER_ID and not action._oms_can_be_run_by(user):
                raise AccessError(
                    self.env._(
                        "“%(action)s” can only be run automatically for somebody who"
                        " may run it by hand, and %(user)s may not.",
                        action=action.name,
                        user=user.name,
                    )
                )

    def _oms_can_be_run_by(self, user):
        """Odoo's rule of who may run an action, asked without a record."""
        self.ensure_one()
        if self.group_ids:
            return bool(self.group_ids & user.sudo().all_group_ids)
        return self.env[self.model_id.model].with_user(user).has_access("write")

    def _get_eval_context(self, action=None):
        """Code that runs for an event of an order reads it as ``event``."""
        eval_context = super()._get_eval_context(action=action)
        row = self.env["oms.outbox"]._get_running()
        if row:
            eval_context["event"] = row.event_id.with_env(self.env)
        return eval_context

    def _run_action_webhook(self, eval_context=None):
        """Odoo calls webhooks after the commit and forgets about them. From the outbox,
        the answer counts: without one the action has failed and is tried again."""
        row = self.env["oms.outbox"]._get_running()
        if not row:
            return super()._run_action_webhook(eval_context=eval_context)
        if not self.webhook_url:
            raise UserError(self.env._("The webhook has no address."))
        record = self.env[self.model_id.model].browse(self.env.context["active_id"])
        payload = {
            "_model": self.model_id.model,
            "_id": record.id,
            "_action": f"{self.name}(#{self.id})",
        }
        if self.webhook_field_ids:
            names = self.webhook_field_ids.mapped("name")
            payload.update(record.read(names, load=None)[0])
        response = requests.post(
            self.webhook_url,
            data=json.dumps(payload, sort_keys=True, default=str),
            headers={
                "Content-Type": "application/json",
                # The receiver may get a call twice, when the server stops between the
                # answer and our note of it. By this it can tell.
                "Idempotency-Key": f"{row.key}:{self.id}",
            },
            timeout=WEBHOOK_TIMEOUT,
        )
        response.raise_for_status()
        return None
