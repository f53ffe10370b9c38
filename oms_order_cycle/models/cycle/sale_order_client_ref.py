"""References of customers, where an order's channel asks for them."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import NO_ACCESS
from odoo.http import request
from odoo.tools import SQL
from odoo.tools.mail import plaintext2html

from ...tools.client_ref import clean_client_ref
from ...tools.groups import INTERNAL

#: Value of the context key ``oms_unattended``; no client can send this object.
UNATTENDED = object()


class SaleOrder(models.Model):
    _inherit = "sale.order"

    oms_client_ref_clean = fields.Char(
        compute="_compute_oms_client_ref_clean",
        # not before it is created: Odoo would read it with the rights of the user
        store=True,
        copy=False,
        groups=NO_ACCESS,
        help="The customer reference as it is compared: without blanks, in small"
        " letters.",
    )
    oms_client_ref_key = fields.Char(
        compute="_compute_oms_client_ref_key",
        store=True,
        copy=False,
        groups=NO_ACCESS,
        help="Customer and reference of a confirmed order whose channel asks for a"
        " reference of its own.",
    )
    oms_client_ref_missing = fields.Boolean(
        string="Customer Reference Missing",
        copy=False,
        readonly=True,
        groups=INTERNAL,
        help="The order was confirmed where nobody could be told, without the customer"
        " reference that its channel asks for, or with that of another order.",
    )

    _oms_client_ref_idx = models.Index(
        "(oms_client_ref_clean, company_id, date_order, id)"
        " WHERE oms_client_ref_clean IS NOT NULL"
    )
    # Two orders confirmed at the same moment do not see each other: each transaction
    # reads the database as it was when it began, so that not even a lock that the
    # second waits for would show it the first. An index does.
    _oms_client_ref_uniq = models.UniqueIndex(
        "(oms_client_ref_key) WHERE oms_client_ref_key IS NOT NULL",
        "Another order of the same customer has just been confirmed under the same"
        " customer reference. Change the reference or cancel one of the two orders.",
    )

    @api.depends("client_order_ref")
    def _compute_oms_client_ref_clean(self):
        for order in self:
            order.oms_client_ref_clean = clean_client_ref(order.client_order_ref)

    # What a channel asks for is not a dependency: ticking it is for the orders to come.
    @api.depends(
        "state",
        "client_order_ref",
        "oms_channel_id",
        "oms_client_ref_missing",
        "partner_id",
        "company_id",
    )
    def _compute_oms_client_ref_key(self):
        if not self.env["oms.channel"]._is_client_ref_required():
            self.oms_client_ref_key = False
            return
        freed = []
        for order in self:
            ref = clean_client_ref(order.client_order_ref)
            asked = (
                order.state == "sale"
                and order.oms_channel_id.require_client_ref
                and not order.oms_client_ref_missing
            )
            customer = order.partner_id.commercial_partner_id
            key = asked and ref and f"{order.company_id.id}:{customer.id}:{ref}"
            if order.id and order.oms_client_ref_key not in (False, key):
                freed.append(order.id)
            order.oms_client_ref_key = key
        # now, not with the others: one of these may take what another gives up
        if freed:
            self.env.cr.execute(
                SQL(
                    "UPDATE sale_order SET oms_client_ref_key = NULL WHERE id IN %s",
                    tuple(freed),
                )
            )

    @api.model
    def _oms_get_guarded_fields(self):
        return super()._oms_get_guarded_fields() | {"oms_client_ref_missing"}

    @api.constrains(
        "state", "client_order_ref", "oms_channel_id", "partner_id", "company_id"
    )
    def _check_oms_client_ref(self):
        """The reference that a channel asks for is there, and no other order has it.

        However the order came to be confirmed: by the button, an import, a program;
        and as long as it is. Orders that were confirmed where nobody could be told
        wait for the reference.
        """
        confirmed = self.sudo().filtered(lambda order: order.state == "sale")
        faults = confirmed._oms_find_client_ref_faults()
        waiting = confirmed.filtered("oms_client_ref_missing")
        waiting.filtered(
            lambda order: order not in faults
        ).oms_client_ref_missing = False
        for order, words in faults.items():
            if order in waiting:
                continue
            if not order._oms_is_unattended():
                raise ValidationError(words)
            order.oms_client_ref_missing = True

    def _oms_is_unattended(self):
        """Whether nobody is there who could be told what keeps an order: a customer
        signs it, a payment confirms it, a scheduled job."""
        return (
            self.env.context.get("oms_unattended") is UNATTENDED
            # a client may say that, too, but no job runs within a request
            or (bool(self.env.context.get("cron_id")) and not request)
            or not self.env.user._is_internal()
        )

    def _oms_schedule_warning(self, summary, words):
        """Have whoever looks after an order see what happened unattended."""
        self.ensure_one()
        user = self.user_id or self.team_id.user_id
        if not user.active:
            user = self.env.ref("base.user_admin")
        self.activity_schedule(
            "mail.mail_activity_data_warning",
            user_id=user.id,
            summary=summary,
            note=plaintext2html(words),
        )

    def _confirmation_error_message(self):
        # said before anything is changed, as Odoo says what keeps an order
        return (
            super()._confirmation_error_message()
            or (
                not self._oms_is_unattended()
                and self.sudo()._oms_find_client_ref_faults().get(self.sudo())
            )
            or False
        )

    def _oms_find_client_ref_faults(self):
        """What is amiss with references that channels ask for: ``{order: words}``."""
        orders = self.filtered("oms_channel_id.require_client_ref")
        if not orders:
            return {}
        faults = {
            order: self.env._(
                "Orders of the channel %(channel)s need a customer reference."
                " Fill it in on %(order)s before you confirm it.",
                channel=order.oms_channel_id.name,
                order=order.name,
            )
            for order in orders
            if not clean_client_ref(order.client_order_ref)
        }
        named = orders.filtered(lambda order: order not in faults)
        # an order that waits for another reference has no claim to its own
        bears = SQL("twin.oms_client_ref_missing IS NOT TRUE")
        for order, twin in named._oms_get_client_ref_twins(bears).items():
            faults[order] = self.env._(
                "%(customer)s has already ordered under the reference %(ref)s: see"
                " %(order)s. Change the reference or cancel one of the two orders.",
                customer=order.partner_id.commercial_partner_id.name,
                ref=order.client_order_ref.strip(),
                order=twin.name,
            )
        return faults

    def _oms_get_client_ref_twins(self, condition=None):
        """Confirmed orders of the same customer under the same reference.

        :param SQL condition: further condition on an order ``o`` and its ``twin``
        :return: ``{order: the latest such order}``, in one query; the orders may be
            typed and not saved yet
        """
        if not self:
            return {}
        by_id = {order.id or -number: order for number, order in enumerate(self, 1)}
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        self.flush_model(
            [
                "oms_client_ref_clean",
                "oms_client_ref_missing",
                "company_id",
                "date_order",
                "partner_id",
                "state",
            ]
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT o.id, found.id
                  FROM (%(orders)s) o
                  JOIN res_partner p ON p.id = o.partner_id
            CROSS JOIN LATERAL (
                       SELECT twin.id
                         FROM sale_order twin
                         JOIN res_partner q ON q.id = twin.partner_id
                        WHERE twin.oms_client_ref_clean = o.oms_client_ref_clean
                          AND twin.company_id = o.company_id
                          AND q.commercial_partner_id = p.commercial_partner_id
                          AND twin.id <> o.id
                          AND twin.state = 'sale'
                          AND %(condition)s
                        ORDER BY twin.date_order DESC, twin.id DESC
                        LIMIT 1
                       ) found
                """,
                orders=self._oms_select_client_refs(by_id),
                condition=condition or SQL("TRUE"),
            )
        )
        return {by_id[order_id]: self.browse(twin) for order_id, twin in rows}

    @api.model
    def _oms_select_client_refs(self, by_id):
        """What is compared of orders: from the table, or as they are typed.

        :param dict by_id: ``{id, below 0 for what is not saved: order}``
        """
        parts = [
            SQL(
                """
                SELECT id, oms_client_ref_clean, company_id, partner_id, date_order,
                       oms_released_at
                  FROM sale_order
                 WHERE id IN %s
                """,
                tuple(order_id for order_id in by_id if order_id > 0) or (0,),
            )
        ]
        parts += [
            SQL(
                "SELECT %s, %s::varchar, %s, %s, %s::timestamp, NULL::timestamp",
                order_id,
                clean_client_ref(order.client_order_ref) or None,
                order.company_id.id,
                order.partner_id.id,
                order.date_order,
            )
            for order_id, order in by_id.items()
            if order_id < 0
        ]
        return SQL(" UNION ALL ").join(parts)
