"""The packing bench of the demo company: parcels as planned, the rest by weight."""

#: Delivery methods whose goods go in cartons; the others take pallets and rolls.
PARCEL_CARRIERS = ("carrier_parcel", "carrier_europe")
#: What a packer wanted otherwise than planned, in turn: every few transfers one.
OVERRIDES = (
    "The small cartons had run out",
    "Glass: more room for filling",
    "The customer asked for strong cartons",
)
#: Of so many transfers one is packed otherwise than planned.
OVERRIDE_EVERY = 5


class PackingDesk:
    """Packs transfers as the people of the demo company would."""

    def __init__(self, world):
        self.env = world.env
        self.refs = world.refs
        self._parcels = 0
        self._overrides = 0

    def pack(self, pickings):
        """Put everything that is there into packages."""
        carriers = [self.refs[name] for name in PARCEL_CARRIERS]
        for picking in pickings:
            if picking._oms_get_pack_carrier() not in carriers:
                self._pack_by_weight(picking)
                continue
            picking.action_oms_plan_packing()
            self._parcels += 1
            if self._parcels % OVERRIDE_EVERY:
                picking.oms_pack_plan_id.action_apply()
            else:
                self._pack_otherwise(picking)

    def _pack_otherwise(self, picking):
        """At the bench: the smallest carton is changed for a larger one."""
        bench = self.env["oms.pack.wizard"].browse(picking.action_oms_pack()["res_id"])
        boxes = bench.draft[0]["boxes"]
        types = self.env["stock.package.type"].browse(
            box["type_id"] for box in boxes if box["type_id"]
        )
        if types:
            small = min(types, key=lambda t: t.packaging_length * t.width * t.height)
            number = next(
                n for n, box in enumerate(boxes, 1) if box["type_id"] == small.id
            )
            bench.change_carton(picking.id, number, self._larger(small).id)
            bench.reason = OVERRIDES[self._overrides % len(OVERRIDES)]
            self._overrides += 1
        bench.action_apply()

    def _larger(self, carton):
        """The next carton in which everything goes that goes into this one."""
        types = self.env["stock.package.type"].search([("oms_is_carton", "=", True)])

        def sides(package_type):
            return sorted(
                (package_type.packaging_length, package_type.width, package_type.height)
            )

        larger = types.filtered(
            lambda other: (
                other != carton
                and all(
                    a <= b for a, b in zip(sides(carton), sides(other), strict=True)
                )
            )
        )
        return larger[:1] or carton

    def _pack_by_weight(self, picking):
        """As many pallets or rolls as the weight asks for, a line or more on each."""
        lines = picking.move_line_ids.filtered("quantity")
        weights = {
            line: line.quantity_product_uom * line.product_id.weight for line in lines
        }
        package_type = self.refs["package_pallet"]
        if picking.sale_id.carrier_id == self.refs["carrier_truck"] and (
            sum(weights.values()) < 380
        ):
            package_type = self.refs["package_roll"]
        boxes, room = [], 0.0
        for line in sorted(lines, key=weights.get, reverse=True):
            if not boxes or weights[line] > room:
                boxes.append(self.env["stock.move.line"])
                room = package_type.max_weight
            boxes[-1] |= line
            room -= weights[line]
        for box in boxes:
            package = box._put_in_pack(package_type_id=package_type.id)
            package.shipping_weight = package_type.base_weight + sum(
                weights[line] for line in box
            )


def plan_cartons(world):
    """Transfers that are to be packed get their plans; later ones at release."""
    types = world.env["stock.picking.type"].search(
        [
            ("company_id", "=", world.company.id),
            ("oms_step", "in", ("pack", "ship")),
        ]
    )
    types.oms_plan_packing = True
    world.env["stock.picking"].search(
        [
            ("picking_type_id", "in", types.ids),
            ("state", "not in", ("draft", "done", "cancel")),
        ]
    )._oms_plan_automatically()
