"""Colours, letters and axes of the pictures. It is imported late, since it needs matplotlib.

The colours are those of Okabe and Ito, which colour-blind readers can distinguish. Each also has a
letter or a hatch.
"""

from __future__ import annotations

from matplotlib import pyplot
from matplotlib.ticker import Formatter, Locator
from matplotlib.transforms import offset_copy

from .._text import in_picture

BLACK = "#222222"
GREY = "#8a8a8a"
BLUE = "#0072B2"
SKY = "#56B4E9"
GREEN = "#009E73"
YELLOW = "#F0E442"
ORANGE = "#E69F00"
RED = "#D55E00"
PURPLE = "#CC79A7"

OUTCOMES = {  # outcome: (face, edge and hatch, hatch, words)
    "success": ("#55bd9c", "#00664a", "", "ok"),
    "partial": ("#f2c14e", "#a87200", "//", "failures reported"),
    "malformed": ("#dba3c2", "#8f4a70", "..", "malformed answer"),
    "error": ("#ee9562", "#a84a00", "xx", "error"),
    "timeout": ("#ee9562", "#a84a00", "\\\\", "timeout"),
    "crash": ("#ee9562", "#a84a00", "++", "crash"),
    "running": ("white", GREY, "..", "running"),
}

CODES = {  # code of a record: face; digits are those of `2`
    ".": "#e8f4ef",
    "2": "#f7dba0",
    "S": "#e3b7cf",
    "=": "#e6e6e6",
    "F": "#e6e6e6",
    "D": "#bcdcf2",
    "X": "#f2b48c",
    "E": "#f2b48c",
    "G": "#f2b48c",
    "~": "#ffffff",
}

_STEPS = [  # of a time axis, seconds
    *(each * unit for unit in (1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1) for each in (1, 2, 5)),
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 3 * 3600, 6 * 3600, 12 * 3600,
    *(86400 * days for days in (1, 2, 5, 7, 14, 28, 56, 91, 182, 364)),
]
MINUTES = [1, 5, 10, 15, 30, 60, 120, 360, 720, 1440, 10080, 525600]  # of a metric's period
_UNITS = [(86400, "d"), (3600, "h"), (60, "min"), (1, "s"), (1e-3, "ms"), (1e-6, "µs")]


class TimeLocator(Locator):
    """Ticks at round times: every 2 s, 15 min, 6 h …"""

    def __init__(self, ticks: int = 8):
        self._ticks = ticks

    def __call__(self):
        return self.tick_values(*self.axis.get_view_interval())

    def tick_values(self, vmin, vmax):
        """Ticks between two times, seconds."""
        length = max(vmax - vmin, 1e-6)
        step = next((each for each in _STEPS if length / each <= self._ticks), _STEPS[-1])
        while length / step > self._ticks:
            step *= 2
        first = -(-vmin // step)
        count = int(length / step) + 2
        return [(first + i) * step for i in range(count) if (first + i) * step <= vmax + step / 1e6]


class TimeFormatter(Formatter):
    """Seconds as ``250 ms``, ``1.5 s``, ``6 h``. The distance of the ticks decides the unit."""

    def __call__(self, x, pos=None):
        reach = max(map(abs, self.axis.get_view_interval())) if self.axis is not None else abs(x)
        return duration_text(x, reach)


def duration_text(seconds: float, reach: float | None = None, digits: int = 4) -> str:
    """A time with one unit that suits numbers up to ``reach``."""
    least = abs(seconds) if reach is None else reach if reach < 120 else reach / 2
    size, unit = next((each for each in _UNITS if least >= each[0]), _UNITS[-1])
    if abs(seconds) < 1e-9:
        return "0"
    return f"{seconds / size:.{digits}g} {unit}"


def clock_text(seconds: float) -> str:
    """A moment: ``250 ms``, ``7.5 s``, ``59:35``, ``25:00:07``."""
    if seconds < 60:
        return duration_text(seconds) if seconds else "0 s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def count_text(n: int) -> str:
    """At most four characters: ``99``, ``5.7k``, ``29k``."""
    return str(n) if n < 1000 else f"{n / 1000:.1f}k" if n < 9950 else f"{n / 1000:.0f}k"


def seconds(us: int) -> float:
    """Axes count seconds."""
    return us / 1e6


def time_axis(axis) -> None:
    """Makes an axis a time axis in seconds, with round ticks for any scale."""
    axis.set_major_locator(TimeLocator())
    axis.set_major_formatter(TimeFormatter())


def new_axes(width: float, height: float):
    """New axes, if the user gave none."""
    _, ax = pyplot.subplots(figsize=(width, height), layout="constrained")
    return ax


def quiet(ax, title: str) -> None:
    """Puts the title to the left and removes frame lines without meaning."""
    ax.set_title(in_picture(title, most=100), loc="left", fontsize=10)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    ax.tick_params(labelsize=8)


def legend(ax, handles, columns: int = 4, distance: float = 34):
    """Puts the legend without a frame below the axes, at this distance in points."""
    if not handles:
        return None
    below = offset_copy(ax.transAxes, ax.figure, y=-distance, units="points")
    return ax.legend(handles=handles, ncols=min(columns, len(handles)), frameon=False, fontsize=8,
                     handlelength=1.8, columnspacing=1.4, borderaxespad=0, loc="upper center",
                     bbox_to_anchor=(0.5, 0), bbox_transform=below)


def points_per_unit(ax) -> tuple[float, float]:
    """How many points (1/72 inch) one unit of x and of y takes on these axes as they are now."""
    box = ax.get_position()
    width, height = ax.figure.get_size_inches()
    left, right = ax.get_xlim()
    bottom, top = ax.get_ylim()
    across = box.width * width * 72 / max(abs(right - left), 1e-12)
    up = box.height * height * 72 / max(abs(top - bottom), 1e-12)
    return across, up
