"""Plans know when they were packed, and boxes without a carton have a name."""


def migrate(cr, version):
    cr.execute(
        """
        UPDATE oms_pack_plan plan
           SET packing_done_at = picking.date_done
          FROM stock_picking picking
         WHERE picking.id = plan.picking_id
           AND plan.packed_boxes > 0
           AND plan.packing_done_at IS NULL
        """
    )
    cr.execute(
        "UPDATE oms_pack_box SET name = 'As It Is' WHERE is_own_carton AND name IS NULL"
    )
