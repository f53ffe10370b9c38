"""A workflow is put to use, followed by another version, and retired."""

from odoo import models
from odoo.exceptions import UserError


class OmsWorkflow(models.Model):
    _inherit = "oms.workflow"

    def action_publish(self):
        """Put drafts to use: from now on new orders may follow them."""
        self.check_access("write")
        for workflow in self:
            if workflow.state != "draft":
                raise UserError(self.env._("%s is not a draft.", workflow.display_name))
            workflow._check_sound()
        self._check_can_change_shared()
        self._check_can_use_actions()
        self.sudo().write({"state": "published", "approvals_gate": True})
        for workflow in self:
            older = workflow._get_versions() - workflow
            # channels that name the workflow mean its newest version
            self.env["oms.channel"].sudo().with_context(active_test=False).search(
                [("workflow_id", "in", older.ids)]
            ).workflow_id = workflow
            in_use = older.filtered(lambda w: w.state == "published")
            in_use._check_can_change_shared()
            in_use.sudo().state = "retired"
        return True

    def action_new_version(self):
        """Copy a workflow in use to a draft, to change it for the orders to come."""
        self.ensure_one()
        self._check_can_change_shared()
        versions = self._get_versions()
        draft = versions.filtered(lambda w: w.state == "draft")[:1]
        if not draft:
            draft = self.copy({"name": self.name, "company_id": self.company_id.id})
            draft.sudo().write(
                {
                    "version": max(versions.mapped("version")) + 1,
                    "root_id": self._get_root().id,
                    "is_default": self.is_default,
                }
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": draft.id,
            "views": [[False, "form"]],
        }

    def action_retire(self):
        """No new order follows the workflow; running orders stay on it."""
        self.check_access("write")
        self._check_can_change_shared()
        self.sudo().state = "retired"
        return True

    def _get_root(self):
        return self.root_id or self

    def _get_versions(self):
        root = self._get_root()
        return self.with_context(active_test=False).search(
            ["|", ("id", "in", root.ids), ("root_id", "in", root.ids)]
        )

    def _is_locked(self):
        """Whether orders may follow it already, so that it must not change."""
        return self.state != "draft"
