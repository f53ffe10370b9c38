"""./oms clean: drop the databases made here; Odoo and the other programs stay."""

from . import databases
from .common import say

# Not simply all of ours: on a server of the user's own there may be another `oms_...`.
PATTERNS = [r"oms\_demo", r"oms\_tpl\_%", r"oms\_test\_%", r"oms\_bench%"]


def main(arguments):
    for pattern in PATTERNS:
        for name in databases.names(pattern):
            say(f"dropping {name}")
            databases.drop(name)
