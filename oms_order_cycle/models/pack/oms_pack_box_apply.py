from collections import defaultdict

from odoo import models
from odoo.fields import Domain
from odoo.tools import float_round

from ...tools.units import unit_names
from .stock_move import KEEP, KEEPS_RESERVED


class OmsPackBox(models.Model):
    """How boxes become packages of Odoo, and are taken apart again."""

    _inherit = "oms.pack.box"

    def _pack(self):
        """Make the package of each box and put the goods into it.

        Boxes of any number of transfers. A line that goes into several boxes is split;
        one that fits into a box as it is stays one, so that lots and serial numbers
        stay together where they can. The number of queries does not grow with the
        boxes.
        """
        pool = defaultdict(list)
        for line in self.picking_id._oms_get_loose_lines():
            row = [line, line.quantity_product_uom]
            pool[line.picking_id, line.product_id].append(row)
        shares = defaultdict(list)  # line -> [(box, quantity in the product's unit)]
        for box in self:
            for product, lines in box.line_ids.grouped("product_id").items():
                rows = pool[box.picking_id, product]
                wanted = sum(lines.mapped("product_qty"))
                # fractions: the last body may hold less than its unit
                wanted = min(wanted, sum(row[1] for row in rows))
                box._take(rows, wanted, shares)
        filled = self.browse(
            dict.fromkeys(box.id for parts in shares.values() for box, _part in parts)
        )
        packages = filled._create_packages()
        for box, package in zip(filled, packages, strict=True):
            box.package_id = package
        lines = self._put_into_packages(shares)
        if self.env["stock.putaway.rule"].search_count([], limit=1):
            lines._apply_putaway_strategy()
        # their weight is that of the plan
        packages._oms_forget_changed()
        return packages

    def _create_packages(self):
        """A package for each of these boxes, with all that is known of it."""
        self._number_packages()
        # Odoo's default looks the unit up for each package
        unit = unit_names(self.env)[1]
        return self.env["stock.package"].create(
            [
                {
                    "name": box.package_name,
                    "weight_uom_name": unit,
                    "package_type_id": box.package_type_id.id,
                    **box._prepare_package_vals(),
                }
                for box in self
            ]
        )

    def _number_packages(self):
        """Give these boxes the numbers of their packages, those that have none."""
        todo = self.filtered(lambda box: not box.package_name)
        for package_type, boxes in todo.grouped("package_type_id").items():
            names = package_type._oms_get_next_names(len(boxes))
            for box, name in zip(boxes, names, strict=True):
                box.package_name = name

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

    def _put_into_packages(self, shares):
        """Split move lines so that each goes into one box, and put them there.

        :param dict shares: ``{line: [(box, quantity in the product's unit)]}``
        :return: the lines that are in packages now
        """
        into, to_create = defaultdict(self.env["stock.move.line"].browse), []
        # what is reserved stays reserved: the parts are of the same goods
        for line in self._keep_reserved(shares):
            pieces = [*shares[line]]
            rest = line.quantity_product_uom - sum(part for _box, part in pieces)
            if line.product_id.uom_id.compare(rest, 0) > 0:
                pieces.append((self.browse(), rest))
            into[pieces[0][0].package_id] |= line
            if len(pieces) == 1:
                continue
            quantities = self._split_quantity(line, [part for _box, part in pieces])
            picked = line.picked
            line.quantity = quantities[0]
            to_create += [
                {
                    **line.copy_data()[0],
                    "quantity": quantity,
                    "picked": picked,
                    "result_package_id": box.package_id.id,
                }
                for (box, _part), quantity in zip(
                    pieces[1:], quantities[1:], strict=True
                )
            ]
        for package, lines in into.items():
            lines.write({"result_package_id": package.id})
        lines = self.env["stock.move.line"].concat(*into.values())
        created = lines.with_context(**{KEEPS_RESERVED: KEEP}).create(to_create)
        created.with_env(self.env).move_id._recompute_state()
        return (lines | created.with_env(self.env)).filtered("result_package_id")

    @staticmethod
    def _keep_reserved(lines):
        return [line.with_context(**{KEEPS_RESERVED: KEEP}) for line in lines]

    @staticmethod
    def _split_quantity(line, parts):
        """Parts in the unit of the line; in that of the product where they are not
        whole.

        :param parts: quantities in the product's unit that add up to the line's
        """
        product_uom = line.product_id.uom_id
        rounding = line.product_uom_id.rounding
        quantities = [
            product_uom._compute_quantity(part, line.product_uom_id, round=False)
            for part in parts
        ]
        if all(
            abs(float_round(quantity, precision_rounding=rounding) - quantity) <= 1e-6
            for quantity in quantities
        ):
            return quantities
        # a third of a dozen: go on in the unit of the product
        line.write(
            {"product_uom_id": product_uom.id, "quantity": line.quantity_product_uom}
        )
        return parts

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
        left = packages._oms_drop_empty()
        left.oms_weight_source = "computed"
        left._oms_weigh(self.picking_id)
