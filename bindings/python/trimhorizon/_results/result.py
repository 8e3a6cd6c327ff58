"""The result of a run."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from typing import Any, Mapping

from .. import _core
from .._errors import ExpectationError, InvariantViolation, TrimhorizonError
from .._handlers import HandlerFailure
from .._source import source_from, state_of
from .._text import on_line, on_page
from .._written import write_text
from .html import page, result_fragment
from .tables import Destinations, DestinationTable, Table
from .tables import _Tables as _Tables  # earlier pickles look for it here

__all__ = ["Explanation", "Result"]

# Tables that need no row of the run, so every result has them.
_ALWAYS_KEPT = ("metrics", "stream_metrics", "shards", "api_calls")


class Explanation(str):
    """The life of a record as text. Its ``repr`` is the text itself.

    Examples
    --------
    >>> import trimhorizon as th
    >>> th.example().run().explain("r3").splitlines()[0]
    'r3: processed'
    """

    def __repr__(self) -> str:
        return on_page(self)


class Result:
    """The result of a run: which records were processed, which twice, which never, and why.

    ``repr`` is the text report that the command line prints. A result can be pickled: one that is
    read back has the same tables, and can still explain its records.

    A run keeps no tables. The first time that one is read, the same run is made again, without
    calling handlers, and its rows become columns. So a run of any length fits into memory; a table
    takes some 200 bytes a row, and has at most 20,000,000 rows. A result is pickled with its tables
    if it has at most 3,000,000 stored records and deliveries; above that, use ``tables=False``.

    Two results are equal if the same events happened: their trace digests are equal, and those of
    their variants. Expectations, the place of the scenario and whether tables were kept do not
    matter. :func:`diff` finds the first event that differs.

    Attributes
    ----------
    seed : int
    verdict : {"holds", "violated", "undecided"}
        The verdict of this run alone. ``to_dict()["verdict"]`` is the worst of base and variants.
    fates : dict of str to dict
        ``fates["billing-orders"]["processed"]``: a number for each fate that occurred.
    lost, duplicates : int
        Totals over all mappings.
    variants : dict of str to Result
        The same traffic under other settings.

    Examples
    --------
    >>> import trimhorizon as th
    >>> result = th.example().run()
    >>> result.fates["billing-orders"]
    {'processed': 10}
    >>> print(result.invocations[0]["records"], result.invocations[0]["outcome"])
    ['r0', 'r1', 'r2', 'r3', 'r4'] success
    """

    def __init__(self, native: _core.run.Run, variants: Mapping[str, _core.run.Run] | None = None,
                 has_tables: bool = True, failures: list[HandlerFailure] | None = None,
                 failure_count: int = 0):
        self._native = native
        self._variant_natives = dict(variants or {})
        self._has_tables = has_tables
        self._failures = list(failures or [])
        self._failure_count = failure_count
        self._cache: dict[str, Any] = {}

    # ---- in numbers ------------------------------------------------------------------------------
    @property
    def seed(self) -> int:
        """The seed of the run."""
        return self._native.seed

    @property
    def verdict(self) -> str:
        """``holds``, ``violated`` or ``undecided``."""
        return self._native.verdict

    @property
    def ended(self) -> str:
        """``drained``, ``duration``, or ``running`` for a simulation that has not ended."""
        return self._native.ended

    @property
    def simulated(self) -> timedelta:
        """Simulated time at the end."""
        return timedelta(microseconds=self._native.simulated_us)

    @property
    def trace_digest(self) -> str:
        """32 hex digits for all events of the run. Equal runs have equal ones on every machine."""
        return self._own()["trace_digest"]

    @property
    def edition(self) -> str:
        """The edition of the rules of AWS that the run followed: ``2026-11``.

        A result that an older trimhorizon pickled keeps its own: ``before 2026-11``.
        """
        return self._own()["edition"]

    @property
    def notes(self) -> list[str]:
        """What to know beside the verdict: for example, traffic above a shard's limits.

        The limits of shards are not modelled yet (KDS-LIM-01 to KDS-LIM-04), so nothing is
        throttled. Each note names the shard, the rate and the limit.

        Examples
        --------
        >>> import trimhorizon as th
        >>> th.example().run().notes
        []
        """
        return list(self._own()["notes"])

    @property
    def ranges(self) -> list[dict[str, Any]]:
        """Numbers that hang on what AWS does not document.

        The run is made again under the other values of each switch that it met. Each entry has
        ``number`` (``lost``, ``duplicates``, ``given_up``, ``expired`` or ``invocations``),
        ``value``, ``least``, ``most`` and ``assumptions``, the switches that change it. Empty if no
        number changes, the run is long or handlers answered. JSON also has ``ranges_not_known``.
        """
        if "ranges" not in self._cache:
            self._cache["ranges"] = json.loads(self._native.json([], False)).get("ranges", [])
        return list(self._cache["ranges"])

    @property
    def fates(self) -> dict[str, dict[str, int]]:
        """Per mapping, how many stored records had each fate (zeros are left out)."""
        return {name: dict(each["fates"]) for name, each in self._own()["mappings"].items()}

    @property
    def lost(self) -> int:
        """Lost records, summed over mappings: no copy has an effect or a place left."""
        return self._own()["records"]["lost"]

    @property
    def duplicates(self) -> int:
        """Effects beyond the first of a record, summed over mappings."""
        return self._own()["records"]["duplicates"]

    @property
    def variants(self) -> dict[str, "Result"]:
        """Results of the variants by name."""
        if "variants" not in self._cache:
            self._cache["variants"] = {
                name: Result(native, None, self._has_tables)
                for name, native in self._variant_natives.items()
            }
        return self._cache["variants"]

    @property
    def handler_failures(self) -> list[HandlerFailure]:
        """Exceptions of your handlers, the first 100; ``handler_failure_count`` counts all."""
        return list(self._failures)

    @property
    def handler_failure_count(self) -> int:
        """How many invocations ended in an exception of your handler."""
        return self._failure_count

    @property
    def has_tables(self) -> bool:
        """Whether records, invocations and deliveries were kept (``tables=True``)."""
        return self._has_tables

    def _table(self, name: str) -> Table:
        if not self._has_tables and name not in _ALWAYS_KEPT:
            raise TrimhorizonError(f"this run kept no tables: use run(tables=True) for {name}")
        if name not in self._cache:
            self._cache[name] = Table(getattr(self._native, name)())
        return self._cache[name]

    @property
    def records(self) -> Table:
        """One row per stored record, by arrival.

        Columns ``id, producer, key, shard, sequence_number, arrival`` (µs) and, per mapping,
        ``fates.M`` (text), ``deliveries.M``, ``effects.M`` (integers), ``settled.M`` (µs: when the
        checkpoint passed it; None while it is pending).
        """
        return self._table("records")

    @property
    def invocations(self) -> Table:
        """One row per invocation that reached a function, in order of their starts.

        Columns ``number`` (from 1), ``mapping``, ``function``, ``shard``, ``started`` and ``ended``
        (µs; None while running), ``attempt`` (of its batch, from 1), ``records`` (ids), ``outcome``
        (``success, partial, malformed, error, timeout, crash, running``), ``request_id``.
        """
        return self._table("invocations")

    @property
    def deliveries(self) -> Table:
        """One row per record that was handed to a function.

        Columns ``id``, ``mapping``, ``shard``, ``sequence_number``, ``invocation``, ``attempt``,
        ``position`` (in the batch, from 0), ``effect`` (bool).
        """
        return self._table("deliveries")

    @property
    def metrics(self) -> Table:
        """One row per mapping, metric and statistic (MET-01 to MET-09).

        Columns ``mapping, function, metric, statistic, value, unit``; unit ``count`` or ``us``.
        """
        return self._table("metrics")

    @property
    def stream_metrics(self) -> Table:
        """As ``metrics``, with a column ``stream`` instead (MET-01 to MET-05)."""
        return self._table("stream_metrics")

    @property
    def shards(self) -> Table:
        """One row per shard that ListShards shows at the end of the run (KDS-SHD-10).

        Columns ``stream``, those of ListShards from ``ShardId`` to ``EndingSequenceNumber`` (texts,
        None where there is none), ``open`` (bool), ``stored`` (records).
        """
        return self._table("shards")

    @property
    def api_calls(self) -> Table:
        """One row per action of the API that the timeline called, by time.

        Columns ``at`` (µs), ``action``, ``stream``, ``error`` (None: accepted), ``why``.
        """
        return self._table("api_calls")

    @property
    def positions(self) -> Table:
        """One row per mapping, shard and moment at which something changed.

        Columns ``mapping``, ``shard``, ``at`` (µs), ``tip`` (records written so far),
        ``trim_horizon`` (records that retention has taken), ``checkpoint`` (records settled). The
        table covers the first 16 shards, with some hundreds of rows each. So in a long run a row
        covers a stretch of time.
        """
        if "positions" not in self._cache:
            self._cache["positions"] = Table(self._native.positions())
        return self._cache["positions"]

    @property
    def disturbances(self) -> Table:
        """One row per fault of ``timeline:``, injected fault, or ``fail:`` entry with times.

        Columns ``at`` and ``until`` (µs; equal if the fault happens at one moment, None if it lasts
        to the end), ``action``, ``target``.
        """
        if "disturbances" not in self._cache:
            self._cache["disturbances"] = Table(_core.picture.disturbances(self._native))
        return self._cache["disturbances"]

    def retention(self, mapping: str) -> timedelta:
        """How long the stream that a mapping reads keeps its records (KDS-SHD-11).

        Parameters
        ----------
        mapping : str

        Returns
        -------
        timedelta

        Examples
        --------
        >>> import trimhorizon as th
        >>> th.example().run().retention("billing-orders")
        datetime.timedelta(days=1)
        """
        return timedelta(microseconds=_core.picture.retention_us(self._native.source, mapping))

    def _ages_at_finish(self) -> bool:
        """The switch `iterator_age`: does CloudWatch take ages when an invocation ends? (CON-09)"""
        return _core.picture.ages_at_finish(self._native.source)

    @property
    def destinations(self) -> Mapping[str, DestinationTable]:
        """Messages to failure destinations, by name (ESM-DST-01 to ESM-DST-05)."""
        if "destinations" not in self._cache:
            names = self._native.source.destinations
            self._cache["destinations"] = Destinations(self._native, names)
        return self._cache["destinations"]

    # ---- in words --------------------------------------------------------------------------------
    def explain(self, record: str) -> Explanation:
        """The life of one record and why it ended so, as ``trimhorizon explain`` prints it.

        Your handlers are not called again: their outcomes were recorded.

        Parameters
        ----------
        record : str
            An id (``r5``) or ``shardId-…:sequence number``.

        Raises
        ------
        KeyError
            If there is no such record.

        Examples
        --------
        >>> import trimhorizon as th
        >>> print(th.example().run().explain("r3"))  # doctest: +ELLIPSIS
        r3...
        """
        if not isinstance(record, str):
            raise TypeError(f'explain takes the id of a record, "r5", not {record!r}')
        how = self._native.replay
        story = self._native.explain(record, f"{how}.explain({record!r})" if how else "")
        if story is None:
            raise KeyError(f"{self._native.source.file} has no record {record!r}")
        return Explanation(story)

    def to_json(self, *, rows: bool = False) -> str:
        """The JSON of the command line, byte for byte.

        Only ``replay`` can differ: it is the line that repeats the run. For runs with handlers,
        scenarios that were read from text, and simulations, no command line can do that, so it is
        a Python expression.

        Parameters
        ----------
        rows : bool, default False
            Whether to add one object for each stored record (``--records``).

        Returns
        -------
        str

        Examples
        --------
        >>> import trimhorizon as th
        >>> th.example().run().to_json().splitlines()[1]
        ' "schema_version": 1,'
        """
        if rows and not self._has_tables:
            raise TrimhorizonError("this run kept no tables: use run(tables=True) for rows")
        return self._native.json(list(self._variant_natives.values()), rows)

    def to_dict(self, *, rows: bool = False) -> dict[str, Any]:
        """The JSON of the command line as a dict: ``trimhorizon run FILE --seed N --format json``.

        Parameters
        ----------
        rows : bool, default False
            See :meth:`to_json`.

        Returns
        -------
        dict

        Examples
        --------
        >>> import trimhorizon as th
        >>> th.example().run().to_dict()["records"]["stored"]
        10
        """
        return json.loads(self.to_json(rows=rows))

    def to_html(self, path: str | os.PathLike[str] | None = None) -> str:
        """An HTML page that needs no script and no network. Writes it to ``path`` if given.

        Parameters
        ----------
        path : str or path, optional

        Returns
        -------
        str
            The page.

        Raises
        ------
        ValueError
            If ``path`` is the file of the scenario, also through a link.

        Examples
        --------
        >>> import trimhorizon as th
        >>> th.example().run().to_html()[:15]
        '<!doctype html>'
        """
        text = page(self)
        if path is not None:
            write_text(path, text, self._native.source)
        return text

    def check(self) -> "Result":
        """Returns this result if everything held; otherwise raises an exception.

        Raises
        ------
        InvariantViolation
            If an invariant was broken.
        ExpectationError
            If an expectation of the file did not hold, or could not be decided. This is also an
            AssertionError.

        Examples
        --------
        >>> import trimhorizon as th
        >>> th.example().run().check().verdict
        'holds'
        >>> th.loads(th.example().text + "expect: {lost: 1}").run().check()
        Traceback (most recent call last):
        ...
        trimhorizon._errors.ExpectationError: lost: wanted == 1, got 0
        th.loads(...).run(seed=1)
        """
        for one in [self, *self.variants.values()]:
            data = one._own()
            broken = [each["name"] for each in data["invariants"] if not each["holds"]]
            if broken:
                raise InvariantViolation(f"{', '.join(broken)}\n{data['replay']}")
            missed = [each for each in data["expectations"] if each["holds"] is not True]
            if missed:
                lines = [f"{each['name']}: wanted {each['wanted']}, got {each['actual']}"
                         for each in missed]
                raise ExpectationError("\n".join([*lines, data["replay"]]))
        return self

    def _own(self) -> dict[str, Any]:
        """The JSON of this run alone."""
        if "own" not in self._cache:
            self._cache["own"] = json.loads(self._native.json([], False, False))
        return self._cache["own"]

    def _run_again(self):
        return self._native.again()

    def __repr__(self) -> str:
        return on_page(self._native.text(list(self._variant_natives.values())).rstrip("\n"))

    def _repr_html_(self) -> str:
        return result_fragment(self)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Result):
            return NotImplemented
        return self.trace_digest == other.trace_digest and self.variants == other.variants

    __hash__ = None  # type: ignore[assignment]

    def __getstate__(self) -> dict[str, Any]:
        def state(native):
            return {
                "scenario": state_of(native.source),
                "replay": native.replay,
                "bytes": native.to_bytes(tables=self._has_tables),
            }

        return {
            "version": 1,
            "run": state(self._native),
            "variants": {name: state(each) for name, each in self._variant_natives.items()},
            "has_tables": self._has_tables,
            "failures": [tuple(each) for each in self._failures],
            "failure_count": self._failure_count,
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        def native(each):
            source = source_from(each["scenario"])
            return _core.run.run_from_bytes(source, each["bytes"], each.get("replay", ""))

        self.__init__(  # type: ignore[misc]
            native(state["run"]),
            {name: native(each) for name, each in state["variants"].items()},
            state["has_tables"],
            [HandlerFailure(*each) for each in state["failures"]],
            state["failure_count"],
        )
