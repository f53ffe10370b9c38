"""The nightly check: stored facts must be what the documents say."""

import logging

from markupsafe import Markup

from odoo import api, models
from odoo.fields import Domain

from ...facts.fields import CYCLE_FIELDS

_logger = logging.getLogger(__name__)

#: Orders that the nightly check computes at once, and those that it names in a message.
DRIFT_BATCH = 500
DRIFT_NAMED = 20
_CHECKED_FIELDS = (*CYCLE_FIELDS, "oms_goods")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model
    def _oms_cron_check_drift(self):
        """Compute open orders anew and report any whose facts or stage were wrong.

        Only conditions on the passing of time may move an order here; anything
        else is a fault, and is logged as such.
        """
        cron = self.env["ir.cron"]
        ids = self.search(self._oms_get_drift_domain()).ids
        cron._commit_progress(remaining=len(ids))
        for start in range(0, len(ids), DRIFT_BATCH):
            orders = self.browse(ids[start : start + DRIFT_BATCH]).exists()
            # with what was mended: a check that is cut off has told what it did
            self._oms_report_faults(orders._oms_get_faults(orders._oms_mend_drift()))
            if not cron._commit_progress(processed=len(orders)):
                break

    @api.model
    def _oms_get_drift_domain(self):
        """Orders to compute anew: what time or documents may have moved.

        Most databases are full of old quotations: only those count that are to be
        confirmed in a given time, or wait for a condition.
        """
        return Domain("oms_cycle_state", "=", "open") & (
            Domain("state", "=", "sale")
            | Domain("oms_stage_id.allowed_hours", ">", 0)
            | Domain("oms_workflow_id.stage_ids.exit_kind", "=", "domain")
        )

    def _oms_get_faults(self, drift):
        """The part of what :meth:`_oms_mend_drift` returns that is nobody's doing: not
        what a condition on the time of day moved from one stage to another."""
        workflows = self.env["oms.workflow"]
        return {
            order: names
            for order, names in drift.items()
            if not {"oms_stage_id", "oms_cycle_state"}.issuperset(names)
            or not any(
                stage.kind == "domain"
                for stage in workflows._get_stages(order.oms_workflow_id.id)
            )
        }

    @api.model
    def _oms_report_faults(self, faults):
        """Tell the managers of the order cycle what the nightly check corrected."""
        if not faults:
            return
        _logger.warning(
            "The nightly check corrected the cycle of %s orders: %s",
            len(faults),
            ", ".join(order.name for order in list(faults)[:DRIFT_NAMED]),
        )
        group = self.env.ref(
            "oms_order_cycle.group_oms_manager", raise_if_not_found=False
        )
        managers = (group or self.env["res.groups"]).sudo().all_user_ids
        managers = managers.filtered(lambda user: user.active and not user.share)
        for company, orders in self.union(*faults).grouped("company_id").items():
            partners = managers.filtered(
                lambda user, c=company: c in user.company_ids
            ).partner_id
            if partners:
                self.env["mail.thread"].message_notify(
                    partner_ids=partners.ids,
                    subject=self.env._("Order cycle corrected: %s orders", len(orders)),
                    body=orders._oms_describe_faults(faults),
                    email_layout_xmlid="mail.mail_notification_light",
                )

    def _oms_describe_faults(self, faults):
        items = [
            Markup("<li>%s: %s</li>")
            % (
                order._get_html_link(),
                ", ".join(order._fields[name].string for name in faults[order]),
            )
            for order in self[:DRIFT_NAMED]
        ]
        return Markup("<p>%s</p><ul>%s</ul>") % (
            self.env._(
                "The nightly check found wrong facts or stages on these orders, and"
                " corrected them. This is a fault of the software, not of a user:"
                " please report it. All of them are in the order log (filter Nightly"
                " Check)."
            ),
            Markup().join(items),
        )

    def _oms_mend_drift(self):
        """Compute facts and stage anew; the differences are journalled.

        :return: ``{order: [names of fields that differed]}``
        """
        drift = {}
        for order, progress in self._oms_get_progress().items():
            derived = order._oms_derive(progress)
            derived["oms_stage_id"] = order.oms_stage_id.browse(derived["oms_stage_id"])
            names = [name for name in _CHECKED_FIELDS if order[name] != derived[name]]
            if names:
                drift[order] = names
        if drift:
            self.union(*drift)._oms_rederive()
            self.env.flush_all()
            self.env["oms.event"]._log(
                [
                    {
                        "order_id": order.id,
                        "kind": "note",
                        "name": self.env._(
                            "Found by the nightly check: %s",
                            ", ".join(order._fields[name].string for name in names),
                        ),
                    }
                    for order, names in drift.items()
                ]
            )
        return drift
