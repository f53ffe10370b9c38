"""Sections of RESULTS.md: each benchmark rewrites its own and leaves the rest alone."""

import datetime
import os
import platform
import re
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")
HEADER = "# Results of the benchmarks\n\nWritten by `./oms bench`.\n"


def write_section(name, text):
    begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    section = f"{begin}\n{text.strip()}\n{end}"
    old = RESULTS.read_text() if RESULTS.exists() else HEADER
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if pattern.search(old):
        new = pattern.sub(lambda _match: section, old)
    else:
        new = f"{old.rstrip()}\n\n{section}\n"
    RESULTS.write_text(new)


def table(header, rows):
    """A Markdown table; the first column is text, the others are numbers."""
    lines = [header, ["---", *["--:"] * (len(header) - 1)], *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def machine():
    """Date and machine of a measurement, in words."""
    model = platform.machine()
    try:
        cpuinfo = Path("/proc/cpuinfo").read_text()
        model = re.search(r"model name\s*:\s*(.+)", cpuinfo)[1]
    except (OSError, TypeError):
        pass
    today = datetime.date.today()
    return (
        f"{today}, {os.cpu_count()} CPUs ({model}), Python {platform.python_version()}"
    )
