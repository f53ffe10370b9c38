"""Draws a workflow as a picture: a chain of boxes, one per stage.

Pure Python, nothing from Odoo: what goes in is a list of dictionaries with words that
were already put in the reader's language, what comes out is the text of an SVG.

The picture must survive a black and white printer, so nothing is told by colour alone:
the kind of the exit test shows in the frame of the box and in words, a hold in a sign
with its name beside it.
"""

from html import escape

from .workflow_signs import FRAME, draw_barrier, draw_sign

# Lengths are in the units of the picture (pixels at full size).
BOX_WIDTH = 216
GAP = 34  # between two boxes of a row, room for the arrow
ROW_GAP = 40  # between two rows, room for the arrow that turns back
MARGIN = 12
PAD = 12
PER_ROW = 4
LINE = 16
TITLE_LINE = 18
TEXT_WIDTH = BOX_WIDTH - 2 * PAD - 20  # what is left beside the small sign

INK = "#212529"
SOFT = "#5c636a"
FILL = {"milestone": "#f8f9fa", "approval": "#fff3cd", "domain": "#e7f1ff"}
HEAD = {"milestone": "#dee2e6", "approval": "#ffe08a", "domain": "#bcd6fb"}
DASH = {"milestone": "", "approval": "7 3", "domain": "2 3"}
STRIP = "#714b67"  # Odoo's own purple

# Width of a letter in parts of the font size; a mean is good enough for wrapping, the
# narrow and the wide letters are what makes the difference.
NARROW = set("iIjltfr.,:;'|!()[] /-")
WIDE = set("mwMWQOG@%&—")

DEFAULT_WORDS = {
    "start": "Order confirmed",
    "end": "Closed",
    "until": "until",
    "label": "Customer sees: %s",
    "actions": "Actions on entry: %s",
    "holds": "Checked: %s",
    "milestone": "milestone",
    "approval": "approval",
    "domain": "condition",
    "legend": "The stage ends by",
    "empty": "No stages yet: add the first one below.",
    "gate": "Nothing reaches the warehouse before",
    "idle": "Nothing waits for it",
}


def text_width(text, size=12.0, bold=False):
    """Estimate the width of a text in pixels, on the wide side.

    The figures are those of DejaVu Sans, the widest font a reader is likely to have.
    """
    units = 0.0
    for letter in text:
        if letter in NARROW:
            units += 0.38
        elif letter in WIDE:
            units += 0.94
        elif ord(letter) > 0x2E80:  # Chinese, Japanese, Korean: a full square each
            units += 1.0
        elif letter.isupper() or letter.isdigit():
            units += 0.67
        else:
            units += 0.61
    return units * size * (1.13 if bold else 1.0)


def wrap(text, width, size=12.0, bold=False, most=3):
    """Cut a text into at most ``most`` lines that fit, with an ellipsis at the end."""
    lines, line = [], ""
    for word in str(text).split():
        while len(word) > 1 and text_width(word, size, bold) > width:
            # One word longer than the box: cut it, the rest goes to the next line.
            cut = len(word) - 1
            while cut > 1 and text_width(word[:cut], size, bold) > width:
                cut -= 1
            if line:
                lines.append(line)
                line = ""
            lines.append(word[:cut])
            word = word[cut:]
        trial = f"{line} {word}" if line else word
        if line and text_width(trial, size, bold) > width:
            lines.append(line)
            line = word
        else:
            line = trial
    if line:
        lines.append(line)
    if len(lines) > most:
        lines = lines[:most]
        last = lines[-1]
        while last and text_width(last + "…", size, bold) > width:
            last = last[:-1]
        lines[-1] = last.rstrip() + "…"
    return lines


def _names(value):
    """Accept one name or several."""
    if not value:
        return ""
    if isinstance(value, str):
        return value
    return ", ".join(str(name) for name in value)


def _text(x, y, text, size=12, bold=False, fill=INK, anchor="start"):
    weight = ' font-weight="700"' if bold else ""
    place = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" fill="{fill}"{weight}{place}>'
        f"{escape(text)}</text>"
    )


def _rows(stage, words):
    """What is written in a box below its name: (sign, text) pairs."""
    kind = stage.get("kind") or "milestone"
    sign = {"approval": "approval", "domain": "domain"}.get(kind, "exit")
    rows = [(sign, f"{words['until']} {stage.get('exit') or '?'}")]
    if stage.get("allowed"):
        rows.append(("clock", stage["allowed"]))
    if stage.get("group"):
        rows.append(("group", stage["group"]))
    if stage.get("customer"):
        rows.append(("label", words["label"] % stage["customer"]))
    if stage.get("actions"):
        rows.append(("action", words["actions"] % stage["actions"]))
    if stage.get("holds"):
        rows.append(("hold", _names(stage["holds"])))
    if stage.get("gate"):
        rows.append(("hold", words["gate"]))
    if stage.get("idle"):
        rows.append(("warning", words["idle"]))
    return [(sign, wrap(text, TEXT_WIDTH)) for sign, text in rows]


def _body_height(rows):
    lines = sum(len(lines) for _sign_name, lines in rows)
    return lines * LINE + max(len(rows) - 1, 0) * 4 + 2 * 10


def _box(x, y, height, head, number, stage, title, rows):
    kind = stage.get("kind") or "milestone"
    kind = kind if kind in FILL else "milestone"
    dash = f' stroke-dasharray="{DASH[kind]}"' if DASH[kind] else ""
    out = [
        f'<rect x="{x}" y="{y}" width="{BOX_WIDTH}" height="{height}" rx="6" '
        f'fill="{FILL[kind]}"/>',
        f'<path d="M{x} {y + head}v-{head - 6}a6 6 0 0 1 6 -6h{BOX_WIDTH - 12}'
        f'a6 6 0 0 1 6 6v{head - 6}Z" fill="{HEAD[kind]}"/>',
        f'<rect x="{x}" y="{y}" width="{BOX_WIDTH}" height="{height}" rx="6" '
        f'fill="none" stroke="{FRAME}" stroke-width="1.5"{dash}/>',
        f'<circle cx="{x + 21}" cy="{y + head / 2:g}" r="11" fill="{STRIP}"/>',
        _text(x + 21, y + head / 2 + 4, str(number), 12, True, "#fff", "middle"),
    ]
    line_y = y + head / 2 + 5 - (len(title) - 1) * TITLE_LINE / 2
    for line in title:
        out.append(_text(x + 40, line_y, line, 14, True))
        line_y += TITLE_LINE
    line_y = y + head + 10 + 11
    for sign, lines in rows:
        out.append(draw_sign(sign, x + PAD, line_y - 10))
        for line in lines:
            out.append(_text(x + PAD + 20, line_y, line))
            line_y += LINE
        line_y += 4
    return "".join(out)


def _pill(x, y, width, text, done=False):
    fill = STRIP if done else "#ffffff"
    ink = "#ffffff" if done else INK
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="28" rx="14" fill="{fill}" '
        f'stroke="{STRIP}" stroke-width="1.5"/>'
        + _text(x + width / 2, y + 19, text, 13, True, ink, "middle")
    )


def _arrow(path):
    return (
        f'<path d="{path}" fill="none" stroke="{FRAME}" stroke-width="1.8" '
        'marker-end="url(#oms_arrow)"/>'
    )


def _legend(words, y, kinds):
    """Return the legend and where it ends."""
    out = [_text(MARGIN, y + 12, words["legend"] + ":", 11, fill=SOFT)]
    x = MARGIN + text_width(words["legend"] + ":", 11) + 12
    for kind in kinds:
        dash = f' stroke-dasharray="{DASH[kind]}"' if DASH[kind] else ""
        out.append(
            f'<rect x="{x:g}" y="{y + 2}" width="22" height="12" rx="3" '
            f'fill="{FILL[kind]}" stroke="{FRAME}"{dash}/>'
        )
        out.append(_text(round(x + 28, 1), y + 12, words[kind], 11, fill=SOFT))
        x = round(x + 28 + text_width(words[kind], 11) + 20, 1)
    return "".join(out), x


def _describe_holds(holds):
    """The holds of a workflow in words, with what each of them stops."""
    names = []
    for hold in holds or ():
        if not isinstance(hold, dict):
            names.append(str(hold))
            continue
        blocks = _names(hold.get("blocks"))
        names.append(f"{hold['name']} ({blocks})" if blocks else hold["name"])
    return ", ".join(names)


def render(data):
    """Return the picture of a workflow as the text of an SVG.

    :param data: dictionary of

        * ``stages``: list of dictionaries, in order: ``name``, ``kind`` (milestone,
          approval or domain), ``exit`` (the exit test in words), and if there is
          something to say: ``allowed`` (the allowed time in words), ``group`` (who is
          responsible), ``customer`` (the label for the customer), ``actions`` (how
          many are run on entry), ``holds`` (names), ``gate`` (an approval that the
          warehouse waits for) and ``idle`` (one that nothing waits for)
        * ``gate``: how many stages an order must have left to be released: a barrier
          is drawn behind the last of them
        * ``holds``: what is checked for orders of this workflow, dictionaries of
          ``name`` and ``blocks`` (names of the steps)
        * ``words``: translations of DEFAULT_WORDS, any of them
        * ``closed``: what the end is called
        * ``title``: what a screen reader says the picture is
    """
    return _Picture(data).draw()


class _Picture:
    """One workflow, drawn from top to bottom: the start, rows of stages, the end.

    :ivar y: how far down it is drawn
    :ivar last: (x, y, height) of the last box, ``None`` while there is none
    """

    def __init__(self, data):
        self.words = {**DEFAULT_WORDS, **(data.get("words") or {})}
        self.words["end"] = data.get("closed") or self.words["end"]
        self.title = data.get("title") or ""
        self.stages = list(data.get("stages") or ())
        self.holds = _describe_holds(data.get("holds"))
        self.gate = data.get("gate") or 0
        columns = min(max(len(self.stages), 2), PER_ROW)
        self.width = 2 * MARGIN + columns * BOX_WIDTH + (columns - 1) * GAP
        self.y = MARGIN
        self.last = None
        self._out = []

    def draw(self):
        """The text of the SVG."""
        start_width = self._draw_start()
        if self.stages:
            self._draw_first_arrow(start_width)
            self._draw_stages()
            self._draw_end()
        else:
            self._draw_empty()
        self.y += MARGIN
        return self._frame()

    def _draw_start(self):
        """The start, and the holds beside it; returns how wide the start is."""
        width = round(text_width(self.words["start"], 13, True) + 32)
        self._out.append(_pill(MARGIN, self.y, width, self.words["start"]))
        if self.holds:
            self._out.append(draw_sign("hold", MARGIN + width + 16, self.y + 8))
            room = self.width - width - 2 * MARGIN - 40
            lines = wrap(self.words["holds"] % self.holds, room, 12, most=2)
            for index, line in enumerate(lines):
                line_y = self.y + 18 + index * LINE
                self._out.append(_text(MARGIN + width + 36, line_y, line))
        self.y += 28
        return width

    def _draw_empty(self):
        text = self.words["empty"]
        self._out.append(_text(MARGIN, self.y + 40, text, 13, fill=SOFT))
        self.y += 60

    def _draw_first_arrow(self, start_width):
        x = MARGIN + min(start_width / 2, BOX_WIDTH / 2)
        top = self.y + 30
        self._out.append(_arrow(f"M{x:g} {self.y}V{top - 3}"))
        self.y = top

    def _draw_stages(self):
        boxes = [self._prepare(stage) for stage in self.stages]
        for first in range(0, len(boxes), PER_ROW):
            if first:
                self._draw_turn(first == self.gate)
            self._draw_row(first, boxes[first : first + PER_ROW])

    def _prepare(self, stage):
        """(stage, lines of its name, rows of its box)."""
        name = wrap(stage.get("name") or "?", BOX_WIDTH - 52, 14, True, most=2)
        return stage, name, _rows(stage, self.words)

    def _draw_row(self, first, row):
        """Boxes side by side: they are of one height, and so are their heads.

        :param first: how many stages there are before
        :param row: list of what ``_prepare`` returns
        """
        head = max(len(name) for _stage, name, _rows in row) * TITLE_LINE + 12
        height = head + max(_body_height(rows) for _stage, _name, rows in row)
        for place, (stage, name, rows) in enumerate(row):
            x = MARGIN + place * (BOX_WIDTH + GAP)
            number = first + place + 1
            self._out.append(_box(x, self.y, height, head, number, stage, name, rows))
            if place:
                middle = self.y + height / 2
                self._out.append(_arrow(f"M{x - GAP} {middle:g}H{x - 4}"))
                if first + place == self.gate:
                    barrier = draw_barrier(x - GAP / 2 - 4, middle, upright=True)
                    self._out.append(barrier)
            self.last = (x, self.y, height)
        self.y += height

    def _draw_turn(self, barred):
        """The arrow from the end of a row down and back to the next one's beginning."""
        x, begin = self.last[0] + BOX_WIDTH / 2, MARGIN + BOX_WIDTH / 2
        turn, end = self.y + ROW_GAP / 2, self.y + ROW_GAP - 3
        self._out.append(_arrow(f"M{x:g} {self.y}V{turn:g}H{begin:g}V{end}"))
        if barred:
            self._out.append(draw_barrier(x, self.y + ROW_GAP / 4, upright=False))
        self.y += ROW_GAP

    def _draw_end(self):
        width = round(text_width(self.words["end"], 13, True) + 40)
        x = self.last[0] + BOX_WIDTH / 2
        self._out.append(_arrow(f"M{x:g} {self.y}V{self.y + 27}"))
        left = min(max(x - width / 2, MARGIN), self.width - MARGIN - width)
        end = _pill(round(left, 1), self.y + 30, width, self.words["end"], done=True)
        self._out.append(end)
        self.y += 30 + 28
        self._draw_legend(left)

    def _draw_legend(self, room):
        """The kinds of exit tests there are, beside the end or, without room, below."""
        found = {stage.get("kind") or "milestone" for stage in self.stages}
        kinds = [kind for kind in FILL if kind in found]
        legend, end = _legend(self.words, self.y - 18, kinds)
        if end > room:
            legend = _legend(self.words, self.y + 12, kinds)[0]
            self.y += 26
        self._out.append(legend)

    def _frame(self):
        """The picture with its size, and what a screen reader says of it."""
        size = f"{self.width} {self.y:g}"
        names = " → ".join(stage.get("name") or "?" for stage in self.stages)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" '
            f'width="{self.width}" height="{self.y:g}" role="img" '
            f'aria-label="{escape(self.title or names, True)}" '
            'class="o_oms_workflow_svg" style="max-width:100%;height:auto" '
            'font-family="Inter, Roboto, Arial, sans-serif">'
            '<defs><marker id="oms_arrow" viewBox="0 0 8 8" refX="6" refY="4" '
            'markerWidth="6" markerHeight="6" orient="auto">'
            f'<path d="M0 0 8 4 0 8Z" fill="{FRAME}"/></marker></defs>'
            f'<rect width="{self.width}" height="{self.y:g}" fill="#fff"/>'
            + "".join(self._out)
            + "</svg>"
        )
