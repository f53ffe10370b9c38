import logging
from collections import defaultdict
from copy import deepcopy
from decimal import Decimal

from odoo import api, models
from odoo.fields import Command
from odoo.tools import ormcache

from ...packing import Reason
from ...tools.pack_bench import PackBench, finite
from ...tools.pack_reasons import split_key

_logger = logging.getLogger(__name__)


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
    def _make(self, jobs, bench=None):
        """Make a plan for each transfer; a failure becomes a failed plan.

        :param dict jobs: ``{picking: job of the bench}``
        :return: plans, in the order of the jobs; fewer if the bench's time is spent
        """
        bench = bench or PackBench(self.env)
        self = self.sudo()
        pickings = self.env["stock.picking"].union(*jobs)
        bench.free(pickings)
        try:
            with self.env.cr.savepoint(flush=False):
                bench.prefetch(jobs.values())
        except Exception:
            # each transfer finds out by itself
            _logger.exception("The sizes of %s transfers cannot be read", len(jobs))
        vals_list = []
        for picking, job in jobs.items():
            if bench.is_spent:
                break
            try:
                with self.env.cr.savepoint(flush=False):
                    vals = {
                        **self._job_vals(picking, job),
                        **deepcopy(
                            bench.remember(
                                job, lambda job=job: self._plan_vals(job, bench)
                            )
                        ),
                    }
                    bench.take(
                        command[2]["package_type_id"] for command in vals["box_ids"]
                    )
            except Exception as error:
                _logger.exception("Transfer %s cannot be planned", picking.name)
                vals = {
                    **self._job_vals(picking, job),
                    "state": "failed",
                    "error": str(error) or type(error).__name__,
                }
            vals_list.append(vals)
        planned = pickings.browse(vals["picking_id"] for vals in vals_list)
        planned.sudo().oms_pack_plan_ids.filtered(
            lambda plan: plan.state in ("proposed", "failed")
        ).state = "superseded"
        return self.create(vals_list)

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

    def _is_outdated(self, job, bench):
        """Whether contents, sizes, cartons or prices are not those of the plan."""
        self.ensure_one()
        return self.signature != self._sign_all(job, bench)

    @api.model
    def _sign_all(self, job, bench):
        """What a plan depends on, with sizes, cartons and prices."""
        return f"{self._sign(job)}|{bench.sign(job)}"

    def _has_contents(self, job):
        """Whether the plan is for these contents and this carrier."""
        return (self[:1].signature or "").startswith(f"{self._sign(job)}|")

    @api.model
    def _plan_vals(self, job, bench):
        """What the plan says, whatever transfer it is for."""
        answer = bench.answer(job)
        plan, price = answer.plan, bench.price(job)
        bodies = {item.key: item for item in answer.items}
        boxes = [
            {
                **self.env["oms.pack.box"]._prepare_box_vals(job, box, bodies, number),
                "reason": why.text,
                "nearly_mm": why.nearly_mm,
                "nearly_side": why.nearly_side,
                "nearly_product_id": why.nearly_key and split_key(why.nearly_key)[0],
                "nearly_saving": why.nearly_saving,
            }
            for number, (box, why) in enumerate(
                zip(plan.boxes, answer.why, strict=True), start=1
            )
        ]
        totals = self._boxes_vals(self._trim(boxes, job), price)
        return {
            **totals,
            "signature": self._sign_all(job, bench),
            # parcels that are billed together are chosen one by one: nothing is proven
            "bound": 0 if price.is_shipment else finite(plan.bound),
            "is_proven": plan.proven and not price.is_shipment,
            "usual_price": finite(answer.baseline),
            "saving": max(finite(answer.baseline) - totals["price"], 0),
            "reason": self._get_reason(boxes),
            "is_guessed": answer.guessed,
            "seconds": answer.seconds,
            **self._unpacked_vals(plan.unpacked),
        }

    @api.model
    def _get_reason(self, boxes):
        """Why the first carton was chosen; what ships as it is needs no reason."""
        chosen = [box for box in boxes if not box["is_own_carton"]] or boxes
        return chosen[0]["reason"] if chosen else False

    @api.model
    def _boxes_vals(self, boxes, price):
        """Totals of the boxes, and the boxes themselves.

        :param boxes: values of ``oms.pack.box``
        :param price: ``ParcelPrice`` of the job
        """
        units = {box["carrier_unit"] for box in boxes}
        billed = {}
        if boxes and price.is_shipment:
            boxes, billed = self._bill_together(boxes, price)
        return {
            "box_ids": [Command.create(box) for box in boxes],
            "box_count": len(boxes),
            "gross_weight": sum(box["gross_weight"] for box in boxes),
            "billable_weight": sum(box["billable_weight"] for box in boxes),
            "carrier_unit": units.pop() if len(units) == 1 else False,
            "carrier_billable": sum(box["carrier_billable"] for box in boxes),
            "price": sum(box["price"] for box in boxes),
            **billed,
        }

    @api.model
    def _bill_together(self, boxes, price):
        """For carriers that add up parcels before they round: one bill for all.

        :return: the boxes, each with its share of the price; totals of the shipment
        """
        parcels = [
            (tuple(map(Decimal, box["geometry"]["outer"])), box["gross_grams"])
            for box in boxes
        ]
        alone = [finite(price(*parcel)) for parcel in parcels]
        shares = self._share_out(finite(price.total(parcels)), alone)
        types = self.env["stock.package.type"].sudo()
        boxes = [
            {**box, "price": share + types.browse(box["package_type_id"]).oms_cost}
            for box, share in zip(boxes, shares, strict=True)
        ]
        billed = price.bill_all(parcels)
        weight = price.units.weight_from(billed.billable, billed.unit)
        return boxes, {
            "billable_weight": weight,
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
        if not unpacked:
            return {}
        counts = defaultdict(int)
        for key, quantity, reason in unpacked:
            counts[key, self._reason_words(reason)] += quantity
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
    def _reason_words(self, reason):
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
