from datetime import datetime
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

#: What the ledger decides itself when something is said.
_WEIGHED = frozenset(("requested_date", "cause", "is_confirmation"))
_TOLD = frozenset(("told_partner_id", "told_at"))


class Change(NamedTuple):
    """A new row of the ledger: what it says, and which date it replaces."""

    line_id: int
    order_id: int
    kind: str
    cause: str
    before: datetime | None
    promised: datetime | None


class OmsPromise(models.Model):
    """Ledger of promises: which date was said for an order line, when, and why.

    Append-only, one row per line each time its date is said anew:

    * ``first``: the first date that was ever said for the line;
    * ``later``: another date, or a date again after the promise was withdrawn;
    * ``withdrawn``: nothing is promised any more, ``promised_date`` is empty.

    What stands is the last row of a line (``_line_idx``, see ``_get_current_dates``),
    the first promise has an index of its own (``_first_uniq``), the story of an order
    is read by ``_order_idx``; ids grow with time. ``previous_date`` is the date that
    the row replaces, so that neither needs a window over the others. All dates are
    UTC. The rows of a line that is deleted stay, without it, until the order goes.
    """

    _name = "oms.promise"
    _description = "Order Cycle Promise"
    _order = "id desc"
    _log_access = False
    _rec_names_search = ["order_id", "product_id"]

    order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, ondelete="cascade"
    )
    line_id = fields.Many2one(
        "sale.order.line",
        string="Order Line",
        readonly=True,
        ondelete="set null",
        help="Empty once the line was deleted.",
    )
    partner_id = fields.Many2one(related="order_id.partner_id", string="Customer")
    product_id = fields.Many2one("product.product", readonly=True, ondelete="set null")
    company_id = fields.Many2one("res.company", readonly=True)
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        readonly=True,
        ondelete="set null",
        help="Where the goods were to leave from.",
    )
    quantity = fields.Float(
        digits="Product Unit",
        readonly=True,
        aggregator=None,
        help="What was ordered when the date was said, in the unit of the line.",
    )
    product_uom_id = fields.Many2one(
        "uom.uom", string="Unit", readonly=True, ondelete="set null"
    )
    kind = fields.Selection(
        [("first", "First"), ("later", "Changed"), ("withdrawn", "Withdrawn")],
        required=True,
        readonly=True,
    )
    date = fields.Datetime(
        string="Said On",
        required=True,
        readonly=True,
        help="When the date was said, or was taken back (UTC).",
    )
    requested_date = fields.Datetime(
        string="Requested",
        readonly=True,
        help="What the customer asked for: the Delivery Date the quotation had when it"
        " was confirmed (UTC). Empty when no date was asked for.",
    )
    promised_date = fields.Datetime(
        string="Promised",
        readonly=True,
        help="When the goods were to be with the customer (UTC). Empty when the"
        " promise was withdrawn.",
    )
    previous_date = fields.Datetime(
        string="Promised Before",
        readonly=True,
        help="The promise that this one replaces (UTC).",
    )
    ship_date = fields.Datetime(
        string="To Ship",
        readonly=True,
        help="When the goods were to leave the warehouse (UTC): the promised date less"
        " the company's security lead time.",
    )
    cause = fields.Selection(
        [
            ("confirmed", "Order Confirmed"),
            ("confirmed_again", "Order Confirmed Again"),
            ("line_added", "Line Added"),
            ("delivery_date", "Delivery Date Changed"),
            ("lead_time", "Lead Time Changed"),
            ("order_date", "Order Date Changed"),
            ("warehouse", "Warehouse Changed"),
            ("quantity", "Quantity Changed"),
            ("allocated", "Shared Out Anew"),
            ("cancelled", "Order Cancelled"),
            ("deleted", "Line Deleted"),
            ("taken_over", "Taken Over"),
            ("other", "Other"),
        ],
        required=True,
        readonly=True,
        help="Taken Over: the order was confirmed before Order Cycle was installed;"
        " what was said at the time is not known.",
    )
    reason = fields.Char(
        readonly=True, help="A sentence, where there is more to say than the cause."
    )
    user_id = fields.Many2one(
        "res.users", string="By", readonly=True, ondelete="set null"
    )
    told_partner_id = fields.Many2one(
        "res.partner",
        string="Who Was Told",
        readonly=True,
        ondelete="set null",
    )
    told_at = fields.Datetime(
        string="Told On",
        readonly=True,
        help="When the customer was told of this promise (UTC), where that is known.",
    )
    is_current = fields.Boolean(
        string="Current",
        compute="_compute_is_current",
        search="_search_is_current",
        help="This is what is promised for the line now. The others were replaced by"
        " a later date, or taken back.",
    )

    _line_idx = models.Index("(line_id, id DESC)")
    _order_idx = models.Index("(order_id, id)")
    _date_idx = models.Index("(date DESC, id DESC)")
    _first_uniq = models.UniqueIndex("(line_id) WHERE kind = 'first'")

    # -- compute ----------------------------------------------------------------

    @api.depends("order_id", "product_id", "kind", "promised_date")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        for promise in self:
            goods = ", ".join(
                filter(None, (promise.order_id.name, promise.product_id.display_name))
            )
            said = (
                promise.order_id._oms_format_day(promise.promised_date)
                if promise.promised_date
                else self.env._("nothing promised")
            )
            promise.display_name = f"{goods}: {said}" if promise.order_id else said

    def _compute_is_current(self):
        current = self.search([("id", "in", self.ids), ("is_current", "=", True)])
        for promise in self:
            promise.is_current = promise in current

    @api.model
    def _search_is_current(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain.custom(
            to_sql=self._get_current_condition,
            predicate=lambda promise: promise.is_current,
        )
        return domain if True in value else ~domain

    @api.model
    def _get_current_condition(self, _model, alias, _query):
        return SQL(
            """
            %(kind)s <> 'withdrawn' AND %(line)s IS NOT NULL AND NOT EXISTS (
                SELECT FROM oms_promise newer
                 WHERE newer.line_id = %(line)s AND newer.id > %(id)s)
            """,
            kind=SQL.identifier(alias, "kind"),
            line=SQL.identifier(alias, "line_id"),
            id=SQL.identifier(alias, "id"),
        )

    # -- append-only ------------------------------------------------------------

    def write(self, vals):
        # the one thing that is learnt afterwards is who was told, and only once
        is_told = (
            self.env.su and _TOLD.issuperset(vals) and not any(self.mapped("told_at"))
        )
        if not is_told:
            raise UserError(self._get_refusal())
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self._get_refusal())

    def _get_refusal(self):
        return self.env._("What was promised is kept as it was said.")

    @api.private
    def _mark_told(self, partner=None, moment=None):
        """Note who was told of promises; what was noted before stays.

        :param partner: who was told (default: the customer of each order)
        :param moment: when (UTC, default: now)
        """
        moment = moment or fields.Datetime.now()
        untold = self.sudo().filtered(lambda promise: not promise.told_at)
        for told, promises in untold.grouped(
            lambda promise: partner or promise.partner_id
        ).items():
            promises.write({"told_partner_id": told.id, "told_at": moment})

    def action_mark_told(self):
        """The customers were told of these promises now, on the phone say."""
        self.order_id.check_access("write")
        self._mark_told()
        return True

    # -- ledger -----------------------------------------------------------------

    @api.model
    @api.private
    def _append(self, said):
        """Append what was said about lines, as far as it is news, in one statement.

        A date that stands is not said again. Whether a promise is the first one, and
        which it replaces, the ledger knows.

        :param list said: values of ``oms.promise`` as the database takes them, without
            ``kind`` and ``previous_date``; at most one for a line.
            ``promised_date`` is None where nothing is promised (any longer).
            ``is_confirmation`` tells that the order was just confirmed:
            ``requested_date`` then is what the customer asked for; at other times what
            was asked for before stays.
        :return: the news
        :rtype: list[Change]
        """
        if not said:
            return []
        rows = self.env.execute_query(self._get_append_query(said))
        changes = [Change(*row) for row in rows]
        if changes:
            self._forget_dates(changes)
        return changes

    @api.model
    def _get_append_query(self, said):
        """The statement of ``_append``: what is said beside what was said last."""
        names = list(dict.fromkeys(name for vals in said for name in vals))
        copied = [name for name in names if name not in _WEIGHED]
        return SQL(
            """
            WITH said AS (SELECT * FROM unnest(%(arrays)s) AS s (%(names)s))
            INSERT INTO oms_promise
                   (%(copied)s, requested_date, cause, kind, previous_date)
            SELECT %(said)s,
                   CASE WHEN said.is_confirmation THEN said.requested_date
                        WHEN last.id IS NOT NULL THEN last.requested_date
                        WHEN other.id IS NOT NULL THEN other.requested_date
                        ELSE said.requested_date END,
                   CASE WHEN last.id IS NULL AND other.id IS NULL THEN 'confirmed'
                        WHEN last.id IS NULL THEN 'line_added'
                        WHEN last.kind = 'withdrawn' AND said.is_confirmation
                        THEN 'confirmed_again'
                        ELSE said.cause END,
                   CASE WHEN last.id IS NULL THEN 'first'
                        WHEN said.promised_date IS NULL THEN 'withdrawn'
                        ELSE 'later' END,
                   COALESCE(last.promised_date, last.previous_date)
              FROM said
         LEFT JOIN LATERAL (
                   SELECT *
                     FROM oms_promise
                    WHERE line_id = said.line_id
                 ORDER BY id DESC LIMIT 1) last ON TRUE
                   -- a line that is new in an order of which dates were said
         LEFT JOIN LATERAL (
                   SELECT id, requested_date
                     FROM oms_promise
                    WHERE order_id = said.order_id
                      AND last.id IS NULL
                      AND NOT said.is_confirmation
                 ORDER BY id LIMIT 1) other ON TRUE
             WHERE said.promised_date IS DISTINCT FROM last.promised_date
          ORDER BY said.line_id
         RETURNING line_id, order_id, kind, cause, previous_date, promised_date
            """,
            arrays=SQL(", ").join(
                SQL(
                    "%s::%s[]",
                    [vals.get(name) for vals in said],
                    SQL.identifier(self._get_column_type(name)),
                )
                for name in names
            ),
            names=SQL(", ").join(map(SQL.identifier, names)),
            copied=SQL(", ").join(map(SQL.identifier, copied)),
            said=SQL(", ").join(SQL.identifier("said", name) for name in copied),
        )

    @api.model
    def _get_column_type(self, name):
        if name == "is_confirmation":
            return "bool"
        return self._fields[name].column_type[0]

    @api.model
    def _forget_dates(self, changes):
        """What was read of promised dates is not true any longer."""
        lines = self.env["sale.order.line"].browse(c.line_id for c in changes)
        orders = self.env["sale.order"].browse({c.order_id for c in changes})
        self.invalidate_model(["is_current"], flush=False)
        lines.invalidate_recordset(["oms_promised_date"], flush=False)
        orders.invalidate_recordset(
            ["oms_promise_ids", "oms_promised_date"], flush=False
        )

    @api.model
    def _get_current_dates(self, line_ids):
        """What is promised for lines now.

        :param line_ids: ids of ``sale.order.line``
        :return: ``{line id: promised date (UTC)}``, in one query; lines of which
            nothing is promised are left out
        """
        if not line_ids:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (line_id) line_id, promised_date
                  FROM oms_promise
                 WHERE line_id IN %s
              ORDER BY line_id, id DESC
                """,
                tuple(line_ids),
            )
        )
        return {line_id: promised for line_id, promised in rows if promised}
