"""What Odoo forgets to forget when an addon of ours is taken away."""


def forget_addon(cr, addon):
    """Delete what describes an addon's models and fields and stays without them.

    Odoo notes foreign keys once more while it takes the fields away, those of mixins as
    if they were the mixin's addon's; and what its own addons know about our models
    through mixins stays without a record.

    :param cr: a cursor of its own, once the addon is gone
    :param str addon: technical name
    """
    cr.execute(
        """
        DELETE FROM ir_model_constraint
         WHERE module IN (SELECT id FROM ir_module_module WHERE name = %s);
        DELETE FROM ir_model_constraint c
         USING ir_model m
         WHERE m.id = c.model AND m.model LIKE 'oms.%%' AND c.type = 'f'
           AND NOT EXISTS (SELECT FROM pg_constraint WHERE conname = c.name);
        DELETE FROM ir_model_data d
         WHERE d.name LIKE '%%\\_\\_oms\\_%%'
           AND (d.model = 'ir.model.inherit'
                AND NOT EXISTS (SELECT FROM ir_model_inherit WHERE id = d.res_id)
             OR d.model = 'ir.model.fields.selection'
                AND NOT EXISTS (SELECT FROM ir_model_fields_selection
                                 WHERE id = d.res_id))
        """,
        [addon],
    )
