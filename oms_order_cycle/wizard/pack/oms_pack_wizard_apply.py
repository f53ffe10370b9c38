from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools.packer.bench_draft import BenchDraft, DraftTransfer
from ...tools.packer.by_hand import HandPacking
from ...tools.packer.geometry import unpack_geometry
from ...tools.packer.planner import Packer
from ...tools.units import Units
from .oms_pack_wizard import DEADLINE


class OmsPackWizard(models.TransientModel):
    """How what is on the bench becomes packages: as it was packed, whatever was planned
    in the meantime."""

    _inherit = "oms.pack.wizard"

    def action_apply_or_ask(self):
        """Apply, or have the cursor put where the reason is to be given."""
        self._check_own()
        if self._lacks_reason():
            return {
                "type": "ir.actions.client",
                "tag": "oms_pack_ask_reason",
                "params": {"message": self._get_reason_wanted()},
            }
        return self.action_apply()

    def action_apply(self):
        """Make Odoo's packages from what is on the bench."""
        run = self._apply_draft()
        return run._get_action() if run else {"type": "ir.actions.act_window_close"}

    def _apply_draft(self):
        """Apply what is on the bench.

        :return: the ``oms.pack.run`` that packs very many boxes, none if all is packed
        """
        self._check_own()
        self.picking_ids.sudo().oms_pack_plan_ids._check_not_being_applied()
        if self._lacks_reason():
            raise UserError(self._get_reason_wanted())
        draft = self._get_draft()
        stale = self._get_stale(draft)
        plans = self.env["oms.pack.plan"].sudo()
        for transfer in draft.open_transfers:
            if transfer.filled:
                plans |= self._get_plan_to_apply(transfer, transfer in stale)
        if not plans:
            raise UserError(self._get_no_box_message(draft))
        run = plans.with_env(self.env)._apply_or_queue()
        self.sudo().write({"draft": False, "is_kept": False})
        plans._clear_bench(self.id)
        return run

    @api.model
    def _apply_plan(self, plan):
        """Apply a plan in hand as if it lay on a bench.

        :param plan: ``oms.pack.plan`` that is proposed
        :return: the ``oms.pack.run`` that packs it, if it has very many boxes
        """
        picking = plan.picking_id
        bench = self.create({"picking_ids": [Command.set(picking.ids)]})
        draft = BenchDraft([DraftTransfer.from_plan(picking, plan, plan.browse())])
        bench.sudo().draft = draft.to_json()
        return bench._apply_draft()

    def _lacks_reason(self):
        return self.is_changed and self.has_faults and not (self.reason or "").strip()

    def _get_reason_wanted(self):
        return self.env._("Some goods do not fit. Give a reason to pack it anyway.")

    # -- planned anew in the meantime -------------------------------------------------

    def _get_stale(self, draft):
        """Transfers of the bench whose plan is not what would be planned now: they were
        planned anew, or sizes, cartons or the carrier have changed.

        :param draft: ``BenchDraft``
        """
        stale = []
        plans = self.env["oms.pack.plan"].sudo()
        packer = Packer(self.env)
        for transfer in draft.open_transfers:
            plan = plans.browse(transfer.plan_id or ()).exists()
            picking = self.env["stock.picking"].browse(transfer.picking_id)
            if plan.state not in ("proposed", "failed"):
                stale.append(transfer)
            elif plan.state == "proposed" and plan.signature:
                job = picking._oms_get_pack_job(here=True)
                if plan.carrier_id.id != (job.carrier_id or False) or (
                    plan._has_contents(job) and plan._is_outdated(job, packer)
                ):
                    stale.append(transfer)
        return stale

    def _get_plan_to_apply(self, transfer, is_stale):
        """The plan of what is on the bench: the proposal, or one of what was packed.

        :param transfer: ``DraftTransfer``
        :param bool is_stale: whether something else would be planned now
        """
        picking = self.picking_ids.filtered(lambda one: one.id == transfer.picking_id)
        if not picking:
            raise UserError(self.env._("This transfer is not on the bench."))
        plans = self.env["oms.pack.plan"].sudo()
        plan = plans.browse(transfer.plan_id or ()).exists()
        current = picking.sudo().oms_pack_plan_ids.filtered(
            lambda one: one.state in ("proposed", "failed")
        )[:1]
        self._check_still_there(picking, transfer)
        if not (is_stale or transfer.changed):
            return plan
        hand = HandPacking(picking, transfer, DEADLINE)
        if is_stale:
            self._check_stale(transfer, hand)
            newer = current.offer_id or current
            if newer != plan and self._is_packed_like(transfer, newer):
                newer._take()
                return newer
            same_carrier = plan.carrier_id.id == (hand.job.carrier_id or False)
            if newer == plan and same_carrier and not transfer.changed:
                return plan
        return self._make_manual(transfer, hand, current or plan)

    def _check_still_there(self, picking, transfer):
        """Refuse what somebody else has packed meanwhile.

        :raise UserError: who did
        """
        later = picking.sudo().oms_pack_plan_ids.filtered(
            lambda plan: plan.state == "applied" and plan.id not in transfer.applied_ids
        )[:1]
        if later and not picking._oms_get_loose_lines():
            raise UserError(
                self.env._(
                    "%(user)s has packed %(picking)s in the meantime. Close the bench.",
                    user=later.applied_by.name or "",
                    picking=picking.name,
                )
            )

    def _check_stale(self, transfer, hand):
        """Check what was packed by a former plan with what holds now.

        :raise UserError: if something does not fit, and no reason is given
        """
        hand.price_anew()
        transfer.faults = self._find_faults(hand)
        of_boxes = [fault for box in transfer.boxes for fault in box.faults]
        faults = [*transfer.faults, *of_boxes]
        if faults and not (self.reason or "").strip():
            raise UserError(
                "\n".join(dict.fromkeys([self._get_reason_wanted(), *faults]))
            )

    @staticmethod
    def _is_packed_like(transfer, plan):
        """Whether a plan has the same boxes as what was packed."""
        planned = Counter(
            (box.package_type_id.id, *sorted(
                (line.product_id.id, line.uom_id.id, line.quantity)
                for line in box.line_ids
            ))
            for box in plan.box_ids
        )  # fmt: skip
        packed = Counter(
            (box.type_id or False, *sorted(
                (*map(int, key.split("-")), number)
                for key, number in box.bodies.items()
            ))
            for box in transfer.filled
        )  # fmt: skip
        return planned == packed

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

    # -- packed by hand ---------------------------------------------------------------

    def _make_manual(self, transfer, hand, origin):
        """Keep what somebody packed as a plan; the proposal is overridden.

        :param transfer: ``DraftTransfer``
        :param hand: ``HandPacking`` of it
        :param origin: the proposal, if there is one
        """
        picking = self.env["stock.picking"].browse(transfer.picking_id)
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
                "is_weightless": origin.is_weightless,
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
            "name": box_model._get_carton_name(package_type),
            "package_type_id": box.type_id,
            "is_own_carton": box.own,
            "package_name": box.number or False,
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
