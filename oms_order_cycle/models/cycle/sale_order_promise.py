"""Which dates are promised: noted while orders change, written once at the end."""

from odoo import api, fields, models

from ...tools.groups import INTERNAL, READERS

#: Key of the notes on changed orders in ``cr.precommit.data``.
PROMISES = "oms_order_cycle.promises"
#: What may move the promise of an order.
_PROMISE_FIELDS = frozenset(("state", "commitment_date", "date_order", "warehouse_id"))
#: Causes by the field that was written; the first that was is named.
CAUSES = {
    "commitment_date": "delivery_date",
    "customer_lead": "lead_time",
    "date_order": "order_date",
    "warehouse_id": "warehouse",
    "route_ids": "warehouse",
    "product_uom_qty": "quantity",
}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    oms_promise_ids = fields.One2many(
        "oms.promise", "order_id", string="Promises", groups=READERS
    )
    oms_promised_date = fields.Datetime(
        string="Promised",
        compute="_compute_oms_promised_date",
        groups=INTERNAL,
        help="When all that was promised is to be with the customer: the latest"
        " promise of the lines (UTC).",
    )

    @api.depends("order_line.oms_promised_date")
    def _compute_oms_promised_date(self):
        for order in self:
            dates = order.order_line.mapped("oms_promised_date")
            order.oms_promised_date = max(filter(None, dates), default=False)

    def _oms_after_write(self, vals):
        changed = _PROMISE_FIELDS.intersection(vals)
        if changed:
            self._oms_note_promises(changed)
        return super()._oms_after_write(vals)

    def _oms_note_promises(self, changed=(), cause=None, reason=None):
        """Have the promises of orders looked at when the transaction is written.

        :param changed: names of the fields that were written
        :param cause: of ``oms.promise``, where the fields do not tell
        :param reason: a sentence to keep with the promises that change
        """
        orders = self.sudo().filtered(
            lambda order: order.state == "sale" or "state" in changed
        )
        if not orders:
            return
        for model in ("sale.order", "sale.order.line"):
            self.env[model].invalidate_model(["oms_promised_date"], flush=False)
        precommit = self.env.cr.precommit
        if PROMISES not in precommit.data:
            precommit.data[PROMISES] = {}
            precommit.add(self.env["sale.order"]._oms_write_promises)
        notes = precommit.data[PROMISES]
        for order in orders:
            note = notes.setdefault(order.id, order._oms_prepare_promise_note())
            note["changed"].update(changed)
            note["cause"] = cause or note["cause"]
            note["reason"] = reason or note["reason"]
            if "state" in changed:
                # what is written after this moment was not asked for by the customer
                note["is_confirmation"] = order.state == "sale"
                note["requested_date"] = order.commitment_date

    def _oms_prepare_promise_note(self, **values):
        self.ensure_one()
        return {
            "user_id": self.env.uid,
            "changed": set(),
            "cause": None,
            "reason": None,
            "is_confirmation": False,
            "requested_date": self.commitment_date,
            **values,
        }

    @api.model
    def _oms_write_promises(self):
        """Append to the ledger what changed in this transaction, and journal it."""
        notes = self.env.cr.precommit.data.pop(PROMISES, {})
        if not notes:
            return
        orders = self.sudo().browse(notes)
        lines = orders.order_line.filtered(lambda line: not line.display_type)
        promises = lines._oms_get_promises()
        changes = self.env["oms.promise"]._append(
            [
                line._oms_prepare_promise_row(
                    promises.get(line), notes[line.order_id.id]
                )
                for line in lines
            ]
        )
        moved = {}
        for change in changes:
            if change.kind == "later" and change.before != change.promised:
                moved.setdefault(change.order_id, []).append(change)
        self.env["oms.event"]._log(
            [
                self._oms_prepare_promise_event(order_id, changed, notes[order_id])
                for order_id, changed in moved.items()
            ]
        )

    @api.model
    def _oms_prepare_promise_event(self, order_id, changes, note):
        """One entry of the journal for all lines of an order whose date moved."""
        before = max(change.before for change in changes)
        promised = max(change.promised for change in changes)
        return {
            "order_id": order_id,
            "kind": "promised",
            "user_id": note["user_id"],
            "name": self.env._(
                "Promised for %(new)s instead of %(old)s",
                new=self._oms_format(promised),
                old=self._oms_format(before),
            ),
            "data": {
                "old": fields.Datetime.to_string(before),
                "new": fields.Datetime.to_string(promised),
                "lines": [
                    {
                        "line_id": change.line_id,
                        "cause": change.cause,
                        "old": fields.Datetime.to_string(change.before),
                        "new": fields.Datetime.to_string(change.promised),
                    }
                    for change in changes
                ],
            },
        }

    def action_oms_view_promises(self):
        """Open what was promised for the orders, and when."""
        return self._oms_get_action("oms_promise_action", self.env._("Promises"))
