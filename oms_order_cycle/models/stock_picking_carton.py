import logging
from collections import defaultdict

import psycopg2

from odoo import models

_logger = logging.getLogger(__name__)


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _action_done(self):
        res = super()._action_done()
        companies = self.env["stock.package.type"]._oms_get_deducting_companies()
        if self and companies:
            self.filtered(
                lambda picking: picking.company_id.id in companies
            )._oms_deduct_cartons()
        return res

    def _oms_deduct_cartons(self):
        """Take the cartons of packages that were made now from stock.

        Never stops the transfer: what goes wrong is told on it.
        """
        if not self:
            return
        # what others left to be written is theirs to answer for
        self.env.flush_all()
        try:
            with self.env.cr.savepoint():
                self.sudo()._oms_make_carton_moves()
        except psycopg2.errors.SerializationFailure:
            # Odoo repeats the whole request
            raise
        except Exception as error:
            _logger.exception("The cartons of %s cannot be deducted", self.ids)
            message = self.env._(
                "The cartons could not be taken from stock: %s", str(error)
            )
            self._message_log_batch({picking.id: message for picking in self})

    def _oms_make_carton_moves(self):
        """One move per transfer and carton, outside of the transfer."""
        packages_by_key = defaultdict(lambda: self.env["stock.package"])
        seen = self.env["stock.package"]
        for picking in self:
            found = picking._oms_get_new_packages() - seen
            seen |= found
            for package in found:
                product = package.package_type_id.oms_product_id
                if product.company_id in (picking.company_id, picking.company_id[:0]):
                    packages_by_key[picking, product] |= package
        if not packages_by_key:
            return
        moves = self.env["stock.move"].create(
            [
                picking._oms_prepare_carton_move(product, len(packages))
                for (picking, product), packages in packages_by_key.items()
            ]
        )
        for move, packages in zip(moves, packages_by_key.values(), strict=True):
            packages.oms_carton_move_id = move
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

    def _oms_get_new_packages(self):
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
        packages = lines.filtered(
            lambda line: line.package_id != line.result_package_id
        ).result_package_id
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

    def _oms_prepare_carton_move(self, product, quantity):
        """From the stock of the warehouse to where things are used up."""
        self.ensure_one()
        warehouse = self.picking_type_id.warehouse_id or self.env[
            "stock.warehouse"
        ].search([("company_id", "=", self.company_id.id)], limit=1)
        product = product.with_company(self.company_id)
        return {
            "company_id": self.company_id.id,
            "product_id": product.id,
            "product_uom": product.uom_id.id,
            "product_uom_qty": quantity,
            "location_id": warehouse.lot_stock_id.id,
            "location_dest_id": product.property_stock_production.id,
            "origin": self.name,
            "state": "draft",
        }
