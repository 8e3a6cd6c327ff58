"""Progress of a run: calls a callable, or shows a bar if possible.

The fraction never decreases. It is 1.0 only once, at the very end, after the tables are made.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import Callable, Iterator, Union

Progress = Union[None, bool, Callable[[float], object]]
LayerProgress = Union[None, bool, Callable[[int, int], object]]


@contextmanager
def reporter(progress: Progress, title: str) -> Iterator[Callable[[float], object] | None]:
    """What the core calls: nothing, the user's callable, or a bar of ``tqdm.auto``."""
    if progress is None or progress is False:
        yield None
        return
    if progress is not True:
        with _never_decreasing(progress) as report:
            yield report
        return
    try:
        from tqdm.auto import tqdm
    except ImportError:  # the run does not need the bar
        yield None
        return
    with tqdm(total=1.0, desc=title, bar_format="{l_bar}{bar}| {elapsed}") as bar:
        with _never_decreasing(lambda fraction: bar.update(fraction - bar.n)) as report:
            yield report


@contextmanager
def _never_decreasing(progress: Callable[[float], object]) -> Iterator[Callable[[float], object]]:
    last = 0.0

    def report(fraction: float) -> None:
        nonlocal last
        if fraction < 1.0:  # the core reports 1.0 before it makes the tables
            last = max(last, fraction)
        progress(last)

    yield report
    progress(1.0)


@contextmanager
def layer_reporter(
    progress: LayerProgress, title: str
) -> Iterator[Callable[[int, int], object] | None]:
    """The same for an exploration. It reports layer and states: what is left is not known."""
    if progress is None or progress is False or progress is not True:
        yield progress or None
        return
    try:
        from tqdm.auto import tqdm
    except ImportError:
        yield None
        return
    with tqdm(desc=title, unit=" states") as bar:
        def report(layer: int, states: int) -> None:
            bar.set_postfix(layer=layer, refresh=False)
            bar.update(max(0, states - bar.n))

        yield report
