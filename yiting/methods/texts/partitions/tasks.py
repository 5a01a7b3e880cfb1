"""Tasks put together by hand, in Dask's graph format, since `dask.delayed` goes over the whole graph for each one."""

from collections.abc import Callable, Sequence
from operator import getitem
from typing import Any, NewType
from uuid import uuid4

from dask.base import compute, persist
from dask.delayed import Delayed
from dask.highlevelgraph import HighLevelGraph

Key = NewType("Key", str)
"""The name of what a task will give; it stands for that wherever it is handed to another task, in a list, too."""


class Tasks:
    """Tasks that build on values which lie on the workers already."""

    def __init__(self, *lying: Delayed) -> None:
        self._lying, self._tasks = lying, dict[str, object]()
        self._name = f"yiting-{uuid4().hex}"

    def add(self, work: Callable[..., Any], *given: object) -> Key:
        """Add a call of `work` with what is `given`: keys, lists of keys, values."""
        key = Key(f"{work.__name__}-{self._name}-{len(self._tasks)}")
        self._tasks[key] = (work, *given)
        return key

    def pieces(self, key: Key, number: int) -> list[Key]:
        """The elements of what will be a list of so many, so that each can go where it is wanted by itself."""
        return [self.add(getitem, key, at) for at in range(number)]

    def gather(self, keys: Sequence[Key]) -> Sequence[Any]:
        """Work these out and bring them here."""
        here: Sequence[Any] = compute(*self._ends(keys))  # type: ignore[no-untyped-call]  # Dask has few types
        return here

    def leave(self, keys: Sequence[Key]) -> Sequence[Delayed]:
        """Work these out and leave them on the workers."""
        lying: Sequence[Delayed] = persist(*self._ends(keys))  # type: ignore[no-untyped-call]  # Dask has few types
        return lying

    def _ends(self, keys: Sequence[Key]) -> list[Delayed]:
        graph = HighLevelGraph.from_collections(
            self._name,
            self._tasks,  # type: ignore[arg-type]  # asks for a mapping of another kind of keys, which strings are
            dependencies=self._lying,  # type: ignore[arg-type]  # Delayed is one of its collections
        )
        return [Delayed(key, graph, layer=self._name) for key in keys]  # type: ignore[no-untyped-call]
