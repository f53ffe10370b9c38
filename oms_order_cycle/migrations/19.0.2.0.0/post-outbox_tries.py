"""All tries are counted now: of what was tried before, those of the last round."""


def migrate(cr, version):
    cr.execute(
        """
        UPDATE oms_outbox
           SET total_tries = tries, last_error = error
         WHERE COALESCE(total_tries, 0) = 0 AND tries > 0
        """
    )
