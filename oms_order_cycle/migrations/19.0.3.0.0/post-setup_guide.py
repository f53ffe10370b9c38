"""Who has set up the order cycle already is not shown its first steps."""


def migrate(cr, version):
    cr.execute(
        """
        UPDATE res_company SET oms_setup_dismissed = TRUE
         WHERE EXISTS (
             SELECT FROM oms_workflow w
              WHERE w.state = 'published'
                AND w.id NOT IN (
                    SELECT res_id FROM ir_model_data
                     WHERE module = 'oms_order_cycle' AND name = 'workflow_default'))
        """
    )
