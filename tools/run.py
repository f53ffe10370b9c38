"""Commands of ./oms that need Odoo: run.py COMMAND ARGUMENTS."""

import signal
import sys

from devkit import clean, demo, testing

COMMANDS = {"clean": clean.main, "demo": demo.main, "test": testing.main}


def _stop(_signal, _frame):
    # As an exception, so that servers are stopped and test databases dropped.
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)
    try:
        sys.exit(COMMANDS[sys.argv[1]](sys.argv[2:]))
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        sys.exit(130)
