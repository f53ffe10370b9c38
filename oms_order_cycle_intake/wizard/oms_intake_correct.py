from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..payload.schema import KEYS
from ..tools import raw
from ..tools.submission import Submission

#: What is more, or no number at all, is left to be typed.
MOST_QTY = 1e12


class OmsIntakeCorrect(models.TransientModel):
    """What came in and was refused, to be corrected and submitted again."""

    _name = "oms.intake.correct"
    _description = "Correct and Submit Again"

    intake_id = fields.Many2one("oms.intake", required=True, readonly=True)
    company_id = fields.Many2one(related="intake_id.company_id")
    channel_id = fields.Many2one(
        "oms.channel",
        domain="[('company_id', 'in', (False, company_id))]",
    )
    external_ref = fields.Char(string="Reference", required=True)
    fault_text = fields.Text(related="intake_id.fault_text")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        domain="[('company_id', 'in', (False, company_id))]",
    )
    asked_customer = fields.Char(string="As It Came In", readonly=True)
    partner_shipping_id = fields.Many2one(
        "res.partner",
        string="Delivery Address",
        domain="[('id', 'child_of', partner_id)]",
        help="Leave empty for the one that came in, or the customer's own.",
    )
    requested_date = fields.Date(string="Wanted on")
    line_ids = fields.One2many("oms.intake.correct.line", "correct_id")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        intake = self.env["oms.intake"].browse(values.get("intake_id"))
        if intake:
            intake._check_can_correct()
            values.update(self._prepare_form(intake))
        return {name: values[name] for name in values if name in fields_list}

    @api.model
    def _prepare_form(self, intake):
        """What the form begins with: what was found, and what was asked for."""
        payload = raw.read(intake.payload)
        [submission] = self._read_again(intake, payload)
        day = submission.data.get("requested_date")
        found = {line.index: line for line in submission.lines}
        return {
            "channel_id": intake.channel_id.id,
            "external_ref": intake.external_ref,
            "partner_id": submission.partner.id if submission.partner else False,
            "asked_customer": intake._write_value(payload.get("customer")),
            "partner_shipping_id": submission.ship_to.id
            if submission.ship_to
            else False,
            "requested_date": day
            if not any(fault.code == "date_past" for fault in submission.faults)
            else False,
            "line_ids": [
                Command.create(self._prepare_line(line, found.get(index)))
                for index, line in enumerate(payload["lines"])
                if isinstance(line, dict)
            ],
        }

    @api.model
    def _read_again(self, intake, payload):
        """What the payload is found to mean now."""
        submission = Submission.of(payload)
        submission.company = intake.company_id
        submission.channel = intake.channel_id
        orders = self.env["sale.order"].with_company(intake.company_id)
        if submission.channel:
            orders._oms_find_parties([submission])
            orders._oms_check([submission])
        return [submission]

    @api.model
    def _prepare_line(self, line, found):
        """:param found: the ``Line`` of a submission, if it could be read"""
        words = self.env["oms.intake"]._write_value
        try:
            qty = float(line.get("qty"))
        except (TypeError, ValueError, OverflowError):
            qty = 0.0
        if not abs(qty) < MOST_QTY:
            qty = 0.0
        asked = [words(line.get(key)) for key in ("product", "description")]
        return {
            "ref": words(line.get("ref")),
            "asked": " · ".join(filter(None, asked)),
            "asked_qty": f"{words(line.get('qty'))} {words(line.get('uom'))}".strip(),
            "product_id": found.product.id if found and found.product else False,
            "qty": qty,
            "uom_id": found.uom.id if found and found.uom else False,
            "data": line,
        }

    def action_submit(self):
        """Submit what is in the form; the order that it becomes.

        :raise UserError: saying what is still wrong
        """
        self.ensure_one()
        self.intake_id._check_can_correct()
        self._check_products()
        orders = self.env["sale.order"].with_company(self.company_id)
        [result] = orders.oms_submit_orders([self._prepare_payload()])
        if result["status"] == "refused":
            raise UserError("\n".join(error["message"] for error in result["errors"]))
        self._learn(orders)
        self.intake_id.sudo().write(
            {"state": "replaced", "replaced_by_id": result["intake_id"]}
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": result["order_id"],
            "views": [[False, "form"]],
        }

    def _check_products(self):
        """:raise UserError: a line has no product yet"""
        missing = self.line_ids.filtered(lambda line: not line.product_id)
        if missing:
            raise UserError(
                self.env._(
                    "Choose a product, or delete the line: %s",
                    ", ".join(line.asked or line.ref or "?" for line in missing),
                )
            )

    def _prepare_payload(self):
        """What came in, with what was corrected; keys that are unknown are left out."""
        payload = raw.read(self.intake_id.payload)
        payload = {key: value for key, value in payload.items() if key in KEYS}
        payload.update(
            version=1,
            channel=self.channel_id.code,
            external_ref=self.external_ref,
            customer={"id": self.partner_id.id},
            requested_date=str(self.requested_date) if self.requested_date else None,
            lines=[line._prepare_payload() for line in self.line_ids],
        )
        if self.partner_shipping_id:
            payload["ship_to"] = {"id": self.partner_shipping_id.id}
        return payload

    def _learn(self, orders):
        """Remember the codes that are to be remembered as the customer's own."""
        codes = [
            (code, line.product_id.id, line.uom_id.id)
            for line in self.line_ids
            if line.learn and (code := line._get_code())
        ]
        if codes:
            orders._oms_learn_codes(self.partner_id, codes)


class OmsIntakeCorrectLine(models.TransientModel):
    _name = "oms.intake.correct.line"
    _description = "Line to Correct"

    correct_id = fields.Many2one(
        "oms.intake.correct", required=True, ondelete="cascade"
    )
    ref = fields.Char(string="Line", readonly=True)
    asked = fields.Char(string="As It Came In", readonly=True)
    asked_qty = fields.Char(string="Quantity That Came In", readonly=True)
    data = fields.Json(readonly=True)
    product_id = fields.Many2one(
        "product.product",
        domain="[('sale_ok', '=', True)]",
        help="Asked for when it is submitted, in words.",
    )
    qty = fields.Float(string="Quantity", digits="Product Unit", required=True)
    uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        compute="_compute_uom_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    learn = fields.Boolean(
        string="Remember",
        help="Remember the code that came in as the customer's own for this product.",
    )

    @api.depends("product_id")
    def _compute_uom_id(self):
        for line in self:
            own = line.product_id.uom_id
            if not line.uom_id or (own and not own._has_common_reference(line.uom_id)):
                line.uom_id = own

    def _prepare_payload(self):
        """The line of the payload, with what was corrected."""
        data = self.data if isinstance(self.data, dict) else {}
        kept = ("description", "price", "note", "requested_date")
        return {
            **{key: data[key] for key in kept if key in data},
            "ref": self.ref,
            "product": {"id": self.product_id.id},
            "qty": self.qty,
            "uom": self.uom_id.name,
        }

    def _get_code(self):
        """The code that the customer named the product by."""
        product = (self.data or {}).get("product")
        if not isinstance(product, dict):
            return False
        keys = ("customer_code", "code", "barcode")
        return next((str(product[key]) for key in keys if product.get(key)), False)
