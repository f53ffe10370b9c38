"""Stages that wait for payment before anything reaches the warehouse."""

from odoo import api, models, tools


class OmsWorkflow(models.Model):
    _inherit = "oms.workflow"

    @api.model
    def _get_prepaid_stage(self, workflow_id):
        """Id of the stage of a workflow that ends with *Paid* before the release.

        An order leaves it when it is paid in advance, too: goods that are invoiced on
        delivery cannot be invoiced before.

        :return: id of an ``oms.stage``, or False
        """
        gate = self._get_release_gate(workflow_id)
        for stage in self._get_stages(workflow_id) if gate else ():
            if stage.id in gate and stage.milestone == "paid":
                return stage.kind == "milestone" and stage.id
        return False

    @api.model
    @tools.ormcache()
    def _get_prepaid_stages(self):
        """Ids of all such stages."""
        workflow_ids = self.sudo().with_context(active_test=False)._search([])
        stages = map(self._get_prepaid_stage, workflow_ids)
        return tuple(stage_id for stage_id in stages if stage_id)
