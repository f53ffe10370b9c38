from odoo import api, fields, models
from odoo.exceptions import ValidationError


class OmsChannel(models.Model):
    """How orders that programs, files and customers hand in are taken."""

    _inherit = "oms.channel"

    key_per_customer = fields.Boolean(
        string="References per Customer",
        default=True,
        help="Two customers may use the same reference, as each counts for itself."
        " Untick where one partner sends the orders of many, under references of its"
        " own.",
    )
    on_other_content = fields.Selection(
        [
            ("refuse", "Refuse It"),
            ("change", "Change the Order"),
            ("hold", "Hold the Order"),
        ],
        string="Same Reference, Other Content",
        required=True,
        default="refuse",
        help="What happens when an order comes in once more and asks for something"
        " else. An order is changed only while nothing of what differs was handed to"
        " the warehouse.",
    )
    on_fault = fields.Selection(
        [
            ("refuse", "Refuse It"),
            ("draft", "Make a Quotation and Hold It"),
        ],
        string="Faulty Orders",
        required=True,
        default="refuse",
        help="Refused orders can be corrected and submitted again. A quotation that is"
        " held names what is wrong; orders of unknown customers are refused all the"
        " same.",
    )
    price_policy = fields.Selection(
        [
            ("ours", "Ours"),
            ("theirs", "Those of the Order"),
            ("hold", "Ours, Held When They Differ"),
        ],
        string="Prices",
        required=True,
        default="ours",
        help="Which prices an order gets that names some.",
    )
    price_tolerance = fields.Float(
        string="Tolerated Difference (%)",
        default=1.0,
        help="Prices that differ by no more than so many percent count as the same.",
    )
    submit_as = fields.Selection(
        [("quotation", "Quotation"), ("order", "Confirmed Order")],
        string="Taken As",
        required=True,
        default="quotation",
        help="Whether orders that come in without a fault are confirmed at once.",
    )
    technical_user_id = fields.Many2one(
        "res.users",
        index="btree_not_null",
        ondelete="restrict",
        domain=lambda self: [
            (
                "all_group_ids",
                "in",
                self.env.ref("oms_order_cycle_intake.group_oms_intake_api").ids,
            )
        ],
        help="The user by which a program hands in orders of this channel. Who is in"
        " the group 'Order Intake by API' hands in orders of no other channel than"
        " those that name him.",
    )
    intake_count = fields.Integer(
        compute="_compute_intake_count",
        groups="sales_team.group_sale_salesman,oms_order_cycle.group_oms_consultant",
    )

    _price_tolerance_range = models.Constraint(
        "CHECK (price_tolerance >= 0 AND price_tolerance <= 100)",
        "The tolerated difference of prices must be between 0 and 100 percent.",
    )

    def _compute_intake_count(self):
        counts = dict(
            self.env["oms.intake"]._read_group(
                [("channel_id", "in", self.ids)], ["channel_id"], ["__count"]
            )
        )
        for channel in self:
            channel.intake_count = counts.get(channel._origin, 0)

    @api.constrains("technical_user_id")
    def _check_technical_user(self):
        group = "oms_order_cycle_intake.group_oms_intake_api"
        for channel in self:
            user = channel.sudo().technical_user_id
            if user and not user.has_group(group):
                raise ValidationError(
                    self.env._(
                        "%s is not in the group 'Order Intake by API' and cannot hand"
                        " in orders for a program.",
                        user.name,
                    )
                )

    def _can_hand_in(self):
        """Whether the user may hand in orders of the channel."""
        self.ensure_one()
        user = self.env.user
        group = "oms_order_cycle_intake.group_oms_intake_api"
        return not user.has_group(group) or self.sudo().technical_user_id == user

    def action_view_intakes(self):
        """Open what came in over the channel."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oms_order_cycle_intake.oms_intake_action"
        )
        action["domain"] = [("channel_id", "in", self.ids)]
        return action
