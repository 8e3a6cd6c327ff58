"""Pictures over time. ``trimhorizon.plot`` explains what they show."""

from __future__ import annotations

from typing import Any

from matplotlib.collections import PolyCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator

from .._arguments import microseconds, shard_name
from .._text import in_picture, on_line
from . import _data as data
from . import _style as style
from ._data import Bar, History
from ._style import seconds

LABELLED = 26  # up to this many records, each has a row with its id
LETTERS = 80  # with more bars, they have no letters


def _chosen(result: Any, mapping: str | None, shard: str | int | None) -> tuple[Any, History]:
    result = data.result_of(result)
    mapping = data.mapping_of(result, mapping)
    return result, data.history_of(result, mapping, None if shard is None else shard_name(shard))


def position_time(result, mapping, shard, ax, *, until, measure, legend):
    """See :func:`trimhorizon.plot.position_time`."""
    _, history = _chosen(result, mapping, shard)
    labelled = len(history.columns) <= LABELLED
    if ax is None:
        ax = style.new_axes(9, max(2.6, 1.4 + 0.21 * len(history.columns)) if labelled else 4.2)
    end = _end_of(history) if until is None else microseconds(until)
    if until is None and history.drained:
        end += end // 40  # leaves room to see the last state
    height = _height(history, end)
    ax.set_xlim(-0.01 * seconds(end), seconds(end) * 1.01)
    ax.set_ylim(0, height + min(0.9, 0.2 + 0.1 * height) if labelled else height * 1.04)
    style.quiet(ax, f"{history.mapping} reads {data.short_shard(history.shard)}")
    style.time_axis(ax.xaxis)
    ax.set_xlabel("time", fontsize=9)
    ax.figure.draw_without_rendering()  # the layout decides how much fits
    handles = [
        *_draw_lines(ax, history, end),
        *_draw_bars(ax, history, end),
        *_draw_losses(ax, history, end),
        *([] if labelled else _draw_given_up(ax, history, height)),
        *_draw_disturbances(ax, history, end),
    ]
    _name_positions(ax, history, height if labelled else None)
    if measure is not None:
        _draw_distances(ax, history, microseconds(measure))
    if legend:
        style.legend(ax, handles)
    return ax


def _end_of(history: History) -> int:
    """The last moment to draw."""
    ends = [point.at for point in history.points[-1:]] + [bar.ended for bar in history.bars]
    return max([*ends, 1])


def _height(history: History, end: int) -> int:
    """The position up to which there is something to see."""
    tips = [point.tip for point in history.points if point.at <= end]
    return max([*tips, 1])


def _stairs(history: History, end: int):
    """Times and states, for drawing with steps; the last one lasts to the end."""
    points = [point for point in history.points if point.at <= end]
    start = [data.Point(0, 0, 0, 0)] if not points or points[0].at > 0 else []
    points = start + points
    return [seconds(p.at) for p in points] + [seconds(end)], points + points[-1:]


def _draw_lines(ax, history: History, end: int):
    times, points = _stairs(history, end)
    tips = [p.tip for p in points]
    checkpoints = [p.checkpoint for p in points]
    horizons = [p.trim_horizon for p in points]
    ax.fill_between(times, checkpoints, tips, step="post", color="#eef1f4", linewidth=0, zorder=0.5)
    drawn = [
        ax.step(times, tips, where="post", color=style.BLACK, linewidth=1.4, zorder=3,
                label="tip: written", gid="tip")[0],
        ax.step(times, checkpoints, where="post", color=style.BLUE, linewidth=2.2, zorder=4,
                label="checkpoint: settled", gid="checkpoint")[0],
    ]
    handles = [*drawn, Patch(facecolor="#eef1f4", edgecolor="#c8ced6", label="waiting")]
    if horizons[-1] > 0:
        line = ax.step(times, horizons, where="post", color=style.RED, linewidth=1.2,
                       linestyle=(0, (4, 2)), zorder=3.5, label="trim horizon",
                       gid="trim horizon")[0]
        handles.append(line)
    return handles


def _draw_bars(ax, history: History, end: int):
    across, up = style.points_per_unit(ax)
    bars = [bar for bar in history.bars if bar.started <= end]
    few = len(bars) <= LETTERS
    if not few:
        bars = data.merged(bars, int(12e6 / across))
    handles = []
    for outcome, (face, edge, hatch, words) in style.OUTCOMES.items():
        these = [bar for bar in bars if bar.outcome == outcome]
        if not these:
            continue
        crowded = len(these) > 4 * LETTERS
        corners = [_corners(bar, across) for bar in these]
        ax.add_collection(PolyCollection(
            corners, facecolor=face, edgecolor=face if crowded else edge,
            hatch=None if crowded else hatch, linewidth=0.2 if crowded else 0.6,
            alpha=0.85, zorder=2, gid=f"invocations: {outcome}",
        ), autolim=False)
        letter = data.OUTCOME_LETTERS[outcome]
        handles.append(Patch(facecolor=face, edgecolor=edge, hatch=hatch, linewidth=0.6,
                             label=f"{letter}  invocation: {words}"))
    _write_letters(ax, [b for b in bars if few or b.outcome != "success"], across, up)
    if few and up >= 8:
        handles += _draw_effects(ax, bars, across)
    return handles


def _sides(bar: Bar, across: float) -> tuple[float, float]:
    """Left and right edges, at least a point and a half apart."""
    left = seconds(bar.started)
    return left, max(seconds(bar.ended), left + 1.5 / across)


def _corners(bar: Bar, across: float):
    left, right = _sides(bar, across)
    return [(left, bar.first), (left, bar.end), (right, bar.end), (right, bar.first)]


def _write_letters(ax, bars: list[Bar], across: float, up: float) -> None:
    """Writes in each bar how it ended. In a wide bar, the letter is left of the dots.

    Above the bar it would be in the row of the next record, and look like work done for it.
    """
    taken: list[tuple[float, float]] = []  # right edge and height of what was written, in points
    for bar in bars:
        text = data.OUTCOME_LETTERS[bar.outcome]
        if bar.count > 1:
            text += f" {bar.count:,}×"
        left, right = seconds(bar.started) * across, seconds(bar.ended) * across
        width = 5.4 * len(text) + 2
        wide = right - left > width + 10
        if bar.effects and not wide and bar.outcome == "success":
            continue  # the dots show it
        begin = left + 1 if wide else (left + right - width) / 2
        low = (bar.end - bar.first) * up <= 9
        y = (bar.first + bar.end) / 2 if low else bar.end
        if any(begin < edge and abs(y * up - height) < 9 for edge, height in taken):
            continue
        taken.append((begin + width, y * up))
        ax.annotate(text, ((begin + width / 2) / across, y), xytext=(0, 0 if low else -1.5),
                    textcoords="offset points", ha="center", va="center" if low else "top",
                    fontsize=8, fontweight="bold", color=style.BLACK, zorder=6,
                    annotation_clip=True, gid=f"ended {bar.number}",
                    path_effects=[withStroke(linewidth=1.6, foreground="white")])


def _draw_effects(ax, bars: list[Bar], across: float):
    first_x, first_y, again = [], [], []
    for bar in bars:
        left, right = _sides(bar, across)
        middle = (left + right) / 2
        for position, nth in bar.effects:
            if nth == 1:
                first_x.append(middle)
                first_y.append(position + 0.5)
            else:
                again.append((middle, position + 0.5, nth))
    handles = []
    if first_x:
        ax.plot(first_x, first_y, linestyle="none", marker="o", markersize=4, color="white",
                markeredgecolor=style.BLACK, markeredgewidth=0.7, zorder=5, gid="effects")
        handles.append(Line2D([], [], linestyle="none", marker="o", markersize=4, color="white",
                              markeredgecolor=style.BLACK, markeredgewidth=0.7,
                              label="work done for a record"))
    for x, y, nth in again:
        ax.text(x, y, str(nth), fontsize=6.5, fontweight="bold", ha="center", va="center",
                zorder=5, gid="effect again",
                bbox={"boxstyle": "circle,pad=0.12", "facecolor": style.YELLOW,
                      "edgecolor": style.BLACK, "linewidth": 0.5})
    if again:
        handles.append(Line2D([], [], linestyle="none", marker="$2$", markersize=5,
                              color=style.BLACK, label="done again, the nth time"))
    return handles


def _draw_losses(ax, history: History, end: int):
    """Records that retention took, from that time on; unread records, since they were stored."""
    times, points = _stairs(history, end)
    _, up = style.points_per_unit(ax)
    fates = [column.fate for column in history.columns]
    handles = []
    for fate, edge, hatch in (
        ("expired", lambda p: p.trim_horizon, "//"),
        ("unread", lambda p: p.tip, ".."),
    ):
        letter = data.FATE_LETTERS[fate]
        look = {"facecolor": "#f6c9ae", "edgecolor": style.RED, "hatch": hatch, "linewidth": 0}
        for first, last, count in data.spans(fates, fate, 3 / up):
            upper = [min(max(edge(p), first), last) for p in points]
            if upper[-1] <= first:
                continue
            whole = count == last - first  # otherwise there are other records between
            since = next(i for i, y in enumerate(upper) if y > first)
            ax.fill_between(times[since:], first, upper[since:], step="post", zorder=1, gid=fate,
                            alpha=1 if whole else 0.6, **look)
            _write_loss(ax, history, (times[since], times[-1], first, upper[-1]), letter, count)
            if not any(handle.get_label().startswith(letter) for handle in handles):
                handles.append(Patch(label=f"{letter}  {data.CODE_WORDS[letter]}", **look))
    return handles


def _write_loss(ax, history: History, area, letter: str, count: int) -> None:
    """Writes the letter in the middle; with many records, with a number in the widest corner."""
    left, right, bottom, top = area
    look = {"fontsize": 9, "fontweight": "bold", "color": "#7a2700", "zorder": 5,
            "annotation_clip": True, "gid": f"fate {letter}"}
    if len(history.columns) <= LABELLED:
        ax.annotate(letter, ((left + right) / 2, (bottom + top) / 2), ha="center", va="center",
                    **look)
    else:
        ax.annotate(f"{letter}  {count:,}", (right, bottom), xytext=(-5, 4), ha="right",
                    va="bottom", textcoords="offset points", **look,
                    bbox={"boxstyle": "round,pad=0.2", "facecolor": "white", "linewidth": 0})


def _draw_given_up(ax, history: History, height: int):
    """Marks at the right edge where records were given up. With few records, a letter for each is
    there; with many, their bars are too thin to be seen.
    """
    _, up = style.points_per_unit(ax)
    fates = [column.fate for column in history.columns[:height]]
    edge = ax.get_yaxis_transform()  # x is a fraction of the axes
    handles, written = [], -1e9
    found = [(span, fate) for fate in ("discarded", "dropped")
             for span in data.spans(fates, fate, 3 / up)]
    for span, fate in sorted(found):
        letter = data.FATE_LETTERS[fate]
        face = style.CODES[letter]
        low, high = span.first, max(span.end, span.first + 2 / up)
        ax.fill_betweenx([low, high], 1.003, 1.018, transform=edge, clip_on=False, facecolor=face,
                         edgecolor="#666666", linewidth=0.5, zorder=5, gid=f"given up {letter}")
        if (span.first - written) * up >= 9:
            written = span.first
            ax.annotate(f"{letter} {span.count:,}", (1.022, (low + high) / 2), xycoords=edge,
                        ha="left", va="center", fontsize=7, color=style.BLACK, gid=f"fate {letter}",
                        annotation_clip=False)
        if not any(handle.get_label().startswith(letter) for handle in handles):
            handles.append(Patch(facecolor=face, edgecolor="#666666", linewidth=0.5,
                                 label=f"{letter}  {data.CODE_WORDS[letter]}"))
    return handles


def _draw_disturbances(ax, history: History, end: int):
    handles = []
    _, top = ax.get_ylim()
    across, _ = style.points_per_unit(ax)
    lines = [-1e9] * 3  # up to where each line of words is taken, in points
    for each in history.disturbances:
        if each.at > end:
            continue
        until = end if each.until is None else min(each.until, end)
        if each.until == each.at:
            ax.axvline(seconds(each.at), color=style.BLACK, linewidth=1.2, linestyle=":",
                       zorder=2.5, gid=on_line(each.words))
        else:
            ax.axvspan(seconds(each.at), seconds(until), color="#777777", alpha=0.3, linewidth=0,
                       zorder=0.7, gid=on_line(each.words))
        x = seconds(each.at) * across
        line = next((i for i, taken in enumerate(lines) if taken <= x), None)
        if line is not None:
            words = in_picture(each.words)
            lines[line] = x + 4.2 * len(words)
            ax.annotate(words, (seconds(each.at), top), xytext=(2, -1 - 9 * line),
                        textcoords="offset points", ha="left", va="top", fontsize=7,
                        color="#444444", zorder=6, annotation_clip=True)
    shown = [each for each in history.disturbances if each.at <= end]
    bands = [each for each in shown if each.until != each.at]
    moments = [each for each in shown if each.until == each.at]
    if bands:
        handles.append(Patch(facecolor="#777777", alpha=0.3, label="fault"))
    if moments:
        handles.append(Line2D([], [], color=style.BLACK, linewidth=1.2, linestyle=":",
                              label="fault, at once"))
    return handles


def _name_positions(ax, history: History, height: int | None) -> None:
    """Writes ids to the left and fates to the right, if there is a height."""
    if height is None:
        ax.yaxis.set_major_locator(MaxNLocator(6, integer=True))
        ax.yaxis.set_major_formatter(lambda y, _: f"{y:,.0f}")
        ax.set_ylabel("position in the shard", fontsize=9)
        return
    columns = history.columns[:height]
    ax.set_yticks([i + 0.5 for i in range(height)],
                  [in_picture(column.label, most=24) for column in columns])
    ax.tick_params(axis="y", length=0)
    for position, column in enumerate(columns):
        ax.annotate(column.code, (1, position + 0.5), xycoords=("axes fraction", "data"),
                    xytext=(6, 0), textcoords="offset points", ha="center", va="center",
                    fontsize=8, family="monospace", color=style.BLACK, gid="fate")
    ax.annotate("fate", (1, height), xycoords=("axes fraction", "data"), xytext=(6, 3),
                textcoords="offset points", ha="center", va="bottom", fontsize=7,
                color=style.GREY)


def _draw_distances(ax, history: History, us: int) -> None:
    point = history.at(us)
    if point.tip <= point.checkpoint:
        return
    age = history.age(us)
    x, low = seconds(us), point.checkpoint
    arrow = {"arrowstyle": "<->", "color": style.PURPLE, "linewidth": 1.6, "shrinkA": 0,
             "shrinkB": 0}
    box = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": style.PURPLE,
           "linewidth": 0.6}
    ax.annotate("", (x, low), xytext=(x, point.tip), arrowprops=arrow, zorder=6)
    ax.annotate(f"backlog {point.tip - low:,}", (x, (low + point.tip) / 2), xytext=(5, 0),
                textcoords="offset points", ha="left", va="center", fontsize=8, bbox=box, zorder=7)
    y = low + (0.5 if len(history.columns) <= LABELLED else 0)
    ax.annotate("", (x - seconds(age), y), xytext=(x, y), arrowprops=arrow, zorder=6)
    _, up = style.points_per_unit(ax)
    below = low * up > 24
    ax.annotate(f"iterator age {style.duration_text(seconds(age), digits=3)}",
                (x - seconds(age) / 2, low if below else y), xytext=(0, -6 if below else 6),
                textcoords="offset points", ha="center", va="top" if below else "bottom",
                fontsize=8, bbox=box, zorder=7)


def iterator_age(result, mapping, shard, ax, *, alarm, legend):
    """See :func:`trimhorizon.plot.iterator_age`."""
    _, history = _chosen(result, mapping, shard)
    if ax is None:
        ax = style.new_axes(9, 3.4)
    end = _end_of(history)
    times, ages = _age_line(history, end)
    handles = [ax.plot(times, ages, color=style.BLUE, linewidth=1.6, zorder=3, gid="age",
                       label="age of the oldest record that waits")[0]]
    samples = cloudwatch_samples(history)
    if samples:
        minutes = 1
        while end > minutes * 60_000_000 * 150:
            minutes = next(each for each in style.MINUTES if each > minutes)
        shown = cloudwatch_samples(history, minutes)
        words = "a minute" if minutes == 1 else style.duration_text(minutes * 60.0)
        handles += ax.plot([seconds(at) for at, _ in shown], [seconds(age) for _, age in shown],
                           linestyle="none", marker="o", markersize=3.2, color=style.ORANGE,
                           markeredgecolor=style.BLACK, markeredgewidth=0.4, zorder=4,
                           gid="CloudWatch", label=f"CloudWatch IteratorAge, maximum of {words}")
    retention, highest = seconds(history.retention), max([*ages, 0.0])
    if highest > retention / 3:
        handles.append(ax.axhline(retention, color=style.RED, linewidth=1.4, linestyle=(0, (4, 2)),
                                  zorder=2, label="retention: records are lost", gid="retention"))
        top = max(highest, retention) * 1.15
        ax.axhspan(retention, top, facecolor="#f6c9ae", hatch="//", edgecolor=style.RED,
                   linewidth=0, zorder=0.5)
        ax.set_ylim(0, top)
    else:
        ax.set_ylim(0, highest * 1.15 or 1)
    if alarm is not None:
        handles += _draw_alarm(ax, samples, seconds(microseconds(alarm)))
    ax.set_xlim(0, seconds(end) * 1.02)
    style.quiet(ax, f"{history.mapping} on {data.short_shard(history.shard)}: how far behind")
    style.time_axis(ax.xaxis)
    style.time_axis(ax.yaxis)
    ax.set_xlabel("time", fontsize=9)
    ax.set_ylabel("age of the next record", fontsize=9)
    handles += _draw_disturbances(ax, history, end)
    if legend:
        style.legend(ax, handles, 3)
    return ax


def _age_line(history: History, end: int) -> tuple[list[float], list[float]]:
    """The age just before and just after each moment at which something changed."""
    times, ages = [0.0], [0.0]
    before = data.Point(0, 0, 0, 0)
    for point in [*history.points, history.at(end)._replace(at=end)]:
        at = max(point.at, before.at)
        for state in (before, point):
            waiting = state.checkpoint < min(state.tip, len(history.columns))
            age = at - history.columns[state.checkpoint].arrival if waiting else 0
            times.append(seconds(at))
            ages.append(seconds(max(age, 0)))
        before = point
    return times, ages


def cloudwatch_samples(history: History, minutes: int = 1) -> list[tuple[int, int]]:
    """(start of a period, maximum of IteratorAge in it), µs; only where something was invoked
    (MET-06).
    """
    length = minutes * 60_000_000
    samples: dict[int, int] = {}
    for bar in history.bars:
        at = bar.ended if history.ages_at_finish else bar.started
        age = max(0, at - history.columns[bar.end - 1].arrival)
        start = at // length * length
        samples[start] = max(samples.get(start, 0), age)
    return sorted(samples.items())


def _draw_alarm(ax, samples: list[tuple[int, int]], threshold: float):
    line = ax.axhline(threshold, color=style.PURPLE, linewidth=1.2, linestyle=":", zorder=2,
                      label=f"alarm at {style.duration_text(threshold)}", gid="alarm")
    fired = next((at for at, age in samples if seconds(age) >= threshold), None)
    if fired is not None:
        ax.axvline(seconds(fired), color=style.PURPLE, linewidth=1.2, zorder=2, gid="fired")
        ax.annotate(f"the alarm fires at {style.duration_text(seconds(fired))}",
                    (seconds(fired), ax.get_ylim()[1]), xytext=(5, -4), fontsize=8, va="top",
                    textcoords="offset points", color=style.BLACK, zorder=6,
                    bbox={"boxstyle": "round,pad=0.2", "facecolor": "white", "linewidth": 0})
    return [line]
