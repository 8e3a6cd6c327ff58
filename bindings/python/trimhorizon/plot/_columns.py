"""Pictures with records as columns. ``trimhorizon.plot`` explains what they show."""

from __future__ import annotations

from typing import Any, NamedTuple, Sequence

from matplotlib.collections import PolyCollection
from matplotlib.patches import Patch

from .._arguments import check_has, shard_name
from .._text import in_picture
from . import _data as data
from . import _style as style
from ._data import Column

COLUMNS = 50  # if there are more records, only some are shown
EFFECT, AGAIN, NOTHING, FLYING = "#8fd3bd", "#f2c14e", "#e9c2b0", "#dfe3e8"


class Row(NamedTuple):
    """An invocation: its label, and for each column what it did for the record there."""

    label: str
    cells: dict[int, int | None]  # column: n for the nth effect, 0 for none, None in flight


def fate_strip(result, mapping, ax, *, shard, records, rows, legend):
    """See :func:`trimhorizon.plot.fate_strip`."""
    result = data.result_of(result)
    mapping = data.mapping_of(result, mapping)
    everything = data.columns_of(result, mapping, shard and shard_name(shard))
    columns = _chosen(everything, records)
    lines = _rows(result, mapping, everything, columns)
    left_out = max(0, len(lines) - rows)
    if left_out:
        half = rows // 2
        gap = Row(f"… {left_out:,} more", {})
        lines = lines[:half] + [gap] + lines[len(lines) - (rows - half):]
    if ax is None:
        width = min(11, max(5.4, 2.6 + 0.24 * len(columns)))
        ax = style.new_axes(width, 1.9 + 0.2 * len(lines))
    _grid(ax, len(columns), len(lines))
    title = f"{mapping}: fate of {_words(columns, len(everything))}"
    style.quiet(ax, title)
    handles = [*_draw_cells(ax, lines), *_draw_fates(ax, columns)]
    _name_columns(ax, columns)
    ax.set_yticks([-2, -1, *range(len(lines))], ["fate", "effects", *(row.label for row in lines)])
    _finish(ax)
    if legend:
        style.legend(ax, handles, 3 if len(columns) > 20 else 2, distance=8)
    return ax


def _chosen(columns: list[Column], records: Sequence[str] | None) -> list[Column]:
    if records is not None:
        wanted = list(records)
        missing = set(wanted) - {column.id for column in columns}
        if missing:
            raise KeyError(f"there is no record {', '.join(sorted(missing))}")
        return [column for column in columns if column.id in set(wanted)]
    if len(columns) <= COLUMNS:
        return columns
    change = next((i for i in range(1, len(columns)) if columns[i].code != columns[i - 1].code), 0)
    first = max(0, min(change - COLUMNS // 2, len(columns) - COLUMNS))
    return columns[first:first + COLUMNS]


def _words(columns: list[Column], total: int) -> str:
    if len(columns) == total:
        return "each record"
    return f"{columns[0].id} to {columns[-1].id}, {len(columns)} of {total:,} records"


def _rows(result, mapping: str, everything: list[Column], columns: list[Column]) -> list[Row]:
    """The invocations that had one of the columns."""
    places: dict[tuple[str, int], int] = {}
    counts: dict[str, int] = {}
    shown = {id(column): index for index, column in enumerate(columns)}
    for column in everything:
        position = counts.get(column.shard, 0)
        counts[column.shard] = position + 1
        if id(column) in shown:
            places[column.shard, position] = shown[id(column)]
    handed = data.deliveries_of(result, mapping)
    table = result.invocations
    lines = []
    for number, name, shard, started, outcome in zip(
        *(table[each] for each in ("number", "mapping", "shard", "started", "outcome"))
    ):
        if name != mapping:
            continue
        cells = {
            places[shard, each.position]: None if outcome == "running" else each.nth_effect
            for each in handed.get(number, [])
            if (shard, each.position) in places
        }
        if cells:
            at = style.clock_text(style.seconds(started))
            lines.append(Row(f"#{number}  {outcome}  {at}", cells))
    return lines


def _grid(ax, columns: int, rows: int) -> None:
    ax.set_xlim(-0.5, columns - 0.5)
    ax.set_ylim(rows - 0.5, -2.5)


def _finish(ax) -> None:
    ax.xaxis.tick_top()
    ax.tick_params(length=0, labelsize=8)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)


def _squares(ax, places: list[tuple[float, float]], face: str, gid: str) -> None:
    corners = [
        [(x - 0.46, y - 0.44), (x - 0.46, y + 0.44), (x + 0.46, y + 0.44), (x + 0.46, y - 0.44)]
        for x, y in places
    ]
    ax.add_collection(PolyCollection(corners, facecolor=face, edgecolor="none", gid=gid),
                      autolim=False)


def _write(ax, x: float, y: float, text: str, **how) -> None:
    how = {"ha": "center", "va": "center", "fontsize": 8, "color": style.BLACK, **how}
    ax.text(x, y, in_picture(text), **how)


def _draw_cells(ax, lines: list[Row]):
    first, again, nothing, flying = [], [], [], []
    for y, line in enumerate(lines):
        if not line.cells:
            ax.axhline(y, color="#cccccc", linewidth=0.8, linestyle=":")
        for x, nth in line.cells.items():
            if nth is None:
                flying.append((x, y))
                _write(ax, x, y, data.OUTCOME_LETTERS["running"])
                continue
            (first if nth == 1 else again if nth > 1 else nothing).append((x, y))
            text = "•" if nth == 1 else "x" if nth == 0 else str(nth) if nth < 100 else "+"
            _write(ax, x, y, text, fontweight="bold" if nth > 1 else "normal")
    handles = []
    for places, face, gid, words in (
        (first, EFFECT, "effect", "•  done"),
        (again, AGAIN, "effect again", "n  done for the nth time"),
        (nothing, NOTHING, "no effect", "x  delivered, not done"),
        (flying, FLYING, "in flight", "…  in flight"),
    ):
        if places:
            _squares(ax, places, face, gid)
            handles.append(Patch(facecolor=face, label=words))
    return handles


def _draw_fates(ax, columns: list[Column]):
    used: dict[str, list[tuple[float, float]]] = {}
    for x, column in enumerate(columns):
        kind = "2" if column.code.isdigit() or column.code == "+" else column.code
        used.setdefault(kind, []).append((x, -2))
        _write(ax, x, -2, column.code, fontweight="bold", gid="fate")
        text = style.count_text(column.effects)
        _write(ax, x, -1, text, color="#555555", gid="effects",
               fontsize=7.5 if len(text) < 3 else 5.5)
    for kind, places in used.items():
        _squares(ax, places, style.CODES[kind], f"fate {kind}")
    ax.axhline(-0.5, color=style.BLACK, linewidth=0.8)
    order = [kind for kind in data.CODE_WORDS if kind in used]
    return [Patch(facecolor=style.CODES[kind], edgecolor="#999999", linewidth=0.5,
                  label=f"{'n' if kind == '2' else kind}  {data.CODE_WORDS[kind]}")
            for kind in order]


def _name_columns(ax, columns: list[Column]) -> None:
    """Writes the ids above the columns, and draws a line where a new shard begins."""
    names = [in_picture(column.label, most=24) for column in columns]
    every = 1 if len(columns) <= 30 else 5
    ax.set_xticks(range(0, len(columns), every), names[::every])
    if max(map(len, names)) > 3 and every == 1 or max(map(len, names)) > 8:
        ax.tick_params(axis="x", rotation=60)
        for label in ax.get_xticklabels():
            label.set_horizontalalignment("left")
            label.set_rotation_mode("anchor")
    for x in range(1, len(columns)):
        if columns[x].shard != columns[x - 1].shard:
            ax.axvline(x - 0.5, color=style.BLACK, linewidth=1.2)
            ax.annotate(data.short_shard(columns[x].shard), (x - 0.4, ax.get_ylim()[0]),
                        fontsize=7, va="top", color="#555555", annotation_clip=False)


def outcome_map(found: Any, ax, *, rows, legend):
    """See :func:`trimhorizon.plot.outcome_map`."""
    outcomes = _outcomes(found)
    left_out = max(0, len(outcomes) - rows)
    outcomes = outcomes[:rows]
    ids = list(outcomes[0]["effects"]) if outcomes else []
    if ax is None:
        ax = style.new_axes(max(3.6, min(11, 1.8 + 0.34 * len(ids))), 1.3 + 0.22 * len(outcomes))
    style.quiet(ax, "What can become of each record"
                + (f" ({left_out} more outcomes not drawn)" if left_out else ""))
    ax.set_xlim(-0.5, len(ids) - 0.5)
    ax.set_ylim(len(outcomes) - 0.5, -0.5)
    handles = _draw_outcomes(ax, outcomes, ids)
    ax.set_xticks(range(len(ids)), [in_picture(each, most=24) for each in ids])
    fewest = min((each["stored"] for each in outcomes), default=0)
    faults = [_faults_words(each, fewest) for each in outcomes]
    ax.set_yticks(range(len(outcomes)), faults)
    for y in range(1, len(outcomes)):
        if outcomes[y]["minimum_faults"] != outcomes[y - 1]["minimum_faults"]:
            ax.axhline(y - 0.5, color=style.BLACK, linewidth=0.8)
    _finish(ax)
    if legend:
        style.legend(ax, handles, 2, distance=8)
    return ax


def _outcomes(found: Any) -> list[dict[str, Any]]:
    if isinstance(found, dict):
        found = found["outcomes"]
    elif not isinstance(found, (list, tuple)):
        check_has("outcomes", found, "outcome_map takes an exploration (th.explore)")
        found = found.outcomes
    names = ("stored", "effects", "discarded", "lost", "minimum_faults")
    return [each if isinstance(each, dict) else {name: getattr(each, name) for name in names}
            for each in found]


def _faults_words(outcome: dict[str, Any], fewest: int) -> str:
    count, stored = outcome["minimum_faults"], outcome["stored"]
    words = "no fault" if count == 0 else "1 fault" if count == 1 else f"{count} faults"
    return words if stored == fewest else f"{words}, {stored} stored"


def _draw_outcomes(ax, outcomes, ids: list[str]):
    kinds: dict[str, list[tuple[float, float]]] = {}
    for y, outcome in enumerate(outcomes):
        for x, record in enumerate(ids):
            effects = outcome["effects"][record]
            if effects > 1:
                kind, text = "again", str(effects)
            elif effects == 1:
                kind, text = "once", "•"
            elif record in outcome["lost"]:
                kind, text = "lost", "L"
            else:
                kind, text = ("discarded", "D") if record in outcome["discarded"] else ("none", "0")
            kinds.setdefault(kind, []).append((x, y))
            _write(ax, x, y, text, fontweight="normal" if kind == "once" else "bold")
    handles = []
    for kind, face, words in (
        ("once", EFFECT, "•  one effect"),
        ("again", AGAIN, "n  n effects"),
        ("discarded", style.CODES["D"], "D  no effect, a destination has it"),
        ("lost", style.CODES["E"], "L  lost"),
        ("none", "#eeeeee", "0  no effect"),
    ):
        if kind in kinds:
            _squares(ax, kinds[kind], face, kind)
            handles.append(Patch(facecolor=face, label=words))
    return handles
