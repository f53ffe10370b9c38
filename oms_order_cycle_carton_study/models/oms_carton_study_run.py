import logging
import time

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from odoo.addons.oms_order_cycle.tools.guard import Runner

from ..tools.carton_study_curve import draw_curve
from ..tools.carton_study_job import LEAST_SAMPLE, Stopped, StudyJob

_logger = logging.getLogger(__name__)

#: Seconds of one call of the background.
SLICE = 25
#: The scheduled action that calls.
CRON = "oms_order_cycle_carton_study.ir_cron_carton_study"
#: A share of the largest saving that is as good as all of it.
ENOUGH = 0.98
#: So often a study may be cut off by a restart before it counts as failed.
MOST_INTERRUPTIONS = 4


class OmsCartonStudy(models.Model):
    """How a study is run: started, worked off in the background, stopped."""

    _inherit = "oms.carton.study"

    user_id = fields.Many2one(
        "res.users", string="Started By", readonly=True, copy=False
    )
    choice_ids = fields.One2many(
        "oms.carton.study.choice", "study_id", string="Carton Sets", readonly=True
    )
    progress = fields.Float(readonly=True, copy=False, aggregator=None)
    progress_note = fields.Char(string="Current Step", readonly=True, copy=False)
    interruptions = fields.Integer(readonly=True, copy=False)
    error = fields.Char(readonly=True, copy=False)
    started_at = fields.Datetime(string="Started On", readonly=True, copy=False)
    finished_at = fields.Datetime(string="Finished On", readonly=True, copy=False)
    transfer_count = fields.Integer(
        string="Deliveries", readonly=True, copy=False, help="In the period."
    )
    read_count = fields.Integer(
        string="Analyzed Deliveries",
        readonly=True,
        copy=False,
        help="Spread evenly over the period.",
    )
    content_count = fields.Integer(
        string="Different Contents", readonly=True, copy=False
    )
    sample_count = fields.Integer(
        string="Compared Contents",
        readonly=True,
        copy=False,
        help="Fewer than the maximum if the server is too slow to compare all of them.",
    )
    left_out_count = fields.Integer(
        string="Incomplete Deliveries",
        readonly=True,
        copy=False,
        help="Deliveries that are only partly in the figures. If a product has no size,"
        " the whole delivery is left out; if it fits in none of the cartons, only the"
        " product is.",
    )
    curve = fields.Html(compute="_compute_curve", sanitize=False)
    advice = fields.Char(
        compute="_compute_advice", help="How many cartons are worth while, in words."
    )
    left_out_note = fields.Text(string="Left Out", readonly=True, copy=False)
    guessed_count = fields.Integer(
        string="Deliveries with Guessed Sizes",
        readonly=True,
        copy=False,
        help="Deliveries of products that have not been measured.",
    )
    days = fields.Integer(
        string="Days of History",
        readonly=True,
        copy=False,
        help="From the first delivery to the end of the period, at least 30: the yearly"
        " saving is computed from them.",
    )
    data = fields.Json(readonly=True, copy=False, prefetch=False)

    @api.depends("choice_ids.saving", "choice_ids.number", "choice_ids.kind", "mode")
    @api.depends_context("lang")
    def _compute_advice(self):
        for study in self:
            study.advice = study._get_advice()

    def _get_advice(self):
        """The least number of cartons that saves as much as any."""
        self.ensure_one()
        chosen = self.choice_ids.filtered(lambda choice: choice.kind == "chosen")
        if not chosen or not any(c.kind == "today" for c in self.choice_ids):
            return False
        most = max(chosen.mapped("saving"))
        if self.currency_id.compare_amounts(most, 0) <= 0:
            return self.env._("No other cartons save anything: keep those of today.")
        enough = min(
            (choice for choice in chosen if choice.saving >= ENOUGH * most),
            key=lambda choice: choice.number,
        )
        amount = self.currency_id.format(enough.saving)
        if enough.number == max(chosen.mapped("number")):
            return self.env._(
                "%(number)s save %(amount)s a year.",
                number=enough.number,
                amount=amount,
            )
        return self.env._(
            "%(number)s are enough, and save %(amount)s a year: more save next to"
            " nothing.",
            number=enough.number,
            amount=amount,
        )

    @api.depends("choice_ids.price", "choice_ids.share", "state")
    @api.depends_context("lang")
    def _compute_curve(self):
        for study in self:
            chosen = study.choice_ids.filtered(lambda choice: choice.kind == "chosen")
            points = [(choice.number, choice.share) for choice in chosen]
            study.curve = study.state == "done" and draw_curve(
                [point for point in points if point[1]],
                self.env._("today"),
                self.env._("additional cartons")
                if study.mode == "beside"
                else self.env._("cartons"),
            )

    # -- buttons --------------------------------------------------------------------

    def action_start(self):
        """Queue the study, and wake the background."""
        self.check_access("write")
        for study in self:
            if study.state in ("waiting", "running"):
                raise UserError(self.env._("%s is already running.", study.name))
            study._check_input()
        self.sudo().choice_ids.unlink()
        self.write(
            {
                "state": "waiting",
                "user_id": self.env.uid,
                "progress": 0,
                "progress_note": self.env._("Waiting for the background"),
                "interruptions": 0,
                "error": False,
                "started_at": False,
                "finished_at": False,
                "left_out_note": False,
                "data": False,
            }
        )
        self.env.ref(CRON).sudo()._trigger()
        return True

    def action_cancel(self):
        """Stop; nothing is changed by a study that is stopped."""
        self.check_access("write")
        self.filtered(lambda study: study.state in ("waiting", "running")).write(
            {
                "state": "cancelled",
                "finished_at": fields.Datetime.now(),
                "progress_note": False,
                "data": False,
            }
        )
        return True

    def action_draft(self):
        """Throw the results away, to ask something else."""
        self.check_access("write")
        if any(study.state in ("waiting", "running") for study in self):
            raise UserError(self.env._("Stop the study first."))
        self.sudo().choice_ids.unlink()
        self.write(
            {"state": "draft", "progress": 0, "progress_note": False, "error": False}
        )
        return True

    def action_view_curve(self):
        """What each number of cartons costs, as a graph."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oms_order_cycle_carton_study.oms_carton_study_choice_action"
        )
        action["domain"] = [("study_id", "=", self.id)]
        action["context"] = {}
        return action

    def action_view_guessed(self):
        """Measure what has no size."""
        self.check_access("read")
        return self.env["ir.actions.actions"]._for_xml_id(
            "oms_order_cycle.oms_product_measure_action_open"
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running(self):
        if any(study.state == "running" for study in self):
            raise UserError(self.env._("Stop the study first."))

    # -- background -----------------------------------------------------------------

    @api.model
    def _cron_work(self):
        """Work some seconds at the oldest study; called again until none is left."""
        todo = [("state", "in", ("waiting", "running"))]
        runner = Runner(self.env, CRON, SLICE)
        runner.run(
            lambda: self.search(todo, order="id", limit=1),
            lambda study: study._work(runner.seconds_left),
        )
        runner.end(is_left=bool(self.search_count(todo, limit=1)))

    def _work(self, seconds=SLICE):
        """Take the next steps; what goes wrong is told on the record."""
        self.ensure_one()
        self = self.with_company(self.company_id).with_context(
            lang=self.user_id.lang or self.env.lang
        )
        end = time.monotonic() + seconds
        try:
            self._begin()
            if StudyJob(self, end).run():
                self.choice_ids._finish()
                self._end("done")
            else:
                self.interruptions -= 1
                self._commit()
        except Stopped:
            self._forget()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # somebody wrote the same: taken again, and no interruption
            self._forget()
            self.interruptions -= 1
            self._commit()
        except UserError as error:
            self._forget()
            self._end("failed", str(error))
        except Exception as error:
            _logger.exception("Study %s cannot be calculated", self.id)
            self._forget()
            self._end("failed", str(error) or type(error).__name__)

    def _forget(self):
        self.env.cr.rollback()
        self.env.invalidate_all()

    def _commit(self):
        self.env["ir.cron"]._commit_progress()

    def _begin(self):
        """Note that it is worked at: what is cut off again and again must end."""
        vals = {"state": "running", "interruptions": self.interruptions + 1}
        if self.interruptions and self.data and not self._has_chosen():
            # Odoo ended it: fewer contents take less time
            self._look_at_fewer()
        if self.state == "waiting":
            vals["started_at"] = fields.Datetime.now()
        self.write(vals)
        self._commit()
        if self.interruptions > MOST_INTERRUPTIONS:
            self._fail_too_slow()

    def _has_chosen(self):
        """Whether the sets are found; they still may be made better and measured."""
        return any(choice.kind == "chosen" for choice in self.choice_ids)

    def _look_at_fewer(self):
        """Half as many contents, as far as that tells something."""
        self.sample_count = max(LEAST_SAMPLE, self.sample_count // 2)
        self.choice_ids.write({"scores": False, "is_measured": False})

    def _end(self, state, error=False):
        if not self.exists() or self.state not in ("running", "waiting"):
            return
        self.write(
            {
                "state": state,
                "error": error,
                "finished_at": fields.Datetime.now(),
                "progress": 100 if state == "done" else self.progress,
                "progress_note": False,
                "data": False,
            }
        )
        self._commit()

    def _fail_too_slow(self):
        raise UserError(
            self.env._(
                "This is too much for a background job here. Compare fewer contents, or"
                " take larger steps between the sizes."
            )
        )

    def _fail_without_orders(self):
        raise UserError(
            self.env._(
                "None of %(count)s deliveries can be analyzed:\n%(why)s",
                count=self.read_count,
                why=self.left_out_note or self.env._("they are empty"),
            )
        )

    def _keep_today(self, today):
        """Make the result of today's cartons, still without what they really cost."""
        choice = (
            self.env["oms.carton.study.choice"]
            .sudo()
            .create(
                {
                    "study_id": self.id,
                    "kind": "today",
                    "number": 0 if self.mode == "beside" else len(today),
                    "is_refined": True,
                }
            )
        )
        choice._set_cartons(today)
        self.invalidate_recordset(["choice_ids"])

    def _keep_curve(self, curve):
        """Make the results, still without what they really cost."""
        if not curve:
            raise UserError(self.env._("There are no cartons to choose from."))
        for choice in curve:
            made = (
                self.env["oms.carton.study.choice"]
                .sudo()
                .create(
                    {
                        "study_id": self.id,
                        "kind": "chosen",
                        "number": choice.number,
                        "estimate": choice.price if choice.price < 1e15 else 0,
                    }
                )
            )
            made._set_cartons(choice.cartons)
        self.invalidate_recordset(["choice_ids"])
