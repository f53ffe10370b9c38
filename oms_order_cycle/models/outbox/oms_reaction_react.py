"""Which reactions take an event, and what is queued for them."""

import logging
from collections import namedtuple

from odoo import SUPERUSER_ID, api, models, tools
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ...tools.conditions import read_condition
from .oms_reaction import MILESTONE_KINDS

_logger = logging.getLogger(__name__)

#: What the journal needs to know of a reaction; kept in the registry's cache.
ReactionDefinition = namedtuple(
    "ReactionDefinition",
    "id milestone company_id event_domain order_domain action_id author_id",
)


class OmsReaction(models.Model):
    _inherit = "oms.reaction"

    @api.model
    @tools.ormcache()
    def _get_definitions(self):
        """The active reactions in order: ``{kind: (ReactionDefinition, ...)}``."""
        definitions = {}
        for reaction in self.sudo().search([("active", "=", True)]):
            if reaction.action_id:
                definitions.setdefault(reaction.event_kind, []).append(
                    reaction._get_definition()
                )
        return {kind: tuple(found) for kind, found in definitions.items()}

    def _get_definition(self):
        self.ensure_one()
        return ReactionDefinition(
            self.id,
            self.event_kind in MILESTONE_KINDS and self.milestone,
            self.company_id.id,
            self.event_domain,
            self.order_domain,
            self.action_id.id,
            self.author_id.id,
        )

    @api.model
    @api.private
    def _react(self, events):
        """Queue what follows from events, each event and reaction once.

        :param events: ``oms.event`` just written, all of them together (sudo)
        :return: the new rows of the outbox
        """
        definitions = self._get_definitions()
        rows, taken = [], events.browse()
        for kind, same in events.grouped("kind").items():
            for definition in definitions.get(kind, ()):
                found = self._filter_events(definition, same)
                taken |= found
                rows += [
                    event._prepare_outbox(
                        f"event:{event.id}:reaction:{definition.id}",
                        definition.action_id,
                        definition.author_id,
                        definition.id,
                    )
                    for event in found
                ]
        if taken:
            taken._mark_taken()
        return self.env["oms.outbox"]._enqueue(rows)

    @api.model
    def _filter_events(self, definition, events):
        """Those of some events of its kind that a reaction takes."""
        events = events.filtered(
            lambda event: (
                self._is_concerned(definition, event.company_id)
                and definition.milestone in (False, event.milestone)
            )
        )
        if not events or not self._has_conditions(definition):
            return events
        # Before the savepoint: what the user did fails or holds by itself, and a
        # rollback takes nothing of it along.
        self.env.flush_all()
        found = set()
        for company, same in events.grouped("company_id").items():
            found.update(self._find_matching(definition, company.id, same.ids))
        return events.filtered(lambda event: event.id in found)

    @api.model
    def _is_concerned(self, definition, company):
        """Whether a reaction is for a company: it is set up for it or for one that it
        is a branch of, and its author has access."""
        if (
            definition.company_id
            and definition.company_id not in company.parent_ids.ids
        ):
            return False
        if definition.author_id == SUPERUSER_ID:
            return True
        author = self.env["res.users"].sudo().browse(definition.author_id)
        return company.id in author._get_company_ids()

    @api.model
    def _has_conditions(self, definition):
        texts = (definition.event_domain, definition.order_domain)
        return any((text or "[]").strip() != "[]" for text in texts)

    @api.model
    def _find_matching(self, definition, company_id, ids):
        """Ids of events that meet the conditions.

        A condition that cannot be asked is not met, and stops nobody: the form of the
        reaction says what is wrong with it.
        """
        try:
            with self.env.cr.savepoint(flush=False):
                return self._search_events(definition, company_id, ids).ids
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            _logger.warning(
                "Conditions of oms.reaction %s are not met, they cannot be tested: %s",
                definition.id,
                error,
            )
            return []

    @api.model
    def _search_events(self, definition, company_id, ids):
        """Find the events that meet the conditions, with the rights of the author."""
        author = self.env["res.users"].sudo().browse(definition.author_id)
        env = self.env(
            user=author.id,
            su=author.id == SUPERUSER_ID,
            context={"allowed_company_ids": [company_id], "lang": author.lang},
        )
        return env["oms.event"].search(
            Domain("id", "in", ids) & self._get_domain(definition)
        )

    @api.model
    def _get_domain(self, definition):
        """Both conditions as one, on ``oms.event``."""
        domain = read_condition(definition.event_domain)
        order_domain = read_condition(definition.order_domain)
        if not order_domain.is_true():
            domain &= Domain("order_id", "any", order_domain)
        return domain

    def _test_conditions(self):
        """Ask the conditions of no event, so that what cannot be asked raises."""
        definition = self._get_definition()
        if self._has_conditions(definition):
            company = self.author_id.sudo().company_id
            self._search_events(definition, company.id, [-1])
