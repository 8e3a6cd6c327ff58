"""Static HTML: no script, no network, one file."""

from __future__ import annotations

from typing import Any

from .._text import in_html

__all__ = ["exploration_fragment", "page", "result_fragment", "sweep_fragment", "table_html"]

_STYLE = """
.trimhorizon {font: 14px/1.45 system-ui, sans-serif; max-width: 60rem}
.trimhorizon table {border-collapse: collapse; margin: .6rem 0}
.trimhorizon th, .trimhorizon td {padding: .15rem .6rem; text-align: left;
  border-bottom: 1px solid #8884; font-variant-numeric: tabular-nums}
.trimhorizon pre {font: 12px/1.35 ui-monospace, monospace; overflow-x: auto; white-space: pre}
.trimhorizon .verdict {font-weight: 600; padding: .05rem .5rem; border-radius: .3rem;
  border: 1px solid currentColor}
.trimhorizon .holds {color: #1a7f37} .trimhorizon .violated {color: #b42318}
.trimhorizon .undecided {color: #9a6700}
"""

_ROWS_SHOWN = 20


def _cells(tag: str, values) -> str:
    return "".join(f"<{tag}>{in_html(value)}</{tag}>" for value in values)


def _rows(head, rows) -> str:
    body = "".join(f"<tr>{_cells('td', row)}</tr>" for row in rows)
    return f"<table><thead><tr>{_cells('th', head)}</tr></thead><tbody>{body}</tbody></table>"


def _cell_text(value) -> str:
    if value is None:
        return ""
    return ", ".join(value) if isinstance(value, list) else str(value)


def table_html(table: Any) -> str:
    """The first rows of a table."""
    rows = [
        [_cell_text(value) for value in table._native.row(index).values()]
        for index in range(min(len(table), _ROWS_SHOWN))
    ]
    more = len(table) - len(rows)
    note = f"<p>… {more} more rows</p>" if more > 0 else ""
    return (
        f'<div class="trimhorizon"><style>{_STYLE}</style>'
        f"<b>{in_html(table.name)}</b> ({len(table)})"
        f"{_rows(table.columns, rows)}{note}</div>"
    )


def _counts(counts: dict) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or "none"


def result_fragment(result: Any) -> str:
    """A result for a notebook: the verdict, one line per mapping, and the text report, folded."""
    data = result.to_dict()
    records = data["records"]
    verdict = in_html(data["verdict"])
    mappings = _rows(
        ["mapping", "invocations", "deliveries", "effects", "fates", "lost", "duplicates"],
        [
            [name, m["invocations"], m["deliveries"], m["effects"], _counts(m["fates"]),
             f"{m['lost']} ({_counts(m['lost_by_cause'])})" if m["lost"] else 0,
             f"{m['duplicates']} ({_counts(m['duplicates_by_cause'])})" if m["duplicates"] else 0]
            for name, m in data["mappings"].items()
        ],
    )
    title = in_html(data["scenario"]["title"] or data["scenario"]["file"])
    return (
        f'<div class="trimhorizon"><style>{_STYLE}</style>'
        f'<p><b>{title}</b> <span class="verdict {verdict}">{verdict}</span> '
        f'seed {data["seed"]}, {in_html(data["simulated"])} simulated, '
        f'{in_html(data["ended"])}<br>'
        f'{records["stored"]} stored, {records["lost"]} lost, '
        f'{records["duplicates"]} duplicates</p>{mappings}'
        f"<details><summary>The whole report</summary>"
        f"<pre>{in_html(repr(result))}</pre></details></div>"
    )


def exploration_fragment(found: Any) -> str:
    """An exploration for a notebook: the verdict, and the page of the command line."""
    css_class = {"holds": "holds", "violated": "violated"}.get(found.verdict, "undecided")
    first, _, rest = repr(found).partition("\n")
    return (f'<div class="trimhorizon"><style>{_STYLE}</style>'
            f'<p><span class="verdict {css_class}">{in_html(first)}</span></p>'
            f"<pre>{in_html(rest)}</pre></div>")


def sweep_fragment(sweep: Any) -> str:
    """A sweep for a notebook: the worst verdict, and the means of each point."""
    native = sweep._sweep
    head, *rows = native.cells([])
    title = in_html(native.title or native.file)
    return (
        f'<div class="trimhorizon"><style>{_STYLE}</style>'
        f'<p><b>{title}</b> <span class="verdict {sweep.verdict}">{sweep.verdict}</span> '
        f"{native.points} points, {len(sweep.seeds)} seeds, {len(sweep)} runs</p>"
        f"{_rows(head, rows)}<p>mean ± half of its 95 % confidence interval (Student's t)</p>"
        "</div>"
    )


def page(result: Any) -> str:
    """A result as a page of its own."""
    data = result.to_dict()
    title = in_html(data["scenario"]["title"] or data["scenario"]["file"])
    invocations = ""
    if result.has_tables:
        invocations = "<h2>Invocations</h2>" + table_html(result.invocations)
    body = result_fragment(result).replace("<details>", "<details open>")
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{title}</title></head>\n<body>\n{body}\n{invocations}\n</body></html>\n"
    )
