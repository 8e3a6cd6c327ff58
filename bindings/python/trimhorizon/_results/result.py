"""What a run came to."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from typing import Any, Mapping

from .. import _core
from .._errors import ExpectationError, InvariantViolation, TrimhorizonError
from .._handlers import HandlerFailure
from .._source import source_from, state_of
from .html import page, result_fragment
from .tables import DestinationTable, Table

__all__ = ["Explanation", "Result"]


class Explanation(str):
    """The life of a record, told; its ``repr`` is the text itself.

    Examples
    --------
    >>> import trimhorizon as th
    >>> th.example().run().explain("r3").splitlines()[0]
    'r3: processed'
    """

    def __repr__(self) -> str:
        return str(self)


class _Destinations(Mapping):
    """Destinations by name; each exists even when nothing was sent there."""

    def __init__(self, native: _core.run.Run, names: list[str]):
        self._native = native
        self._names = names
        self._tables: dict[str, DestinationTable] = {}

    def __getitem__(self, name: str) -> DestinationTable:
        if name not in self._tables:
            self._tables[name] = DestinationTable(self._native.destination(name))
        return self._tables[name]

    def __iter__(self):
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __reduce__(self):
        return _Tables, (dict(self),)

    def __repr__(self) -> str:
        return f"<destinations {', '.join(f'{n} ({len(self[n])})' for n in self)}>"


class _Tables(_Destinations):
    """Destinations as a pickle has them."""

    def __init__(self, tables: dict[str, DestinationTable]):
        self._names = list(tables)
        self._tables = tables


class Result:
    """What a run came to: who was processed, what came twice, what never and why.

    ``repr`` is the text report of the command line. Results pickle whole: a result read back has
    the same tables, and can still explain its records.

    Two results are equal when the same happened, event for event: when the digests of their traces
    are, and those of their variants. What was expected, where the scenario was read and whether
    tables were kept does not matter; :func:`diff` tells the first event that differs.

    Attributes
    ----------
    seed : int
    verdict : {"holds", "violated", "undecided"}
        Of this run alone; ``to_dict()["verdict"]`` is the worst of base and variants.
    fates : dict of str to dict
        ``fates["billing-orders"]["processed"]``: a number for each fate that occurred.
    lost, duplicates : int
        Sums over the mappings.
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
        """The seed it ran with."""
        return self._native.seed

    @property
    def verdict(self) -> str:
        """``holds``, ``violated`` or ``undecided``."""
        return self._native.verdict

    @property
    def ended(self) -> str:
        """``drained``, ``duration``, or ``running`` for a simulation that was stopped before."""
        return self._native.ended

    @property
    def simulated(self) -> timedelta:
        """Simulated time at the end."""
        return timedelta(microseconds=self._native.simulated_us)

    @property
    def trace_digest(self) -> str:
        """32 hex digits over everything that happened: equal for equal runs on every machine."""
        return self._own()["trace_digest"]

    @property
    def fates(self) -> dict[str, dict[str, int]]:
        """Per mapping, how many stored records had each fate (zeros are left out)."""
        return {name: dict(each["fates"]) for name, each in self._own()["mappings"].items()}

    @property
    def lost(self) -> int:
        """Records without effect that nothing holds, summed over mappings."""
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

    # ---- in tables -------------------------------------------------------------------------------
    @property
    def has_tables(self) -> bool:
        """Whether records, invocations and deliveries were kept (``tables=True``)."""
        return self._has_tables

    def _table(self, name: str) -> Table:
        if not self._has_tables and name != "metrics":
            raise TrimhorizonError(f"this run kept no tables: run(tables=True) has {name}")
        if name not in self._cache:
            self._cache[name] = Table(getattr(self._native, name)())
        return self._cache[name]

    @property
    def records(self) -> Table:
        """One row per stored record, by arrival.

        Columns ``id, producer, key, shard, sequence_number, arrival`` (µs) and, per mapping,
        ``fates.M`` (text), ``deliveries.M``, ``effects.M`` (integers).
        """
        return self._table("records")

    @property
    def invocations(self) -> Table:
        """One row per invocation that reached a function, in order of their starts.

        Columns ``number`` (from 1)``, mapping, function, shard, started, ended`` (µs; None while
        running)``, attempt`` (of its batch, from 1)``, records`` (ids)``, outcome`` (``success,
        partial, malformed, error, timeout, crash, running``)``, request_id``.
        """
        return self._table("invocations")

    @property
    def deliveries(self) -> Table:
        """One row per record handed over.

        Columns ``id, mapping, shard, sequence_number, invocation, attempt, position`` (in the
        batch, from 0)``, effect`` (bool).
        """
        return self._table("deliveries")

    @property
    def metrics(self) -> Table:
        """One row per mapping, metric and statistic (MET-01 to MET-09).

        Columns ``mapping, function, metric, statistic, value, unit``; unit ``count`` or ``us``.
        """
        return self._table("metrics")

    @property
    def positions(self) -> Table:
        """One row per moment at which something changed in a shard, of each mapping.

        Columns ``mapping, shard, at`` (µs)``, tip`` (records written so far)``, trim_horizon``
        (that retention has taken)``, checkpoint`` (settled). At most some hundreds for each
        shard, of the first 16 shards; of a long run each row stands for a stretch of time.
        """
        if "positions" not in self._cache:
            self._cache["positions"] = Table(_core.picture.positions(self._native))
        return self._cache["positions"]

    @property
    def disturbances(self) -> Table:
        """One row per fault of ``timeline:``, injected, or of a ``fail:`` with times.

        Columns ``at, until`` (µs; equal for what happens at once, None for what lasts to the
        end)``, action, target``.
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
            self._cache["destinations"] = _Destinations(self._native, names)
        return self._cache["destinations"]

    # ---- in words --------------------------------------------------------------------------------
    def explain(self, record: str) -> Explanation:
        """The life of one record and why it ended so, as ``trimhorizon explain`` tells it.

        Your handlers are not called again: their outcomes were recorded.

        Parameters
        ----------
        record : str
            An id (``r5``) or ``shardId-…:sequence number``.

        Raises
        ------
        KeyError
            If no such record was put.

        Examples
        --------
        >>> import trimhorizon as th
        >>> print(th.example().run().explain("r3"))  # doctest: +ELLIPSIS
        r3...
        """
        how = self._native.replay
        story = self._native.explain(record, f"{how}.explain({record!r})" if how else "")
        if story is None:
            raise KeyError(f"no record {record!r} in {self._native.source.file}")
        return Explanation(story)

    def to_json(self, *, rows: bool = False) -> str:
        """The command line's JSON, byte for byte (interface section 4).

        Only ``replay``, the line that makes the run again, is an expression of Python where no
        command line can: of runs with handlers, of scenarios that are text, of simulations.

        Parameters
        ----------
        rows : bool, default False
            With one object for each stored record (``--records``).

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
            raise TrimhorizonError("this run kept no tables: run(tables=True) has rows")
        return self._native.json(list(self._variant_natives.values()), rows)

    def to_dict(self, *, rows: bool = False) -> dict[str, Any]:
        """The command line's JSON as a dict: ``trimhorizon run FILE --seed N --format json``.

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
        """A page without scripts that needs no network; written to ``path`` if there is one.

        Parameters
        ----------
        path : str or path, optional

        Returns
        -------
        str
            The page.

        Examples
        --------
        >>> import trimhorizon as th
        >>> th.example().run().to_html()[:15]
        '<!doctype html>'
        """
        text = page(self)
        if path is not None:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        return text

    def check(self) -> "Result":
        """Itself, if everything held.

        Raises
        ------
        InvariantViolation
            A promise of the modelled system was broken.
        ExpectationError
            An expectation of the file did not hold, or could not be decided. An AssertionError too.

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
            self._cache["own"] = json.loads(self._native.json([], False))
        return self._cache["own"]

    def _again(self):
        return self._native.again()

    def __repr__(self) -> str:
        return self._native.text(list(self._variant_natives.values())).rstrip("\n")

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
                "bytes": native.to_bytes(tables=True),
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
