"""Which phase of the business each stage of a workflow belongs to."""

from odoo import api, models

from ...facts.phases import find_phases


class OmsWorkflow(models.Model):
    _inherit = "oms.workflow"

    @api.model
    def _get_phases(self, workflow_id):
        """Phases by the id of the stage."""
        stages = self._get_stages(workflow_id) if workflow_id else ()
        phases = find_phases(
            [stage.milestone if stage.kind == "milestone" else None for stage in stages]
        )
        return dict(zip((stage.id for stage in stages), phases, strict=True))
