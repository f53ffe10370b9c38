from odoo import models


class OmsWorkflow(models.Model):
    """Words of the picture of a workflow, in the reader's language."""

    _inherit = "oms.workflow"

    def _preview_data(self):
        data = super()._preview_data()
        _ = self.env._
        data["title"] = _("Picture of the workflow %s", self.display_name or "")
        data["words"] = {
            "start": _("Order taken"),
            "until": _("until"),
            "label": _("Customer sees: %s"),
            "actions": _("Actions on entry: %s"),
            "holds": _("Checked: %s"),
            "milestone": _("a milestone"),
            "approval": _("an approval"),
            "domain": _("a condition"),
            "legend": _("A stage ends by"),
            "empty": _("No stages yet: add the first one below."),
        }
        steps = {
            "release": _("Release"),
            "pick": _("Picking"),
            "pack": _("Packing"),
            "ship": _("Shipping"),
            "invoice": _("Invoicing"),
        }
        for hold in data["holds"]:
            hold["blocks"] = [steps.get(step, step) for step in hold["blocks"] or ()]
        return data

    def action_try(self):
        """Ask for an order and show where this workflow would put it, and why."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oms_order_cycle.oms_workflow_try_action"
        )
        action["context"] = {"default_workflow_id": self.id}
        return action
