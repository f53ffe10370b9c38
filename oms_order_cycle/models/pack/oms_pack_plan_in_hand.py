from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_datetime, format_time

#: Hours a bench is taken to be worked at: screens are left open over night.
BENCH_HOURS = 24


class OmsPackPlan(models.Model):
    """Plans that somebody packs by at this moment.

    What lies on an open packing bench or was printed is not taken out of the packer's
    hands: another plan is offered beside it.
    """

    _inherit = "oms.pack.plan"

    bench_by = fields.Many2one("res.users", string="On the Bench Of", readonly=True)
    bench_since = fields.Datetime(string="On the Bench Since", readonly=True)
    bench_key = fields.Integer(
        readonly=True,
        aggregator=None,
        index="btree_not_null",
        help="The packing bench it lies on.",
    )
    printed_by = fields.Many2one("res.users", readonly=True)
    printed_at = fields.Datetime(string="Printed On", readonly=True)
    is_in_hand = fields.Boolean(
        string="Being Packed",
        compute="_compute_is_in_hand",
        help="It lies on a packing bench or was printed: another plan is offered beside"
        " it and does not take its place.",
    )
    in_hand_note = fields.Char(string="In Work", compute="_compute_in_hand_note")
    offer_id = fields.Many2one(
        "oms.pack.plan", string="Offered Plan", compute="_compute_offer_id"
    )
    offer_note = fields.Char(compute="_compute_offer_note")

    @api.depends("state", "bench_since", "printed_at", "apply_run_id")
    def _compute_is_in_hand(self):
        limit = fields.Datetime.now() - timedelta(hours=BENCH_HOURS)
        for plan in self:
            plan.is_in_hand = plan.state in ("proposed", "failed") and bool(
                plan.printed_at
                or plan.sudo().apply_run_id
                or (plan.bench_since and plan.bench_since > limit)
            )

    @api.depends(
        "is_in_hand",
        "bench_by",
        "bench_since",
        "printed_by",
        "printed_at",
        "box_ids.package_id",
    )
    @api.depends_context("lang", "tz")
    def _compute_in_hand_note(self):
        for plan in self:
            words = []
            if plan.is_in_hand and plan.bench_since:
                words.append(
                    self.env._(
                        "On the bench of %(user)s since %(time)s",
                        user=plan.sudo().bench_by.name or "",
                        time=plan._format_moment(plan.bench_since),
                    )
                )
            if plan.is_in_hand and plan.printed_at:
                words.append(
                    self.env._(
                        "Printed by %(user)s at %(time)s",
                        user=plan.sudo().printed_by.name or "",
                        time=plan._format_moment(plan.printed_at),
                    )
                )
            if plan.sudo()._is_applied_by():
                words.append(plan.sudo()._get_applying_note())
            plan.in_hand_note = "; ".join(words) or False

    def _format_moment(self, moment):
        """The time, with the day unless it is today."""
        today = fields.Date.context_today(self)
        if fields.Date.context_today(self, moment) == today:
            return format_time(self.env, moment, time_format="short")
        return format_datetime(self.env, moment, dt_format="short")

    @api.depends("state", "picking_id.oms_pack_plan_ids.state")
    def _compute_offer_id(self):
        for plan in self:
            plan.offer_id = (
                plan.state in ("proposed", "failed")
                and (
                    plan.picking_id.oms_pack_plan_ids.filtered(
                        lambda other: other.state == "offered"
                    )[:1]
                )
            )

    @api.depends("offer_id")
    @api.depends_context("lang")
    def _compute_offer_note(self):
        for plan in self:
            plan.offer_note = bool(plan.offer_id) and plan._explain_offer(plan.offer_id)

    def _explain_offer(self, offer):
        """What is better with an offered plan, in words."""
        self.ensure_one()
        if self._get_job_signature() != offer._get_job_signature():
            cause = self.env._("The goods or the carrier have changed since")
        elif self.signature != offer.signature:
            cause = self.env._("Sizes, cartons or prices have changed since")
        elif offer.minimised == self.minimised and offer.objective < self.objective:
            cause = self.env._(
                "A better plan was found, it saves %s",
                self._format_objective(self.objective - offer.objective),
            )
        else:
            cause = self.env._("Another plan was made")
        return self.env._("%(cause)s: %(plan)s", cause=cause, plan=offer._get_summary())

    def _get_job_signature(self):
        """The part of the signature that tells goods and carrier."""
        return (self.signature or "").rsplit("|", 1)[0]

    # -- in hand --------------------------------------------------------------------

    def _lay_on_bench(self, key):
        """Somebody works with these plans; who was there first stays.

        :param int key: id of the bench
        """
        laid = self.sudo().filtered(lambda plan: plan.is_in_hand and plan.bench_since)
        # another bench of the same packer: the former was not left in order
        mine = laid.filtered(
            lambda plan: plan.bench_by == self.env.user and plan.bench_key != key
        )
        mine.write({"bench_key": key})
        # written in any case: who takes the plan away at this moment is refused
        (self.sudo() - laid).write(
            {
                "bench_by": self.env.uid,
                "bench_since": fields.Datetime.now(),
                "bench_key": key,
            }
        )

    @api.model
    def _clear_bench(self, key):
        """A bench was left; what was offered meanwhile takes the place of what nobody
        has printed.

        :param int key: id of the bench
        """
        plans = self.sudo().search([("bench_key", "=", key)])
        plans.write({"bench_by": False, "bench_since": False, "bench_key": 0})
        plans.filtered(lambda plan: not plan.is_in_hand).offer_id._take()

    def _note_printed(self):
        """Somebody packs by the paper from now on, and writes its numbers on boxes."""
        plans = self.sudo().filtered(
            lambda plan: plan.state in ("proposed", "failed") and not plan.printed_at
        )
        plans.write({"printed_by": self.env.uid, "printed_at": fields.Datetime.now()})
        plans.box_ids._number_packages()

    def action_take(self):
        """Pack by the offered plan from now on, instead of the proposal."""
        self.picking_id._oms_check_can_pack()
        self.sudo().filtered(lambda plan: plan.state == "offered")._take()
        return True

    def action_take_offer(self):
        """Pack by the plan that was offered beside this one."""
        return self.offer_id.action_take()

    def _take(self):
        """Offered plans become the proposals."""
        offers = self.filtered(lambda plan: plan.state == "offered")
        offers.picking_id.oms_pack_plan_ids.filtered(
            lambda plan: plan.state in ("proposed", "failed")
        ).state = "superseded"
        offers.state = "proposed"

    # -- beside what is in hand -------------------------------------------------------

    @api.model
    def _make_beside(self, vals_list, released):
        """Create plans: in the place of the former ones, or offered beside those that
        somebody packs by.

        :param vals_list: values of plans, one for each transfer
        :param released: former plans that the caller himself has in hand
        :return: the current plan for each transfer, or what is offered beside it
        """
        pickings = self.env["stock.picking"].browse(
            vals["picking_id"] for vals in vals_list
        )
        former = pickings.sudo().oms_pack_plan_ids
        former = former.filtered(
            lambda plan: plan.state in ("proposed", "failed", "offered")
        )
        kept = former.filtered("is_in_hand")
        kept -= released.filtered(lambda plan: not plan.sudo()._is_applied_by())
        by_picking = kept.grouped("picking_id")
        to_create, staying = [], self.browse()
        for vals, picking in zip(vals_list, pickings, strict=True):
            current = by_picking.get(picking.sudo(), self.browse())[:1]
            if not current:
                to_create.append(vals)
            elif current._is_worth_offering(vals):
                to_create.append({**vals, "state": "offered"})
            else:
                staying |= current
        (former - kept).state = "superseded"
        return staying | self.create(to_create)

    def _is_worth_offering(self, vals):
        """Whether another plan is offered beside the one in hand.

        :param dict vals: of the other plan
        """
        self.ensure_one()
        if vals.get("state") == "failed" or self._is_applied_by():
            return False
        if self.state == "failed" or self.signature != vals["signature"]:
            return True
        if self.minimised != vals["minimised"]:
            return True
        left = sum(row[1] for row in self.unpacked or ())
        would_leave = sum(row[1] for row in vals.get("unpacked") or ())
        if left != would_leave:
            return would_leave < left
        return vals["objective"] < self.objective - 1e-6
