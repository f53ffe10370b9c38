"""The customer is asked for his reference before he signs or pays."""

from urllib.parse import urlencode

from odoo.exceptions import AccessError, MissingError, ValidationError
from odoo.http import request, route

from odoo.addons.sale.controllers.portal import CustomerPortal, PaymentPortal


class OmsCustomerPortal(CustomerPortal):
    @route(
        "/my/orders/<int:order_id>/reference",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def oms_portal_order_reference(
        self,
        order_id,
        access_token=None,
        reference=None,
        payment_amount=None,
        amount_selection=None,
        **_unused,
    ):
        """Take the customer's reference down, and go on with the order.

        :param str reference: as the customer typed it
        """
        try:
            order_sudo = self._document_check_access(
                "sale.order", order_id, access_token=access_token
            )
        except (AccessError, MissingError):
            return request.redirect("/my")
        query = {"allow_payment": "yes"}
        if payment_amount:
            query["payment_amount"] = payment_amount
        if amount_selection:
            query["amount_selection"] = amount_selection
        if not order_sudo._oms_set_portal_client_ref(reference):
            query["oms_reference"] = "refused"
        return request.redirect(
            order_sudo.get_portal_url(query_string=f"&{urlencode(query)}")
        )

    def portal_quote_accept(
        self, order_id, access_token=None, name=None, signature=None
    ):
        token = access_token or request.httprequest.args.get("access_token")
        try:
            order_sudo = self._document_check_access(
                "sale.order", order_id, access_token=token
            )
        except (AccessError, MissingError):
            order_sudo = request.env["sale.order"]
        if order_sudo and order_sudo._oms_is_client_ref_asked():
            return {"error": order_sudo._oms_explain_client_ref_to_customer()}
        return super().portal_quote_accept(
            order_id, access_token=access_token, name=name, signature=signature
        )


class OmsPaymentPortal(PaymentPortal):
    def portal_order_transaction(self, order_id, access_token, **kwargs):
        try:
            order_sudo = self._document_check_access(
                "sale.order", order_id, access_token
            )
        except (AccessError, MissingError):
            order_sudo = request.env["sale.order"]
        if order_sudo and order_sudo._oms_is_client_ref_asked():
            raise ValidationError(order_sudo._oms_explain_client_ref_to_customer())
        return super().portal_order_transaction(order_id, access_token, **kwargs)
