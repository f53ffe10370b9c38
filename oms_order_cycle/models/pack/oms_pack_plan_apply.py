from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import UserError

from ...tools.packer.planner import Packer


class OmsPackPlan(models.Model):
    """How plans are applied and undone, and what was packed of them in the end."""

    _inherit = "oms.pack.plan"

    # -- applying -----------------------------------------------------------------

    def action_apply(self):
        """Make Odoo's packages as planned; of very many boxes in the background.

        :return: the action that shows the background run, ``True`` if all is packed
        """
        self.picking_id._oms_check_can_pack()
        self._check_not_being_applied()
        self.filtered(lambda plan: plan.state == "offered").action_take()
        wrong = self.filtered(lambda plan: plan.state != "proposed")
        if wrong:
            raise UserError(
                self.env._("Only a proposed plan can be applied, once: %s.",
                           ", ".join(wrong.mapped("display_name")))
            )  # fmt: skip
        # what somebody packs by is kept as it was packed, and checked like a bench
        in_hand = self.filtered("is_in_hand")
        runs = self.env["oms.pack.run"]
        for plan in in_hand:
            runs |= self.env["oms.pack.wizard"]._apply_plan(plan)
        rest = self - in_hand
        if rest:
            rest._check_up_to_date()
            runs |= rest._apply_or_queue()
        return runs[:1]._get_action() if runs else True

    def _check_up_to_date(self):
        """Sizes are measured and cartons change while plans wait."""
        packer = Packer(self.env)
        jobs = {
            plan: plan.picking_id._oms_get_pack_job(here=True) for plan in self.sudo()
        }
        packer.prefetch(jobs.values())
        old = self.browse(
            plan.id
            for plan, job in jobs.items()
            if plan.carrier_id.id != (job.carrier_id or False)
            or (plan._has_contents(job) and plan._is_outdated(job, packer))
        )
        if old:
            raise UserError(
                self.env._(
                    "Sizes, cartons or prices have changed since this was planned."
                    " Plan again: %s.",
                    ", ".join(old.mapped("display_name")),
                )
            )

    def _apply(self):
        """Pack: split the lines of the transfers over new packages."""
        now = fields.Datetime.now()
        for plan in self.sudo():
            plan._check_contents(plan.box_ids)
        self.sudo().box_ids._pack()
        self.sudo().write(
            {"state": "applied", "applied_at": now, "applied_by": self.env.uid}
        )
        self.sudo()._supersede_offers()

    def _check_contents(self, boxes):
        """Refuse a plan for other contents than are there now.

        :param boxes: of the plan that are to be packed
        """
        self.ensure_one()
        if self.picking_id.state in ("done", "cancel"):
            raise UserError(
                self.env._("%s is closed: it is packed already.", self.picking_id.name)
            )
        have = self.picking_id._oms_get_loose_quantities()
        wanted = defaultdict(float)
        for line in boxes.line_ids:
            wanted[line.product_id] += line.product_qty
        short = [
            self.env._(
                "%(product)s: %(wanted)g planned, %(have)g there",
                product=product.display_name,
                wanted=quantity,
                have=have.get(product, 0),
            )
            for product, quantity in wanted.items()
            if product.uom_id.compare(quantity, have.get(product, 0)) > 0
        ]
        if short:
            raise UserError(
                self.env._(
                    "%(picking)s holds less than this plan packs. Check availability"
                    " or plan again.\n%(lines)s",
                    picking=self.picking_id.name,
                    lines="\n".join(short),
                )
            )

    def action_undo(self):
        """Take the goods out of the packages of applied plans."""
        self.picking_id._oms_check_can_pack()
        for plan in self:
            if plan.state != "applied":
                raise UserError(self.env._("%s is not applied.", plan.display_name))
            if plan.picking_id.state in ("done", "cancel"):
                raise UserError(
                    self.env._(
                        "%s is closed: what is packed stays packed.",
                        plan.picking_id.name,
                    )
                )
        for plan in self.sudo():
            plan.box_ids._unpack()
            again = plan
            if plan.is_manual and plan.origin_id:
                plan.state = "superseded"
                again = plan.origin_id
            elif plan.is_manual:
                plan.state = "superseded"
                continue
            again.write(
                {
                    "state": "proposed",
                    "applied_at": False,
                    "applied_by": False,
                    "overridden_by": False,
                    "overridden_at": False,
                    "override_reason": False,
                }
            )
        return True

    def _mark_overridden(self, reason):
        self.sudo().write(
            {
                "state": "overridden",
                "overridden_by": self.env.uid,
                "overridden_at": fields.Datetime.now(),
                "override_reason": reason,
            }
        )

    # -- what was packed ----------------------------------------------------------

    def _note_packed(self):
        """At the end of the transfers: remember what was really packed.

        Each package counts for one proposal: the one it was made of, the one that
        somebody changed into it, or the one that Put in Pack took the place of.
        """
        for picking, plans in self.sudo().grouped("picking_id").items():
            packages = picking._oms_get_made_packages()
            proposals = plans.filtered(lambda plan: not plan.is_manual)
            rest = (
                packages
                - plans.filtered(
                    lambda plan: plan.state == "applied"
                ).box_ids.package_id
            )
            for plan in proposals.sorted("id"):
                if plan.state == "applied":
                    here = plan.box_ids.filtered(
                        lambda box, packages=packages: box.package_id in packages
                    )
                    # boxes that go on with a backorder are not compared here
                    plan._keep_packed(
                        here.package_id, sum(here.mapped("billable_weight"))
                    )
                elif plan.state == "overridden":
                    changed = plans.filtered(
                        lambda other, plan=plan: (
                            other.origin_id == plan and other.state == "applied"
                        )
                    )
                    if changed:
                        here = changed.box_ids.package_id & packages
                        whole = here == changed.box_ids.package_id
                        plan._keep_packed(here, plan.billable_weight if whole else None)
                    else:
                        plan._keep_packed(rest, plan.billable_weight)
                        rest = rest.browse()

    def _keep_packed(self, packages, planned):
        """Keep what was packed of a proposal.

        :param packages: that were made instead of its boxes
        :param planned: billable weight they are compared with, in the unit of the
            database; ``None`` if they cannot be compared
        """
        self.ensure_one()
        packed = sum(packages.mapped("oms_billable_weight"))
        self.write(
            {
                "packing_done_at": self.picking_id.date_done or fields.Datetime.now(),
                "packed_boxes": len(packages),
                "packed_weight": sum(packages.mapped("shipping_weight")),
                "packed_billable": packed,
                "billable_difference": packed - planned
                if packages and planned is not None
                else 0,
            }
        )
