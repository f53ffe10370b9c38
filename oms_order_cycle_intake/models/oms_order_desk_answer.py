"""The order desk: what is answered while an order is typed."""

from collections import namedtuple
from datetime import datetime, time

from pytz import UTC, timezone

from odoo import api, models
from odoo.fields import Command
from odoo.tools.misc import formatLang

#: The records that are named by what is typed; only what the user may see.
DeskRecords = namedtuple(
    "DeskRecords", "order partner shipping channel products uoms lines"
)
#: What a quotation that is gone on with keeps, though the desk does not show it.
_KEPT = (
    "carrier_id",
    "currency_id",
    "date_order",
    "fiscal_position_id",
    "partner_invoice_id",
    "payment_term_id",
    "pricelist_id",
    "team_id",
    "user_id",
    "warehouse_id",
)
#: What a line has that the desk shows and does not change: a note, a fee, a reward.
_FIXED = (
    "display_type",
    "is_delivery",
    "is_downpayment",
    "name",
    "price_unit",
    "discount",
    "product_uom_qty",
    "extra_tax_data",
)


class OmsOrderDesk(models.AbstractModel):
    _inherit = "oms.order.desk"

    @api.model
    def answer(self, content):
        """Prices, totals, stock, and what would stop the order, for what is typed.

        Nothing is written and nothing locked: the order is put together in memory, by
        the same rules as Odoo's own form. What was answered before and did not change
        (``known_price``) is not asked anew; it is for the screen only.

        :return: dict: ``lines`` (``{key: {"price", "discount", "subtotal", "stock",
            "faults"}}``), ``totals``, ``faults`` (of the order), ``outlook``,
            ``warning``, ``currency_id``
        """
        self._check_can_use()
        content = self._read(content)
        records = self._find_records(content)
        order, typed = self._make_typed(content, records)
        stock = self._answer_stock(content, records, order)
        outlook = False
        if records.partner:
            outlook = self._answer_outlook(order)
        return {
            "key": content.key,
            "currency_id": order.currency_id.id,
            "pricelist": order.pricelist_id.display_name or "",
            "shipping_id": order.partner_shipping_id.id,
            "lines": {
                line.key: {
                    "price": typed[line.key].price_unit,
                    "discount": typed[line.key].discount,
                    "subtotal": typed[line.key].price_subtotal,
                    "faults": self._find_line_faults(line, records),
                    **stock[line.key],
                }
                for line in content.lines
                if line.key in typed
            },
            "unknown": [line.key for line in content.lines if line.key not in typed],
            "totals": {
                "untaxed": order.amount_untaxed,
                "tax": order.amount_tax,
                "total": order.amount_total,
            },
            "faults": self._find_order_faults(content, records),
            "outlook": outlook,
            "warning": order.sale_warning_text or "",
        }

    @api.model
    def _find_records(self, content):
        """The records that are named, as far as the user may see them."""
        order = self._find_order(content.order_id) if content.order_id else None
        partners = self._browse(
            "res.partner", [content.partner_id, content.shipping_id]
        )
        partner = partners.filtered(lambda one: one.id == content.partner_id)
        shipping = partners.filtered(lambda one: one.id == content.shipping_id)
        if shipping.commercial_partner_id != partner.commercial_partner_id:
            # another customer was chosen meanwhile
            shipping = shipping.browse()
        products = self._browse(
            "product.product", {line.product_id for line in content.lines}
        )
        uoms = self._browse("uom.uom", {line.uom_id for line in content.lines})
        channel = self._browse("oms.channel", [content.channel_id])
        return DeskRecords(
            order=order or self.env["sale.order"],
            partner=partner,
            shipping=shipping,
            channel=channel,
            products={product.id: product for product in products},
            uoms={uom.id: uom for uom in uoms},
            lines={line.id: line for line in order.order_line} if order else {},
        )

    # -- the order in memory ----------------------------------------------------

    @api.model
    def _make_typed(self, content, records):
        """The order as it is typed, in memory.

        :return: (``sale.order``, ``{key: sale.order.line}``)
        """
        values = {
            **self._prepare_order(content, records),
            "name": records.order.name or self.env._("this order"),
            "company_id": self.env.company.id,
        }
        if records.order and records.order.partner_id == records.partner:
            values.update({name: records.order[name] for name in _KEPT})
        lines = [line for line in content.lines if line.product_id in records.products]
        typed_ids = {line.line_id for line in content.lines}
        fixed = [
            line
            for line_id, line in records.lines.items()
            if line_id not in typed_ids and self._is_fixed(line)
        ]
        order = self.env["sale.order"].new(
            {
                **values,
                "order_line": [
                    *(
                        Command.create(self._prepare_typed(line, records))
                        for line in lines
                    ),
                    *(Command.create(self._prepare_fixed(line)) for line in fixed),
                ],
            }
        )
        keys = [line.key for line in lines]
        return order, dict(zip(keys, order.order_line, strict=False))

    @api.model
    def _is_fixed(self, line):
        """Whether a line of a quotation is shown at the desk and not changed there."""
        return bool(
            line.display_type
            or not line.product_id
            or line.is_downpayment
            or line.is_delivery
            or line.product_id.type == "combo"
            or line.combo_item_id
            or line.product_no_variant_attribute_value_ids
            or line._is_global_discount()
        )

    @api.model
    def _prepare_fixed(self, line):
        return {
            **{name: line[name] for name in _FIXED},
            "product_id": line.product_id.id,
            "product_uom_id": line.product_uom_id.id,
            "tax_ids": [Command.set(line.tax_ids.ids)],
            "analytic_distribution": False,
        }

    @api.model
    def _prepare_typed(self, line, records):
        """A line in memory; what was answered before is taken as it is."""
        product = records.products[line.product_id]
        values = {
            **self._prepare_line(line, records),
            # for the screen they need not be found
            "name": product.display_name,
            "analytic_distribution": False,
        }
        if line.price is None and line.known_price is not None:
            values["price_unit"] = values["technical_price_unit"] = line.known_price
            if line.discount is None and line.known_discount is not None:
                values["discount"] = line.known_discount
        return values

    @api.model
    def _prepare_order(self, content, records):
        """Values of the order, in memory as when it is written."""
        values = {
            "partner_id": records.partner.id,
            "oms_channel_id": records.channel.id,
            "client_order_ref": content.client_order_ref or False,
        }
        if records.shipping:
            values["partner_shipping_id"] = records.shipping.id
        wanted = content.requested_date
        before = records.order.commitment_date
        if wanted != self._get_local_day(before, records.channel):
            values["commitment_date"] = self._get_end_of_day(wanted, records.channel)
        else:
            values["commitment_date"] = before
        return values

    @api.model
    def _prepare_line(self, line, records):
        """Values of a line, in memory as when it is written."""
        product = records.products[line.product_id]
        uom = records.uoms.get(line.uom_id) or product.uom_id
        values = {
            "product_id": product.id,
            "product_uom_id": uom.id,
            "product_uom_qty": max(line.qty or 0.0, 0.0),
        }
        if line.price is not None:
            # told apart from the price that Odoo finds, so that it is kept as it is
            values.update(price_unit=line.price, technical_price_unit=0.0)
        if line.discount is not None:
            values["discount"] = line.discount
        return values

    @api.model
    def _get_zone(self, channel):
        return timezone(channel.tz or self.env.user.tz or "UTC")

    @api.model
    def _get_local_day(self, moment, channel):
        if not moment:
            return None
        return UTC.localize(moment).astimezone(self._get_zone(channel)).date()

    @api.model
    def _get_end_of_day(self, day, channel):
        """The last second of a day where the order is taken, as naive UTC, or False."""
        if not day:
            return False
        moment = self._get_zone(channel).localize(
            datetime.combine(day, time(23, 59, 59))
        )
        return moment.astimezone(UTC).replace(tzinfo=None)

    # -- stock and holds, in words ----------------------------------------------

    @api.model
    def _answer_stock(self, content, records, order):
        """Whether it is there, and from when, in words.

        :return: ``{key: {"stock": words, "stock_code": code}}``
        """
        asked = {}
        for line in content.lines:
            product = records.products.get(line.product_id)
            if product:
                uom = records.uoms.get(line.uom_id) or product.uom_id
                if not uom._has_common_reference(product.uom_id):
                    uom = product.uom_id
                asked[line.key] = self._make_asked(line, product, uom, len(asked))
        order._oms_find_asked_availability(list(asked.values()))
        short = self.env["product.product"].union(
            *(
                line.product
                for line in asked.values()
                if line.availability[0] not in ("in_stock", "")
            )
        )
        levels = order._oms_get_levels(short, order.warehouse_id)
        free = {product_id: level[0] for product_id, level in levels.items()}
        return {
            key: self._describe_stock(line, free.get(line.product.id, 0.0))
            for key, line in asked.items()
        }

    @api.model
    def _describe_stock(self, line, free):
        code, day = line.availability
        uom = line.product.uom_id
        words = {
            "in_stock": self.env._("In stock"),
            "from": day
            and self.env._("From %s", self.env["sale.order"]._oms_describe_day(day)),
            "awaited": self.env._("Awaited, without a date"),
            "to_order": self.env._("To be ordered first"),
        }.get(code, "")
        if words and code != "in_stock" and uom.compare(free, 0) > 0:
            words = self.env._(
                "%(words)s; %(qty)s %(unit)s free now",
                words=words,
                qty=self._format_qty(free),
                unit=uom.name,
            )
        return {"stock": words, "stock_code": code}

    @api.model
    def _format_qty(self, qty):
        digits = 0 if float(qty).is_integer() else 2
        return formatLang(self.env, qty, digits=digits)

    @api.model
    def _answer_outlook(self, order):
        """What confirming it would bring: of records that the user may see, by checks
        that look at more than he may."""
        return order.sudo()._oms_get_outlook()
