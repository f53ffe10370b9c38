from odoo import api, fields, models
from odoo.exceptions import UserError

from ..payload import check
from ..tools import raw


class OmsIntake(models.Model):
    """What came in, as it came in, and what became of it.

    An order that was taken is the only one of its key: customer (where the channel says
    so), reference, channel, company. What was refused uses up no key.
    """

    _name = "oms.intake"
    _description = "Order That Came In"
    _order = "received_at desc, id desc"
    _rec_name = "external_ref"

    received_at = fields.Datetime(
        string="Received", required=True, readonly=True, default=fields.Datetime.now
    )
    channel_id = fields.Many2one(
        "oms.channel", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    external_ref = fields.Char(string="Reference", readonly=True, index=True)
    source = fields.Char(
        string="File or Mail", readonly=True, help="What it came in, by its name."
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    partner_key = fields.Integer(
        readonly=True,
        default=0,
        help="The company whose reference it is; 0: the channel counts for all.",
    )
    user_id = fields.Many2one(
        "res.users", string="Salesperson", readonly=True, ondelete="set null"
    )
    state = fields.Selection(
        [
            ("taken", "Taken"),
            ("to_check", "To Check"),
            ("refused", "Refused"),
            ("replaced", "Replaced"),
        ],
        required=True,
        readonly=True,
        default="refused",
        help="Taken: there is an order. To Check: there is one, on hold, as something"
        " is wrong or a change was asked for. Refused: there is none. Replaced: was"
        " refused, and came in again since.",
    )
    is_claim = fields.Boolean(
        readonly=True, help="Has its key for itself: an order was made of it."
    )
    fingerprint = fields.Char(readonly=True, help="The same for the same content.")
    payload = fields.Text(
        string="As It Came In", readonly=True, help="JSON, see the integrator's guide."
    )
    faults = fields.Json(readonly=True)
    fault_text = fields.Text(string="What Is Wrong", compute="_compute_fault_text")
    tries = fields.Integer(
        string="Times Received",
        readonly=True,
        default=1,
        help="How often the very same came in.",
    )
    order_id = fields.Many2one(
        "sale.order", readonly=True, index="btree_not_null", ondelete="set null"
    )
    # the order logs its own changes
    order_state = fields.Selection(
        related="order_id.state", string="Order Status", tracking=False
    )
    replaced_by_id = fields.Many2one(
        "oms.intake",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="What came in later under the same reference, or was corrected.",
    )
    attachment_ids = fields.One2many(
        "ir.attachment",
        "res_id",
        string="Documents",
        domain=[("res_model", "=", "oms.intake")],
        readonly=True,
    )

    # The one thing that makes an order come in once: two transactions that hand in the
    # same at the same moment do not see each other, but meet here.
    _claim_uniq = models.UniqueIndex(
        "(company_id, channel_id, partner_key, external_ref) WHERE is_claim",
        "This order came in already.",
    )
    _refused_idx = models.Index("(fingerprint) WHERE state = 'refused'")

    @api.depends("faults")
    @api.depends_context("lang")
    def _compute_fault_text(self):
        for intake in self:
            intake.fault_text = "\n".join(
                intake._describe_fault(fault) for fault in intake.faults or ()
            )

    @api.depends("external_ref", "source")
    def _compute_display_name(self):
        """Its reference; what has none is known by its file or mail."""
        for intake in self:
            name = intake.external_ref or intake.source
            intake.display_name = name or self.env._("Without Reference")

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_used(self):
        if any(intake.is_claim for intake in self):
            raise UserError(
                self.env._(
                    "What orders were made of is kept: it keeps them from coming in"
                    " twice."
                )
            )

    def _read_payload(self):
        """What came in as a clean payload; None where it is none."""
        self.ensure_one()
        return check(raw.read(self.payload))[0]

    def action_view_order(self):
        """Open the order that was made of it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "views": [[False, "form"]],
        }
