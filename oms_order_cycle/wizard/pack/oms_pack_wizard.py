from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools.derived import refuse_derived
from ...tools.packer.bench_draft import BenchDraft, DraftTransfer
from ...tools.packer.bench_view import BenchView
from ...tools.packer.by_hand import HandPacking
from ...tools.packer.geometry import unpack_geometry
from ...tools.packer.pictures import step_pictures
from ...tools.packer.planner import Packer
from ...tools.units import Units

#: Seconds somebody waits for a plan at the bench.
DEADLINE = 2
#: Changed by the methods of the bench only: packages are made from it.
_GUARDED_FIELDS = frozenset({"draft"})


class OmsPackWizard(models.TransientModel):
    """The packing bench: the boxes of some transfers, to change and to apply.

    What is on the bench is kept in ``draft`` until it is applied: the JSON of a
    :class:`..tools.packer.bench_draft.BenchDraft`.
    """

    _name = "oms.pack.wizard"
    _description = "Packing Bench"

    picking_ids = fields.Many2many("stock.picking", string="Transfers", readonly=True)
    draft = fields.Json(readonly=True)
    bench = fields.Json(compute="_compute_bench")
    is_changed = fields.Boolean(compute="_compute_bench")
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
        self.sudo().draft = draft.to_json()

    # -- opening ------------------------------------------------------------------

    @api.model
    @api.private
    def _open(self, pickings):
        """A bench for transfers, with plans for what is there now."""
        todo = pickings._oms_filter_packing()
        if not todo:
            raise UserError(
                self.env._(
                    "Nothing can be packed here: only open transfers are, at the"
                    " packing step or, in warehouses without one, when shipping."
                )
            )
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

    def _load(self, force=False):
        """Take the proposed plans onto the bench; make those that are missing."""
        plan_model = self.env["oms.pack.plan"].sudo()
        jobs = {
            picking: job
            for picking in self.picking_ids
            if (job := picking._oms_get_pack_job(here=True)).contents
        }
        packer = Packer(self.env, deadline=DEADLINE)
        packer.prefetch(jobs.values())
        stale = {}
        for picking, job in jobs.items():
            plan = picking.oms_pack_plan_ids.filtered(
                lambda plan: plan.state == "proposed"
            )[:1]
            # what found no carton may find one now
            old = force or not plan or plan.unpacked
            if old or plan._is_outdated(job, packer):
                stale[picking] = job
        if stale:
            plan_model._make(stale, packer)
        draft = BenchDraft()
        for picking in self.picking_ids:
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
        self._keep(draft)

    # -- what the screen shows ------------------------------------------------------

    @api.depends("draft")
    @api.depends_context("lang")
    def _compute_bench(self):
        view = BenchView(self.env)
        for wizard in self:
            draft = wizard._get_draft()
            wizard.is_changed = draft.is_changed
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

    # -- applying -----------------------------------------------------------------

    def action_apply(self):
        """Make Odoo's packages from what is on the bench."""
        self._check_own()
        if self.is_changed and self.has_faults and not (self.reason or "").strip():
            raise UserError(
                self.env._(
                    "The check found faults, or something is not packed. Say under"
                    " Reason, at the bottom, why it is packed like this all the same."
                )
            )
        plan_model = self.env["oms.pack.plan"].sudo()
        plans = plan_model
        draft = self._get_draft()
        for transfer in draft.open_transfers:
            if not transfer.filled:
                continue
            plan = self._get_open_plan(transfer)
            if transfer.changed:
                plan = self._make_manual(transfer, plan)
            plans |= plan
        if not plans:
            raise UserError(self._get_no_box_message(draft))
        plans.with_env(self.env)._apply()
        return {"type": "ir.actions.act_window_close"}

    def _get_open_plan(self, transfer):
        """The plan on the bench; somebody else may have packed meanwhile.

        :raise UserError: if it is not the transfer's open plan any more
        """
        plan = self.env["oms.pack.plan"].sudo().browse(transfer.plan_id).exists()
        picking = self.picking_ids.filtered(lambda one: one.id == transfer.picking_id)
        if (
            not picking
            or plan.picking_id != picking
            or (plan.state not in ("proposed", "failed"))
        ):
            raise UserError(
                self.env._(
                    "%s was planned or packed anew in the meantime. Close the bench and"
                    " open it again.",
                    picking.name or plan.display_name or "",
                )
            )
        return plan

    def _get_no_box_message(self, draft):
        """That there is nothing to apply, and why."""
        plan_model = self.env["oms.pack.plan"].sudo()
        plans = plan_model.browse(one.plan_id for one in draft.open_transfers)
        notes = "\n".join(plan.unpacked_note for plan in plans if plan.unpacked_note)
        if not notes:
            return self.env._("There is no box to pack.")
        return self.env._(
            "There is no box to pack: nothing goes into a carton.\n%s", notes
        )

    def _make_manual(self, transfer, origin):
        """Keep what somebody packed by hand as a plan; the proposal is overridden."""
        picking = self.env["stock.picking"].browse(transfer.picking_id)
        hand = HandPacking(picking, transfer, DEADLINE)
        job, packer = hand.job, hand.packer
        boxes = [
            self._prepare_manual_box(job, box, number, hand.items)
            for number, box in enumerate(transfer.filled, start=1)
        ]
        plan_model = self.env["oms.pack.plan"].sudo()
        plan = plan_model.create(
            {
                **plan_model._job_vals(picking, job),
                **plan_model._boxes_vals(plan_model._trim(boxes, job), job, packer),
                "origin_id": origin.id,
                "is_manual": True,
                "is_guessed": origin.is_guessed,
                "bound": origin.bound,
                "usual_price": origin.usual_price,
                "usual_objective": origin.usual_objective,
                "override_reason": self.reason,
                "overridden_by": self.env.uid,
                "overridden_at": fields.Datetime.now(),
                "reason": self.env._("Packed by hand."),
                **plan_model._unpacked_vals(
                    [(key, *row) for key, row in transfer.loose.items()]
                ),
            }
        )
        if origin.state == "proposed":
            origin.with_env(self.env)._mark_overridden(
                self.reason or self.env._("Changed at the packing bench")
            )
        elif origin.state == "failed":
            origin.state = "superseded"
        return plan

    @api.model
    def _prepare_manual_box(self, job, box, number, items):
        """Values of ``oms.pack.box`` for a box that was packed by hand.

        :param box: ``DraftBox``
        :param number: of the box, from 1
        :param dict items: ``{key: engine item}``
        """
        box_model = self.env["oms.pack.box"].sudo()
        units = Units.of(self.env)
        packed = unpack_geometry(box.geometry, box.type_id)
        content = sum(
            items[key].weight * quantity
            for key, quantity in box.bodies.items()
            if key in items
        )
        volume = sum(p.length * p.width * p.height for p in packed.placements)
        package_type = self.env["stock.package.type"].browse(box.type_id or ())
        return {
            "sequence": number,
            "name": False if box.own else package_type.name,
            "package_type_id": box.type_id,
            "is_own_carton": box.own,
            "geometry": box.geometry,
            "price": box.price,
            "reason": box.reason,
            "fault_note": "\n".join(box.faults) or False,
            "line_ids": [
                Command.create(vals)
                for vals in box_model._prepare_line_vals(box.bodies, items)
            ],
            **box_model._prepare_size_vals(packed.carton, volume),
            **box_model._prepare_weight_vals(job, packed.carton.outer, box.gross),
            "tare_weight": units.weight_of(max(box.gross - content, 0)),
            "content_weight": units.weight_of(content),
        }

    def action_undo(self):
        """Take the goods out of the packages again, and plan anew."""
        self._check_own()
        self.picking_ids.oms_pack_plan_ids.filtered(
            lambda plan: plan.state == "applied"
        ).action_undo()
        self._load()
        return self._get_action()

    def action_print_slip(self):
        """Print the slips of the plans on the bench."""
        self._check_own()
        transfers = self._get_draft().transfers
        plans = self.env["oms.pack.plan"].browse(one.plan_id for one in transfers)
        return plans.action_print_slip()
