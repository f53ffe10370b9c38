from odoo import api, fields, models
from odoo.tools import SQL


class OmsPromiseKey(models.Model):
    """One row per product and warehouse, which all must touch who promise its goods.

    Two transactions that promise the same goods at the same moment both read what is
    left of them; without more, both would promise it. Whoever promises, allocates or
    takes supply away locks the row first: the second waits, is then told by PostgreSQL
    that what it read is old, and Odoo runs it again.
    """

    _name = "oms.promise.key"
    _description = "Order Cycle Promise Key"
    _log_access = False

    product_id = fields.Many2one("product.product", required=True, ondelete="cascade")
    warehouse_id = fields.Many2one("stock.warehouse", required=True, ondelete="cascade")
    version = fields.Integer(required=True, default=0)

    _product_warehouse_uniq = models.UniqueIndex("(product_id, warehouse_id)")

    @api.model
    @api.private
    def _lock(self, pairs):
        """Lock what is promised of goods, until the transaction ends.

        To be called before any stock, transfer or promise of them is read: PostgreSQL
        says that what was read is old only to who writes a row that was written since.

        :param pairs: ``(product id, warehouse id)``, in any order
        """
        pairs = sorted(set(pairs))
        if not pairs:
            return
        products, warehouses = (list(ids) for ids in zip(*pairs, strict=True))
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO oms_promise_key (product_id, warehouse_id, version)
                     SELECT pair.product_id, pair.warehouse_id, 0
                       FROM unnest(%(products)s, %(warehouses)s)
                         AS pair (product_id, warehouse_id)
                   ORDER BY 1, 2
                ON CONFLICT DO NOTHING
                """,
                products=products,
                warehouses=warehouses,
            )
        )
        # locked in one order by all, so that no two wait for each other
        self.env.cr.execute(
            SQL(
                """
                UPDATE oms_promise_key
                   SET version = version + 1
                 WHERE id IN (
                       SELECT key.id
                         FROM oms_promise_key key
                         JOIN unnest(%(products)s, %(warehouses)s)
                           AS pair (product_id, warehouse_id)
                        USING (product_id, warehouse_id)
                     ORDER BY key.product_id, key.warehouse_id
                          FOR UPDATE OF key)
                """,
                products=products,
                warehouses=warehouses,
            )
        )
