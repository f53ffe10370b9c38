"""Commands of ./oms that need Odoo: run.py COMMAND ARGUMENTS."""

import sys

from devkit import clean, demo, testing

COMMANDS = {"clean": clean.main, "demo": demo.main, "test": testing.main}

if __name__ == "__main__":
    sys.exit(COMMANDS[sys.argv[1]](sys.argv[2:]))
