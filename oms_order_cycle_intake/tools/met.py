"""Two who create the same at the same moment."""

from contextlib import contextmanager

from psycopg2.errors import UniqueViolation

from odoo.exceptions import ConcurrencyError


@contextmanager
def repeated_when_met(env):
    """Create here what is there once only: of two transactions that do it at the same
    moment Odoo repeats the later one, which then finds it there, instead of refusing.

    :raise ConcurrencyError: somebody else was first
    """
    try:
        with env.cr.savepoint():
            yield
    except UniqueViolation as error:
        raise ConcurrencyError(str(error)) from error
