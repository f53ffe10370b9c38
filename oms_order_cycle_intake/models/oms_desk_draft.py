from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

#: How long it is remembered what became of what was typed, in days.
REMEMBERED_DAYS = 30


class OmsDeskDraft(models.Model):
    """What somebody has typed at the order desk and not saved yet.

    Once it is saved the row stays for a while, as the one thing that makes one order of
    one call, however often Enter is pressed.
    """

    _name = "oms.desk.draft"
    _description = "Draft at the Order Desk"
    _order = "write_date desc, id desc"

    user_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.user,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    key = fields.Char(required=True, help="Made by the screen, another for each call.")
    partner_id = fields.Many2one(
        "res.partner", string="Customer", ondelete="set null", index="btree_not_null"
    )
    line_count = fields.Integer(string="Lines")
    content = fields.Json(help="As the screen has it.")
    order_id = fields.Many2one(
        "sale.order",
        string="Became",
        ondelete="cascade",
        index="btree_not_null",
        help="Empty as long as it is not saved.",
    )

    # Two transactions of the same call do not see each other, but meet here.
    _key_uniq = models.UniqueIndex("(key)", "This order was saved already.")

    @api.model
    def _claim(self, key):
        """The row of a call, for this transaction alone.

        A second transaction waits, fails, and is run again by Odoo, as it would not see
        what the first one has done.

        :raise AccessError: somebody else typed it
        """
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO oms_desk_draft (key, user_id, company_id, line_count,
                            create_uid, create_date, write_uid, write_date)
                VALUES (%(key)s, %(user)s, %(company)s, 0,
                        %(user)s, %(now)s, %(user)s, %(now)s)
                ON CONFLICT (key) DO UPDATE SET write_date = EXCLUDED.write_date
                  WHERE oms_desk_draft.user_id = EXCLUDED.user_id
                RETURNING id
                """,
                key=key,
                user=self.env.uid,
                company=self.env.company.id,
                now=self.env.cr.now(),
            )
        )
        if not rows:
            raise AccessError(
                self.env._("Somebody else has typed this order. Start a new one.")
            )
        draft = self.browse(rows[0][0])
        draft.invalidate_recordset()
        return draft

    @api.model
    def _keep(self, key, content, partner_id, line_count):
        """Keep what is typed; what is saved already stays as it is."""
        draft = self._claim(key)
        if not draft.order_id:
            draft.write(
                {
                    "content": content,
                    "partner_id": partner_id,
                    "line_count": line_count,
                }
            )

    @api.model
    def _get_kept(self):
        """The user's drafts in this company, the newest first."""
        return self.search(
            [
                ("user_id", "=", self.env.uid),
                ("company_id", "=", self.env.company.id),
                ("order_id", "=", False),
                ("content", "!=", False),
            ],
            limit=20,
        )

    @api.autovacuum
    def _gc_saved(self):
        since = fields.Datetime.now() - timedelta(days=REMEMBERED_DAYS)
        self.search(
            [
                ("write_date", "<", since),
                "|",
                ("order_id", "!=", False),
                ("content", "=", False),
            ],
            limit=10_000,
        ).unlink()
