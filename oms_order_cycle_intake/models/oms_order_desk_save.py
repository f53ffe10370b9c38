"""The order desk: what is typed becomes an ordinary quotation, and the other way."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools.mail import plaintext2html


class OmsOrderDesk(models.AbstractModel):
    _inherit = "oms.order.desk"

    # -- writing ----------------------------------------------------------------

    @api.model
    def save(self, content, confirm=False, overwrite=False):
        """Make the order that is typed, or change the quotation that is gone on with.

        Once for each key of a content: asked again, it tells what became of it.

        :param dict content: as the screen has it
        :param bool confirm: confirm it, too; nothing is saved where that is refused
        :param bool overwrite: also where somebody changed the quotation meanwhile
        :return: dict: ``status`` (``saved``, ``already there``, ``changed meanwhile``),
            ``order_id``, ``name``, ``state``, ``partner``, ``amount``, ``currency_id``,
            ``holds`` (words), ``by`` and ``at`` of who changed it meanwhile
        :raise UserError: something is missing or wrong
        """
        self._check_can_use()
        content = self._read(content)
        draft = self.env["oms.desk.draft"]._claim(content.key)
        if draft.order_id:
            return {"status": "already there", **self._describe_order(draft.order_id)}
        records = self._find_records(content)
        if content.order_id and not overwrite:
            changed = self._find_change(records.order, content.stamp)
            if changed:
                return {"status": "changed meanwhile", **changed}
        self._check_complete(content, records)
        order = self._write_order(content, records)
        if content.note:
            order.message_post(
                body=plaintext2html(content.note), subtype_xmlid="mail.mt_note"
            )
        if confirm:
            # as the button of the form has it
            order.with_context(validate_analytic=True).action_confirm()
        draft.write({"order_id": order.id, "content": False})
        return {"status": "saved", **self._describe_order(order)}

    @api.model
    def _check_complete(self, content, records):
        """:raise UserError: names all that is missing or wrong"""
        faults = []
        if not records.partner:
            faults.append(self.env._("Choose the customer."))
        if content.channel_id and not records.channel:
            faults.append(self.env._("This channel is not there any more."))
        if not content.lines:
            faults.append(self.env._("There is no line yet."))
        faults += self._find_order_faults(content, records)
        for number, line in enumerate(content.lines, start=1):
            if line.qty is None:
                faults.append(self.env._("Line %s: say how many.", number))
            faults += [
                self.env._(
                    "Line %(number)s: %(fault)s", number=number, fault=fault["words"]
                )
                for fault in self._find_line_faults(line, records)
                if fault["blocking"]
            ]
        if faults:
            raise UserError("\n".join(faults))

    @api.model
    def _write_order(self, content, records):
        values = self._prepare_order(content, records)
        if not records.order:
            values["order_line"] = [
                Command.create(self._prepare_line(line, records))
                for line in content.lines
            ]
            return self.env["sale.order"].create(
                {**values, "company_id": self.env.company.id}
            )
        order = records.order
        values = {
            name: value
            for name, value in values.items()
            if order._fields[name].convert_to_write(order[name], order) != value
        }
        values["order_line"] = self._prepare_changes(content, records)
        order.write(values)
        return order

    @api.model
    def _prepare_changes(self, content, records):
        """Commands for the lines of a quotation: only what differs is written."""
        kept = {line.line_id for line in content.lines}
        commands = [
            Command.delete(line_id)
            for line_id, line in records.lines.items()
            if line_id not in kept and not self._is_fixed(line)
        ]
        last = max((line.sequence for line in records.lines.values()), default=0)
        for typed in content.lines:
            values = self._prepare_line(typed, records)
            line = records.lines.get(typed.line_id)
            if not line:
                commands.append(Command.create({**values, "sequence": last + 1}))
                continue
            if line.price_unit == values.get("price_unit"):
                del values["price_unit"], values["technical_price_unit"]
            changes = {
                name: value
                for name, value in values.items()
                if line._fields[name].convert_to_write(line[name], line) != value
            }
            if changes:
                commands.append(Command.update(line.id, changes))
        return commands

    @api.model
    def _describe_order(self, order):
        return {
            "order_id": order.id,
            "name": order.name,
            "state": order.state,
            "partner": order.partner_id.display_name,
            "amount": order.amount_total,
            "currency_id": order.currency_id.id,
            "holds": [
                f"{hold.type_id.name}: {hold.reason}"
                if hold.reason
                else hold.type_id.name
                for hold in order.oms_hold_ids
                if hold.state == "open"
            ],
        }

    # -- going on with a quotation ----------------------------------------------

    @api.model
    def _read_order(self, order):
        """A quotation as a content, see :meth:`answer`."""
        fixed = order.order_line.filtered(self._is_fixed)
        shipping = order.partner_shipping_id
        return {
            "order_id": order.id,
            "order_name": order.name,
            "stamp": self._get_stamp(order),
            "partner_id": order.partner_id.id,
            "shipping_id": shipping.id,
            "channel_id": order.oms_channel_id.id,
            "client_order_ref": order.client_order_ref or "",
            "requested_date": str(
                self._get_local_day(order.commitment_date, order.oms_channel_id) or ""
            ),
            "note": "",
            "lines": [
                self._read_line_typed(line)
                for line in order.order_line
                if line not in fixed
            ],
            "fixed": [
                {
                    "id": line.id,
                    "name": line.name or "",
                    "subtotal": line.price_subtotal,
                }
                for line in fixed
            ],
        }

    @api.model
    def _read_line_typed(self, line):
        by_hand = line.currency_id.compare_amounts(
            line.technical_price_unit, line.price_unit
        )
        return {
            **self._describe_product(line.product_id, line.product_uom_id),
            "key": f"line{line.id}",
            "line_id": line.id,
            "qty": line.product_uom_qty,
            "price": line.price_unit if by_hand else False,
            "discount": False,
            "known_price": line.price_unit,
            "known_discount": line.discount,
        }

    @api.model
    def _get_stamp(self, order):
        """Another one as soon as somebody saves the quotation."""
        lines = order.order_line
        moments = [order.write_date, *lines.mapped("write_date")]
        return f"{max(moments).isoformat()} {sorted(lines.ids)}"

    @api.model
    def _find_change(self, order, stamp):
        """Who changed the quotation since it was opened here, or nothing."""
        if not order or self._get_stamp(order) == stamp:
            return {}
        last = max((order, *order.order_line), key=lambda record: record.write_date)
        return {
            "name": order.name,
            "by": last.write_uid.name,
            "at": self.env["sale.order"]._oms_format(last.write_date),
        }
