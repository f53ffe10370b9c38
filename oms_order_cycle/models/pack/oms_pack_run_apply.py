from odoo import api, fields, models
from odoo.fields import Command

from ...tools.guard import aside


class OmsPackRun(models.Model):
    """Runs that apply plans of very many boxes."""

    _inherit = "oms.pack.run"

    kind = fields.Selection(
        [("plan", "Plan"), ("apply", "Pack")],
        default="plan",
        required=True,
        readonly=True,
    )
    error = fields.Text(readonly=True)

    @api.model
    @api.private
    def _start_applying(self, plans):
        """Queue the boxes of plans, and wake the background."""
        run = self.sudo().create(
            {
                "kind": "apply",
                "user_id": self.env.uid,
                "company_id": plans.company_id[:1].id,
                "total": sum(plans.mapped("box_count")),
                "line_ids": [
                    Command.create({"plan_id": plan.id, "picking_id": picking.id})
                    for plan in plans
                    for picking in plan.picking_id
                ],
            }
        )
        plans.sudo().apply_run_id = run
        self._wake()
        return run.with_env(self.env)

    def _work_applying(self, lines):
        """Make some packages of the first plan, as the user who asked for them."""
        self.ensure_one()
        run, line = self.sudo(), lines[:1]
        run._note_running()
        plan = line.plan_id.with_user(run.user_id).sudo()
        with aside(self.env, "Plan %s cannot be applied", plan.id) as outcome:
            run.done_count += plan._apply_some() if plan else 0
        if outcome.error:
            run.failed_count += 1
            notes = [run.error, f"{line.picking_id.name}: {outcome.error}"]
            run.error = "\n".join(filter(None, notes))
            plan._end_applying()
        if not plan.apply_run_id:
            line.state = "done"
            run._end_worked_off()
