from odoo import api, models


class OmsSupply(models.AbstractModel):
    """What there is of goods, and what of it is spoken for, by warehouse.

    The one place where sourcing, promises and allocation read it.
    """

    _name = "oms.supply"
    _description = "Order Cycle Supply"

    @api.model
    @api.private
    def _get_free(self, products, warehouses):
        """What may be given away now.

        :param products: ``product.product``
        :param warehouses: ``stock.warehouse``
        :return: ``{(product id, warehouse id): quantity in the product's unit}``: what
            is on hand less what is reserved, never below zero, in one query; pairs
            of which there is nothing are left out
        """
        if not products or not warehouses:
            return {}
        domain, _incoming, _outgoing = products.with_context(
            warehouse_id=warehouses.ids
        )._get_domain_locations()
        groups = (
            self.env["stock.quant"]
            .sudo()
            ._read_group(
                [*domain, ("product_id", "in", products.ids)],
                ["product_id", "warehouse_id"],
                ["quantity:sum", "reserved_quantity:sum"],
            )
        )
        return {
            (product.id, warehouse.id): quantity - reserved
            for product, warehouse, quantity, reserved in groups
            if quantity > reserved
        }
