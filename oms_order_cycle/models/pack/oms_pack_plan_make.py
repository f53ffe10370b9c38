from collections import defaultdict
from copy import deepcopy

from odoo import api, models
from odoo.fields import Command
from odoo.tools import ormcache

from ...packing import Aim, Reason
from ...tools.guard import aside
from ...tools.packer.contents import split_key
from ...tools.packer.geometry import outer_of
from ...tools.packer.planner import Packer
from ...tools.parcel_price import finite
from ...tools.units import Units


class OmsPackPlan(models.Model):
    """How plans are made: the engine is asked, and its answer put into words."""

    _inherit = "oms.pack.plan"

    @api.model
    @ormcache()
    def _is_in_use(self):
        """Whether cartons are planned here, or have been; asked for each transfer."""
        return self.env["stock.package.type"]._oms_is_packing_set_up() or bool(
            self.sudo().search_count([], limit=1)
        )

    @api.model
    @api.private
    def _make(self, jobs, packer=None, released=None):
        """Make a plan for each transfer; a failure becomes a failed plan.

        :param dict jobs: ``{picking: packer.contents.Job}``
        :param released: plans in hand whose place may be taken all the same
        :return: plans, one for each transfer, what is in hand where nothing better was
            found; fewer if the packer's time is spent
        """
        packer = packer or Packer(self.env)
        self = self.sudo()
        pickings = self.env["stock.picking"].union(*jobs)
        packer.free(pickings)
        # if that fails, each transfer finds out by itself
        with aside(
            self.env,
            "The sizes of %s transfers cannot be read",
            len(jobs),
            writes=False,
        ):
            packer.prefetch(jobs.values())
        vals_list = []
        for picking, job in jobs.items():
            if packer.is_spent:
                break
            vals_list.append(self._make_vals(picking, job, packer))
        return self._make_beside(vals_list, released or self.browse())

    @api.model
    def _make_vals(self, picking, job, packer):
        """Values of the plan of a transfer, or that it failed and why."""
        vals = self._job_vals(picking, job)
        with aside(
            self.env, "Transfer %s cannot be planned", picking.name, writes=False
        ) as outcome:
            answer = packer.remember(job, lambda: self._plan_vals(job, packer))
            packer.take(command[2]["package_type_id"] for command in answer["box_ids"])
            return {**vals, **deepcopy(answer)}
        error = outcome.error
        return {**vals, "state": "failed", "error": str(error) or type(error).__name__}

    @api.model
    def _job_vals(self, picking, job):
        return {
            "picking_id": picking.id,
            "company_id": job.company_id,
            "partner_id": picking.partner_id.id,
            "carrier_id": job.carrier_id,
            "ship_date": job.date,
            "signature": self._sign(job),
        }

    @api.model
    def _sign(self, job):
        """What a plan depends on, to see whether it still holds."""
        contents = sorted(
            (content.product_id, round(content.quantity, 6), *content.uom_ids)
            for content in job.contents
        )
        return f"{job.carrier_id}|{contents}"

    @api.model
    def _trim(self, boxes, job):
        """Quantities that are not whole: the last body holds less than its unit.

        :param list boxes: values of boxes, changed in place
        :return: the boxes
        """
        products = self.env["product.product"]
        rows = [command[2] for box in boxes for command in box["line_ids"]]
        for content in job.contents:
            product = products.browse(content.product_id)
            mine = [row for row in rows if row["product_id"] == product.id]
            over = sum(row["product_qty"] for row in mine) - content.quantity
            units = [row for row in mine if row["uom_id"] == product.uom_id.id]
            if units and 0 < over < 1 and product.uom_id.compare(over, 0) > 0:
                units[-1]["product_qty"] -= over
        return boxes

    def _is_outdated(self, job, packer):
        """Whether contents, sizes, cartons or prices are not those of the plan."""
        self.ensure_one()
        return self.signature != self._sign_all(job, packer)

    @api.model
    def _sign_all(self, job, packer):
        """What a plan depends on, with sizes, cartons and prices."""
        return f"{self._sign(job)}|{packer.sign(job)}"

    def _has_contents(self, job):
        """Whether the plan is for these contents and this carrier."""
        return (self[:1].signature or "").startswith(f"{self._sign(job)}|")

    @api.model
    def _plan_vals(self, job, packer):
        """What the plan says, whatever transfer it is for."""
        answer = packer.answer(job)
        bodies = {item.key: item for item in answer.items}
        boxes = [
            {
                **self.env["oms.pack.box"]._prepare_box_vals(
                    job, box, bodies, number, packer
                ),
                **self._why_vals(why, packer.objective(job)),
            }
            for number, (box, why) in enumerate(
                zip(answer.plan.boxes, answer.why, strict=True), start=1
            )
        ]
        totals = self._boxes_vals(self._trim(boxes, job), job, packer)
        return {
            **totals,
            **self._comparison_vals(answer, totals, job, packer),
            "signature": self._sign_all(job, packer),
            "reason": self._get_reason(boxes),
            "is_guessed": answer.guessed,
            "is_weightless": any(item.weight <= 0 for item in answer.items),
            "seconds": answer.seconds,
            **self._left_out_vals(answer.plan),
        }

    @api.model
    def _left_out_vals(self, plan):
        """What a ``packing.Plan`` leaves out, why, and what was made most of."""
        vals = self._unpacked_vals(
            [
                (key, quantity, self._get_reason_message(reason))
                for key, quantity, reason in plan.unpacked
            ]
        )
        if plan.aim is Aim.MOST_VALUE:
            aim = self.env._(
                "There are too few cartons: chosen was what is worth most of the order"
                " lines' amounts, then what has most volume."
            )
            vals["unpacked_note"] = "\n".join((vals["unpacked_note"], aim))
        return vals

    @api.model
    def _why_vals(self, why, objective):
        """Why a box has its carton, and what a little smaller contents would save."""
        saving, units = why.nearly_saving, Units.of(self.env)
        by_weight = objective.minimised == "weight"
        return {
            "reason": why.text,
            "nearly_mm": why.nearly_mm,
            "nearly_side": why.nearly_side,
            "nearly_product_id": why.nearly_key and split_key(why.nearly_key)[0],
            "nearly_saving": 0 if by_weight else saving,
            "nearly_weight": units.weight_from(saving, objective.unit)
            if by_weight
            else 0,
        }

    @api.model
    def _comparison_vals(self, answer, totals, job, packer):
        """The plan beside the best that can be, and what is usual."""
        plan, objective = answer.plan, packer.objective(job)
        unproven = objective.is_shipment or answer.guessed
        vals = {
            # parcels that are billed together are chosen one by one: nothing is proven
            # and sizes that were guessed prove nothing
            "bound": 0 if unproven else finite(plan.bound),
            "is_proven": plan.proven and not unproven,
            "usual_price": totals["price"],
            "usual_objective": totals["objective"],
        }
        if answer.usual is not None:
            vals["usual_price"] = packer.cost(job, answer.usual)
            vals["usual_objective"] = (
                objective.total([parcel[:2] for parcel in answer.usual])
                if objective.minimised == "weight"
                else vals["usual_price"]
            )
        return {**vals, "saving": max(vals["usual_price"] - totals["price"], 0)}

    @api.model
    def _get_reason(self, boxes):
        """Why the first carton was chosen; what ships as it is needs no reason."""
        chosen = [box for box in boxes if not box["is_own_carton"]] or boxes
        return chosen[0]["reason"] if chosen else False

    @api.model
    def _boxes_vals(self, boxes, job, packer):
        """Totals of the boxes, and the boxes themselves.

        :param boxes: values of ``oms.pack.box``
        :param job: what they are packed for
        :param packer: ``Packer`` that knows its prices
        """
        price, objective = packer.price(job), packer.objective(job)
        units = {box["carrier_unit"] for box in boxes}
        billed = {}
        if boxes and objective.is_shipment:
            boxes, billed = self._bill_together(boxes, job, packer)
        vals = {
            "box_ids": [Command.create(box) for box in boxes],
            "box_count": len(boxes),
            "gross_weight": sum(box["gross_weight"] for box in boxes),
            "billable_weight": sum(box["billable_weight"] for box in boxes),
            "carrier_unit": units.pop() if len(units) == 1 else False,
            "carrier_billable": sum(box["carrier_billable"] for box in boxes),
            "price": sum(box["price"] for box in boxes),
            "has_tariff": price.is_tariff,
            "minimised": objective.minimised,
            **billed,
        }
        if objective.minimised == "weight":
            return {
                **vals,
                "objective": vals["carrier_billable"],
                "objective_unit": objective.unit,
            }
        company = self.env["res.company"].browse(job.company_id)
        return {
            **vals,
            "objective": vals["price"],
            "objective_unit": company.currency_id.name,
        }

    @api.model
    def _bill_together(self, boxes, job, packer):
        """For carriers that add up parcels before they round: one bill for all.

        :return: the boxes, each with its share of the price; totals of the shipment
        """
        price = packer.price(job)
        parcels = [(outer_of(box["geometry"]), box["gross_grams"]) for box in boxes]
        billed = price.bill_all(parcels)
        if packer.has_cost(job):
            alone = [finite(price(*parcel)) for parcel in parcels]
            shares = self._share_out(finite(price.total(parcels)), alone)
            boxes = [
                {**box, "price": share + packer.carton_cost(box["package_type_id"])}
                for box, share in zip(boxes, shares, strict=True)
            ]
        return boxes, {
            "billable_weight": price.units.weight_from(billed.billable, billed.unit),
            "carrier_billable": float(billed.billable),
        }

    @api.model
    def _share_out(self, total, weights):
        """``total`` in parts as large as the weights; rounded, they still add up."""
        whole = sum(weights)
        if not whole:
            return [total / len(weights)] * len(weights)
        shares, due, given = [], 0.0, 0.0
        for weight in weights:
            due += total * weight / whole
            shares.append(round(due - given, 2))
            given += shares[-1]
        return shares

    @api.model
    def _unpacked_vals(self, unpacked):
        """What is in no box, and why.

        :param unpacked: list of ``(key, quantity, reason in words)``
        """
        if not unpacked:
            return {}
        counts = defaultdict(int)
        for key, quantity, reason in unpacked:
            counts[key, reason] += quantity
        names = self._body_names({key for key, _reason in counts})
        return {
            "unpacked": [
                [key, quantity, reason] for (key, reason), quantity in counts.items()
            ],
            "unpacked_note": "\n".join(
                self.env._(
                    "%(quantity)s x %(name)s: %(reason)s",
                    quantity=quantity,
                    name=names[key],
                    reason=reason,
                )
                for (key, reason), quantity in counts.items()
            ),
        }

    @api.model
    def _get_reason_message(self, reason):
        """Why something is not packed, in the language of the user.

        :param reason: ``packing.Reason``
        """
        return self._get_reason_messages()[reason]

    @api.model
    def _get_reason_messages(self):
        """Words for every ``packing.Reason``."""
        return {
            Reason.NO_SIZE: self.env._("its size is not known"),
            Reason.NEGATIVE_WEIGHT: self.env._("its weight is negative"),
            Reason.NO_UPRIGHT_EDGE: self.env._("no edge may stand upright"),
            Reason.REFUSED_AS_IT_IS: self.env._(
                "the carrier does not take it as it is"
            ),
            Reason.NO_CARTON_OFFERED: self.env._("there is no carton to use"),
            Reason.TOO_LONG: self.env._("longer than every carton"),
            Reason.TOO_LARGE: self.env._(
                "larger than every carton in every position it may have"
            ),
            Reason.NO_ROOM_FOR_FILLING: self.env._(
                "leaves too little room for filling in every carton"
            ),
            Reason.TOO_HEAVY: self.env._(
                "heavier than the limit of every carton it fits in"
            ),
            Reason.REFUSED: self.env._("the carrier takes no carton it fits in"),
            Reason.GROUP_TOO_LARGE: self.env._(
                "does not go into one carton with all that must stay together"
            ),
            Reason.OUT_OF_CARTONS: self.env._("not enough cartons left"),
        }

    @api.model
    @api.private
    def _body_names(self, keys):
        """``{key: what a packer calls it}``, with the unit unless it is the usual."""
        pairs = {key: split_key(key) for key in keys if isinstance(key, str)}
        products = self.env["product.product"].sudo()
        products = products.browse({pair[0] for pair in pairs.values()})
        products.fetch(["display_name", "uom_id"])
        names = {}
        for key, (product_id, uom_id) in pairs.items():
            product = products.browse(product_id)
            uom = self.env["uom.uom"].browse(uom_id)
            names[key] = product.display_name
            if uom != product.uom_id:
                names[key] = f"{product.display_name} ({uom.name})"
        return names
