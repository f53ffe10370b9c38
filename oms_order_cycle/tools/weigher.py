"""What quantities of products weigh, as they were measured."""


class Weigher:
    """Weighs contents of many packages: what is measured is looked up once.

    A case that was measured weighs what it did, with its board; other goods weigh what
    one unit of them does.
    """

    def __init__(self, products):
        """:param products: ``product.product`` of all that will be weighed"""
        self._records = products.sudo()._oms_get_size_records()

    def weigh(self, product, quantity, uoms):
        """Weight of a quantity, in the unit of the database.

        :param product: ``product.product``, among those given before
        :param quantity: in the product's own unit
        :param uoms: ``uom.uom`` it may be packed in
        """
        weight, left = 0.0, quantity
        for factor, each in self._get_cases(product, uoms):
            number = int(left / factor + 1e-6)
            weight += number * each
            left -= number * factor
        own = self._records.get((product, product.uom_id))
        return weight + left * ((own and own.weight) or product.sudo().weight)

    def _get_cases(self, product, uoms):
        """``[(units in it, weight of one)]`` of measured cases, the largest first."""
        rows = []
        for uom in uoms - product.uom_id:
            size = self._records.get((product, uom))
            if not size or size.source == "guess":
                continue
            factor = uom._compute_quantity(1, product.uom_id, round=False)
            if factor > 1:
                rows.append((factor, size.weight or product.sudo().weight * factor))
        return sorted(rows, reverse=True)
