from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain

from ...tools.weigher import Weigher

#: Key of the packages to weigh again, in ``cr.precommit.data``.
CHANGED = "oms_order_cycle.packages_changed"
#: Adding up and subtracting leave noise behind the comma: whole milligrams, whatever
#: the unit.
WEIGHT_DIGITS = 6


class PackageContents(dict):
    """Values of a new package that our own code knows; no client can send this."""


class StockPackage(models.Model):
    """What packages weigh: their contents as measured, and the packages themselves.

    What somebody weighed stays as it is.
    """

    _inherit = "stock.package"

    # -- after changes --------------------------------------------------------------

    def _oms_note_changed(self):
        """Weigh these packages again at the end of the transaction, or before anybody
        asks for their price."""
        if not self:
            return
        precommit = self.env.cr.precommit
        if CHANGED not in precommit.data:
            precommit.data[CHANGED] = set()
            precommit.add(self.env["stock.package"]._oms_weigh_noted)
        precommit.data[CHANGED].update(self.ids)

    def _oms_forget_changed(self):
        """These packages have their weight: no need to weigh them again."""
        noted = self.env.cr.precommit.data.get(CHANGED)
        if noted:
            noted.difference_update(self.ids)

    @api.model
    def _oms_weigh_noted(self):
        """Weigh what was changed in this transaction."""
        ids = self.env.cr.precommit.data.pop(CHANGED, None)
        if not ids:
            return
        packages = self.sudo().browse(ids).exists()
        # a package that somebody filled by hand has no weight yet
        packages.filtered(
            lambda package: (
                not package.oms_weight_source and not package.shipping_weight
            )
        )._oms_begin_weighing()
        packages._oms_reweigh()

    def _oms_begin_weighing(self):
        """Packages that were filled without Put in Pack."""
        for package in self:
            vals = package._oms_prepare_shipper(package.picking_ids[:1])
            package.write({**vals, "oms_weight_source": "computed"})

    # -- weighing -------------------------------------------------------------------

    def _oms_reweigh(self):
        """Give packages the weight of what is in them now, and those they are in.

        Of each plan, package or pallet the exact weight is kept as long as nothing
        was changed in it.
        """
        todo, seen = self, self.browse()
        while todo:
            todo._oms_weigh_added_up()
            seen |= todo
            todo = todo._oms_get_outer() - seen

    def _oms_weigh_added_up(self):
        self = self.filtered(
            lambda package: package.oms_weight_source in ("planned", "computed")
        )
        if not self:
            return
        contents = self._oms_get_contents()
        weigher = Weigher(
            self.env["product.product"].union(
                *(product for inside in contents.values() for product in inside)
            )
        )
        for package in self:
            weight = package._oms_get_planned_weight(contents[package])
            source = package.oms_weight_source
            if weight is None:
                source = "computed"
                weight = package._oms_get_own_weight() + sum(
                    weigher.weigh(product, quantity, uoms)
                    for product, (quantity, uoms) in contents[package].items()
                )
            for child in package._oms_get_inner():
                weight += child.shipping_weight or child.weight
            weight = round(weight, WEIGHT_DIGITS)
            if weight != package.shipping_weight or source != package.oms_weight_source:
                package.write({"shipping_weight": weight, "oms_weight_source": source})

    def _oms_get_planned_weight(self, inside):
        """The exact weight of the plan, ``None`` if something else is in it now.

        :param dict inside: ``{product: (quantity in its unit, units)}``
        """
        self.ensure_one()
        box = self.oms_pack_box_ids[:1]
        if self.oms_weight_source != "planned" or not box:
            return None
        if box.package_type_id != self.package_type_id:
            return None
        quantities = {product: row[0] for product, row in inside.items()}
        return box._get_exact_weight() if box._has_contents(quantities) else None

    def _oms_get_own_weight(self):
        """What the package itself weighs, with filling where a plan put it in."""
        self.ensure_one()
        package_type = self.package_type_id
        filling = package_type.oms_filler_weight if self.oms_pack_box_ids else 0
        return package_type.base_weight + filling

    def _oms_get_outer(self):
        """Packages that these are in, or will be when the transfer is done."""
        return self.package_dest_id | self.parent_package_id

    def _oms_get_shipped_on(self):
        """Transfers whose packages were on these, as Odoo remembers of what is done."""
        histories = self.env["stock.package.history"].sudo()
        return histories.search(
            [("outermost_dest_id", "in", self.ids), ("parent_dest_id", "!=", False)]
        ).picking_ids

    def _oms_get_inner(self):
        """Packages that are in this one, or will be when the transfer is done."""
        self.ensure_one()
        staying = self.child_package_ids.filtered(
            lambda child: child.package_dest_id in (self, self.browse())
        )
        return self.child_package_dest_ids | staying

    def _oms_get_contents(self):
        """What is in packages themselves, whether done or still to be done.

        :return: ``{package: {product: (quantity in its unit, units it came in)}}``
        """
        lines = (
            self.env["stock.move.line"]
            .sudo()
            .search(
                Domain("result_package_id", "in", self.ids)
                & Domain("state", "!=", "cancel")
                & Domain("quantity", ">", 0)
            )
            ._oms_filter_new_in_package()
        )
        counts = defaultdict(lambda: defaultdict(float))
        uoms = defaultdict(lambda: defaultdict(self.env["uom.uom"].browse))
        for line in lines:
            package, product = line.result_package_id, line.product_id
            uoms[package][product] |= line._oms_get_packing_uoms()
            if line.state != "done" or not product.is_storable:
                counts[package][product] += line.quantity_product_uom
        for quant in self.sudo().quant_ids:
            counts[quant.package_id][quant.product_id] += max(quant.quantity, 0)
        return {
            package: {
                product: (quantity, uoms[package][product] | product.uom_id)
                for product, quantity in counts[package].items()
                if product.uom_id.compare(quantity, 0) > 0
            }
            for package in self
        }

    def _oms_weigh(self, pickings):
        """Give packages their shipping weight: what is in them and what they weigh.

        Odoo leaves it empty unless somebody enters it, and then takes the tare alone
        for the weight of the package.

        :param pickings: open transfers whose goods are in the packages
        """
        for package in self:
            vals = package._oms_prepare_shipper(pickings[:1])
            if package.oms_weight_source != "entered":
                vals["oms_weight_source"] = "computed"
            if vals:
                package.write(vals)
        self._oms_reweigh()
        self._oms_forget_changed()

    # -- another type -----------------------------------------------------------------

    def _oms_follow_type(self, vals):
        """Size and weight of another package type, for packages that are still open.

        :param dict vals: what was written; what it says is not changed
        """
        packages = self._oms_filter_open()
        for package in packages:
            package_type = package.package_type_id
            sizes = {
                name: package_type[source] or 0
                for name, source in self._oms_get_size_fields().items()
                if name not in vals
            }
            package.write(sizes)
        packages._oms_reweigh()

    def _oms_filter_open(self):
        """Packages that something is still done with, or nothing was done with yet."""
        return self.filtered(
            lambda package: (
                package.sudo().move_line_ids or not package.sudo().contained_quant_ids
            )
        )

    # -- empty ones -------------------------------------------------------------------

    def _oms_drop_empty(self):
        """Delete packages that nothing is in, nothing was in, and nothing refers to.

        :return: those that stay
        """
        packages = self.sudo().exists()
        if not packages:
            return self.browse()
        lines = self.env["stock.move.line"].sudo().search_fetch(
            Domain("result_package_id", "in", packages.ids)
            | Domain("package_id", "in", packages.ids),
            ["result_package_id", "package_id"],
        )  # fmt: skip
        used = lines.result_package_id | lines.package_id
        empty = (packages - used).filtered(
            lambda package: (
                not package.quant_ids
                and not package._oms_get_inner()
                and not package.oms_carton_move_id
            )
        )
        empty._oms_get_outer()._oms_note_changed()
        empty._oms_forget_changed()
        empty.unlink()
        return self.browse((packages - empty).ids)
