"""What came in, for people to read."""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import raw


class OmsIntake(models.Model):
    _inherit = "oms.intake"

    content = fields.Html(
        string="What Was Asked For", compute="_compute_content", sanitize=False
    )
    can_correct = fields.Boolean(compute="_compute_can_correct")

    @api.depends("payload", "faults")
    @api.depends_context("lang")
    def _compute_content(self):
        for intake in self:
            payload = raw.read(intake.payload)
            intake.content = (
                intake._render_payload(payload) if isinstance(payload, dict) else False
            )

    @api.depends("state", "payload")
    @api.depends_context("uid")
    def _compute_can_correct(self):
        may = self.env["sale.order"].has_access("create")
        for intake in self:
            intake.can_correct = (
                may
                and intake.state == "refused"
                and not intake.order_id
                and bool(intake._read_lines())
            )

    def _read_lines(self):
        """The lines that came in, as far as they can be read at all."""
        payload = raw.read(self.payload)
        lines = payload.get("lines") if isinstance(payload, dict) else None
        return [
            line
            for line in (lines if isinstance(lines, list) else ())
            if isinstance(line, dict)
        ]

    def _check_can_correct(self):
        for intake in self:
            if not intake.can_correct:
                raise UserError(
                    self.env._(
                        "%s cannot be corrected: it was not refused, or nothing of it"
                        " can be read.",
                        intake.display_name,
                    )
                )

    def action_correct(self):
        """Open the form to correct it in and submit it again."""
        self.ensure_one()
        self._check_can_correct()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correct and Submit Again"),
            "res_model": "oms.intake.correct",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_intake_id": self.id, "dialog_size": "extra-large"},
        }

    # -- as tables --------------------------------------------------------------

    def _render_payload(self, payload):
        """A payload, good or not, as tables in words."""
        labels = self._get_header_labels()
        rows = [
            (label, self._write_value(payload[key]))
            for key, label in labels.items()
            if payload.get(key)
        ]
        html = Markup('<table class="table table-sm w-auto">%s</table>') % Markup(
            ""
        ).join(Markup("<tr><th>%s</th><td>%s</td></tr>") % row for row in rows)
        lines = payload.get("lines")
        if isinstance(lines, list) and lines:
            html += self._render_lines(lines)
        return html

    def _render_lines(self, lines):
        labels = self._get_line_labels()
        shown = [
            key
            for key in labels
            if any(isinstance(line, dict) and line.get(key) for line in lines)
        ]
        faults = self._get_faults_by_line()
        heads = [labels[key] for key in shown] + [self.env._("What Is Wrong")] * bool(
            faults
        )
        body = Markup("")
        for index, line in enumerate(lines):
            line = line if isinstance(line, dict) else {"product": line}
            cells = [self._write_value(line.get(key)) for key in shown]
            if faults:
                cells.append(" ".join(faults.get(index, ())))
            style = Markup(' class="table-danger"') if index in faults else ""
            body += Markup("<tr%s>%s</tr>") % (
                style,
                Markup("").join(Markup("<td>%s</td>") % cell for cell in cells),
            )
        head = Markup("").join(Markup("<th>%s</th>") % head for head in heads)
        return Markup('<table class="table table-sm"><tr>%s</tr>%s</table>') % (
            head,
            body,
        )

    def _get_faults_by_line(self):
        """``{index of a line: what is wrong with it}``"""
        found = {}
        for fault in self.faults or ():
            path = fault["path"]
            number = path.removeprefix("lines[").partition("]")[0]
            if path.startswith("lines[") and number.isdigit():
                words = self._describe_fault({**fault, "line": ""})
                found.setdefault(int(number), []).append(words)
        return found

    @api.model
    def _write_value(self, value, levels=4):
        """A value of a payload as text; what is nested deeper says nothing."""
        if isinstance(value, dict | list):
            inner = value.values() if isinstance(value, dict) else value
            if not levels:
                return "…"
            return ", ".join(self._write_value(one, levels - 1) for one in inner)
        return "" if value is None or value is False else str(value)

    @api.model
    def _get_header_labels(self):
        """Words for the keys of a payload, in the order they are shown."""
        return {
            "customer": self.env._("Customer"),
            "ship_to": self.env._("Delivery Address"),
            "bill_to": self.env._("Invoice Address"),
            "order_date": self.env._("Ordered on"),
            "requested_date": self.env._("Wanted on"),
            "valid_until": self.env._("Valid until"),
            "currency": self.env._("Currency"),
            "purpose": self.env._("Purpose"),
            "test": self.env._("Test"),
            "totals": self.env._("Total without Taxes"),
            "note": self.env._("Note"),
        }

    @api.model
    def _get_line_labels(self):
        return {
            "ref": self.env._("Line"),
            "product": self.env._("Product"),
            "description": self.env._("Description"),
            "qty": self.env._("Quantity"),
            "uom": self.env._("Unit"),
            "price": self.env._("Price"),
            "requested_date": self.env._("Wanted on"),
            "note": self.env._("Note"),
        }
