from collections import defaultdict

from odoo import api, models

from ...tools.guard import aside


class StockPicking(models.Model):
    """Cartons that are taken from stock as they are used."""

    _inherit = "stock.picking"

    def _oms_deduct_cartons(self):
        """Take the cartons of packages that were made now from stock.

        Never stops the transfer: what goes wrong is told on it.
        """
        companies = self.env["stock.package.type"]._oms_get_deducting_companies()
        self = self.filtered(lambda picking: picking.company_id.id in companies)
        if not self:
            return
        with aside(
            self.env, "The cartons of %s cannot be deducted", self.ids
        ) as outcome:
            self.sudo()._oms_make_carton_moves()
        if outcome.error:
            message = self.env._(
                "The cartons could not be taken from stock: %s", str(outcome.error)
            )
            self._message_log_batch({picking.id: message for picking in self})

    def _oms_make_carton_moves(self):
        """One move for all transfers that take a carton from the same stock, outside of
        the transfers: the number of queries does not grow with them."""
        found = defaultdict(lambda: self.env["stock.package"])
        names = defaultdict(list)
        seen = self.env["stock.package"]
        for picking in self:
            packages = picking._oms_get_packages_to_deduct() - seen
            seen |= packages
            stock = packages and picking._oms_get_carton_stock()
            for product, own in packages.grouped(
                lambda package: package.package_type_id.oms_product_id
            ).items():
                if product.company_id in (picking.company_id, picking.company_id[:0]):
                    found[picking.company_id, stock, product] |= own
                    names[picking.company_id, stock, product].append(picking.name)
        if not found:
            return
        moves = self.env["stock.move"].create(
            [
                self._oms_prepare_carton_move(*key, len(packages), names[key])
                for key, packages in found.items()
            ]
        )
        for move, packages in zip(moves, found.values(), strict=True):
            packages.sudo().oms_carton_move_id = move
        for company, own in moves.grouped("company_id").items():
            own = own.with_company(company)
            own._action_confirm(merge=False)
            own._action_assign()
            for move in own:
                # what is not there is taken all the same: stock becomes negative
                if move.product_uom.compare(move.quantity, move.product_uom_qty):
                    move.quantity = move.product_uom_qty
            own.picked = True
            own.with_context(is_scrap=True)._action_done()
            for move in own:
                move.reference = move.origin

    def _oms_get_packages_to_deduct(self):
        """Disposable packages that something was put into with this transfer, and whose
        carton has not been deducted: a package that only moves on was deducted before.
        """
        self.ensure_one()
        if (
            self.state != "done"
            or self.return_id
            or self.picking_type_id.code == "incoming"
            or self.location_id.usage in ("customer", "supplier")
        ):
            return self.env["stock.package"]
        lines = self.move_line_ids.filtered(
            lambda line: line.state == "done" and line.quantity > 0
        )
        packages = lines._oms_filter_new_in_package().result_package_id
        # pallets that packages were put on, at any height
        for history in self.package_history_ids:
            if history.parent_dest_id != history.parent_orig_id:
                packages |= history.parent_dest_id
        return packages.filtered(
            lambda package: (
                not package.oms_carton_move_id
                and package.package_type_id.oms_product_id
                and package.package_type_id.package_use == "disposable"
            )
        )

    def _oms_get_carton_stock(self):
        """The stock of the warehouse: cartons are taken from it."""
        self.ensure_one()
        warehouse = self.picking_type_id.warehouse_id or self.env[
            "stock.warehouse"
        ].search([("company_id", "=", self.company_id.id)], limit=1)
        return warehouse.lot_stock_id

    @api.model
    def _oms_prepare_carton_move(self, company, stock, product, quantity, names):
        """From the stock to where things are used up."""
        product = product.with_company(company)
        return {
            "company_id": company.id,
            "product_id": product.id,
            "product_uom": product.uom_id.id,
            "product_uom_qty": quantity,
            "location_id": stock.id,
            "location_dest_id": product.property_stock_production.id,
            "origin": ", ".join(names),
            "state": "draft",
        }
