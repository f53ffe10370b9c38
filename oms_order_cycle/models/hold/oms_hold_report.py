"""What is said of holds: in the journal, in the chatter, in errors."""

from markupsafe import Markup

from odoo import api, models
from odoo.tools.misc import formatLang


class OmsHold(models.Model):
    _inherit = "oms.hold"

    def _report(self, kind, describe):
        """Tell the journal and the orders' chatter, in one insert each."""
        sentences = {hold: describe(hold) for hold in self}
        self.env["oms.event"]._log(
            [
                {
                    "order_id": hold.order_id.id,
                    "kind": kind,
                    "hold_id": hold.id,
                    "name": sentence,
                }
                for hold, sentence in sentences.items()
            ]
        )
        bodies = {
            order.id: Markup("<br/>").join(sentences[hold] for hold in holds)
            for order, holds in self.grouped("order_id").items()
        }
        self.order_id._message_log_batch(bodies)

    def _summarize(self):
        """A line for each hold: order, hold, reason."""
        return "\n".join(
            f"{hold.order_id.display_name}, {hold.display_name}: {hold.reason or ''}"
            for hold in self
        )

    def _describe_opening(self):
        return self.env._(
            "On hold: %(hold)s. %(reason)s",
            hold=self.type_id.name,
            reason=self.reason or "",
        ).strip()

    def _describe_lifting(self):
        if self.is_auto_lifted:
            return self.env._("Hold lifted automatically: %s", self.type_id.name)
        return self._add_note(self.env._("Hold lifted: %s", self.type_id.name))

    def _describe_override(self):
        words = [self.env._("Hold overridden: %s", self.type_id.name)]
        if self.amount:
            words.append(
                self.env._(
                    "up to %s",
                    formatLang(self.env, self.amount, currency_obj=self.currency_id),
                )
            )
        if self.expiry:
            words.append(self.env._("until %s", self.order_id._oms_format(self.expiry)))
        return self._add_note(", ".join(words))

    def _add_note(self, sentence):
        return f"{sentence} ({self.note})" if self.note else sentence

    @api.model
    def _end_sentence(self, words):
        """Typed words with the full stop that a sentence after them needs."""
        words = (words or "").rstrip()
        return words if not words or words[-1] in ".!?" else f"{words}."

    def _describe_blocking(self):
        """One line for an error message: what, since when, why, who may lift it."""
        return self.env._(
            "- %(hold)s, since %(since)s. %(reason)s May be lifted by: %(who)s.",
            hold=self.type_id.name,
            since=self.order_id._oms_format(self.opened_at),
            reason=self._end_sentence(self.reason),
            who=self.type_id._get_lifters(),
        )
