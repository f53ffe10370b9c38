"""The curve of a study: the share of today's cost over the number of cartons."""

from math import ceil, floor

WIDTH, HEIGHT = 640, 240
LEFT, RIGHT, TOP, BOTTOM = 52, 16, 16, 40


def draw_curve(points, today, axis):
    """An SVG picture.

    :param points: list of (number of cartons, per cent of today's cost)
    :param today: what the line at 100 % is called
    :param axis: what is counted below
    :return: ``False`` for fewer than two points: there is no curve
    """
    if len(points) < 2:
        return False
    shares = [share for _number, share in points] + [100]
    low, high = floor(min(shares) - 0.5), ceil(max(shares) + 0.5)
    first, last = points[0][0], points[-1][0]

    def x(number):
        return LEFT + (WIDTH - LEFT - RIGHT) * (number - first) / (last - first)

    def y(share):
        return TOP + (HEIGHT - TOP - BOTTOM) * (high - share) / (high - low)

    step = max(1, ceil((high - low) / 6))
    parts = [
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(share):.1f}"'
        f' y2="{y(share):.1f}" stroke="#dee2e6"/>'
        f'<text x="{LEFT - 8}" y="{y(share) + 4:.1f}" text-anchor="end">'
        f"{share} %</text>"
        for share in range(high, low - 1, -step)
    ]
    parts.append(
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(100):.1f}" y2="{y(100):.1f}"'
        ' stroke="#6c757d" stroke-width="2" stroke-dasharray="6 4"/>'
        f'<text x="{WIDTH - RIGHT}" y="{y(100) - 6:.1f}" text-anchor="end">'
        f"{_escape(today)}</text>"
    )
    line = " ".join(f"{x(number):.1f},{y(share):.1f}" for number, share in points)
    parts.append(
        f'<polyline points="{line}" fill="none" stroke="#71639e" stroke-width="2.5"/>'
    )
    parts += [
        f'<circle cx="{x(number):.1f}" cy="{y(share):.1f}" r="4" fill="#71639e">'
        f"<title>{number}: {share:.1f} %</title></circle>"
        f'<text x="{x(number):.1f}" y="{HEIGHT - BOTTOM + 18}"'
        f' text-anchor="middle">{number}</text>'
        for number, share in points
    ]
    parts.append(
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 4}"'
        f' text-anchor="middle">{_escape(axis)}</text>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
        f' width="{WIDTH}" height="{HEIGHT}" style="max-width:100%;height:auto"'
        ' font-family="sans-serif" font-size="12" fill="#495057" role="img">'
        + "".join(parts)
        + "</svg>"
    )


def _escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
