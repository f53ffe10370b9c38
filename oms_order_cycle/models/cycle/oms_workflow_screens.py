from odoo import api, fields, models


class OmsWorkflow(models.Model):
    """What the form of a workflow needs beside its stages."""

    _inherit = "oms.workflow"

    has_approval_stage = fields.Boolean(compute="_compute_stage_kinds")
    has_condition_stage = fields.Boolean(compute="_compute_stage_kinds")

    @api.depends("stage_ids.exit_kind")
    def _compute_stage_kinds(self):
        """The list of stages has no columns for kinds of exit tests nobody uses."""
        for workflow in self:
            kinds = set(workflow.stage_ids.mapped("exit_kind"))
            workflow.has_approval_stage = "approval" in kinds
            workflow.has_condition_stage = "domain" in kinds

    def _preview_data(self):
        """Add the words of the picture, in the reader's language."""
        data = super()._preview_data()
        data["title"] = self.env._(
            "Picture of the workflow %s", self.display_name or ""
        )
        data["words"] = {
            "start": self.env._("Order taken"),
            "until": self.env._("until"),
            "label": self.env._("Customer sees: %s"),
            "actions": self.env._("Actions on entry: %s"),
            "holds": self.env._("Checked: %s"),
            "milestone": self.env._("a milestone"),
            "approval": self.env._("an approval"),
            "domain": self.env._("a condition"),
            "legend": self.env._("A stage ends by"),
            "empty": self.env._("No stages yet: add the first one below."),
        }
        steps = {
            "release": self.env._("Release"),
            "pick": self.env._("Picking"),
            "pack": self.env._("Packing"),
            "ship": self.env._("Shipping"),
            "invoice": self.env._("Invoicing"),
        }
        for hold in data["holds"]:
            hold["blocks"] = [steps.get(step, step) for step in hold["blocks"] or ()]
        for stage, box in zip(self.stage_ids, data["stages"], strict=True):
            box["allowed"] = stage._get_allowed_words()
        # Stages just dragged are not yet read in their new order.
        order = sorted(
            range(len(self.stage_ids)), key=lambda place: self.stage_ids[place].sequence
        )
        data["stages"] = [data["stages"][place] for place in order]
        return data

    def action_try(self):
        """Ask for an order and show where this workflow would put it, and why."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oms_order_cycle.oms_workflow_try_action"
        )
        action["context"] = {"default_workflow_id": self.id}
        return action
