"""What the buttons of a workflow open."""

from odoo import models


class OmsWorkflow(models.Model):
    _inherit = "oms.workflow"

    def action_open_publish(self):
        """Say what publishing the draft will do, and ask."""
        self.ensure_one()
        self._check_sound()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oms_order_cycle.oms_workflow_publish_action"
        )
        action["context"] = {"default_workflow_id": self.id}
        return action

    def action_try(self):
        """Ask for an order and show where this workflow would put it, and why."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oms_order_cycle.oms_workflow_try_action"
        )
        action["context"] = {"default_workflow_id": self.id}
        return action

    def action_view_orders(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oms_order_cycle.sale_order_action_oms_orders"
        )
        action["domain"] = [("oms_workflow_id", "=", self.id)]
        action["context"] = {}
        return action

    def action_view_board(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oms_order_cycle.sale_order_action_oms_board"
        )
        action["domain"] = [
            ("oms_workflow_id", "=", self.id),
            ("oms_cycle_state", "=", "open"),
        ]
        action["context"] = {"group_by": ["oms_stage_id"]}
        return action
