"""Values of the benchmarks' options, refused before any work begins."""

import argparse
from pathlib import Path


def at_least(least, kind=int):
    """A number for ``argparse`` that is not less than ``least``."""

    def read(text):
        try:
            number = kind(text)
        except ValueError:
            number = None
        # what is no number (nan) is not at least anything, either
        if number is None or not number >= least:
            word = "whole number" if kind is int else "number"
            raise argparse.ArgumentTypeError(
                f"{text!r} is not a {word} of at least {least}"
            )
        return number

    return read


def size(text):
    """Orders, lines and steps of deliveries, as ``50,5,3``.

    :return: (orders, lines, whether deliveries take three steps)
    """
    try:
        orders, lines, steps = map(int, text.split(","))
    except ValueError:
        orders = lines = steps = 0
    if orders < 1 or lines < 1 or steps not in (1, 3):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not ORDERS,LINES,STEPS: numbers of at least 1, and 1 or 3"
            " steps, as 50,5,3"
        )
    return orders, lines, steps == 3


def new_file(text):
    """A path that a file can be written to."""
    path = Path(text)
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise argparse.ArgumentTypeError(f"{text!r}: no file can be written there")
    return path


def existing_folder(text):
    """A folder that exists."""
    path = Path(text)
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {text!r}")
    return path
