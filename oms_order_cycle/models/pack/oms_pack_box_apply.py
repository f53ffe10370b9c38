from collections import defaultdict

from odoo import models
from odoo.fields import Domain
from odoo.tools import float_round


class OmsPackBox(models.Model):
    """How boxes become packages of Odoo, and are taken apart again."""

    _inherit = "oms.pack.box"

    def _pack(self):
        """Make the package of each box and put the goods into it.

        Boxes of one transfer at a time. A line that goes into several boxes is split;
        one that fits into a box as it is stays one, so that lots and serial numbers
        stay together where they can.
        """
        picking = self.picking_id
        picking.ensure_one()
        pool = defaultdict(list)
        for line in picking._oms_get_loose_lines():
            pool[line.product_id].append([line, line.quantity_product_uom])
        shares = defaultdict(list)  # line -> [(box, quantity in the product's unit)]
        for box in self:
            for product, lines in box.line_ids.grouped("product_id").items():
                wanted = sum(lines.mapped("product_qty"))
                # fractions: the last body may hold less than its unit
                left = sum(row[1] for row in pool[product])
                wanted = min(wanted, left)
                box._take(pool[product], wanted, shares)
        contents = self._split(shares)
        packages = self.env["stock.package"].create(
            [{"package_type_id": box.package_type_id.id} for box in self]
        )
        for box, package in zip(self, packages, strict=True):
            lines = contents.get(box)
            if not lines:
                continue
            lines._put_in_pack(package_id=package.id)
            package.write(box._prepare_package_vals())
            box.package_id = package
        return packages

    def _take(self, rows, wanted, shares):
        """Take a quantity of a product for this box: whole lines before parts."""
        self.ensure_one()
        compare = self.env["product.product"].concat(
            *(row[0].product_id for row in rows)
        ).uom_id[:1].compare  # fmt: skip
        for whole in (True, False):
            for row in rows:
                line, left = row
                if compare(wanted, 0) <= 0:
                    return
                if compare(left, 0) <= 0 or (whole and compare(left, wanted) > 0):
                    continue
                part = min(left, wanted)
                row[1] -= part
                wanted -= part
                shares[line].append((self, part))

    def _split(self, shares):
        """Split move lines so that each goes into one box: ``{box: lines}``."""
        contents = defaultdict(self.env["stock.move.line"].browse)
        for line, parts in shares.items():
            product_uom = line.product_id.uom_id
            rest = line.quantity_product_uom - sum(part for _box, part in parts)
            pieces = [*parts]
            if product_uom.compare(rest, 0) > 0:
                pieces.append((self.browse(), rest))
            if len(pieces) == 1:
                contents[pieces[0][0]] |= line
                continue
            rounding = line.product_uom_id.rounding
            quantities = [
                product_uom._compute_quantity(part, line.product_uom_id, round=False)
                for _box, part in pieces
            ]
            if any(
                abs(float_round(quantity, precision_rounding=rounding) - quantity)
                > 1e-6
                for quantity in quantities
            ):
                # a third of a dozen: go on in the unit of the product
                line.write(
                    {
                        "product_uom_id": product_uom.id,
                        "quantity": line.quantity_product_uom,
                    }
                )
                quantities = [part for _box, part in pieces]
            picked = line.picked
            line.quantity = quantities[0]
            contents[pieces[0][0]] |= line
            for (box, _part), quantity in zip(pieces[1:], quantities[1:], strict=True):
                other = line.copy({"quantity": quantity, "picked": picked})
                if box:
                    contents[box] |= other
        return contents

    def _prepare_package_vals(self):
        self.ensure_one()
        return {
            "oms_length": self.outer_length,
            "oms_width": self.outer_width,
            "oms_height": self.outer_height,
            "oms_carrier_id": self.carrier_id.id,
            "oms_ship_date": self.ship_date,
            "oms_pack_company_id": self.company_id.id,
            "shipping_weight": self._get_exact_weight(),
            "oms_weight_source": "planned",
        }

    def _unpack(self):
        """Take the goods out again, join what was split, drop the empty packages."""
        packages = self.package_id
        lines = self.env["stock.move.line"].search(
            Domain("result_package_id", "in", packages.ids)
            & Domain("state", "not in", ("done", "cancel"))
        )
        # what somebody put in besides stays
        lines = lines.filtered(
            lambda line: (
                line.product_id
                in self.filtered(
                    lambda box: box.package_id == line.result_package_id
                ).line_ids.product_id
            )
        )
        lines.result_package_id = False
        self.package_id = False
        lines._oms_join()
        unused = packages.filtered(
            lambda package: (
                not package.contained_quant_ids
                and not package.move_line_ids
                and not package.child_package_ids
            )
        )
        unused.unlink()
        left = packages - unused
        left.oms_weight_source = "computed"
        left._oms_weigh(self.picking_id)
