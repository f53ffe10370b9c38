from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...tools.values import is_other_value


class OmsAuthored(models.AbstractModel):
    """What has actions run by itself, in the name of whoever said so last.

    The author is the user who wrote the record's authored fields last.  Nobody can make
    somebody else the author, whose rights may be larger than his own.
    """

    _name = "oms.authored"
    _description = "Runs Actions in Somebody's Name"

    author_id = fields.Many2one(
        "res.users",
        "Runs As",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="Who last changed what is done, or when. It is done with his rights.",
    )
    is_mine = fields.Boolean(compute="_compute_is_mine")

    @api.depends("author_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for record in self:
            record.is_mine = record.author_id.id == self.env.uid

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_author(vals)
        return super().create(
            [{**vals, "author_id": self.env.uid} for vals in vals_list]
        )

    def write(self, vals):
        self._check_author(vals)
        # In one go: what is new is allowed to the new author, not to the one before.
        signed = self.filtered(lambda record: record._would_change(vals))
        super(OmsAuthored, signed).write({**vals, "author_id": self.env.uid})
        return super(OmsAuthored, self - signed).write(vals)

    def action_take_over(self):
        """Have it done in the user's name from now on, if he may do it himself."""
        return self.write({"author_id": self.env.uid})

    def _get_authored_fields(self):
        """Hook: names of the fields of one record whose last writer is the author."""
        self.ensure_one()
        return ()

    def _would_change(self, vals):
        """Whether values say anew what an author answers for."""
        self.ensure_one()
        return any(
            name in vals and is_other_value(self, name, vals[name])
            for name in self._get_authored_fields()
        )

    @api.model
    def _check_author(self, vals):
        """Refuse values that name another author than the user himself."""
        if vals.get("author_id", self.env.uid) != self.env.uid:
            raise AccessError(
                self.env._(
                    "Actions run in the name of the user who set them up. Nobody can"
                    " set them up in the name of somebody else."
                )
            )
