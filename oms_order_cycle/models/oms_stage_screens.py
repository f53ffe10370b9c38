from odoo import api, fields, models


class OmsStage(models.Model):
    """What the screens need to know of a stage."""

    _inherit = "oms.stage"

    workflow_state = fields.Selection(related="workflow_id.state")

    @api.depends("name", "workflow_id.name", "workflow_id.version")
    @api.depends_context("oms_show_workflow")
    def _compute_display_name(self):
        """Stages of several workflows side by side bear the names of both."""
        res = super()._compute_display_name()
        if self.env.context.get("oms_show_workflow"):
            for stage in self:
                stage.display_name = self.env._(
                    "%(stage)s (%(workflow)s)",
                    stage=stage.name or "",
                    workflow=stage.workflow_id.sudo().display_name or "",
                )
        return res
