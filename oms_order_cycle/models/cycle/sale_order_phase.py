"""In which phase of the business an order is, whatever its workflow."""

from odoo import api, models

from ...facts.phases import PHASES


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.depends("oms_stage_id")
    def _compute_oms_phase(self):
        workflows = self.env["oms.workflow"]
        for order in self:
            phases = workflows._get_phases(order.oms_workflow_id.id)
            order.oms_phase = phases.get(order.oms_stage_id.id, False)

    @api.model
    def _group_expand_oms_phase(self, phases, domain):
        """The columns of the board: all, but where nothing waits to be confirmed, not
        the first."""
        return [phase for phase in PHASES if phase in phases or phase != PHASES[0]]
