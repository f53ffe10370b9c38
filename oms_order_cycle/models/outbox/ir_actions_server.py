import json

import requests

from odoo import models
from odoo.exceptions import UserError

WEBHOOK_TIMEOUT = 10  # seconds


class IrActionsServer(models.Model):
    _inherit = "ir.actions.server"

    def _can_execute_action_on_records(self, records):
        # The groups of an action say who finds it in the menu. On a stage it has been
        # chosen by a consultant and runs for the order, not for a user.
        if self.env["oms.outbox"]._get_running():
            return
        super()._can_execute_action_on_records(records)

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
