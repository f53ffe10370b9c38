from odoo import api, fields, models


class OmsWorkflowTry(models.TransientModel):
    """Shows where a workflow would put an order, and why, without changing it."""

    _name = "oms.workflow.try"
    _description = "Try a Workflow on an Order"

    workflow_id = fields.Many2one("oms.workflow", required=True, readonly=True)
    order_id = fields.Many2one(
        "sale.order",
        domain="[('state', '!=', 'cancel')]",
        help="Any order will do: nothing is changed on it.",
    )
    current_stage_id = fields.Many2one(
        "oms.stage", string="Resulting Stage", compute="_compute_line_ids"
    )
    is_closed = fields.Boolean(compute="_compute_line_ids")
    chosen_workflow = fields.Char(
        string="Resulting Workflow",
        compute="_compute_line_ids",
        help="The workflow that is chosen for the order as it is now.",
    )
    obstacles = fields.Text(
        compute="_compute_obstacles", help="What would stop the order."
    )
    is_released = fields.Boolean(
        compute="_compute_obstacles",
        help="Nothing would keep the order from the warehouse.",
    )
    line_ids = fields.One2many(
        "oms.workflow.try.line", "try_id", compute="_compute_line_ids"
    )

    @api.depends("workflow_id", "order_id")
    def _compute_line_ids(self):
        for trial in self:
            order = trial.order_id._origin
            workflow = trial.workflow_id._origin
            steps = workflow._explain(order) if order and workflow else []
            trial.line_ids = [fields.Command.clear()] + [
                fields.Command.create(
                    {
                        "number": number,
                        "stage_id": step["stage"].id,
                        "exit_summary": step["stage"].exit_summary,
                        "passed": step["passed"],
                        "since": step["since"],
                        "why": step["why"],
                        "state": self._get_state(step),
                    }
                )
                for number, step in enumerate(steps, start=1)
            ]
            current = [step["stage"] for step in steps if step["current"]]
            trial.current_stage_id = current[0] if current else False
            trial.is_closed = bool(steps) and not current
            trial.chosen_workflow = trial._get_chosen_workflow(order)

    @api.depends("workflow_id", "order_id")
    def _compute_obstacles(self):
        for trial in self:
            order = trial.order_id._origin
            workflow = trial.workflow_id._origin
            found = workflow._explain_release(order) if order and workflow else []
            trial.obstacles = "\n".join(words for words, _stops in found)
            trial.is_released = not any(stops for _words, stops in found)

    @api.model
    def _get_state(self, step):
        if step["current"]:
            return "here"
        return "passed" if step["passed"] else "open"

    def _get_chosen_workflow(self, order):
        """Words for the workflow that is chosen for an order, and why."""
        if not order:
            return False
        chosen_id, reason = self.env["oms.workflow"]._match(order)[order]
        if not chosen_id:
            return reason
        chosen = self.env["oms.workflow"].browse(chosen_id)
        return self.env._(
            "%(workflow)s: %(reason)s", workflow=chosen.display_name, reason=reason
        )


class OmsWorkflowTryLine(models.TransientModel):
    """One stage of the workflow that is tried."""

    _name = "oms.workflow.try.line"
    _description = "Stage of a Workflow Tried on an Order"
    _order = "number"

    try_id = fields.Many2one("oms.workflow.try", required=True, ondelete="cascade")
    number = fields.Integer(string="No.")
    stage_id = fields.Many2one("oms.stage")
    exit_summary = fields.Char(string="Until")
    state = fields.Selection(
        [("passed", "Passed"), ("here", "Stands Here"), ("open", "To Come")],
        string="Result",
    )
    passed = fields.Boolean()
    since = fields.Datetime(string="Passed On")
    why = fields.Char()
