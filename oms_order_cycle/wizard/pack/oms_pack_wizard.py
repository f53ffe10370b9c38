from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools.derived import refuse_derived
from ...tools.packer.bench_draft import BenchDraft, DraftTransfer
from ...tools.packer.bench_view import BenchView
from ...tools.packer.pictures import step_pictures
from ...tools.packer.planner import Packer

#: Seconds somebody waits for a plan at the bench.
DEADLINE = 2
#: Changed by the methods of the bench only: packages are made from it.
_GUARDED_FIELDS = frozenset({"draft", "is_kept"})
#: Hours after which Odoo deletes a bench: what somebody packed by hand is kept over a
#: long weekend.
KEPT_HOURS = 7 * 24


class OmsPackWizard(models.TransientModel):
    """The packing bench: the boxes of some transfers, to change and to apply.

    What is on the bench is kept in ``draft`` until it is applied: the JSON of a
    :class:`..tools.packer.bench_draft.BenchDraft`.
    """

    _name = "oms.pack.wizard"
    _description = "Packing Bench"
    _transient_max_hours = KEPT_HOURS

    picking_ids = fields.Many2many("stock.picking", string="Transfers", readonly=True)
    draft = fields.Json(readonly=True)
    is_kept = fields.Boolean(
        readonly=True, help="Changed by hand: opened again until it is applied."
    )
    bench = fields.Json(compute="_compute_bench")
    is_changed = fields.Boolean(compute="_compute_bench")
    is_stale = fields.Boolean(compute="_compute_bench")
    has_faults = fields.Boolean(compute="_compute_bench")
    is_packed = fields.Boolean(compute="_compute_bench")
    has_boxes = fields.Boolean(compute="_compute_bench")
    reason = fields.Char(
        help="Why it is packed otherwise than proposed. It is kept with the plan.",
    )

    # -- CRUD ---------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        refuse_derived(self, vals_list, _GUARDED_FIELDS)
        # nobody opens the bench with defaults but our own method
        defaults = {
            key.removeprefix("default_"): value
            for key, value in self.env.context.items()
            if key.startswith("default_")
        }
        refuse_derived(self, [defaults], _GUARDED_FIELDS)
        return super().create(vals_list)

    def write(self, vals):
        refuse_derived(self, [vals], _GUARDED_FIELDS)
        return super().write(vals)

    def _get_draft(self):
        """What is on the bench: a ``BenchDraft``, to change and to keep."""
        self.ensure_one()
        return BenchDraft.from_json(self.draft)

    def _keep(self, draft):
        """Lay something on the bench.

        :param draft: ``BenchDraft``
        """
        self.sudo().write({"draft": draft.to_json(), "is_kept": draft.is_changed})
        plans = self.env["oms.pack.plan"].browse(
            transfer.plan_id for transfer in draft.open_transfers if transfer.plan_id
        )
        plans.exists()._lay_on_bench(self.id)

    # -- opening ------------------------------------------------------------------

    @api.model
    @api.private
    def _open(self, pickings):
        """A bench for transfers, with plans for what is there now, or as it was left
        with changes by hand."""
        todo = pickings._oms_filter_packing()
        if not todo:
            raise UserError(
                self.env._(
                    "Nothing can be packed here: only open transfers are, at the"
                    " packing step or, in warehouses without one, when shipping."
                )
            )
        todo.sudo().oms_pack_plan_ids._check_not_being_applied()
        kept = self._find_kept(todo)
        if kept:
            return kept._get_action()
        wizard = self.create({"picking_ids": [Command.set(todo.ids)]})
        wizard._load()
        if not wizard.draft:
            if todo._oms_get_used_packages():
                raise UserError(
                    self.env._("Everything that is there is in packages already.")
                )
            raise UserError(
                self.env._(
                    "There is nothing to pack yet: no goods are reserved. Check"
                    " availability first."
                )
            )
        return wizard._get_action()

    def _get_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pack %s", ", ".join(self.picking_ids.mapped("name"))),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    @api.model
    def _find_kept(self, pickings):
        """The user's own bench that was left with changes by hand."""
        benches = self.search(
            [
                ("create_uid", "=", self.env.uid),
                ("is_kept", "=", True),
                ("picking_ids", "in", pickings.ids),
            ],
            order="id desc",
        )
        for bench in benches:
            if bench.picking_ids == bench.picking_ids._oms_filter_packing():
                return bench
        # of transfers that are closed meanwhile
        benches.sudo().is_kept = False
        return self.browse()

    def _load(self, pickings=None, released=None):
        """Take the proposed plans onto the bench; make those that are missing.

        :param pickings: transfers to lay out anew, all by default; of others, what was
            changed stays
        :param released: plans in hand whose place new ones may take, the user's own
            that are not printed by default
        """
        pickings = self.picking_ids if pickings is None else pickings
        jobs = {
            picking: job
            for picking in pickings
            if (job := picking._oms_get_pack_job(here=True)).contents
        }
        self._plan_missing(jobs, released)
        draft = self._get_draft()
        draft.transfers = [
            transfer
            for transfer in draft.transfers
            if transfer.picking_id not in pickings.ids
        ]
        for picking in pickings:
            plans = picking.sudo().oms_pack_plan_ids
            applied = plans.filtered(lambda plan: plan.state == "applied")
            if picking in jobs:
                proposed = plans.filtered(
                    lambda plan: plan.state in ("proposed", "failed")
                )[:1]
                draft.transfers.append(
                    DraftTransfer.from_plan(picking, proposed, applied)
                )
            # what was packed before, in rounds of its own
            draft.transfers += [
                DraftTransfer.from_plan(picking, plan, applied)
                for plan in applied.sorted("id")
            ]
        places = {picking_id: n for n, picking_id in enumerate(self.picking_ids.ids)}
        draft.transfers.sort(key=lambda transfer: places[transfer.picking_id])
        self._keep(draft)

    def _plan_missing(self, jobs, released):
        """Make the plans that are missing or do not hold any more.

        :param dict jobs: ``{picking: packer.contents.Job}``
        """
        packer = Packer(self.env, deadline=DEADLINE)
        packer.prefetch(jobs.values())
        stale, current = {}, self.env["oms.pack.plan"].sudo()
        for picking, job in jobs.items():
            plan = picking.sudo().oms_pack_plan_ids.filtered(
                lambda plan: plan.state == "proposed"
            )[:1]
            current |= plan
            # what found no carton may find one now
            if not plan or plan.unpacked or plan._is_outdated(job, packer):
                stale[picking] = job
        if released is None:
            released = current.filtered(
                lambda plan: plan.bench_by == self.env.user and not plan.printed_at
            )
        if stale:
            current._make(stale, packer, released)

    # -- what the screen shows ------------------------------------------------------

    @api.depends("draft")
    @api.depends_context("lang")
    def _compute_bench(self):
        view = BenchView(self.env)
        for wizard in self:
            draft = wizard._get_draft()
            wizard.is_changed = draft.is_changed
            wizard.is_stale = bool(wizard._get_stale(draft))
            wizard.has_faults = draft.has_faults
            wizard.is_packed = draft.is_packed
            wizard.has_boxes = draft.has_boxes
            wizard.bench = view.show(draft)

    def get_steps(self, plan_id, number):
        """Pictures of a box, step by step, for the screen.

        :param plan_id: plan on the bench, packed already or not
        :param number: of the box, from 1
        """
        self.ensure_one()
        self._check_own()
        transfer = self._get_draft().of_plan(plan_id)
        if not transfer:
            raise UserError(self.env._("This plan is not on the bench."))
        box = self._get_box(transfer, number)
        names = self.env["oms.pack.plan"]._body_names(set(box.bodies))
        title = BenchView(self.env).get_carton_name(box)
        return step_pictures(self.env, box.geometry, title, names)

    # -- leaving --------------------------------------------------------------------

    def leave(self):
        """The screen is closed. What was changed by hand waits here for its packer.

        :return: whether something was changed and not applied
        """
        self.ensure_one()
        bench = self.exists()
        bench.check_access("write")
        if not bench or bench.is_kept:
            return bool(bench)
        self.env["oms.pack.plan"]._clear_bench(self.id)
        return False

    def action_undo(self):
        """Take the goods out of the packages again, and plan anew."""
        self._check_own()
        self.picking_ids.oms_pack_plan_ids.filtered(
            lambda plan: plan.state == "applied"
        ).action_undo()
        self.sudo().is_kept = False
        # a bench of its own: this one is left at the same time
        bench = self.create({"picking_ids": [Command.set(self.picking_ids.ids)]})
        bench._load()
        return bench._get_action()

    def action_print_slip(self):
        """Print the slips of the plans on the bench."""
        self._check_own()
        transfers = self._get_draft().transfers
        plans = self.env["oms.pack.plan"].browse(one.plan_id for one in transfers)
        return plans.action_print_slip()

    def action_print_labels(self):
        """Print the labels of what is packed."""
        self._check_own()
        return self.picking_ids.action_oms_print_labels()
