"""The stages of a workflow, as running orders ask for them."""

from collections import namedtuple

from odoo import api, models, tools

#: What running orders need to know of a stage; kept in the registry's cache.
StageDefinition = namedtuple(
    "StageDefinition",
    "id kind milestone domain allowed_hours rerun action_ids author_id own_actions",
)


class OmsWorkflow(models.Model):
    _inherit = "oms.workflow"

    @api.model
    @tools.ormcache("workflow_id")
    def _get_stages(self, workflow_id):
        """The stages of a workflow in order, as ``StageDefinition`` tuples."""
        stages = (
            self.env["oms.stage"].sudo().search([("workflow_id", "=", workflow_id)])
        )
        return tuple(
            StageDefinition(
                stage.id,
                stage.exit_kind,
                stage.milestone,
                stage.exit_domain,
                stage.allowed_hours,
                stage.rerun_actions,
                tuple(stage.action_ids.ids),
                stage.author_id.id,
                tuple((own.id, own.author_id.id) for own in stage.own_action_ids),
            )
            for stage in stages
        )

    @api.model
    @tools.ormcache()
    def _get_notifying_stages(self):
        """Stages that have somebody given an activity: ``{id: when}``."""
        stages = self.env["oms.stage"].sudo()
        stages = stages.search([("notify_policy", "=", "activity")])
        return {stage.id: stage.notify_when for stage in stages}

    def _explain(self, order, worded=None):
        """Stage by stage whether an order has passed it, and why.

        :param order: one ``sale.order``, of this workflow or of another
        :param worded: stages for which it is to be said what is missing; all by default
        :return: list of dicts ``stage`` (record), ``passed``, ``since`` (datetime
            or False), ``current``, ``why`` (words)
        """
        self.ensure_one()
        progress = order._oms_get_progress()[order]
        result = []
        current_found = False
        for stage in self.stage_ids:
            is_worded = worded is None or stage in worded
            passed, moment, why = stage._test(order, progress, is_worded)
            result.append(
                {
                    "stage": stage,
                    "passed": passed,
                    "since": moment,
                    "current": not passed and not current_found,
                    "why": why,
                }
            )
            current_found = current_found or not passed
        return result
