from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class OmsEvent(models.Model):
    """Journal of the order cycle: what happened, when, by whom. Append-only."""

    _name = "oms.event"
    _description = "Order Cycle Event"
    _order = "date desc, id desc"
    _log_access = False
    _rec_name = "name"

    order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", readonly=True)
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    kind = fields.Selection(
        [
            # derived from the documents
            ("fact", "Reached"),
            ("fact_cleared", "No Longer True"),
            ("stage", "Stage"),
            # decided by people
            ("approval", "Approved"),
            ("approval_withdrawn", "Approval Withdrawn"),
            ("prepaid", "Paid in Advance"),
            ("prepaid_withdrawn", "No Longer Paid in Advance"),
            ("approval_rejected", "Rejected"),
            ("hold", "On Hold"),
            ("hold_lifted", "Hold Lifted"),
            ("hold_overridden", "Hold Overridden"),
            # what one capability tells the others
            ("received", "Received"),
            ("sourced", "Sourced"),
            ("promised", "Date Promised"),
            ("allocated", "Shared Out"),
            ("released", "Released to Warehouse"),
            ("short_picked", "Short Picked"),
            ("packed", "Packed"),
            ("loaded", "Loaded"),
            ("departed", "Departed"),
            ("delivered", "Arrived"),
            ("refused", "Refused by Customer"),
            ("return_asked", "Return Requested"),
            ("return_accepted", "Return Accepted"),
            ("invoice_due", "To Invoice"),
            ("invoiced", "Invoiced"),
            ("credited", "Credited"),
            ("paid", "Paid"),
            # the order as a whole
            ("cancelled", "Cancelled"),
            ("closed", "Closed"),
            ("reopened", "Reopened"),
            ("action", "Automatic Action"),
            ("note", "Note"),
        ],
        required=True,
        readonly=True,
    )
    milestone = fields.Char(readonly=True)
    stage_id = fields.Many2one("oms.stage", readonly=True, ondelete="set null")
    from_stage_id = fields.Many2one("oms.stage", readonly=True, ondelete="set null")
    amount = fields.Float(
        string="Order Total",
        digits=(16, 2),
        readonly=True,
        aggregator=None,
        help="Of an approval or a payment in advance: the total that was approved or"
        " paid, in the order's currency.",
    )
    user_id = fields.Many2one(
        "res.users", readonly=True, ondelete="set null", string="By"
    )
    res_model = fields.Char("Document Model", readonly=True)
    res_id = fields.Many2oneReference(
        "Document ID", model_field="res_model", readonly=True
    )
    name = fields.Char("What Happened", required=True, readonly=True)
    data = fields.Json(
        readonly=True,
        help="What others need to go on from here: quantities per order line, reasons.",
    )
    outbox_ids = fields.One2many("oms.outbox", "event_id", "Automatic Actions")
    is_taken = fields.Boolean(
        "Acted On",
        readonly=True,
        help="An automatic action was started by this event.",
    )

    _order_date_idx = models.Index("(order_id, date)")
    _date_idx = models.Index("(date DESC, id DESC)")
    _approval_idx = models.Index(
        "(order_id, stage_id) WHERE kind IN ('approval', 'approval_withdrawn')"
    )

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("The order log is kept as it was written."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The order log is kept as it was written."))

    @api.model
    def _get_written_kinds(self):
        """Hook: kinds of events that some installed addon writes.

        :rtype: set
        """
        return {
            "action",
            "approval",
            "approval_withdrawn",
            "approval_rejected",
            "cancelled",
            "closed",
            "delivered",
            "fact",
            "fact_cleared",
            "hold",
            "hold_lifted",
            "hold_overridden",
            "note",
            "prepaid",
            "prepaid_withdrawn",
            "promised",
            "reopened",
            "stage",
        }

    @api.model
    @api.private
    def _log(self, vals_list, react=True):
        """Append events, and queue what is to follow from them.

        :param list vals_list: values of ``oms.event``; ``user_id`` and ``company_id``
            are filled in where missing
        :param bool react: whether automatic actions follow; not for events of the past
            that are written down now
        :return: the events
        """
        if not vals_list:
            return self.browse()
        orders = self.env["sale.order"].browse(vals["order_id"] for vals in vals_list)
        company_by_order = {order.id: order.company_id.id for order in orders.sudo()}
        for vals in vals_list:
            vals.setdefault("user_id", self.env.uid)
            vals.setdefault("company_id", company_by_order[vals["order_id"]])
        events = self.sudo().create(vals_list)
        if react:
            self.env["oms.reaction"]._react(events)
        return events

    def _mark_taken(self):
        """Note that automatic actions follow, in the transaction that wrote the events:
        the one thing that is not known when they are made."""
        self.env.cr.execute(
            SQL("UPDATE oms_event SET is_taken = TRUE WHERE id IN %s", tuple(self.ids))
        )
        self.invalidate_recordset(["is_taken"], flush=False)

    def _prepare_outbox(self, key, action_id, author_id, reaction_id=False):
        """Values of the row of the outbox that has an action run for this event.

        :param str key: what makes the row the only one of its kind
        """
        self.ensure_one()
        return {
            "key": key,
            "order_id": self.order_id.id,
            "stage_id": self.stage_id.id,
            "event_id": self.id,
            "reaction_id": reaction_id,
            "action_id": action_id,
            "author_id": author_id,
        }

    def _prepare_stage_outbox(self, stage, action_id, author_id):
        """The same for an action on entry of a stage: once per order, unless it is to
        run again each time that the order comes back.

        :param stage: ``StageDefinition``
        """
        key = self._get_stage_key(stage, f"action:{action_id}")
        return self._prepare_outbox(key, action_id, author_id)

    def _prepare_own_actions(self, stage):
        """The same for what a consultant put together in the stage's form."""
        actions = self.env["oms.stage.action"].sudo()
        return [
            {
                **self._prepare_outbox(
                    self._get_stage_key(stage, f"own:{own_id}"), False, author_id
                ),
                "stage_action_id": own_id,
                "name": actions.browse(own_id).name,
            }
            for own_id, author_id in stage.own_actions
        ]

    def _get_stage_key(self, stage, what):
        key = f"stage:{stage.id}:{what}:order:{self.order_id.id}"
        return f"{key}:event:{self.id}" if stage.rerun else key

    def action_open_document(self):
        """Open the document the event came from."""
        self.ensure_one()
        if not self.res_model or not self.res_id:
            return False
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [[False, "form"]],
        }
