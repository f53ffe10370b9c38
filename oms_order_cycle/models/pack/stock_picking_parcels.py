from odoo import models

from ...tools.packer.contents import Collector, count_units


class StockPicking(models.Model):
    """The parcels a carrier gets with transfers."""

    _inherit = "stock.picking"

    def _compute_shipping_weight(self):
        """Of a transfer that is done, Odoo forgets the pallets its packages are on."""
        # what else it depends on tells itself: most transfers have no pallets
        # (_oms_weigh_shipped)
        res = super()._compute_shipping_weight()
        for picking in self:
            packages = picking.move_line_ids.result_package_id
            if picking.state != "done" or not packages:
                continue
            outermost = {
                history.package_id: history.outermost_dest_id
                for history in picking.package_history_ids
            }
            inner = packages.filtered(
                lambda package, outermost=outermost: (
                    outermost.get(package, package) != package
                    and outermost[package].shipping_weight
                )
            )
            pallets = inner.browse({outermost[package].id for package in inner})
            picking.shipping_weight += sum(
                (pallets - packages).mapped("shipping_weight")
            ) - sum(package.shipping_weight or package.weight for package in inner)
        return res

    def _oms_filter_on_pallets(self):
        """Transfers with packages that are in other packages, or will be."""
        return self.filtered(
            lambda picking: picking.move_line_ids.result_package_id._oms_get_outer()
        )

    def _oms_weigh_shipped(self):
        """Have the weight of transfers that are done computed with their pallets."""
        done = self.filtered(lambda picking: picking.state == "done")
        self.env.add_to_compute(self._fields["shipping_weight"], done)

    def _oms_get_parcels(self, carrier):
        """Packages as they are, the rest as it would be packed."""
        self.ensure_one()
        parcels = self._oms_get_shipped_packages()._oms_get_parcels()
        contents = self._oms_get_loose_shipped_contents()
        if not contents:
            return parcels
        job = self._oms_get_pack_job()._replace(
            contents=contents,
            carrier_id=carrier.id,
            # when the transfer is done, nothing is left to count
            values=carrier._oms_get_order_values(
                self.sudo().sale_id, count_units(contents)
            ),
        )
        own = self.sudo().sale_id.picking_ids or self
        estimated = carrier._oms_estimate_parcels(job, own)
        return parcels + (estimated or super()._oms_get_parcels(carrier))

    def _oms_get_shipped_packages(self):
        """The packages a carrier sees: pallets, not the cartons on them, unless goods
        of other transfers are on the same pallet."""
        self.env["stock.package"]._oms_weigh_noted()
        packages = self._oms_get_used_packages()
        shipped = packages.browse()
        for package in packages:
            outer = package
            while outer.parent_package_id:
                outer = outer.parent_package_id
            shared = outer.contained_quant_ids.package_id - packages
            shipped |= package if shared or not outer._oms_has_size() else outer
        return shipped

    def _oms_get_loose_shipped_lines(self):
        lines = super()._oms_get_loose_shipped_lines()
        return lines.filtered(lambda line: not line.result_package_id)

    def _oms_get_loose_shipped_contents(self):
        """What was done without a package."""
        collector = Collector()
        for line in self._oms_get_loose_shipped_lines():
            product = line.product_id
            uoms = product._oms_get_packing_uoms() | line.move_id.product_uom
            collector.add(product.id, line.quantity_product_uom, uoms.ids)
        return collector.contents()
