"""Work that nobody waits for: beside what the user does, or in the background."""

import logging
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from odoo import fields
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)
#: More than a call takes.
_WAKE_AFTER = timedelta(minutes=5)


@dataclass
class Outcome:
    """How a block of :func:`aside` ended.

    :ivar error: the exception that ended it, ``None`` if all went well
    """

    error: Exception | None = None


@contextmanager
def aside(env, what, *args, writes=True):
    """Run a block that never stops what the user does.

    An error undoes the block, is logged, and is kept in the outcome. What should only
    be tried again, as Odoo does with the whole request, is raised.

    :param env: environment whose transaction the block is part of
    :param str what: what to log when it fails, with ``args`` as in logging
    :param bool writes: whether the block writes; one that only reads flushes nothing
    :return: context that gives an :class:`Outcome`
    """
    outcome = Outcome()
    if writes:
        # what others left to be written is theirs to answer for
        env.flush_all()
    try:
        with env.cr.savepoint(flush=writes):
            yield outcome
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        raise
    except Exception as error:
        _logger.exception(what, *args)
        outcome.error = error


class Runner:
    """Works off what is queued, a chunk to a transaction, called by a scheduled action.

    Odoo ends scheduled actions after 120 seconds: a runner takes some of them, and has
    itself called again.
    """

    def __init__(self, env, cron_xmlid, seconds):
        """
        :param env: environment of the scheduled action
        :param str cron_xmlid: external id of the ``ir.cron`` that calls
        :param seconds: how long to take chunks
        """
        self.env = env
        self._cron_xmlid = cron_xmlid
        self._end = time.monotonic() + seconds

    @property
    def seconds_left(self):
        """How long this call may still work."""
        return max(self._end - time.monotonic(), 0.0)

    def run(self, take, work):
        """Work until nothing is left, or the time is over.

        :param take: returns the records of the next chunk, none when all is done
        :param work: called with them; what it did is committed, or undone and taken
            again where somebody wrote the same meanwhile
        """
        woken = False
        while self.seconds_left and (records := take()):
            if not woken:
                self._wake_up_later()
                woken = True
            try:
                work(records)
                self.commit(len(records))
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                self.undo()

    def _wake_up_later(self):
        """Should the server be killed meanwhile, and Odoo count the job as failed, it
        is called again all the same."""
        later = fields.Datetime.now() + _WAKE_AFTER
        self.env.ref(self._cron_xmlid).sudo()._trigger(at=later)
        self.commit()

    def commit(self, done=0):
        """Commit what was done, and tell Odoo that the job is alive."""
        self.env["ir.cron"]._commit_progress(done)

    def undo(self):
        """Undo what was not committed."""
        self.env.cr.rollback()
        self.env.invalidate_all()

    def end(self, is_left):
        """End this call, and ask for another one while something is left.

        A job that says that something is left is repeated in the same breath, and all
        its repetitions together may take 120 seconds: it is triggered anew instead.
        """
        if is_left:
            self.env.ref(self._cron_xmlid).sudo()._trigger()
        self.env["ir.cron"]._commit_progress(remaining=0)
