import logging
import time

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command, Domain

from ...tools.pack_bench import PackBench

_logger = logging.getLogger(__name__)

#: Transfers planned in one transaction of the background.
CHUNK = 25
#: Seconds for one plan; nobody waits.
DEADLINE = 10
#: Seconds of one call of the background: Odoo ends jobs that take 120.
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
    progress = fields.Float(compute="_compute_progress")
    started_at = fields.Datetime(string="Started On", readonly=True)
    finished_at = fields.Datetime(string="Finished On", readonly=True)

    @api.depends("create_date", "total")
    def _compute_name(self):
        for run in self:
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
        self.env.ref("oms_order_cycle.ir_cron_pack_run").sudo()._trigger()
        return run.with_env(self.env)

    def _get_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def _check_may_cancel(self):
        """Runs are written by the system alone: stopping is work of the warehouse.

        :raise AccessError: for other companies' runs, and for who is not in inventory
        """
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group("stock.group_stock_user"):
            raise AccessError(
                self.env._("Only users of the inventory can stop the planning.")
            )

    def action_cancel(self):
        """Stop: what is planned stays planned."""
        self._check_may_cancel()
        self.sudo().filtered(lambda run: run.state in ("waiting", "running")).write(
            {"state": "cancelled", "finished_at": fields.Datetime.now()}
        )
        return True

    def action_view_plans(self):
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
        cron = self.env["ir.cron"]
        todo = Domain("state", "=", "waiting") & Domain(
            "run_id.state", "in", ("waiting", "running")
        )
        line_model = self.env["oms.pack.run.line"]
        end = time.monotonic() + SLICE
        benches = {}
        while time.monotonic() < end:
            lines = line_model.search(todo, limit=CHUNK, order="id")
            if not lines:
                break
            try:
                for run, own in lines.grouped("run_id").items():
                    bench = benches.setdefault(
                        run.id, PackBench(self.env, deadline=DEADLINE, budget=SLICE)
                    )
                    run._work(own, bench)
                cron._commit_progress(len(lines))
            except psycopg2.errors.SerializationFailure:
                # a transfer was written meanwhile, or the run stopped: look again
                self.env.cr.rollback()
                self.env.invalidate_all()
        self._end_worked_off()
        # a job that says that something is left is repeated in the same breath, and all
        # its repetitions together may take 120 seconds
        if line_model.search_count(todo, limit=1):
            self.env.ref("oms_order_cycle.ir_cron_pack_run")._trigger()
        cron._commit_progress(remaining=0)

    def _work(self, lines, bench):
        """Plan some transfers of this run."""
        self.ensure_one()
        run = self.sudo()
        if run.state == "waiting":
            run.write({"state": "running", "started_at": fields.Datetime.now()})
        pickings = lines.picking_id._oms_filter_packing()
        jobs = {
            picking: picking.with_company(picking.company_id)._oms_get_pack_job()
            for picking in pickings
        }
        jobs = {picking: job for picking, job in jobs.items() if job.contents}
        before = bench.solved
        plans = self.env["oms.pack.plan"]._make(jobs, bench)
        by_picking = plans.grouped("picking_id")
        # what the bench had no time for stays waiting
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
            "solved_count": run.solved_count + bench.solved - before,
        }
        run.write(vals)
        run._end_worked_off()

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


class OmsPackRunLine(models.Model):
    """A transfer to be planned by a run."""

    _name = "oms.pack.run.line"
    _description = "Transfer of a Packing Plan Run"
    _order = "id"

    run_id = fields.Many2one(
        "oms.pack.run", required=True, index=True, ondelete="cascade"
    )
    picking_id = fields.Many2one(
        "stock.picking", required=True, index=True, ondelete="cascade"
    )
    plan_id = fields.Many2one("oms.pack.plan", index=True, ondelete="set null")
    state = fields.Selection(
        [("waiting", "Waiting"), ("done", "Done")], default="waiting", required=True
    )

    _waiting_idx = models.Index("(run_id, id) WHERE state = 'waiting'")
