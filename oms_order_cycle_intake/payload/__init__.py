"""What an order looks like when it comes in: checked, compared, without Odoo.

- :func:`check` reads any JSON: a clean payload, or faults that say where and what
- :func:`read` gives what can be read of a faulty one, too
- :func:`fingerprint` tells whether two payloads ask for the same
- :func:`differences` says by path what one asks for and the other does not
"""

from .content import canonical, content, differences, fingerprint
from .fault import Fault
from .schema import VERSION, check, read

__all__ = [
    "VERSION",
    "Fault",
    "canonical",
    "check",
    "content",
    "differences",
    "fingerprint",
    "read",
]
