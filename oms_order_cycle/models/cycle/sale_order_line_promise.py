"""Which date is promised for a line."""

from datetime import timedelta

from odoo import api, fields, models

from ...tools.groups import INTERNAL
from .sale_order_promise import CAUSES

#: What may move the promise of a line.
_PROMISE_FIELDS = frozenset(
    (
        "customer_lead",
        "is_delivery",
        "is_downpayment",
        "order_id",
        "product_id",
        "product_uom_id",
        "product_uom_qty",
        "route_ids",
        "warehouse_id",
    )
)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    oms_promised_date = fields.Datetime(
        string="Promised",
        compute="_compute_oms_promised_date",
        groups=INTERNAL,
        help="When the goods are to be with the customer, as it was said last (UTC).",
    )

    def _compute_oms_promised_date(self):
        # what this transaction changed is part of it
        self.env["sale.order"]._oms_write_promises()
        dates = self.env["oms.promise"]._get_current_dates(self._origin.ids)
        for line in self:
            line.oms_promised_date = dates.get(line._origin.id, False)

    def _oms_after_create(self):
        self.order_id._oms_note_promises()
        return super()._oms_after_create()

    def _oms_after_write(self, vals):
        changed = _PROMISE_FIELDS.intersection(vals)
        if changed:
            self.order_id._oms_note_promises(changed)
        return super()._oms_after_write(vals)

    @api.ondelete(at_uninstall=False)
    def _oms_withdraw_deleted(self):
        """The last row of a line that goes says that nothing is promised any more."""
        lines = self.sudo().filtered(lambda line: line.state == "sale")
        if not lines:
            return
        lines.order_id._oms_write_promises()
        self.env["oms.promise"]._append(
            [
                line._oms_prepare_promise_row(
                    None, line.order_id._oms_prepare_promise_note(cause="deleted")
                )
                for line in lines
                if not line.display_type
            ]
        )

    def _oms_get_promises(self):
        """Hook: the dates that are promised for lines now, as Odoo knows them.

        :return: ``{line: values of oms.promise}``, the same keys for each, with
            ``promised_date`` and ``ship_date`` (UTC); lines of which nothing is
            promised are left out
        """
        return {
            line: line._oms_prepare_promise()
            for line in self
            if line._oms_is_promised()
        }

    def _oms_is_promised(self):
        """Whether a date stands for the line: goods that a confirmed order wants."""
        self.ensure_one()
        return bool(
            self.state == "sale"
            and self.product_id.type == "consu"
            and not self.is_downpayment
            and not self.is_delivery
            and self.product_uom_qty > 0
        )

    def _oms_prepare_promise(self):
        self.ensure_one()
        order = self.order_id
        promised = order.commitment_date or self._expected_date()
        promised = promised.replace(microsecond=0)
        lead = timedelta(days=order.company_id.security_lead)
        return {"promised_date": promised, "ship_date": promised - lead}

    def _oms_prepare_promise_row(self, promise, note):
        """What is said about one line, as ``oms.promise`` takes it.

        :param promise: of ``_oms_get_promises``, None where nothing is promised
        :param dict note: what was noted of its order in this transaction
        """
        self.ensure_one()
        return {
            "order_id": self.order_id.id,
            "line_id": self.id,
            "product_id": self.product_id.id or None,
            "company_id": self.order_id.company_id.id,
            "warehouse_id": self.warehouse_id.id or None,
            "quantity": self.product_uom_qty,
            "product_uom_id": self.product_uom_id.id or None,
            "date": fields.Datetime.now(),
            "user_id": note["user_id"],
            "requested_date": note["requested_date"] or None,
            "is_confirmation": note["is_confirmation"],
            "cause": self._oms_get_promise_cause(bool(promise), note),
            "reason": note["reason"],
            **(promise or {"promised_date": None, "ship_date": None}),
        }

    def _oms_get_promise_cause(self, is_promised, note):
        """Why the promise of one line changes, if it does.

        :param bool is_promised: whether a date stands for it now
        :param dict note: what was noted of its order in this transaction
        """
        self.ensure_one()
        if note["cause"]:
            return note["cause"]
        if not is_promised:
            return "quantity" if self.state == "sale" else "cancelled"
        if note["is_confirmation"]:
            return "confirmed"
        return next(
            (cause for name, cause in CAUSES.items() if name in note["changed"]),
            "other",
        )
