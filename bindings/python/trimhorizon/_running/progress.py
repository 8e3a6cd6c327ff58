"""Progress of a run: a callable, or a bar where one can be shown.

What is told never decreases, and ends with 1.0, once, when all is done; tables take the last part.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import Callable, Iterator, Union

Progress = Union[None, bool, Callable[[float], object]]
LayerProgress = Union[None, bool, Callable[[int, int], object]]


@contextmanager
def reporter(progress: Progress, title: str) -> Iterator[Callable[[float], object] | None]:
    """What the core is to call: nothing, the user's callable, or a bar of ``tqdm.auto``."""
    if progress is None or progress is False:
        yield None
        return
    if progress is not True:
        with _rising(progress) as tell:
            yield tell
        return
    try:
        from tqdm.auto import tqdm
    except ImportError:  # a bar is a comfort, not a need
        yield None
        return
    with tqdm(total=1.0, desc=title, bar_format="{l_bar}{bar}| {elapsed}") as bar:
        with _rising(lambda fraction: bar.update(fraction - bar.n)) as tell:
            yield tell


@contextmanager
def _rising(progress: Callable[[float], object]) -> Iterator[Callable[[float], object]]:
    last = 0.0

    def tell(fraction: float) -> None:
        nonlocal last
        if fraction < 1.0:  # the core says 1.0 while it makes the tables
            last = max(last, fraction)
        progress(last)

    yield tell
    progress(1.0)


@contextmanager
def layer_reporter(
    progress: LayerProgress, title: str
) -> Iterator[Callable[[int, int], object] | None]:
    """The same for an exploration, which cannot know how much is left: layer and states."""
    if progress is None or progress is False or progress is not True:
        yield progress or None
        return
    try:
        from tqdm.auto import tqdm
    except ImportError:
        yield None
        return
    with tqdm(desc=title, unit=" states") as bar:
        def tell(layer: int, states: int) -> None:
            bar.set_postfix(layer=layer, refresh=False)
            bar.update(max(0, states - bar.n))

        yield tell
