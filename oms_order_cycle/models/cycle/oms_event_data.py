"""What an event tells the others, in words for people."""

from markupsafe import Markup

from odoo import api, fields, models


class OmsEvent(models.Model):
    _inherit = "oms.event"

    details = fields.Html(compute="_compute_details", sanitize=False)

    @api.depends("data")
    @api.depends_context("lang", "tz")
    def _compute_details(self):
        for event in self:
            event.details = event._render_data(event.data) if event.data else False

    def _render_data(self, data):
        """A value of ``data`` as HTML: objects and lists of them as tables."""
        if isinstance(data, dict):
            return self._render_table(
                (self._get_data_label(key), self._describe_value(key, value))
                for key, value in self._sort_data(data)
            )
        if isinstance(data, list) and data and isinstance(data[0], dict):
            keys = [key for key, _value in self._sort_data(data[0])]
            return self._render_table(
                (
                    [self._describe_value(key, row.get(key)) for key in keys]
                    for row in data
                    if isinstance(row, dict)
                ),
                heads=[self._get_data_label(key) for key in keys],
            )
        if isinstance(data, list):
            return Markup(", ").join(self._render_data(value) for value in data)
        return Markup("%s") % ("" if data is None else data)

    @api.model
    def _render_table(self, rows, heads=()):
        lines = [
            Markup("<tr>%s</tr>")
            % Markup("").join(Markup("<td>%s</td>") % cell for cell in row)
            for row in rows
        ]
        if heads:
            cells = Markup("").join(Markup("<th>%s</th>") % head for head in heads)
            lines.insert(0, Markup("<tr>%s</tr>") % cells)
        return Markup('<table class="table table-sm mb-0">%s</table>') % Markup(
            ""
        ).join(lines)

    @api.model
    def _get_data_labels(self):
        """Hook: words for the keys of ``data``, in the order they are shown; others
        follow as they are."""
        return {
            "reason": self.env._("Reason"),
            "line_id": self.env._("Product"),
            "old": self.env._("Before"),
            "new": self.env._("Now"),
            "cause": self.env._("Cause"),
            "lines": self.env._("Order Lines"),
        }

    @api.model
    def _sort_data(self, data):
        """Keys and values in the order of the labels: the database keeps none."""
        known = list(self._get_data_labels())
        return sorted(
            data.items(),
            key=lambda item: known.index(item[0]) if item[0] in known else len(known),
        )

    def _get_data_label(self, key):
        """Words for a key: of an order line, its product."""
        label = self._get_data_labels().get(key)
        return label or self._find_line_name(key) or key.replace("_", " ").capitalize()

    def _describe_value(self, key, value):
        """Words for what stands at a key: products, causes and dates by their name."""
        if key == "line_id":
            return self._find_line_name(value) or value
        if isinstance(value, str):
            causes = self.env["oms.promise"]._fields["cause"]
            labels = dict(causes._description_selection(self.env))
            if key == "cause" and value in labels:
                return labels[value]
            moment = self._read_moment(value)
            return self.order_id._oms_format(moment) if moment else value
        return self._render_data(value)

    def _find_line_name(self, line_id):
        """The product of a line of the order; False for anything else."""
        lines = self.order_id.sudo().order_line
        line = lines.filtered(lambda line: str(line.id) == str(line_id))
        return line.product_id.display_name or line.name

    @api.model
    def _read_moment(self, text):
        try:
            # dates alone are shorter
            return len(text) == 19 and fields.Datetime.to_datetime(text)
        except ValueError:
            return False
