"""./oms clean: drop the databases made here; Odoo and the other programs stay."""

from . import databases
from .common import say


def main(arguments):
    for name in databases.names(r"oms\_%"):
        say(f"dropping {name}")
        databases.drop(name)
