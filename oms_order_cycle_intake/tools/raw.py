"""What was sent, as text that any database keeps."""

import json

#: Longest text that is kept, in letters.
MOST_KEPT = 2_000_000


def keep(value):
    """Anything as JSON of ASCII letters; what cannot be written becomes words."""
    try:
        text = json.dumps(value, indent=1, default=str)
    except (TypeError, ValueError, RecursionError):
        text = json.dumps("This cannot be written as JSON.")
    return text if len(text) <= MOST_KEPT else json.dumps("This is too large to keep.")


def read(text):
    """What was kept; None where it is nothing of JSON."""
    try:
        return json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return None
