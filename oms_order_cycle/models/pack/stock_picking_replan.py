from odoo import api, models

from ...tools.guard import aside
from ...tools.packer.planner import Packer

#: Key of the transfers to look at again in ``cr.precommit.data``.
CHANGED = "oms_order_cycle.pack_changed"
#: Transfers planned with the step that released them; more go to the background.
AT_ONCE_MAX = 20
#: Seconds for one automatic plan; the best found by then is taken.
DEADLINE = 0.5
#: Seconds a release waits for plans; what is left then goes to the background.
BUDGET = 2.0


class StockPicking(models.Model):
    """Plans that follow what is to be packed."""

    _inherit = "stock.picking"

    def _oms_note_new_carrier(self):
        """Another carrier bills otherwise: look at the plans again."""
        if self and self.env["stock.package.type"]._oms_is_packing_set_up():
            self._oms_replan_later()

    def _oms_plan_automatically(self):
        """Plan after a release or a change. Costs nothing without cartons, and never
        stops what the user does: what goes wrong is on the plan."""
        if not self or not self.env["stock.package.type"]._oms_is_packing_set_up():
            return
        with aside(self.env, "Transfers %s cannot be planned", self.ids):
            self.sudo()._oms_plan_where_changed()

    def _oms_plan_where_changed(self):
        pickings = (
            self.exists()
            ._oms_filter_packing()
            .filtered(lambda picking: picking.picking_type_id.oms_plan_packing)
        )
        jobs, emptied = {}, self.env["oms.pack.plan"]
        for picking in pickings:
            job = picking._oms_get_pack_job()
            plans = picking.oms_pack_plan_ids
            before = plans.filtered(lambda plan: plan.state in ("proposed", "failed"))
            offered = plans.filtered(lambda plan: plan.state == "offered")
            if before.apply_run_id:
                continue  # what it changes is planned when it ends
            if not job.contents:
                emptied |= before | offered
            elif not (offered or before)._has_contents(job):
                jobs[picking] = job
            else:
                continue
            picking._oms_note_packed_otherwise(before)
        emptied.filtered(
            lambda plan: plan.state != "overridden" and not plan.is_in_hand
        ).state = "superseded"
        if len(jobs) > AT_ONCE_MAX:
            self.env["oms.pack.run"]._start(self.union(*jobs))
        elif jobs:
            packer = Packer(self.env, deadline=DEADLINE, budget=BUDGET)
            now = self._oms_plannable_now(jobs, packer)
            plans = self.env["oms.pack.plan"]._make(now, packer)
            # large ones get a second look with more time
            rushed = plans.filtered(
                lambda plan: not plan.is_proven and plan.seconds > DEADLINE
            )
            late = self.union(*jobs) - (plans - rushed).picking_id
            if late:
                self.env["oms.pack.run"]._start(late)

    def _oms_plannable_now(self, jobs, packer):
        """The jobs of ``jobs`` for which the budget may suffice: not those of so many
        boxes that they could not even be written in it."""
        with aside(
            self.env, "Transfers %s cannot be estimated", self.ids, writes=False
        ):
            # as the plans will do: what is looked up serves them, too
            packer.free(self.union(*jobs))
            packer.prefetch(jobs.values())
            now, seconds = {}, 0.0
            for picking, job in jobs.items():
                wanted = packer.least_seconds(job)
                if seconds + wanted <= BUDGET:
                    now[picking] = job
                    seconds += wanted
            return now
        return jobs

    def _oms_replan_later(self):
        """Look at plans again at the end of the transaction."""
        precommit = self.env.cr.precommit
        if CHANGED not in precommit.data:
            precommit.data[CHANGED] = set()
            precommit.add(self.env["stock.picking"]._oms_replan_noted)
        precommit.data[CHANGED].update(self.ids)

    @api.model
    def _oms_replan_noted(self):
        """Look at the packages and plans of what was noted in this transaction."""
        ids = list(self.env.cr.precommit.data.pop(CHANGED, ()))
        plans = (
            self.env["oms.pack.plan"]
            .sudo()
            .search(
                [
                    ("picking_id", "in", ids),
                    ("state", "in", ("proposed", "offered", "applied")),
                ]
            )
        )
        waiting = plans.filtered(lambda plan: plan.state != "applied").picking_id
        waiting |= self.sudo().browse(ids)._oms_note_taken_apart()
        waiting._oms_plan_automatically()

    def _oms_note_taken_apart(self):
        """Goods went out of the packages of plans, by whatever way: empty packages go,
        and a plan none of whose packages is left was not applied after all.

        :return: transfers that are to be planned again
        """
        boxes = self.env["oms.pack.box"].search(
            [
                ("picking_id", "in", self.ids),
                ("package_id", "!=", False),
                ("picking_id.state", "!=", "done"),
            ]
        )
        packages = boxes.package_id
        left = packages._oms_drop_empty()
        if left == packages:
            return self.browse()
        plans = boxes.filtered(lambda box: box.package_id not in left).plan_id
        boxes.invalidate_recordset(["package_id"])
        undone = plans.filtered(
            lambda plan: plan.state == "applied" and not plan.box_ids.package_id
        )
        undone.state = "superseded"
        return plans.picking_id
