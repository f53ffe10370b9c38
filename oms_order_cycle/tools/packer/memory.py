"""Answers of the packing engine that are kept, to be given again."""

from hashlib import blake2s

from odoo.tools.lru import LRU


class Memory:
    """The last answers of this process, by all that they depend on.

    Distributors ship the same again and again, and the price of freight is asked for
    at each click. An answer is found again as long as the database, what is packed,
    the cartons, the prices and the time to look are the same; sizes and prices that
    change are other ones, so nothing is ever out of date. The oldest go first.
    """

    def __init__(self, size):
        """:param int size: answers that are kept"""
        self._answers = LRU(size)

    def get(self, case):
        """The answer to ``case`` or ``None``; ``case`` is told by its ``repr``."""
        return self._answers.get(self._key(case))

    def keep(self, case, answer):
        """Keep an answer, and return it."""
        self._answers[self._key(case)] = answer
        return answer

    def clear(self):
        """Forget all answers: tests have theirs to themselves."""
        self._answers.clear()

    @staticmethod
    def _key(case):
        return blake2s(repr(case).encode()).digest()


#: Of this process.
MEMORY = Memory(512)
