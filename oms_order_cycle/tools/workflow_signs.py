"""Small drawings in the picture of a workflow, so that no icon font is needed."""

FRAME = "#495057"
STOP = "#b02a37"
BARRIER_LENGTH = 36


def draw_sign(kind, x, y):
    """Small drawings of twelve pixels, so that no icon font is needed."""
    stroke = f'fill="none" stroke="{FRAME}" stroke-width="1.4"'
    if kind == "exit":
        drawing = f'<path d="M1 6h8M6 2.5 9.5 6 6 9.5M11.5 1v10" {stroke}/>'
    elif kind == "approval":
        drawing = f'<path d="m1 6.5 3.2 3.5L11 2" {stroke}/>'
    elif kind == "domain":
        drawing = f'<path d="M1 1.5h10L7.2 6.4V11L4.8 9.6V6.4Z" {stroke}/>'
    elif kind == "clock":
        drawing = (
            f'<circle cx="6" cy="6" r="5" {stroke}/><path d="M6 3v3l2 1.6" {stroke}/>'
        )
    elif kind == "group":
        drawing = (
            f'<circle cx="6" cy="3.6" r="2.4" {stroke}/>'
            f'<path d="M1.2 11.4c0-6 9.6-6 9.6 0" {stroke}/>'
        )
    elif kind == "label":
        drawing = f'<path d="M1 1.5h10v7H6L3 11V8.5H1Z" {stroke}/>'
    elif kind == "action":
        drawing = f'<path d="M7 .8 2.5 6.8h3l-1 4.6L9.5 5H6.3Z" {stroke}/>'
    elif kind == "warning":
        drawing = (
            '<path d="M6 .8 11.6 11H.4Z" fill="#fff" stroke="#997404" '
            'stroke-width="1.4"/><path d="M6 4.4v3M6 8.6v1" stroke="#997404" '
            'stroke-width="1.4"/>'
        )
    else:  # hold: the octagon of a stop sign
        drawing = (
            '<path d="M3.8.6h4.4l3.2 3.2v4.4l-3.2 3.2H3.8L.6 8.2V3.8Z" '
            'fill="#fff" stroke="#b02a37" stroke-width="1.4"/>'
            '<path d="M3 6h6" stroke="#b02a37" stroke-width="2"/>'
        )
    return f'<g transform="translate({x} {y})">{drawing}</g>'


def draw_barrier(x, y, upright):
    """The bar across an arrow that nothing passes until it is lifted; striped, so that
    it is seen without colours, too.

    :param x, y: its middle
    :param bool upright: across an arrow that goes sideways
    """
    turn = "" if upright else f' transform="rotate(90 {x:g} {y:g})"'
    left, top = x - 3, y - BARRIER_LENGTH / 2
    stripes = "".join(
        f'<rect x="{left:g}" y="{top + step:g}" width="6" height="6" fill="{STOP}"/>'
        for step in range(0, BARRIER_LENGTH, 12)
    )
    return (
        f'<g class="o_oms_gate"{turn}><rect x="{left:g}" y="{top:g}" width="6" '
        f'height="{BARRIER_LENGTH}" fill="#fff" stroke="{STOP}"/>{stripes}</g>'
    )
