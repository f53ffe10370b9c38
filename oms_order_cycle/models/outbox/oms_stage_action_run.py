"""Doing what an action of a stage says. Each returns what was made, or raises."""

import ipaddress
import json
import socket
from datetime import timedelta

import requests

from odoo import fields, models
from odoo.exceptions import UserError

from .ir_actions_server import WEBHOOK_TIMEOUT


class OmsStageAction(models.Model):
    _inherit = "oms.stage.action"

    def _run(self, order, row):
        """Do it on an order, in the environment of the action: the author's rights.

        :param order: one ``sale.order``
        :param row: the ``oms.outbox`` that it is done for
        :return: the record that was made (a message, an activity), the order where a
            field was set, or nothing
        :raise UserError: when nothing could be done, with words why
        """
        self.ensure_one()
        return getattr(self, f"_run_{self.kind}")(order.with_env(self.env), row)

    def _run_mail(self, order, row):
        if not self.template_id:
            raise UserError(self.env._("The template of the e-mail is gone."))
        message = order.message_post_with_source(
            self.template_id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            **self._get_recipients(order),
        )
        outside = message.partner_ids.filtered(
            lambda partner: (
                partner.email_normalized
                and not partner.sudo().user_ids.filtered(lambda u: not u.share)
            )
        )
        if not outside:
            raise UserError(
                self.env._(
                    "%s has no e-mail address, so nothing was sent. Enter one, and"
                    " press Retry.",
                    order.partner_id.display_name,
                )
            )
        return message

    def _get_recipients(self, order):
        """The customer, where the template names nobody."""
        template = self.template_id.sudo()
        named = template.use_default_to or template.partner_to or template.email_to
        return {} if named else {"partner_ids": order.partner_id.ids}

    def _run_activity(self, order, row):
        user = self._get_activity_user(order)
        lang = self.with_context(lang=user.lang)
        return order.activity_schedule(
            activity_type_id=self.activity_type_id.id,
            summary=lang.activity_summary or lang.stage_id.sudo().name,
            note=lang.activity_note or False,
            user_id=user.id,
            date_deadline=fields.Date.context_today(order)
            + timedelta(days=self.activity_days),
        )

    def _get_activity_user(self, order):
        """Whose activity it is.

        :raise UserError: when there is nobody
        """
        if self.activity_for == "user":
            user = self.activity_user_id.sudo()
            if not user.active:
                raise UserError(
                    self.env._(
                        "%s, whose activity it would be, is archived.", user.name
                    )
                )
            return user
        if self.activity_for == "salesperson":
            if not order.user_id.sudo().active:
                raise UserError(
                    self.env._("%s has no salesperson for the activity.", order.name)
                )
            return order.user_id.sudo()
        stage = self.stage_id.sudo()
        users = stage._get_notified_users(order.company_id)
        if not users:
            raise UserError(
                self.env._(
                    "Nobody belongs to %s, whose activity it would be.",
                    stage.group_id.display_name or "",
                )
            )
        if order.user_id.sudo() in users:
            return order.user_id.sudo()
        load = stage._get_open_activities(users)
        return min(users, key=lambda user: (load[user.id], user.id))

    def _run_field(self, order, row):
        if self.field_name not in dict(self._selection_field_name()):
            raise UserError(
                self.env._(
                    "The field %s cannot be set any more.", self._get_field_label()
                )
            )
        order.write({self.field_name: self._read_field_value()})
        return order

    def _run_webhook(self, order, row):
        self._check_address()
        response = requests.post(
            self.sudo().webhook_url.strip(),
            data=json.dumps(self._get_payload(order), sort_keys=True, default=str),
            headers={"Content-Type": "application/json", "Idempotency-Key": row.key},
            timeout=WEBHOOK_TIMEOUT,
            allow_redirects=False,
        )
        response.raise_for_status()
        return order.browse()

    def _check_address(self):
        """Refuse addresses of the server itself: what answers there trusts it."""
        host = self._split_address().hostname
        try:
            found = {info[4][0] for info in socket.getaddrinfo(host, None)}
        except (OSError, UnicodeError) as error:
            raise UserError(self.env._("The address %s is not known.", host)) from error
        for address in map(ipaddress.ip_address, found):
            address = getattr(address, "ipv4_mapped", None) or address
            if address.is_loopback or address.is_link_local or address.is_unspecified:
                raise UserError(
                    self.env._("%s is this server itself: it is not called.", host)
                )

    def _get_payload(self, order):
        stage = self.stage_id.sudo()
        return {
            "event": "stage",
            "stage": stage.name,
            "workflow": stage.workflow_id.name,
            "order": {
                "id": order.id,
                "name": order.name,
                "state": order.state,
                "client_order_ref": order.client_order_ref or None,
                "partner": order.partner_id.display_name,
                "partner_id": order.partner_id.id,
                "amount_total": order.amount_total,
                "currency": order.currency_id.name,
                "date_order": order.date_order,
                "commitment_date": order.commitment_date or None,
            },
        }
