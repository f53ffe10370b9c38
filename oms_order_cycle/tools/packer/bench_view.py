"""The packing bench as its screen draws it."""

from odoo.tools import float_is_zero

from ..units import Units, unit_names
from .geometry import keys_in_order
from .pictures import picture
from .planner import Packer


class BenchView:
    """Turns a draft into what the screen draws; looks up what its boxes share."""

    def __init__(self, env):
        self.env = env
        self.units = Units.of(env)
        self.packer = Packer(env)

    def show(self, draft):
        """The bench as JSON.

        :param draft: ``BenchDraft``
        """
        return {
            "transfers": [self._show_transfer(one) for one in draft.transfers],
            "multi": len({one.picking_id for one in draft.transfers}) > 1,
        }

    def _show_transfer(self, transfer):
        picking = self.env["stock.picking"].browse(transfer.picking_id)
        plan = self.env["oms.pack.plan"].sudo().browse(transfer.plan_id or ()).exists()
        job = picking._oms_get_pack_job(here=True)
        names = self.env["oms.pack.plan"]._body_names(transfer.keys)
        types = self.env["stock.package.type"].browse(
            carton.key for carton in self.packer.cartons(job)
        )
        boxes = self._show_boxes(transfer, job, names)
        complete = not transfer.loose and not any(box["faults"] for box in boxes)
        return {
            "id": picking.id,
            "plan": plan.id,
            "offset": plan._get_box_offset(),
            "name": picking.name,
            "partner": picking.partner_id.display_name or "",
            "carrier": picking._oms_get_pack_carrier().name or "",
            "applied": transfer.applied,
            "changed": transfer.changed,
            "proven": plan.is_proven,
            "guessed": plan.is_guessed,
            "weightless": plan.is_weightless,
            **self._show_hands(transfer, plan),
            "note": transfer.note,
            "override": plan._get_override() if transfer.applied else "",
            "complete": complete or not transfer.changed,
            "billable": self._show_billable(boxes),
            **self._show_cost(transfer, plan, job, boxes, complete),
            "faults": transfer.faults,
            "loose": [
                {"key": key, "name": names[key], "quantity": number, "reason": reason}
                for key, (number, reason) in transfer.loose.items()
            ],
            "boxes": self._merge_alike(boxes),
            "targets": [box["number"] for box in boxes if not box["own"]],
            "cartons": [{"id": t.id, "name": t.name} for t in types],
        }

    def _show_hands(self, transfer, plan):
        """Who else works with the plan, and what was planned in the meantime."""
        if transfer.applied:
            return {"hands": "", "offer": "", "anew": False}
        elsewhere = plan.bench_by and plan.bench_by != self.env.user
        return {
            "hands": (elsewhere or plan.printed_at) and plan.in_hand_note or "",
            "offer": plan.offer_note or "",
            "anew": plan.state not in ("proposed", "failed"),
        }

    # -- costs in words -------------------------------------------------------------

    def _show_cost(self, transfer, plan, job, boxes, complete):
        """What the boxes cost, beside what was proposed and what is usual."""
        if not transfer.changed:
            return {
                "price": plan.price_label if plan.has_cost else "",
                "saving": plan.currency_id.format(plan.saving) if plan.saving else "",
                "verdict": plan.verdict or "",
                "dearer": "",
            }
        price = self.packer.cost(job, transfer.parcels)
        return {
            "price": plan._format_price(price, self.packer.price(job).is_tariff)
            if self.packer.has_cost(job)
            else "",
            "saving": "",
            "verdict": "",
            "dearer": self._show_dearer(plan, price, boxes) if complete else "",
        }

    @staticmethod
    def _show_dearer(plan, price, boxes):
        """What changed boxes have more than the proposal of what is made least.

        :param plan: the proposal
        :param price: of the changed boxes, in money
        """
        if plan.minimised == "weight":
            more = max(sum(box["billable"] for box in boxes) - plan.objective, 0)
            if not float_is_zero(more, precision_digits=3):
                return plan._format_objective(more)
        elif plan.currency_id.compare_amounts(price, plan.price) > 0:
            return plan.currency_id.format(price - plan.price)
        return ""

    @staticmethod
    def _show_billable(boxes):
        filled = [box for box in boxes if box["contents"]]
        units = {box["unit"] for box in filled}
        if len(units) != 1:
            return ""
        return f"{sum(box['billable'] for box in filled):g} {units.pop()}"

    # -- boxes ------------------------------------------------------------------------

    def _show_boxes(self, transfer, job, names):
        order = keys_in_order(box.geometry for box in transfer.boxes)
        return [
            self._show_box(job, number, box, names, order)
            for number, box in enumerate(transfer.boxes, start=1)
        ]

    def _show_box(self, job, number, box, names, order):
        weights = self.env["oms.pack.box"]._prepare_weight_vals(
            job, box.geometry["outer"], box.gross
        )
        unit = weights["carrier_unit"] or self.units.weight_unit
        name = self.get_carton_name(box)
        return {
            "number": number,
            "type": box.type_id,
            "own": box.own,
            "name": name,
            "cut": self._show_cut(box.geometry.get("cut")),
            "pinned": box.pinned,
            "package": box.package or box.number,
            "contents": self._show_contents(box, names, order),
            "gross": f"{weights['gross_weight']:.3f} {self.units.weight_unit}",
            "billable": weights["carrier_billable"],
            "unit": unit,
            "billable_label": f"{weights['carrier_billable']:g} {unit}",
            "surcharges": weights["surcharges"] or "",
            "fill": self._get_fill(box.geometry),
            "reason": box.reason,
            "faults": box.faults,
            "svg": picture(self.env, box.geometry, name, names, order),
        }

    @staticmethod
    def _show_contents(box, names, order):
        drawn = keys_in_order([box.geometry])
        keys = [*drawn, *(key for key in box.bodies if key not in drawn)]
        return [
            {
                "key": key,
                "name": names[key],
                "quantity": box.bodies[key],
                "number": order.index(key) + 1 if key in drawn else 0,
            }
            for key in keys
        ]

    @staticmethod
    def _get_fill(geometry):
        """Share of the room that is filled, in whole per cent."""
        length, width, height = geometry["inner"]
        room = length * width * height
        filled = sum(row[4] * row[5] * row[6] for row in geometry["placements"])
        return round(100 * filled / room) if room else 0

    def _show_cut(self, millimetres):
        """To what inner height a carton is cut down, for the packer."""
        if not millimetres:
            return ""
        unit, _weight_unit = unit_names(self.env)
        height = f"{self.units.length_of(millimetres):g} {unit}"
        return self.env._("cut down to %s inside", height)

    def get_carton_name(self, box):
        """What a packer calls the carton of a box."""
        if box.own:
            return self.env._("as it is")
        return self.env["stock.package.type"].browse(box.type_id).name

    @staticmethod
    def _merge_alike(boxes):
        """Neighbours that ship as they are and are alike are one card."""
        cards = []
        for box in boxes:
            before = cards[-1] if cards else None
            alike = ("own", "contents", "gross", "billable", "faults")
            if (
                before
                and box["own"]
                and all(before[name] == box[name] for name in alike)
            ):
                before["last"] = box["number"]
                before["package"] = ", ".join(
                    filter(None, (before["package"], box["package"]))
                )
            else:
                cards.append({**box, "last": box["number"]})
        return cards
