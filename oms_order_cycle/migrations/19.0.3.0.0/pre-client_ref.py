from odoo.addons.oms_order_cycle.tools.filling import fill_client_refs


def migrate(cr, version):
    cr.execute(
        """
        ALTER TABLE sale_order
            ADD COLUMN IF NOT EXISTS oms_client_ref_clean varchar;
        DROP INDEX IF EXISTS sale_order_oms_client_ref_uniq;
        """
    )
    fill_client_refs(cr)
