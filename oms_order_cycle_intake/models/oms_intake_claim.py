"""Each order once: who is the first to hand in a reference has it."""

from psycopg2.extras import Json

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class OmsIntake(models.Model):
    _inherit = "oms.intake"

    @api.model
    def _find_claims(self, submissions):
        """What came in under the same keys before.

        :return: ``{key: intake}``
        """
        if not submissions:
            return {}
        wanted = {submission.key for submission in submissions}
        intakes = self.search(
            Domain("is_claim", "=", True)
            & Domain("external_ref", "in", [key[-1] for key in wanted])
        )
        found = {
            (
                intake.company_id.id,
                intake.channel_id.id,
                intake.partner_key,
                intake.external_ref,
            ): intake
            for intake in intakes
        }
        return {key: found[key] for key in wanted if key in found}

    @api.model
    def _claim(self, submissions):
        """Take the keys of new orders, in one statement and in one order.

        A transaction that hands in one of them at the same moment is waited for; once
        it has committed the database refuses this one, and Odoo repeats it. So nothing
        here may catch such an error.
        """
        again = [submission for submission in submissions if submission.claim]
        self._claim_again(again)
        submissions = [submission for submission in submissions if not submission.claim]
        if not submissions:
            return
        names = (
            "company_id", "channel_id", "partner_key", "external_ref", "partner_id",
            "user_id", "fingerprint", "payload", "faults", "received_at", "state",
            "tries", "is_claim", "create_uid", "write_uid", "create_date", "write_date",
        )  # fmt: skip
        now = fields.Datetime.now()
        rows = SQL(", ").join(
            SQL(
                "%s",
                (
                    *submission.key,
                    submission.partner.id,
                    self._get_salesperson(submission).id or None,
                    submission.fingerprint,
                    submission.text,
                    Json(self._prepare_faults(submission.faults) or None),
                    now,
                    "to_check" if submission.blocking else "taken",
                    1,
                    True,
                    self.env.uid,
                    self.env.uid,
                    now,
                    now,
                ),
            )
            for submission in sorted(submissions, key=lambda one: one.key)
        )
        claimed = self.env.execute_query(
            SQL(
                "INSERT INTO oms_intake (%s) VALUES %s ON CONFLICT DO NOTHING"
                " RETURNING company_id, channel_id, partner_key, external_ref, id",
                SQL(", ").join(map(SQL.identifier, names)),
                rows,
            )
        )
        ids = {tuple(key): intake_id for *key, intake_id in claimed}
        for submission in submissions:
            submission.intake = self.browse(ids[submission.key])

    @api.model
    def _claim_again(self, submissions):
        """Keys of orders that somebody has deleted: the same row, so that of two who
        hand in one at the same moment the later one is refused by the database."""
        for submission in submissions:
            submission.claim.write(
                {
                    **self._prepare_values(submission),
                    "fingerprint": submission.fingerprint,
                    "state": "to_check" if submission.blocking else "taken",
                }
            )
            submission.intake = submission.claim

    def _meet(self):
        """Of two transactions that come here at the same moment the database refuses
        the later one, and Odoo repeats it; whatever is written of the row besides."""
        self.env.execute_query(
            SQL(
                "UPDATE oms_intake SET tries = tries WHERE id IN %s RETURNING id",
                self._ids,
            )
        )

    @api.model
    def _get_salesperson(self, submission):
        partner = submission.partner
        return partner.user_id or partner.commercial_partner_id.user_id

    @api.model
    def _keep_refused(self, submissions):
        """Keep what was refused; what comes in unchanged once more is only counted."""
        marks = [submission.mark for submission in submissions]
        refused = self.search([("state", "=", "refused"), ("fingerprint", "in", marks)])
        known = {
            _get_refused_key(
                intake.fingerprint,
                intake.company_id,
                intake.channel_id,
                intake.external_ref,
            ): intake
            for intake in refused
        }
        to_create, keys = {}, {}
        for submission in submissions:
            key = keys[submission] = _get_refused_key(
                submission.mark,
                submission.company,
                submission.channel,
                submission.external_ref,
            )
            values = self._prepare_refused(submission)
            if key in known:
                values["tries"] = known[key].tries + 1
                known[key].write(values)
            else:
                values["tries"] = to_create.get(key, {}).get("tries", 0) + 1
                to_create[key] = values
        created = self.create(list(to_create.values()))
        known.update(zip(to_create, created, strict=True))
        for submission, key in keys.items():
            submission.intake = known[key]

    @api.model
    def _prepare_refused(self, submission):
        partner, channel = submission.partner, submission.channel
        return {
            **self._prepare_values(submission),
            "channel_id": channel.id if channel else False,
            "company_id": submission.company.id,
            "external_ref": submission.external_ref,
            "source": submission.source,
            "partner_key": submission.partner_key if channel and partner else 0,
            "fingerprint": submission.mark,
            "state": "refused",
        }

    @api.model
    def _prepare_values(self, submission):
        """What is kept of it, whatever becomes of it."""
        partner = submission.partner
        return {
            "partner_id": partner.id if partner else False,
            "user_id": self._get_salesperson(submission).id if partner else False,
            "order_id": submission.order.id if submission.order else False,
            "payload": submission.text,
            "faults": self._prepare_faults(submission.faults),
            "received_at": fields.Datetime.now(),
        }

    @api.model
    def _replace_refused(self, submissions):
        """What was refused under the keys of orders taken now is dealt with."""
        taken = {submission.key: submission.intake for submission in submissions}
        if not taken:
            return
        refused = self.search(
            [
                ("state", "=", "refused"),
                ("external_ref", "in", [key[-1] for key in taken]),
                ("channel_id", "in", [key[1] for key in taken]),
            ]
        )
        for (company_id, channel_id, partner_key, ref), intake in taken.items():
            replaced = refused.filtered_domain(
                [
                    ("company_id", "=", company_id),
                    ("channel_id", "=", channel_id),
                    ("external_ref", "=", ref),
                    # the customer may have been unknown then
                    ("partner_key", "in", (0, partner_key)),
                ]
            )
            if replaced:
                replaced.write({"state": "replaced", "replaced_by_id": intake.id})


def _get_refused_key(mark, company, channel, external_ref):
    """What makes one that is refused the same as one before."""
    return mark, company.id, channel.id if channel else False, external_ref or ""
