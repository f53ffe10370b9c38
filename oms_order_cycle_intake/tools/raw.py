"""What was sent, as text that any database keeps."""

import json

#: Longest text that is kept of what is no order, in letters.
MOST_KEPT = 2_000_000


def keep(value, clean=None):
    """Anything as JSON of ASCII letters; what cannot be written becomes words.

    :param clean: what is kept instead of what is too large, whole
    """
    try:
        text = json.dumps(value, indent=1, default=str)
    except (TypeError, ValueError, RecursionError):
        text = json.dumps("This cannot be written as JSON.")
    if len(text) > MOST_KEPT:
        return json.dumps(clean or "This is too large to keep.")
    return text


def read(text):
    """What was kept; None where it is nothing of JSON."""
    try:
        return json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return None
