"""Actions run in the name of whoever set them up: say who that is for what exists."""

from odoo import SUPERUSER_ID


def migrate(cr, version):
    cr.execute(
        """
        UPDATE oms_stage
           SET author_id = COALESCE(write_uid, create_uid, %s)
         WHERE author_id IS NULL
        """,
        [SUPERUSER_ID],
    )
    # What no stage asks for, our own code has queued.
    cr.execute(
        """
        UPDATE oms_outbox row
           SET author_id = COALESCE(
                   (SELECT stage.author_id
                      FROM oms_stage stage
                      JOIN ir_act_server_oms_stage_rel chosen
                        ON chosen.oms_stage_id = stage.id
                     WHERE stage.id = row.stage_id
                       AND chosen.ir_act_server_id = row.action_id),
                   %s)
         WHERE author_id IS NULL
        """,
        [SUPERUSER_ID],
    )
