"""Handing in the good orders of a file: at once, or in the background."""

import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.oms_order_cycle.tools.guard import Runner, aside

_logger = logging.getLogger(__name__)

#: Files of no more rows are imported while the user waits.
AT_ONCE = 200
#: Orders, and lines, of one transaction of the background.
CHUNK_ORDERS, CHUNK_LINES = 50, 1000
#: Seconds of one call of the background.
SLICE = 60
CRON = "oms_order_cycle_intake.oms_import_cron"


class OmsImport(models.Model):
    _inherit = "oms.import"

    def action_import(self):
        """Hand in the good orders; the faulty ones stay, to be corrected.

        :raise UserError: there is nothing to import
        """
        self.ensure_one()
        self.lock_for_update()
        if self.state not in ("mapped", "stopped", "failed", "done"):
            raise UserError(
                self.env._("This file is being imported, or not checked yet.")
            )
        if not self.good_count:
            raise UserError(self.env._("There are no good rows to import."))
        self.write(
            {
                # who presses the button answers for the orders
                "user_id": self.env.uid,
                "state": "running",
                "started_at": self.started_at or fields.Datetime.now(),
                "finished_at": False,
                "error": False,
            }
        )
        if self.good_count <= AT_ONCE:
            while rows := self._take_chunk():
                self._submit_rows(rows)
            self._end()
        else:
            self.env.ref(CRON).sudo()._trigger()
        return True

    def action_stop(self):
        """Stop the background; what is imported stays, and it can go on later."""
        self.filtered(lambda record: record.state == "running").state = "stopped"
        return True

    def _end(self):
        """Nothing good is left."""
        self.write({"state": "done", "finished_at": fields.Datetime.now()})

    # -- background -----------------------------------------------------------------

    @api.model
    @api.private
    def _cron_run(self):
        """Import what is queued, a chunk to a transaction.

        A chunk that was committed is done, one that was not was never begun: whenever
        the server stops, what is left is taken up again, and an order that came in is
        not made once more.
        """
        runner = Runner(self.env, CRON, SLICE)
        runner.run(self._take_queued, self._work)
        runner.end(is_left=bool(self._get_queued(limit=1)))

    @api.model
    def _get_queued(self, limit=None):
        return self.search([("state", "=", "running")], order="id", limit=limit)

    @api.model
    def _take_queued(self):
        """The next rows of the first file that is queued."""
        for record in self._get_queued():
            if rows := record._take_chunk():
                return rows
            record._end()
        return self.env["oms.import.row"]

    def _take_chunk(self):
        """The first rows of the next good orders: they bear the payload."""
        self.ensure_one()
        rows = self.env["oms.import.row"].search(
            [
                ("import_id", "=", self.id),
                ("state", "=", "good"),
                ("source_hash", "!=", False),
            ],
            order="number",
            limit=CHUNK_ORDERS,
        )
        count = lines = 0
        for row in rows:
            lines += len(row.payload["lines"])
            if count and lines > CHUNK_LINES:
                break
            count += 1
        return rows[:count]

    @api.model
    def _work(self, rows):
        """Hand in orders of one file with the rights of whom it is of."""
        record = rows.import_id
        user = record.user_id
        own = record.with_user(user).with_context(
            lang=user.lang, tz=user.tz, allowed_company_ids=record.company_id.ids
        )
        with aside(self.env, "the import of %s failed", record.file_name) as outcome:
            own._submit_rows(rows.with_env(own.env))
        if outcome.error:
            is_known = isinstance(outcome.error, UserError)
            unknown = self.env._("It failed for a reason that is in the server's log.")
            record.write(
                {
                    "state": "failed",
                    "error": str(outcome.error) if is_known else unknown,
                    "finished_at": fields.Datetime.now(),
                }
            )

    def _submit_rows(self, rows):
        """Hand in orders, and write down what became of them.

        :param rows: the first row of each
        """
        self.ensure_one()
        orders = self.env["sale.order"].with_company(self.company_id)
        results = orders.oms_submit_orders([row.payload for row in rows])
        by_key = (
            self.env["oms.import.row"]
            .search([("import_id", "=", self.id), ("key", "in", rows.mapped("key"))])
            .grouped("key")
        )
        built = None
        for row, result in zip(rows, results, strict=True):
            own = by_key[row.key].filtered(lambda row: row.state != "done")
            if result["status"] != "refused":
                own.write(
                    {
                        "state": "done",
                        "faults": False,
                        "order_id": result["order_id"],
                        "result": result["status"],
                    }
                )
                continue
            if built is None:
                built = {o.rows[0]: o for o in self._build_orders(self._get_rows())}
            self._note_refused(own, built.get(row.number), result["errors"])

    def _note_refused(self, rows, order, errors):
        """Write down why an order was not taken after all, at its cells."""
        found = {row.number: [] for row in rows}
        for error in errors:
            number, column = rows[0].number, None
            if order:
                number, column = order.locate(error["path"])
            found.setdefault(number, []).append(
                {
                    "column": column,
                    "code": error["code"],
                    "message": error["message"],
                    "blocking": True,
                }
            )
        for row in rows:
            faults = found[row.number]
            row.write(
                {
                    "state": "faulty" if faults else "waiting",
                    "faults": faults or False,
                }
            )
