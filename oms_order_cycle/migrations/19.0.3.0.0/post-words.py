"""Words of the stages that were shipped, where nobody has changed them."""


def migrate(cr, version):
    cr.execute(
        """
        UPDATE oms_stage
           SET description = jsonb_set(description, '{en_US}',
                                       '"Invoice what was delivered."')
         WHERE description ->> 'en_US' = 'Invoice what was accepted.'
        """
    )
