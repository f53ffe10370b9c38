from odoo import models

from .stock_package import PackageContents

#: What changes the contents of a plan.
_CONTENT_FIELDS = frozenset({"quantity", "picked", "result_package_id", "move_id"})


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _oms_after_create(self):
        self._oms_note_new_contents()
        return super()._oms_after_create()

    def _oms_after_write(self, vals):
        if not _CONTENT_FIELDS.isdisjoint(vals):
            self._oms_note_new_contents()
        return super()._oms_after_write(vals)

    def _oms_before_unlink(self):
        self._oms_note_new_contents()
        return super()._oms_before_unlink()

    def _oms_note_new_contents(self):
        """Other contents are packed otherwise: look at the plans again."""
        if self and self.env["stock.package.type"]._oms_is_packing_set_up():
            self.picking_id._oms_replan_later()

    def _oms_filter_new_in_package(self):
        """Lines that put goods into a package; not those that move one as it is."""
        return self.filtered(
            lambda line: (
                line.result_package_id and line.package_id != line.result_package_id
            )
        )

    def _oms_join(self):
        """Join lines that differ in nothing but their quantity."""
        groups = self.grouped(
            lambda line: (
                line.move_id,
                line.lot_id,
                line.lot_name,
                line.package_id,
                line.owner_id,
                line.location_id,
                line.location_dest_id,
                line.product_uom_id,
                line.picked,
            )
        )
        for lines in groups.values():
            if len(lines) < 2 or lines.product_id.tracking == "serial":
                continue
            first, others = lines[0], lines[1:]
            total = sum(lines.mapped("quantity"))
            # the reservation of the others is set free before the first takes it
            others.unlink()
            first.quantity = total

    def _put_in_pack(self, package_id=False, package_type_id=False, package_name=False):
        if package_id:
            package = super()._put_in_pack(package_id, package_type_id, package_name)
            package._oms_weigh(self.picking_id, manual=self.env.context.get("weight"))
            return package
        # nothing else is in a new package: it is created with its weight
        lines = self.with_context(
            oms_package_vals=PackageContents(self._oms_prepare_package())
        )
        package = super(StockMoveLine, lines)._put_in_pack(
            package_id, package_type_id, package_name
        )
        return package.with_env(self.env)

    def _oms_prepare_package(self):
        """Values of a new package that these lines are put into; its type adds the
        weight of the package itself."""
        vals = self.env["stock.package"]._oms_prepare_shipper(self.picking_id[:1])
        return {
            **vals,
            "oms_weight_source": "computed",
            "shipping_weight": sum(
                line.quantity_product_uom * line.product_id.weight
                for line in self.sudo()
            ),
        }
