from odoo import api, models

#: What changes the contents of a plan.
_CONTENT_FIELDS = frozenset({"quantity", "picked", "result_package_id", "move_id"})


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _action_launch_stock_rule(self, *, previous_product_uom_qty=False):
        res = super()._action_launch_stock_rule(
            previous_product_uom_qty=previous_product_uom_qty
        )
        if self and self.env["stock.package.type"]._oms_is_packing_set_up():
            # released, or released with another quantity
            self.sudo().move_ids.picking_id._oms_plan_automatically()
        return res


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._oms_note_pack_change()
        return lines

    def write(self, vals):
        res = super().write(vals)
        if not _CONTENT_FIELDS.isdisjoint(vals):
            self._oms_note_pack_change()
        return res

    def unlink(self):
        self._oms_note_pack_change()
        return super().unlink()

    def _oms_note_pack_change(self):
        if self and self.env["stock.package.type"]._oms_is_packing_set_up():
            self.env["stock.picking"]._oms_note_pack_change(self.picking_id.ids)

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

    def _post_put_in_pack_hook(self, package):
        res = super()._post_put_in_pack_hook(package)
        if package:
            package._oms_weigh(self.picking_id, manual=self.env.context.get("weight"))
        return res
