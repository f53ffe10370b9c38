from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.field_value import NOT_UNDERSTOOD, SETTABLE_TYPES, parse_value

#: Fields of an order that documents and other fields follow: not for an action to set.
_NEVER_SET = frozenset(
    (
        "access_token",
        "company_id",
        "currency_id",
        "locked",
        "name",
        "partner_id",
        "partner_invoice_id",
        "partner_shipping_id",
        "pricelist_id",
        "state",
        "warehouse_id",
    )
)
#: What decides what is done.
_CONTENT = (
    "stage_id",
    "kind",
    "template_id",
    "activity_type_id",
    "activity_for",
    "activity_user_id",
    "activity_summary",
    "activity_note",
    "activity_days",
    "webhook_url",
    "field_name",
    "field_value",
)


class OmsStageAction(models.Model):
    """What is done by itself when an order comes to stand in a stage.

    Put together by a consultant, without code and without the right to make server
    actions.  It is carried out by the outbox in the name of whoever said so last.
    """

    _name = "oms.stage.action"
    _inherit = ["oms.limited", "oms.authored", "oms.company.shared"]
    _description = "Action of a Stage"
    _order = "stage_id, sequence, id"

    stage_id = fields.Many2one(
        "oms.stage", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="stage_id.company_id")
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("mail", "E-mail to the Customer"),
            ("activity", "Activity"),
            ("field", "Set a Field"),
            ("webhook", "Webhook"),
        ],
        string="What",
        required=True,
        default="mail",
    )
    name = fields.Char(compute="_compute_name", string="In Words")
    template_id = fields.Many2one(
        "mail.template",
        "E-mail Template",
        domain="[('model', '=', 'sale.order')]",
        ondelete="restrict",
        help="Its text and recipients; without recipients, the customer of the order.",
    )
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        domain="[('res_model', 'in', (False, 'sale.order'))]",
        ondelete="restrict",
        default=lambda self: self.env.ref(
            "mail.mail_activity_data_todo", raise_if_not_found=False
        ),
    )
    activity_for = fields.Selection(
        [
            ("group", "One of the Responsible Group"),
            ("salesperson", "The Salesperson"),
            ("user", "A Certain User"),
        ],
        string="For",
        default="group",
        help="Of the responsible group of the stage: the salesperson if he belongs to"
        " it, else whoever has least to do.",
    )
    activity_user_id = fields.Many2one(
        "res.users", "User", domain="[('share', '=', False)]", ondelete="restrict"
    )
    activity_summary = fields.Char("Summary", translate=True)
    activity_note = fields.Text("Note", translate=True)
    activity_days = fields.Integer(
        "Due In (days)", help="0: on the day the order comes to the stage."
    )
    webhook_url = fields.Char(
        "Address",
        # it often has a key to the other system in it
        groups="oms_order_cycle.group_oms_consultant",
        help="Called with number, customer, total and stage of the order, as JSON.",
    )
    field_name = fields.Selection("_selection_field_name", "Field")
    field_value = fields.Char(
        "Value",
        help="As it is shown on the order: a text, a number, a choice by its name, Yes"
        " or No. Leave empty to empty the field.",
    )

    _days_sensible = models.Constraint(
        "CHECK (activity_days BETWEEN 0 AND 3650)",
        "An activity is due between today and in ten years.",
    )

    # -- words --------------------------------------------------------------------

    @api.model
    def _selection_field_name(self):
        """Fields of an order that the user may set in its form, with their labels."""
        order = self.env["sale.order"]
        described = order.fields_get(attributes=["type", "string", "readonly", "store"])
        guarded = order._oms_get_guarded_fields()
        return sorted(
            (
                (name, field["string"])
                for name, field in described.items()
                if field["type"] in SETTABLE_TYPES
                and field.get("store")
                and not field.get("readonly")
                and name not in _NEVER_SET
                and name not in guarded
                and not name.startswith(("message_", "activity_"))
            ),
            key=lambda item: item[1],
        )

    @api.depends(*_CONTENT, "template_id.name", "activity_user_id.name")
    @api.depends_context("lang")
    def _compute_name(self):
        for action in self:
            action.name = action._get_words()

    def _get_words(self):
        self.ensure_one()
        if self.kind == "mail":
            return self.env._("E-mail “%s”", self.sudo().template_id.name or "")
        if self.kind == "activity":
            what = self.activity_summary or self.activity_type_id.name or ""
            return self.env._("Activity “%s”", what)
        if self.kind == "webhook":
            return self.env._("Webhook to %s", self._split_address().hostname or "")
        label = self._get_field_label()
        if not (self.field_value or "").strip():
            return self.env._("Empty %s", label)
        return self.env._(
            "Set %(field)s to %(value)s", field=label, value=self.field_value
        )

    def _get_field_label(self):
        field = self.env["sale.order"]._fields.get(self.field_name)
        return field._description_string(self.env) if field else self.field_name or ""

    # -- what cannot work is refused when it is saved ------------------------------

    @api.constrains(*_CONTENT)
    def _check_content(self):
        for action in self:
            getattr(action, f"_check_{action.kind}")()

    def _check_mail(self):
        if not self.template_id:
            raise ValidationError(self.env._("Choose the template of the e-mail."))
        if self.sudo().template_id.model != "sale.order":
            raise ValidationError(
                self.env._(
                    "“%s” is no template for sales orders.",
                    self.sudo().template_id.name,
                )
            )

    def _check_activity(self):
        if not self.activity_type_id:
            raise ValidationError(self.env._("Choose the type of the activity."))
        if self.activity_for == "user" and not self.activity_user_id:
            raise ValidationError(self.env._("Choose the user of the activity."))
        if self.activity_for == "group" and not self.stage_id.group_id:
            raise ValidationError(
                self.env._(
                    "The stage “%s” has no responsible group whose activity it could"
                    " be. Choose one, or another user.",
                    self.stage_id.name,
                )
            )

    def _check_webhook(self):
        url = self._split_address()
        if url.scheme not in ("http", "https") or not url.hostname:
            raise ValidationError(
                self.env._(
                    "The address of a webhook begins with https:// and names a host."
                )
            )

    def _split_address(self):
        """The parts of the webhook's address; none of what is no address."""
        try:
            return urlsplit((self.sudo().webhook_url or "").strip())
        except ValueError:
            return urlsplit("")

    def _check_field(self):
        if self.field_name not in dict(self._selection_field_name()):
            raise ValidationError(self.env._("Choose the field to set."))
        self._read_field_value()

    def _read_field_value(self):
        """The value to write.

        :raise UserError: when the text means none, or more than one
        """
        field = self.env["sale.order"]._fields[self.field_name]
        value = parse_value(self.env, field, self.field_value)
        if value is NOT_UNDERSTOOD:
            raise UserError(
                self.env._(
                    "“%(value)s” is no value of %(field)s.",
                    value=self.field_value,
                    field=self._get_field_label(),
                )
            )
        return value

    def _check_can_be_used_by(self, user):
        """Who sends orders through the stage must be allowed to do what it does.

        :raise AccessError: naming the action
        """
        orders = self.env["sale.order"].with_user(user)
        for action in self:
            allowed = orders.has_access("write")
            if allowed and action.kind == "field":
                settable = action.with_user(user)._selection_field_name()
                allowed = action.field_name in dict(settable)
            if not allowed:
                raise AccessError(
                    self.env._(
                        "“%(action)s” can only be done automatically for somebody who"
                        " may do it by hand, and %(user)s may not.",
                        action=action.name,
                        user=user.name,
                    )
                )

    # -- CRUD ---------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        actions = super().create(vals_list)
        actions._content_changed()
        return actions

    def write(self, vals):
        self.stage_id._check_not_frozen()
        res = super().write(vals)
        self._content_changed()
        return res

    def unlink(self):
        self.stage_id._check_not_frozen()
        res = super().unlink()
        self.env.registry.clear_cache()
        return res

    def _content_changed(self):
        self.stage_id._check_not_frozen()
        self.env.registry.clear_cache()

    def _get_authored_fields(self):
        return _CONTENT
