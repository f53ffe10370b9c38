"""How much longer a load is tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Budget:
    """Constructions that may still be tried, shared by all ways of trying one load.

    :param late: whether the deadline has passed
    """

    def __init__(self, late: Callable[[], bool]):
        self.left = 0
        self._late = late

    @property
    def is_spent(self) -> bool:
        """Whether no more may be tried, or there is no time to."""
        return self.left <= 0 or self._late()

    def spend(self) -> None:
        """One more construction is tried."""
        self.left -= 1

    @contextmanager
    def limited_to(self, effort: int) -> Iterator[None]:
        """A part of the search that may take ``effort`` constructions, no more."""
        before, self.left = self.left, effort
        try:
            yield
        finally:
            self.left = before - (effort - self.left)
