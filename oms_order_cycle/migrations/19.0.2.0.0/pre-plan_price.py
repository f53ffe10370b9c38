"""Money and weight of packing plans part: each has columns of its own."""

from odoo.tools.sql import column_exists, create_column

_COLUMNS = {
    "oms_pack_plan": {
        "has_tariff": "bool",
        "minimised": "varchar",
        "objective": "numeric",
        "objective_unit": "varchar",
        "usual_objective": "numeric",
    },
    "oms_pack_box": {"nearly_weight": "numeric"},
}


def migrate(cr, version):
    """Move weights out of the columns of prices.

    Plans whose delivery method chose cartons by billable weight held it there, with the
    cost of cartons and surcharges added to it. Where nothing was added, what was saved
    and the bound are weights; otherwise nobody can tell the parts, and they are left
    out. The billable weight itself is known.
    """
    for table, columns in _COLUMNS.items():
        for name, column_type in columns.items():
            if not column_exists(cr, table, name):
                create_column(cr, table, name, column_type)
    _part_weights(cr)
    _keep_prices(cr)


def _part_weights(cr):
    cr.execute(
        """
        CREATE TEMPORARY TABLE oms_weight_plan ON COMMIT DROP AS
        SELECT p.id,
               COALESCE(NULLIF(p.carrier_unit, ''), u.weight) AS unit,
               -- prices were rounded to the currency
               ABS(p.price - p.carrier_billable)
                   <= m.rounding / 2 + 0.000001 AS is_pure,
               COALESCE(p.billable_weight / NULLIF(p.carrier_billable, 0), 1) AS factor
          FROM oms_pack_plan p
          JOIN delivery_carrier c ON c.id = p.carrier_id
          JOIN res_company o ON o.id = p.company_id
          JOIN res_currency m ON m.id = o.currency_id
    CROSS JOIN (SELECT CASE WHEN EXISTS (
                       SELECT FROM ir_config_parameter
                        WHERE key = 'product.weight_in_lbs' AND value = '1')
                       THEN 'lb' ELSE 'kg' END AS weight) u
         WHERE c.oms_cost_method = 'weight'
           AND p.objective IS NULL;

        UPDATE oms_pack_box b
           SET nearly_weight = CASE WHEN w.is_pure
                                    THEN b.nearly_saving * w.factor ELSE 0 END,
               nearly_saving = 0,
               price = 0
          FROM oms_weight_plan w
         WHERE w.id = b.plan_id;

        UPDATE oms_pack_box_line l
           SET price = 0
          FROM oms_pack_box b
          JOIN oms_weight_plan w ON w.id = b.plan_id
         WHERE b.id = l.box_id;

        UPDATE oms_pack_plan p
           SET minimised = 'weight',
               objective = p.carrier_billable,
               objective_unit = w.unit,
               bound = CASE WHEN w.is_pure THEN p.bound ELSE 0 END,
               usual_objective = CASE WHEN w.is_pure THEN p.usual_price
                                      ELSE p.carrier_billable END,
               has_tariff = FALSE,
               price = 0,
               usual_price = 0,
               saving = 0
          FROM oms_weight_plan w
         WHERE w.id = p.id;

        DROP TABLE oms_weight_plan
        """
    )


def _keep_prices(cr):
    """Prices stay; a tariff told them where the method's own rate, fixed price or
    usable rules were taken. Rules on the value of an order are not usable without."""
    cr.execute(
        """
        UPDATE oms_pack_plan p
           SET minimised = 'cost',
               objective = p.price,
               objective_unit = m.name,
               usual_objective = p.usual_price,
               has_tariff = EXISTS (
                   SELECT
                     FROM delivery_carrier d
                LEFT JOIN stock_picking t ON t.id = p.picking_id
                    WHERE d.id = p.carrier_id
                      AND CASE
                          WHEN d.oms_cost_method = 'rate' THEN TRUE
                          WHEN d.delivery_type = 'fixed' THEN d.fixed_price <> 0
                          WHEN d.delivery_type = 'base_on_rule' THEN
                              EXISTS (
                                  SELECT FROM delivery_price_rule r
                                   WHERE r.carrier_id = d.id)
                              AND (t.sale_id IS NOT NULL OR NOT EXISTS (
                                  SELECT FROM delivery_price_rule r
                                   WHERE r.carrier_id = d.id
                                     AND (r.variable = 'price'
                                          OR r.variable_factor = 'price'
                                             AND r.list_price <> 0)))
                          ELSE FALSE END)
          FROM res_company c
          JOIN res_currency m ON m.id = c.currency_id
         WHERE c.id = p.company_id
           AND p.objective IS NULL
        """
    )
