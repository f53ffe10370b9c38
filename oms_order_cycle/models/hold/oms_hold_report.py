"""What is said of holds: in the journal, in the chatter, in errors."""

from textwrap import shorten

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

    def _get_words(self):
        """The reason as the user may read it, whoever computes."""
        self.ensure_one()
        user_env = self.sudo(False).env
        may_read = user_env["oms.hold"]._has_field_access(
            self._fields["reason"], "read"
        )
        return (self.sudo().reason if may_read else self.public_reason) or ""

    def _summarize(self):
        """A line for each hold: order, hold, reason."""
        return "\n".join(
            f"{hold.order_id.display_name}, {hold.display_name}: {hold._get_words()}"
            for hold in self
        )

    def _describe_opening(self):
        # journal and chatter are read by all who may see the order
        return self.env._(
            "On hold: %(hold)s. %(reason)s",
            hold=self.type_id.name,
            reason=self.public_reason or "",
        ).strip()

    def _describe_cause(self):
        """One line for a transfer or an invoice: order, hold, why."""
        order, hold = self.order_id.name, self.type_id.name
        reason = (self.public_reason or "").strip()
        if not reason:
            return self.env._("%(order)s: %(hold)s", order=order, hold=hold)
        return self.env._(
            "%(order)s: %(hold)s (%(reason)s)",
            order=order,
            hold=hold,
            reason=shorten(reason, 120, placeholder="…").rstrip("."),
        )

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
            reason=self._end_sentence(self._get_words()),
            who=self.type_id._get_lifters(),
        )
