from odoo import fields, models
from odoo.exceptions import UserError

#: Boxes that are applied at once; more are in the background.
AT_ONCE_MAX = 500
#: Boxes applied in one transaction of the background.
CHUNK = 200


class OmsPackPlan(models.Model):
    """Plans of very many boxes: applied in the background, some boxes at a time.

    Until all its boxes are packages such a plan stays a proposal in hand: nothing takes
    its place, and nobody else packs. What was packed when it ends early is applied, the
    rest is planned anew.
    """

    _inherit = "oms.pack.plan"

    apply_run_id = fields.Many2one(
        "oms.pack.run",
        string="Background Run",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The background run that makes its packages at this moment.",
    )

    def _apply_or_queue(self):
        """Pack: at once, or in the background if there are very many boxes.

        :return: the ``oms.pack.run`` that packs, none if all is packed
        """
        self._check_not_being_applied()
        if sum(self.sudo().mapped("box_count")) <= AT_ONCE_MAX:
            self._apply()
            return self.env["oms.pack.run"]
        for plan in self.sudo():
            plan._check_contents(plan.box_ids)
        return self.env["oms.pack.run"]._start_applying(self)

    def _check_not_being_applied(self):
        """Refuse to touch what the background packs.

        :raise UserError: how far it is
        """
        plans = self.sudo().filtered(lambda plan: plan._is_applied_by())
        notes = [plan._get_applying_note() for plan in plans]
        if notes:
            raise UserError("\n".join(notes))

    def _is_applied_by(self):
        """The run that packs by this proposal at this moment, if any."""
        self.ensure_one()
        run = self.apply_run_id
        return run if self.state == "proposed" else run.browse()

    def _get_applying_note(self):
        self.ensure_one()
        return self.env._(
            "%(picking)s is packed in the background for %(user)s: %(done)s of"
            " %(total)s boxes",
            picking=self.picking_id.name,
            user=self.apply_run_id.user_id.name or "",
            done=len(self.box_ids.filtered("package_id")),
            total=self.box_count,
        )

    def _apply_some(self):
        """Make packages of the next boxes.

        :return: how many were made; 0 when there are none left to make
        :raise UserError: if the goods for what is left are not there any more
        """
        self.ensure_one()
        boxes = self.box_ids.filtered(lambda box: not box.package_id)
        is_open = self.picking_id.state not in ("done", "cancel")
        if not boxes or not is_open or not self._is_applied_by():
            self._end_applying()
            return 0
        self._check_contents(boxes)
        packages = boxes[:CHUNK]._pack()
        if len(packages) == len(boxes):
            self._end_applying()
        return len(packages)

    def _end_applying(self):
        """What is in packages was applied; of the other boxes nothing is kept."""
        for plan in self.sudo().filtered("apply_run_id"):
            packed = plan.box_ids.filtered("package_id")
            user = plan.apply_run_id.user_id
            plan.apply_run_id = False
            if plan.state != "proposed" or not packed:
                continue
            left = plan.box_ids - packed
            left.unlink()
            plan.write(
                {
                    "state": "applied",
                    "applied_at": fields.Datetime.now(),
                    "applied_by": user.id,
                    **(plan._get_totals(packed) if left else {}),
                }
            )
            plan._supersede_offers()
            if left:
                plan.picking_id._oms_plan_automatically()

    def _get_totals(self, boxes):
        """Totals of a plan of which only these boxes were made."""
        names = ("gross_weight", "billable_weight", "carrier_billable", "price")
        totals = {name: sum(boxes.mapped(name)) for name in names}
        made = totals["carrier_billable" if self.minimised == "weight" else "price"]
        # of a part nothing is proven
        return {
            **totals,
            "box_count": len(boxes),
            "objective": made,
            "bound": 0,
            "is_proven": False,
        }

    def _supersede_offers(self):
        self.picking_id.oms_pack_plan_ids.filtered(
            lambda plan: plan.state == "offered"
        ).state = "superseded"
