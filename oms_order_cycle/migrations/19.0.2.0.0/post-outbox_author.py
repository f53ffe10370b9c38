"""Actions run in the name of whoever set them up; what exists goes on as it did.

Who attached an action to a stage is not known, only who wrote the stage last. They ran
as the superuser, and do so until somebody changes or takes over the stage.
"""

from odoo import SUPERUSER_ID


def migrate(cr, version):
    for table in ("oms_stage", "oms_outbox"):
        cr.execute(
            f"UPDATE {table} SET author_id = %s WHERE author_id IS NULL",  # noqa: S608
            [SUPERUSER_ID],
        )
