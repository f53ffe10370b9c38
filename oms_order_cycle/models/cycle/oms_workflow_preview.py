"""A workflow as a picture."""

from markupsafe import Markup

from odoo import api, models

from ...tools import workflow_svg


class OmsWorkflow(models.Model):
    _inherit = "oms.workflow"

    @api.depends(
        "stage_ids.name",
        "stage_ids.sequence",
        "stage_ids.exit_summary",
        "stage_ids.allowed_hours",
        "stage_ids.group_id",
        "stage_ids.action_ids",
        "stage_ids.own_action_ids",
        "approvals_gate",
        "state",
    )
    def _compute_preview(self):
        for workflow in self:
            workflow.preview = Markup(workflow_svg.render(workflow._preview_data()))  # noqa: S704

    def _preview_data(self):
        """Hook: what the picture of the workflow shows; see ``tools.workflow_svg``."""
        self.ensure_one()
        # stages just dragged are not yet read in their new order
        stages = self.stage_ids.sorted("sequence")
        gate = self._get_gate_stages()
        idle = self._get_idle_approvals()
        return {
            "title": self.env._("Picture of the workflow %s", self.display_name or ""),
            "stages": [
                {
                    "name": stage.name or "",
                    "exit": stage.exit_summary or "",
                    "kind": stage.exit_kind or "",
                    "allowed": stage._get_allowed_time(),
                    "group": stage.group_id.name or "",
                    "customer": stage.customer_label or "",
                    "actions": len(stage.sudo().action_ids) + len(stage.own_action_ids),
                    "gate": stage.exit_kind == "approval" and stage in gate,
                    "idle": stage in idle,
                }
                for stage in stages
            ],
            "gate": len(gate),
            "holds": [],
            "closed": self.env._("Closed"),
            "words": {
                "start": self.env._("Order taken"),
                "until": self.env._("until"),
                "label": self.env._("Customer sees: %s"),
                "actions": self.env._("Actions on entry: %s"),
                "milestone": self.env._("a milestone"),
                "approval": self.env._("an approval"),
                "domain": self.env._("a condition"),
                "legend": self.env._("A stage ends with"),
                "empty": self.env._("No stages yet: add the first one."),
                "gate": self.env._("Nothing reaches the warehouse before"),
                "idle": self.env._("Nothing waits for it"),
            },
        }
