from odoo import api, fields, models

from ..tools.met import repeated_when_met


class OmsImportMapping(models.Model):
    """What the columns of a customer's files mean, remembered from the last one."""

    _name = "oms.import.mapping"
    _description = "Remembered Columns of Order Files"
    _order = "channel_id, partner_id, id"
    _rec_name = "channel_id"

    channel_id = fields.Many2one(
        "oms.channel", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        index="btree_not_null",
        ondelete="cascade",
        help="Empty for files of the channel that name the customer themselves.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    labels = fields.Json(
        default=dict, help="Which field a label means, or false where it is left out."
    )
    decimal_mark = fields.Char()
    date_order = fields.Char()

    _uniq = models.UniqueIndex(
        "(company_id, channel_id, COALESCE(partner_id, 0))",
        "The columns of this channel and customer are remembered already.",
    )

    @api.model
    def _get_for(self, channel, partner):
        """The mapping of a channel's customer, else the channel's."""
        mappings = self.search(
            [
                ("company_id", "=", self.env.company.id),
                ("channel_id", "=", channel.id),
                ("partner_id", "in", [partner.id, False]),
            ]
        )
        return mappings.filtered("partner_id")[:1] or mappings[:1]

    @api.model
    def _remember(self, channel, partner, labels, **settings):
        """Keep what labels mean; what was known of others stays.

        :param dict labels: ``{normalized label: target, or False}``
        """
        known = self.search(
            [
                ("company_id", "=", self.env.company.id),
                ("channel_id", "=", channel.id),
                ("partner_id", "=", partner.id),
            ]
        )
        settings = {name: value for name, value in settings.items() if value}
        if known:
            merged = {**(known.labels or {}), **labels}
            if merged != known.labels or any(
                known[name] != value for name, value in settings.items()
            ):
                known.write({"labels": merged, **settings})
            return known
        with repeated_when_met(self.env):
            return self.create(
                {
                    "channel_id": channel.id,
                    "partner_id": partner.id,
                    "labels": labels,
                    **settings,
                }
            )
