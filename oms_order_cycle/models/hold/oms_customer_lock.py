from odoo import api, fields, models
from odoo.tools import SQL


class OmsCustomerLock(models.Model):
    """Where transactions meet that look at all orders of a customer.

    Each transaction reads the database as it was when it began: two orders confirmed at
    the same moment do not see each other.  Both write the customer's row here, so that
    the database refuses the later one, and Odoo repeats it: now it sees the first.
    """

    _name = "oms.customer.lock"
    _description = "Customer Whose Orders Are Being Checked"
    _log_access = False

    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    revision = fields.Integer(required=True)

    # not an index: where customers are merged, Odoo gives up rows of constraints only
    _partner_company_uniq = models.Constraint("UNIQUE (partner_id, company_id)")

    @api.model
    def _meet(self, customers):
        """Make other transactions that check these customers meet this one.

        :param customers: set of (commercial partner id, root company id)
        :raise psycopg2.errors.SerializationFailure: another one was faster; Odoo
            repeats the request
        """
        if not customers:
            return
        # in the order of their ids: two transactions do not wait for each other
        self.env.execute_query(
            SQL(
                """
                INSERT INTO oms_customer_lock AS l (partner_id, company_id, revision)
                     VALUES %s
                ON CONFLICT (partner_id, company_id)
                  DO UPDATE SET revision = l.revision + 1
                  RETURNING id
                """,
                SQL(", ").join(
                    SQL("(%s, %s, 0)", partner_id, company_id)
                    for partner_id, company_id in sorted(customers)
                ),
            )
        )
