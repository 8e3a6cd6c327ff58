# Exploring, and replaying what was found (bind_explore.cpp).
from typing import Callable, Sequence

from .handlers import _Functions
from .scenario import Source

class Explored:
    @property
    def json(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def text_with_outcomes(self) -> str: ...
    @property
    def found(self) -> list[str]: ...
    @property
    def ignored_rules(self) -> list[str]: ...

def explore(
    source: Source,
    seed: int | None,
    faults: int | None,
    seconds: float,
    states: int,
    random: int,
    assumptions: bool,
    threads: int,
    functions: _Functions,
    forget: Callable[[], object] | None,
    forgetful: Sequence[str],
    how_to_forget: str,
    progress: Callable[[int, int], object] | None,
) -> Explored: ...
def replay(
    source: Source, decisions: str, seed: int | None, functions: _Functions
) -> tuple[bool, str, bool, int, list[str], list[str], list[str], str]: ...
