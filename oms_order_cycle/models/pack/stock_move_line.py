from odoo import models

from ...tools.weigher import Weigher
from .stock_package_weight import PackageContents

#: What changes the contents of a plan.
_CONTENT_FIELDS = frozenset({"quantity", "picked", "result_package_id", "move_id"})
#: What changes the contents of a package.
_INSIDE_FIELDS = frozenset({"quantity", "package_id", "result_package_id", "move_id"})


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _oms_after_create(self):
        self._oms_note_packages()
        self._oms_note_new_contents()
        return super()._oms_after_create()

    def _oms_before_write(self, vals):
        if "result_package_id" in vals or "package_id" in vals:
            self._oms_note_packages()
        return super()._oms_before_write(vals)

    def _oms_after_write(self, vals):
        if not _INSIDE_FIELDS.isdisjoint(vals):
            self._oms_note_packages()
        if not _CONTENT_FIELDS.isdisjoint(vals):
            self._oms_note_new_contents()
        return super()._oms_after_write(vals)

    def _oms_before_unlink(self):
        self._oms_note_packages()
        self._oms_note_new_contents()
        return super()._oms_before_unlink()

    def _oms_note_packages(self):
        """The packages that these lines fill weigh something else now; one that moves
        as it is does not."""
        self._oms_filter_new_in_package().result_package_id._oms_note_changed()

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
            added = self.filtered(lambda line: line.result_package_id.id != package_id)
            weight = added._oms_get_weight()
            package = super()._put_in_pack(package_id, package_type_id, package_name)
            if package.oms_weight_source == "entered":
                # what was weighed before, and what is put in besides
                weight += package.shipping_weight
                package.write(
                    {"shipping_weight": weight, "oms_weight_source": "entered"}
                )
            package._oms_weigh(self.picking_id)
            return package
        # nothing else is in a new package: it is created with its weight
        lines = self.with_context(
            oms_package_vals=PackageContents(self._oms_prepare_package())
        )
        package = super(StockMoveLine, lines)._put_in_pack(
            package_id, package_type_id, package_name
        )
        package._oms_forget_changed()
        return package.with_env(self.env)

    def _oms_prepare_package(self):
        """Values of a new package that these lines are put into; its type adds the
        weight of the package itself."""
        vals = self.env["stock.package"]._oms_prepare_shipper(self.picking_id[:1])
        return {
            **vals,
            "oms_weight_source": "computed",
            "shipping_weight": self._oms_get_weight(),
        }

    def _oms_get_weight(self):
        """What the goods of these lines weigh together, as measured."""
        # rules on products would be looked up for each package
        own = self.sudo()
        weigher = Weigher(own.product_id)
        weight = 0.0
        for product, lines in own.grouped("product_id").items():
            quantity = sum(lines.mapped("quantity_product_uom"))
            weight += weigher.weigh(product, quantity, lines._oms_get_packing_uoms())
        return weight

    def _oms_get_packing_uoms(self):
        """Units that the goods of these lines may be packed in."""
        moves = self.move_id
        uoms = self.product_id._oms_get_packing_uoms()
        return uoms | moves.product_uom | moves.packaging_uom_id
