from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command, Domain

from ...tools.guard import Runner
from ...tools.packer.planner import Packer

#: Transfers planned in one transaction of the background.
CHUNK = 25
#: Seconds for one plan; nobody waits.
DEADLINE = 10
#: Seconds of one call of the background.
SLICE = 60


class OmsPackRun(models.Model):
    """Planning the packing of many transfers in the background."""

    _name = "oms.pack.run"
    _description = "Packing Plan Run"
    _order = "id desc"

    name = fields.Char(compute="_compute_name")
    user_id = fields.Many2one(
        "res.users", default=lambda self: self.env.user, readonly=True
    )
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        required=True,
        readonly=True,
        index=True,
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("running", "Running"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        default="waiting",
        required=True,
        readonly=True,
        index=True,
    )
    line_ids = fields.One2many("oms.pack.run.line", "run_id", readonly=True)
    total = fields.Integer(string="Transfers", readonly=True)
    done_count = fields.Integer(string="Done", readonly=True)
    failed_count = fields.Integer(string="Failed", readonly=True)
    solved_count = fields.Integer(
        string="Different Contents",
        readonly=True,
        help="Transfers with equal contents are solved once.",
    )
    can_cancel = fields.Boolean(compute="_compute_can_cancel")
    progress = fields.Float(compute="_compute_progress")
    started_at = fields.Datetime(string="Started On", readonly=True)
    finished_at = fields.Datetime(string="Finished On", readonly=True)

    @api.depends("create_date", "total", "kind")
    @api.depends_context("lang")
    def _compute_name(self):
        for run in self:
            if run.kind == "apply":
                run.name = self.env._("Packing of %s boxes", run.total)
            else:
                run.name = self.env._("Packing of %s transfers", run.total)

    @api.depends("total", "done_count", "state")
    def _compute_progress(self):
        for run in self:
            # of a run that is done, transfers may be missing: they were deleted
            open_run = run.total and run.state != "done"
            run.progress = 100 * run.done_count / run.total if open_run else 100

    @api.model
    @api.private
    def _start(self, pickings):
        """Queue transfers, and wake the background."""
        pickings = pickings._oms_filter_packing()
        run = self.sudo().create(
            {
                "user_id": self.env.uid,
                "company_id": (pickings.company_id[:1] or self.env.company).id,
                "total": len(pickings),
                "line_ids": [
                    Command.create({"picking_id": picking.id}) for picking in pickings
                ],
            }
        )
        self._wake()
        return run.with_env(self.env)

    @api.model
    def _wake(self):
        self.env.ref("oms_order_cycle.ir_cron_pack_run").sudo()._trigger()

    def _get_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_cancel(self):
        allowed = self.env.user.has_group("stock.group_stock_user")
        for run in self:
            run.can_cancel = allowed and run.state in ("waiting", "running")

    def _check_can_cancel(self):
        """Runs are written by the system alone: stopping is work of the warehouse.

        :raise AccessError: for other companies' runs, and for who is not in inventory
        """
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group("stock.group_stock_user"):
            raise AccessError(
                self.env._("Only users of the inventory can stop the planning.")
            )

    def action_cancel(self):
        """Stop: what is planned stays planned, what is packed stays packed."""
        self._check_can_cancel()
        runs = self.sudo().filtered(lambda run: run.state in ("waiting", "running"))
        runs.write({"state": "cancelled", "finished_at": fields.Datetime.now()})
        applied = runs.line_ids.plan_id.filtered(lambda p: p.apply_run_id in runs)
        applied._end_applying()
        return True

    def action_view_plans(self):
        """Show the plans that were made so far.

        :raise AccessError: for other companies' runs
        """
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oms_order_cycle.oms_pack_plan_action"
        )
        action.update(
            domain=[("id", "in", self.sudo().line_ids.plan_id.ids)], context={}
        )
        return action

    # -- background ---------------------------------------------------------------

    @api.model
    def _cron_run(self):
        """Work off what is queued, a chunk to a transaction."""
        todo = Domain("state", "=", "waiting") & Domain(
            "run_id.state", "in", ("waiting", "running")
        )
        line_model = self.env["oms.pack.run.line"]
        packers = {}

        def work(lines):
            for run, own in lines.grouped("run_id").items():
                if run.kind == "apply":
                    run._work_applying(own)
                    continue
                if run.id not in packers:
                    packers[run.id] = Packer(self.env, DEADLINE, budget=SLICE)
                run._work(own, packers[run.id])

        runner = Runner(self.env, "oms_order_cycle.ir_cron_pack_run", SLICE)
        runner.run(lambda: line_model.search(todo, limit=CHUNK, order="id"), work)
        self._end_worked_off()
        runner.end(is_left=bool(line_model.search_count(todo, limit=1)))

    def _work(self, lines, packer):
        """Plan some transfers of this run."""
        self.ensure_one()
        run = self.sudo()
        run._note_running()
        pickings = lines.picking_id._oms_filter_packing()
        jobs = {
            picking: picking.with_company(picking.company_id)._oms_get_pack_job()
            for picking in pickings
        }
        jobs = {picking: job for picking, job in jobs.items() if job.contents}
        before = packer.solved
        plans = self.env["oms.pack.plan"]._make(jobs, packer)
        by_picking = plans.grouped("picking_id")
        # what the packer had no time for stays waiting
        lines = lines.filtered(
            lambda line: line.picking_id not in jobs or line.picking_id in by_picking
        )
        for line in lines:
            plan = by_picking.get(line.picking_id)
            line.plan_id = plan and plan.id
        lines.state = "done"
        failed = plans.filtered(lambda plan: plan.state == "failed")
        vals = {
            "done_count": run.done_count + len(lines),
            "failed_count": run.failed_count + len(failed),
            "solved_count": run.solved_count + packer.solved - before,
        }
        run.write(vals)
        run._end_worked_off()

    def _note_running(self):
        self.filtered(lambda run: run.state == "waiting").write(
            {"state": "running", "started_at": fields.Datetime.now()}
        )

    @api.model
    def _end_worked_off(self):
        """End the runs in which nothing waits: lines of deleted transfers are gone."""
        self.search(
            [
                ("state", "in", ("waiting", "running")),
                ("line_ids", "not any", [("state", "=", "waiting")]),
            ]
        ).write({"state": "done", "finished_at": fields.Datetime.now()})

    @api.autovacuum
    def _gc_runs(self):
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=30)
        self.search(
            [("state", "in", ("done", "cancelled")), ("create_date", "<", limit)]
        ).unlink()
