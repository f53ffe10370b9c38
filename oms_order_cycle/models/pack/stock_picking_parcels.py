from collections import defaultdict

from odoo import fields, models

from ...tools.pack_bench import Content
from ..freight.delivery_carrier import PARCELS, SHIPPED


class StockPicking(models.Model):
    """What becomes of plans: what was packed, and the parcels a carrier gets."""

    _inherit = "stock.picking"

    # -- in the flow --------------------------------------------------------------

    def _action_done(self):
        if not self or not self.env["oms.pack.plan"]._is_in_use():
            return super()._action_done()
        before = self.move_ids.filtered(lambda m: m.state not in ("done", "cancel"))
        res = super()._action_done()
        self._oms_close_plans()
        following = before.exists().move_dest_ids.picking_id
        (following | self.backorder_ids)._oms_plan_automatically()
        return res

    def _oms_close_plans(self):
        """What was packed is known now: compare it with what was planned."""
        plans = self.sudo().oms_pack_plan_ids.filtered(
            lambda plan: plan.state in ("proposed", "applied", "failed")
        )
        if not plans and not self.sudo().oms_pack_plan_ids:
            return
        open_plans = plans.filtered(
            lambda plan: plan.state != "applied" and plan.picking_id.state == "done"
        )
        for plan in open_plans:
            plan.picking_id._oms_note_packed_otherwise(plan)
        open_plans.filtered(
            lambda plan: plan.state in ("proposed", "failed")
        ).state = "superseded"
        done = self.filtered(lambda picking: picking.state == "done")
        done._oms_weigh_changed_packages()
        done.oms_pack_plan_ids._note_packed()

    def _oms_weigh_changed_packages(self):
        """Less, more or something else went into planned packages in the end."""
        boxes = self.sudo().oms_pack_plan_ids.box_ids.filtered(
            lambda box: (
                box.plan_id.state == "applied"
                and box.package_id.oms_weight_source == "planned"
            )
        )
        if not boxes:
            return
        # what goes on with a backorder is in the package, too
        lines = self.env["stock.move.line"].sudo().search(
            [("result_package_id", "in", boxes.package_id.ids),
             ("state", "!=", "cancel"), ("quantity", ">", 0)]
        )._oms_filter_new_in_package()  # fmt: skip
        inside = defaultdict(lambda: defaultdict(float))
        for line in lines:
            package = line.result_package_id
            inside[package][line.product_id] += line.quantity_product_uom
        for box in boxes:
            weight = box._get_weight_of(inside[box.package_id])
            if weight is not None:
                box.package_id.write(
                    {"shipping_weight": weight, "oms_weight_source": "computed"}
                )

    def _oms_get_new_packages_of_plans(self):
        """Packages made with these transfers; not those that stood in stock."""
        lines = self.move_line_ids.filtered(
            lambda line: line.state != "cancel" and line.quantity > 0
        )
        return lines._oms_filter_new_in_package().result_package_id

    def _oms_get_packed_packages(self):
        """Packages the goods of this transfer were put into."""
        return self.move_line_ids.filtered(
            lambda line: line.state != "cancel" and line.quantity > 0
        ).result_package_id

    def action_cancel(self):
        res = super().action_cancel()
        self.sudo().oms_pack_plan_ids.filtered(
            lambda plan: plan.state in ("proposed", "failed", "applied")
        ).state = "superseded"
        return res

    # -- parcels ------------------------------------------------------------------

    def _oms_get_parcels(self, carrier):
        """What the carrier gets: packages as they are, the rest as it would be packed.

        :param carrier: ``delivery.carrier`` that is asked for a price
        :return: list of (outer sides in mm, gross weight in g, number of them)
        """
        self.ensure_one()
        parcels = self._oms_get_shipped_packages()._oms_get_parcels()
        contents = self._oms_get_contents_without_package()
        if contents:
            job = self._oms_get_pack_job()._replace(
                contents=contents,
                carrier_id=carrier.id,
                # when the transfer is done, nothing is left to count
                values=carrier._oms_get_order_values(
                    self.sudo().sale_id, sum(content.quantity for content in contents)
                ),
            )
            own = self.sudo().sale_id.picking_ids or self
            parcels += carrier._oms_estimate_parcels(
                job, own
            ) or carrier._oms_guess_parcels(*self._oms_weigh_contents(contents))
        return parcels

    def _oms_weigh_contents(self, contents):
        """(weight, volume) of goods in units of the database, as the products say."""
        weight = volume = 0.0
        for content in contents:
            product = self.env["product.product"].browse(content.product_id)
            weight += product.weight * content.quantity
            volume += product.volume * content.quantity
        return weight, volume

    def _oms_get_shipped_packages(self):
        """The packages a carrier sees: pallets, not the cartons on them, unless goods
        of other transfers are on the same pallet."""
        packages = self._oms_get_packed_packages()
        shipped = packages.browse()
        for package in packages:
            outer = package
            while outer.parent_package_id:
                outer = outer.parent_package_id
            shared = outer.contained_quant_ids.package_id - packages
            shipped |= package if shared or not outer._oms_has_size() else outer
        return shipped

    def _oms_get_contents_without_package(self):
        """What was done without a package, for the bench."""
        quantities = defaultdict(float)
        uoms = defaultdict(set)
        for line in self._oms_get_shipped_lines():
            if not line.result_package_id:
                product = line.product_id
                quantities[product.id] += line.quantity_product_uom
                uoms[product.id] |= {product.uom_id.id, line.move_id.product_uom.id}
        return tuple(
            Content(product_id, round(quantity, 6), tuple(sorted(uoms[product_id])))
            for product_id, quantity in sorted(quantities.items())
        )

    def _oms_get_shipped_lines(self):
        return self.move_line_ids.filtered(
            lambda line: (
                line.state != "cancel"
                and line.quantity > 0
                and line.product_id.type == "consu"
            )
        )

    def _oms_get_shipment(self, carrier):
        """Context for the price of what this transfer ships, of an order or a part."""
        self.ensure_one()
        picking = self.sudo()
        lines = picking._oms_get_shipped_lines()
        return {
            PARCELS: picking._oms_get_parcels(carrier.sudo()),
            SHIPPED: sum(lines.mapped("quantity_product_uom")),
            "oms_ship_date": fields.Date.context_today(self, self.date_done),
        }
