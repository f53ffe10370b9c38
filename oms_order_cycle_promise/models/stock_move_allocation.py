"""What transfers take out of stock for orders: how much of it they have, and how they
are given more or less."""

from odoo import api, models
from odoo.fields import Domain

#: Transfers that still wait for goods, or have some.
OPEN = ("waiting", "confirmed", "partially_available", "assigned")


class StockMove(models.Model):
    _inherit = "stock.move"

    @api.model
    def _oms_get_taking_domain(self, products, warehouse):
        """Moves that take goods out of stock for orders: the first step of a delivery.

        What is ordered for just one order waits for that, and takes nothing from
        others.
        """
        stock = warehouse.lot_stock_id.ids
        return (
            Domain("product_id", "in", products.ids)
            & Domain("state", "in", OPEN)
            & Domain("procure_method", "=", "make_to_stock")
            & Domain("move_orig_ids", "=", False)
            & Domain("location_id", "child_of", stock)
            & ~Domain("location_dest_id", "child_of", stock)
            & Domain("sale_line_id.order_id.state", "=", "sale")
        )

    def _oms_get_reserved(self):
        """What is reserved for a move, in the unit of the product."""
        self.ensure_one()
        return sum(self.move_line_ids.mapped("quantity_product_uom"))

    def _oms_get_picked(self):
        """What of it was picked or packed already, in the unit of the product."""
        self.ensure_one()
        lines = self.move_line_ids - self._oms_get_loose_lines()
        return sum(lines.mapped("quantity_product_uom"))

    def _oms_get_loose_lines(self):
        """The lines whose goods still lie on the shelf."""
        return self.move_line_ids.filtered(
            lambda line: not line.picked and not line.result_package_id
        )

    def _oms_give_back(self, quantity):
        """Give up a part of what is reserved: what was reserved last, never what was
        picked.

        :param quantity: in the unit of the product
        :return: what was given up
        """
        self.ensure_one()
        unit = self.product_id.uom_id
        rest = quantity
        dropped = self.env["stock.move.line"]
        for line in self._oms_get_loose_lines().sorted("id", reverse=True):
            if unit.compare(rest, 0) <= 0:
                break
            if unit.compare(line.quantity_product_uom, rest) <= 0:
                rest -= line.quantity_product_uom
                dropped += line
            else:
                kept = line.quantity_product_uom - rest
                line.quantity = unit._compute_quantity(
                    kept, line.product_uom_id, rounding_method="HALF-UP"
                )
                rest = 0.0
        dropped.unlink()
        self._recompute_state()
        return quantity - rest

    def _oms_take(self, quantity):
        """Reserve so much more, and no more than that.

        :param quantity: in the unit of the product
        :return: what was reserved
        """
        self.ensure_one()
        before = self._oms_get_reserved()
        picked = self.move_line_ids.filtered("picked")
        if picked and self.product_id.tracking != "serial":
            # Odoo would add it to a line that is picked, as if it were picked, too
            vals_list = self._oms_prepare_loose_lines(quantity)
        else:
            vals_list, _taken = self._update_reserved_quantity_vals(
                quantity, self.location_id, strict=False
            )
        self.env["stock.move.line"].create(
            [{**vals, "picked": False} for vals in vals_list]
        )
        self._recompute_state()
        return self._oms_get_reserved() - before

    def _oms_prepare_loose_lines(self, quantity):
        """Values of lines for what is to be reserved beside what was picked.

        :param quantity: in the unit of the product
        """
        quants = self.env["stock.quant"]._get_reserve_quantity(
            self.product_id,
            self.location_id,
            quantity,
            uom_id=self.product_uom,
            strict=False,
        )
        return [
            self._prepare_move_line_vals(quantity=part, reserved_quant=quant)
            for quant, part in quants
        ]
