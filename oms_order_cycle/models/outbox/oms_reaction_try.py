"""What a reaction would have done, has done, or why it does nothing."""

import logging

from odoo import SUPERUSER_ID, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)


class OmsReaction(models.Model):
    _inherit = "oms.reaction"

    def _find_problem(self):
        """Why nothing is done as it stands, in words; False when all is well."""
        if not self:
            return False
        author = self.author_id
        if not self.action_id:
            return self.env._("The action was deleted. Choose another.")
        if not author.active and author.id != SUPERUSER_ID:
            return self.env._(
                "%s, in whose name this runs, is archived. Press Take Over if it is to"
                " run in yours.",
                author.name,
            )
        self.env.flush_all()
        try:
            with self.env.cr.savepoint(flush=False):
                self.action_id._oms_check_can_attach(author)
                self._test_conditions()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except UserError as error:
            return str(error)
        except Exception:
            _logger.info("Conditions of oms.reaction %s", self.id, exc_info=True)
            return self.env._("Its conditions cannot be tested: check them.")
        return self._find_missing_event()

    def _find_missing_event(self):
        """That nothing writes such events, in words; False when something does."""
        if self.event_kind in self.env["oms.event"]._get_written_kinds():
            return False
        return self.env._(
            "No installed app reports this event. For what Odoo's documents say, choose"
            " “Reached” and a milestone."
        )

    def action_try(self):
        """Show the past events that would have been taken, among those that the user
        may read. Orders are looked at as they are now: how they were nobody knows."""
        self.ensure_one()
        domain = self._get_try_domain()
        count = self.env["oms.event"].search_count(domain)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oms_order_cycle.oms_event_action"
        )
        action.pop("path", None)
        title = self.env._("Events for “%s”", self.name)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info" if count else "warning",
                "title": self.env._("“%s”", self.name),
                "message": self._describe_try(count),
                "next": {
                    **action,
                    "name": title,
                    "display_name": title,
                    # not HTML: of an action that follows another it is not read as such
                    "help": self.env._("No past event matches."),
                    "domain": domain,
                    "context": {},
                },
            },
        }

    def _get_try_domain(self):
        return list(self._get_event_domain() & self._get_domain(self._get_definition()))

    def _get_event_domain(self):
        """The events of its kind, before any condition."""
        definition = self._get_definition()
        domain = Domain("kind", "=", self.event_kind)
        if definition.milestone:
            domain &= Domain("milestone", "=", definition.milestone)
        if definition.company_id:
            domain &= Domain("company_id", "child_of", definition.company_id)
        return domain

    def _describe_try(self, count):
        words = (
            self.env._("It would have acted on %s past events.", count)
            if count != 1
            else self.env._("It would have acted on 1 past event.")
        )
        if self._is_asking_orders():
            words += " " + self.env._(
                "The condition on the order was tested on the orders as they are now."
            )
        return words

    def _is_asking_orders(self):
        """Whether a condition looks at the order itself."""
        return any(
            condition.field_expr.split(".")[0] == "order_id"
            for condition in self._get_domain(self._get_definition()).iter_conditions()
        )

    def action_view_runs(self):
        """Open what it has queued."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oms_order_cycle.oms_outbox_action"
        )
        action.pop("path", None)
        return {**action, "domain": [("reaction_id", "=", self.id)], "context": {}}
