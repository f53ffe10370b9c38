"""What cannot be, and what the best plan costs at least.

Knows nothing of how plans are searched for.
"""
