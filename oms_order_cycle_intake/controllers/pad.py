"""The order pad: customers order in the portal by themselves.

Who the customer is comes from who is logged in, never from the request; ids that are
not his are answered like ids that do not exist.
"""

from werkzeug.exceptions import NotFound

from odoo.exceptions import AccessError, MissingError
from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.sale.controllers.portal import CustomerPortal

from ..tools.pad_rows import split_block

#: Largest file in bytes, longest block of text in letters.
_MOST_BYTES, _MOST_LETTERS = 2_000_000, 200_000
#: No order costs as much.
_MOST_AMOUNT = 1e15


class OrderPadPortal(CustomerPortal):
    @route("/my/order-pad", type="http", auth="user", website=True)
    def oms_order_pad(self, again=None, **_unused):
        """The page.

        :param again: id of an order of his whose products he wants again
        """
        pad = request.env.user._oms_get_order_pad()
        if not pad:
            return request.redirect("/my")
        orders = self._oms_get_pad_orders(pad)
        return request.render(
            "oms_order_cycle_intake.portal_order_pad",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "order_pad",
                "pad": pad,
                "addresses": orders._oms_get_pad_addresses(pad),
                "again": again if again and again.isascii() and again.isdigit() else "",
                "requests": orders.search(
                    Domain("partner_id", "child_of", pad.partner.ids)
                    & Domain("company_id", "=", pad.company.id)
                    & Domain("oms_is_requested", "=", True)
                    & Domain("state", "=", "draft"),
                    limit=5,
                ),
            },
        )

    @route("/my/order-pad/suggest", type="jsonrpc", auth="user", readonly=True)
    def oms_order_pad_suggest(self, text="", **_unused):
        """Products for what he has typed so far."""
        pad = self._oms_get_pad()
        return self._oms_get_pad_orders(pad)._oms_suggest_for_pad(pad, text)

    @route("/my/order-pad/answer", type="jsonrpc", auth="user", readonly=True)
    def oms_order_pad_answer(
        self, rows=(), address_id=False, date=False, amount_beside=0.0, **_unused
    ):
        """What rows mean and cost, when the goods could be had, what is wrong.

        :param amount_beside: of rows that were answered before and are not asked for;
            it is part of the total that is told, and of nothing else
        """
        pad = self._oms_get_pad()
        orders = self._oms_get_pad_orders(pad)
        address = orders._oms_get_pad_addresses(pad).filtered(
            lambda one: one.id == address_id
        )
        day = date if orders._oms_is_day(date) else False
        return orders._oms_answer_pad(
            pad, _list(rows), address, day, _amount(amount_beside)
        )

    @route("/my/order-pad/bought", type="jsonrpc", auth="user", readonly=True)
    def oms_order_pad_bought(self, **_unused):
        """What he has bought lately, with what it costs today."""
        pad = self._oms_get_pad()
        orders = self._oms_get_pad_orders(pad)
        rows = orders._oms_get_pad_bought(pad)
        answers = orders._oms_answer_pad(pad, rows)["rows"]
        return [
            {**row, "answer": answer} for row, answer in zip(rows, answers, strict=True)
        ]

    @route("/my/order-pad/again", type="jsonrpc", auth="user", readonly=True)
    def oms_order_pad_again(self, order_id=False, **_unused):
        """Rows of an order of his.

        :return: ``{"rows", "gone": names, "order"}``, or ``{"error": words}``
        """
        pad = self._oms_get_pad()
        try:
            order = self._document_check_access("sale.order", _id(order_id))
        except (AccessError, MissingError):
            order = request.env["sale.order"]
        if not order or order.partner_id.commercial_partner_id != pad.partner:
            return {"error": request.env._("You have no such order.")}
        order = self._oms_get_pad_orders(pad).browse(order.id)
        rows, gone = order._oms_get_pad_again(pad)
        return {"rows": rows, "gone": gone, "order": order.name}

    @route("/my/order-pad/paste", type="jsonrpc", auth="user", readonly=True)
    def oms_order_pad_paste(self, text="", **_unused):
        """Rows of a block of text.

        :return: ``{"rows", "problems": words}``
        """
        self._oms_get_pad()
        text = text if isinstance(text, str) else ""
        rows, is_cut = split_block(text[:_MOST_LETTERS])
        problems = []
        if is_cut or len(text) > _MOST_LETTERS:
            problems.append(
                request.env._("The list is too long: its end was left out.")
            )
        return {"rows": rows, "problems": problems}

    @route("/my/order-pad/upload", type="http", auth="user", methods=["POST"])
    def oms_order_pad_upload(self, file=None, **_unused):
        """Rows of a CSV or XLSX file, as :meth:`oms_order_pad_paste` has them."""
        pad = self._oms_get_pad()
        orders = self._oms_get_pad_orders(pad)
        # a field of text has no file
        file = file if hasattr(file, "read") else None
        content = file.read(_MOST_BYTES + 1) if file else b""
        if len(content) > _MOST_BYTES:
            problem = request.env._("The file is too large: at most 2 MB.")
            return request.make_json_response({"rows": [], "problems": [problem]})
        rows, problems = orders._oms_read_pad_file(
            content, file and file.filename or ""
        )
        return request.make_json_response({"rows": rows, "problems": problems})

    @route("/my/order-pad/submit", type="jsonrpc", auth="user")
    def oms_order_pad_submit(self, rows=(), wishes=None, **_unused):
        """Make the order, once for each ``wishes["key"]``."""
        pad = self._oms_get_pad()
        wishes = wishes if isinstance(wishes, dict) else {}
        orders = self._oms_get_pad_orders(pad)
        answer = orders._oms_submit_pad(pad, _list(rows), wishes)
        if answer["order_id"]:
            answer["url"] = f"/my/orders/{answer['order_id']}"
        return answer

    # -- whose pad ----------------------------------------------------------------

    def _oms_get_pad(self):
        """The order pad of who is logged in.

        :raise NotFound: he has none
        """
        pad = request.env.user._oms_get_order_pad()
        if not pad:
            raise NotFound
        return pad

    def _oms_get_pad_orders(self, pad):
        """``sale.order`` of the superuser, asked only for what is the customer's."""
        return pad.channel.env["sale.order"].with_company(pad.company)


def _list(value):
    return list(value) if isinstance(value, list | tuple) else []


def _amount(value):
    is_number = type(value) in (int, float) and abs(value) < _MOST_AMOUNT
    return value if is_number else 0.0


def _id(value):
    return value if type(value) is int and 0 < value < 2**31 else 0
