"""When an order should leave its stage: allowed time, working hours, pauses."""

from odoo import models

from ...tools.working_time import count_hours, plan_hours


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _oms_set_deadlines(self):
        """End of the allowed time of the stage, pauses by the customer added."""
        stages = {
            stage.id: stage
            for workflow in self.oms_workflow_id
            for stage in self.env["oms.workflow"]._get_stages(workflow.id)
        }
        limited = self.filtered(
            lambda order: (
                order.oms_stage_id and stages[order.oms_stage_id.id].allowed_hours
            )
        )
        (self - limited).oms_stage_deadline = False
        pauses = limited._oms_get_pauses()
        planned = {}
        for order in limited:
            start = order.oms_stage_since
            if order.oms_confirmed_at:
                start = max(start, order.oms_effective_date or start)
            pause = pauses.get(order, ())
            if None in (end for _begin, end in pause):
                order.oms_stage_deadline = False
                continue
            stage = order.oms_stage_id
            hours = stage.allowed_hours + sum(
                count_hours(stage.calendar_id, max(begin, start), end)
                for begin, end in pause
                if end > start
            )
            # many orders enter a stage at the same moment
            key = (stage.calendar_id.id, start, hours)
            if key not in planned:
                planned[key] = plan_hours(stage.calendar_id, start, hours)
            order.oms_stage_deadline = planned[key]

    def _oms_get_pauses(self):
        """Hook: times during which the clock of the stage stood still.

        :return: ``{order: [(begin, end)]}``, in order and without overlap; ``end`` is
            None while it still stands
        """
        return {}
