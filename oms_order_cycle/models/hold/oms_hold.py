from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools.misc import formatLang

from ...tools.working_time import plan_hours

#: Holds are opened in numbers: no followers, no "created" note for each.
_QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
}


class OmsHold(models.Model):
    """Something that stops an order: since when, why, who decided what about it.

    Nobody writes holds directly; what may be done with them are the actions, which
    check who does it.  A decision (lifted or overridden by a person) stays *in force*
    until the order grows above what was accepted, or its time is over.
    """

    _name = "oms.hold"
    _description = "Order Hold"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "opened_at desc, id desc"
    # readers may plan activities and write notes on a hold
    _mail_post_access = "read"

    order_id = fields.Many2one(
        "sale.order",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    type_id = fields.Many2one(
        "oms.hold.type",
        string="Hold",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    state = fields.Selection(
        [("open", "Open"), ("lifted", "Lifted"), ("overridden", "Overridden")],
        required=True,
        readonly=True,
        default="open",
    )
    reason = fields.Text(readonly=True)
    opened_at = fields.Datetime(
        string="Since", required=True, readonly=True, default=fields.Datetime.now
    )
    opened_by = fields.Many2one(
        "res.users", readonly=True, default=lambda self: self.env.uid
    )
    lifted_at = fields.Datetime(string="Lifted On", readonly=True)
    lifted_by = fields.Many2one("res.users", readonly=True)
    is_auto_lifted = fields.Boolean(
        string="Lifted Automatically", readonly=True, help="Its cause was gone."
    )
    note = fields.Text(readonly=True, help="What was said when it was lifted.")
    is_closed_by_cancel = fields.Boolean(
        string="Closed with the Order",
        readonly=True,
        help="Open when the order was cancelled: it comes back with the order.",
    )
    amount = fields.Monetary(
        string="Accepted Up To",
        readonly=True,
        help="Order total up to which the decision counts. 0: whatever the total.",
    )
    expiry = fields.Datetime(
        string="Accepted Until",
        readonly=True,
        help="When the decision ends. Empty: it does not.",
    )
    in_force = fields.Boolean(
        string="Decision in Force",
        readonly=True,
        help="Somebody accepted the cause: the check does not stop the order again"
        " while the decision counts.",
    )
    deadline = fields.Datetime(
        readonly=True, help="When the allowed time of the hold ends."
    )
    is_late = fields.Boolean(
        string="Late", compute="_compute_is_late", search="_search_is_late"
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="order_id.currency_id")
    partner_id = fields.Many2one(related="order_id.partner_id", store=True)
    user_id = fields.Many2one(related="order_id.user_id", string="Salesperson")
    order_amount = fields.Monetary(
        related="order_id.amount_total", string="Order Total"
    )
    order_stage_id = fields.Many2one(related="order_id.oms_stage_id")
    owner_group_id = fields.Many2one(related="type_id.owner_group_id")
    customer_caused = fields.Boolean(related="type_id.customer_caused")
    blocks = fields.Char(related="type_id.blocks", string="Blocks")
    color = fields.Integer(related="type_id.color")
    description = fields.Text(related="type_id.description")
    can_lift = fields.Boolean(compute="_compute_can_lift", search="_search_can_lift")
    lifters = fields.Char(string="May Be Lifted By", compute="_compute_lifters")

    _open_uniq = models.UniqueIndex(
        "(order_id, type_id) WHERE state = 'open'",
        "The order is on this hold already.",
    )
    _in_force_idx = models.Index("(expiry) WHERE in_force")

    # -- compute ----------------------------------------------------------------

    @api.depends("type_id")
    def _compute_display_name(self):
        for hold in self:
            hold.display_name = hold.type_id.sudo().name or ""

    @api.depends("state", "deadline")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for hold in self:
            hold.is_late = (
                hold.state == "open" and bool(hold.deadline) and hold.deadline < now
            )

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain("state", "=", "open") & Domain(
            "deadline", "<", fields.Datetime.now()
        )
        return domain if True in value else ~domain

    @api.depends("state", "type_id", "order_id")
    @api.depends_context("uid")
    def _compute_can_lift(self):
        """The one rule of who may lift or override: buttons and methods obey it."""
        groups = self.env.user.all_group_ids
        for hold in self:
            lifters = hold.type_id.sudo().lift_group_ids
            if hold.state != "open":
                hold.can_lift = False
            elif self.env.su:
                hold.can_lift = True
            elif lifters:
                hold.can_lift = bool(lifters & groups)
            else:
                hold.can_lift = hold.order_id.has_access("write")

    @api.model
    def _search_can_lift(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain("state", "=", "open") & (
            Domain("type_id.lift_group_ids", "in", self.env.user.all_group_ids.ids)
            | Domain("type_id.lift_group_ids", "=", False)
        )
        if not self.env["sale.order"].has_access("write"):
            domain &= Domain("type_id.lift_group_ids", "!=", False)
        return domain if True in value else ~domain

    @api.depends("type_id")
    @api.depends_context("lang")
    def _compute_lifters(self):
        for hold in self:
            hold.lifters = hold.type_id._get_lifters() if hold.type_id else ""

    # -- CRUD -------------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "Holds are kept as a record: lift them instead of deleting them."
            )
        )

    # -- who may ----------------------------------------------------------------

    def _check_can_lift(self):
        """Refuse to lift what is not open, or not the user's to lift.

        :raise UserError: the hold is closed already
        :raise AccessError: naming who may lift it
        """
        self.check_access("read")
        for hold in self:
            if hold.state != "open":
                raise UserError(
                    self.env._(
                        'The hold "%(hold)s" of %(order)s is no longer open.',
                        hold=hold.display_name,
                        order=hold.order_id.sudo().name,
                    )
                )
            if not hold.can_lift:
                raise AccessError(
                    self.env._(
                        'You may not lift the hold "%(hold)s" of %(order)s. It may be'
                        " lifted by: %(who)s.",
                        hold=hold.display_name,
                        order=hold.order_id.sudo().name,
                        who=hold.type_id._get_lifters(),
                    )
                )

    # -- actions ----------------------------------------------------------------

    def action_lift(self, note=None):
        """Lift holds by hand, and release the orders that nothing holds any longer.

        The cause may be there still: then it is accepted for the order as it is, and
        only for that (a larger total opens a new hold where money is the cause).

        :param str note: why
        """
        self._check_can_lift()
        holds = self.sudo()
        holds._lift(note=note, accept=True)
        holds.order_id._oms_release()
        return True

    def action_open_lift(self):
        """Ask for a note before the holds are lifted."""
        return self._open_dialog("oms.hold.lift", self.env._("Lift"))

    def action_open_override(self):
        """Ask for the terms of an override."""
        return self._open_dialog("oms.hold.override", self.env._("Override"))

    def _open_dialog(self, model_name, title):
        self._check_can_lift()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model_name,
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_hold_ids": self.ids},
        }

    def action_override(self, note, amount=0.0, expiry=False):
        """Let orders pass although the cause of their holds persists.

        :param str note: why; required
        :param float amount: order total up to which this counts, 0 for any
        :param datetime expiry: until when this counts, empty for ever
        """
        self._check_can_lift()
        note = (note or "").strip()
        expiry = fields.Datetime.to_datetime(expiry or False)
        self._check_terms(note, amount or 0.0, expiry)
        holds = self.sudo()
        holds._decide(
            {
                "state": "overridden",
                "note": note,
                "amount": amount or 0.0,
                "expiry": expiry,
                "in_force": True,
            }
        )
        holds._tell("hold_overridden", lambda hold: hold._describe_override())
        holds.order_id._oms_release()
        return True

    def _check_terms(self, note, amount, expiry):
        if not note:
            raise UserError(
                self.env._("Say in the note why the hold is overridden: it is kept.")
            )
        if amount < 0:
            raise UserError(self.env._("The amount of an override cannot be negative."))
        if expiry and expiry <= fields.Datetime.now():
            raise UserError(self.env._("An override must end in the future."))
        for order in self.order_id.sudo():
            if (
                amount
                and order.currency_id.compare_amounts(order.amount_total, amount) > 0
            ):
                raise UserError(
                    self.env._(
                        "The total of %(order)s, %(total)s, is above the amount"
                        " %(amount)s up to which it would be accepted.",
                        order=order.name,
                        total=formatLang(
                            self.env, order.amount_total, currency_obj=order.currency_id
                        ),
                        amount=formatLang(
                            self.env, amount, currency_obj=order.currency_id
                        ),
                    )
                )

    def action_recheck(self):
        """Look again whether the causes are there still."""
        self.check_access("read")
        self.order_id.sudo()._oms_recheck_holds()
        return True

    def action_view_order(self):
        """Open the order."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "views": [[False, "form"]],
        }

    # -- opening and closing ----------------------------------------------------

    @api.model
    def _open(self, vals_list):
        """Open holds; journal and chatter say so.

        :param list vals_list: ``order_id``, ``type_id`` and ``reason`` of each
        :return: the holds (sudo)
        """
        if not vals_list:
            return self.sudo()
        now = fields.Datetime.now()
        hold_types = self.env["oms.hold.type"].sudo()
        planned = {}
        for vals in vals_list:
            type_id = vals["type_id"]
            if type_id not in planned:
                planned[type_id] = self._plan_deadline(hold_types.browse(type_id), now)
            vals.update(opened_at=now, deadline=planned[type_id])
        holds = self.sudo().with_context(**_QUIET).create(vals_list)
        holds = self.sudo().browse(holds.ids)
        holds._report("hold", lambda hold: hold._describe_opening())
        return holds

    @api.model
    def _plan_deadline(self, hold_type, start):
        hours = hold_type.allowed_hours
        return plan_hours(hold_type.calendar_id, start, hours) if hours else False

    def _lift(self, note=None, accept=False, automatic=False):
        """Close open holds without asking who does it.

        :param bool accept: a person decided; remember it against the next check
        :param bool automatic: the cause is gone
        """
        self._decide(
            {
                "state": "lifted",
                "note": note or False,
                "is_auto_lifted": automatic,
                "in_force": accept,
                "amount": 0.0,
            }
        )
        if accept:
            # what is accepted once is accepted up to the order's total only
            money = self.filtered(lambda hold: hold.type_id._is_about_money())
            for total, same in money.grouped("order_amount").items():
                same.amount = total
        self._tell("hold_lifted", lambda hold: hold._describe_lifting())

    def _decide(self, vals):
        self.write(
            {**vals, "lifted_at": fields.Datetime.now(), "lifted_by": self.env.uid}
        )

    def _tell(self, kind, describe):
        """Say in journal and chatter what was decided, for all holds at once."""
        self._report(kind, describe)
        self._message_log_batch({hold.id: describe(hold) for hold in self})

    def _covers(self, now):
        """Whether the decision on this hold still counts for the order as it is."""
        self.ensure_one()
        return (
            self.in_force
            and not (self.expiry and self.expiry <= now)
            and not (
                self.amount
                and self.currency_id.compare_amounts(
                    self.order_id.amount_total, self.amount
                )
                > 0
            )
        )

    def _get_ended_reason(self, now):
        """Why a hold placed by hand comes back: the last decision no longer counts.

        :return: words, or False while nothing was decided or a decision counts
        """
        decided = self.filtered("in_force").sorted("id")
        if not decided or any(hold._covers(now) for hold in decided):
            return False
        last = decided[-1]
        if last.expiry and last.expiry <= now:
            words = self.env._(
                "The override until %s is over.", last.order_id._oms_format(last.expiry)
            )
        else:
            words = self.env._(
                "The order's total is above the %s that were accepted.",
                formatLang(self.env, last.amount, currency_obj=last.currency_id),
            )
        return f"{words} {last.reason or ''}".strip()

    # -- cron -------------------------------------------------------------------

    @api.model
    def _cron_check(self, batch_size=200):
        """Lift what is solved, end overrides, stop orders whose customer got worse."""
        cron = self.env["ir.cron"]
        ids = self._get_order_ids_to_check()
        cron._commit_progress(remaining=len(ids))
        orders = self.env["sale.order"]
        for start in range(0, len(ids), batch_size):
            batch = orders.browse(ids[start : start + batch_size]).exists()
            batch._oms_recheck_holds_safely()
            if not cron._commit_progress(
                processed=len(ids[start : start + batch_size])
            ):
                break

    @api.model
    def _get_order_ids_to_check(self):
        """Orders something may have changed for, the held ones first."""
        now = fields.Datetime.now()
        found = self.sudo().search(
            Domain("order_id.state", "=", "sale")
            & (
                (Domain("state", "=", "open") & Domain("type_id.check", "!=", "manual"))
                | (Domain("in_force", "=", True) & Domain("expiry", "<=", now))
            ),
            order="id",
        )
        ids = dict.fromkeys(found.order_id.ids)
        workflow_ids = [
            workflow_id
            for workflow_id, definitions in self.env["oms.hold.type"]
            ._get_definitions()
            .items()
            if any(definition.recheck for definition in definitions)
        ]
        if workflow_ids:
            ids.update(
                dict.fromkeys(
                    self.env["sale.order"]
                    .sudo()
                    .search(
                        [
                            ("oms_workflow_id", "in", workflow_ids),
                            ("oms_cycle_state", "=", "open"),
                            ("state", "=", "sale"),
                            ("oms_shipped_at", "=", False),
                        ],
                        order="id",
                    )
                    .ids
                )
            )
        return list(ids)
