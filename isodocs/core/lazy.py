"""Tables that are filled as they are asked, so that a large past costs only what is looked up in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Callable, ItemsView, Iterable, Iterator, KeysView, Mapping, ValuesView

K = TypeVar("K")
V = TypeVar("V")
T = TypeVar("T")


class Lazy(dict[K, V]):
    """A dict that asks for a key when it is first looked up, and for all of them when it is looked through.

    What was set or removed here is never asked for again.

    Args:
        load: the value of a key; None where there is none.
        fill: all keys with their values. Without it, looking through is a fault of ours.
    """

    def __init__(
        self, load: Callable[[K], V | None], fill: Callable[[], Iterable[tuple[K, V]]] | None = None
    ) -> None:
        super().__init__()
        self._load, self._fill = load, fill
        self._asked: set[K] = set()
        self._whole = False

    def fork(self) -> Lazy[K, V]:
        """An independent copy."""
        copy = Lazy(self._load, self._fill)
        dict.update(copy, dict.items(self))
        copy._asked, copy._whole = set(self._asked), self._whole
        return copy

    def _ask(self, key: K) -> None:
        if not self._whole and key not in self._asked and not dict.__contains__(self, key):
            self._asked.add(key)
            value = self._load(key)
            if value is not None:
                dict.__setitem__(self, key, value)

    def _complete(self) -> None:
        if self._whole:
            return
        assert self._fill is not None, "looked through a table that only answers"  # noqa: S101 - our own fault
        for key, value in self._fill():
            if key not in self._asked and not dict.__contains__(self, key):
                dict.__setitem__(self, key, value)
        self._whole = True

    def __getitem__(self, key: K) -> V:
        """The value; KeyError where there is none."""
        self._ask(key)
        return super().__getitem__(key)

    def __setitem__(self, key: K, value: V) -> None:
        """Set a value."""
        self._asked.add(key)
        super().__setitem__(key, value)

    def __delitem__(self, key: K) -> None:
        """Remove a key."""
        self._ask(key)
        super().__delitem__(key)

    def __contains__(self, key: object) -> bool:
        """Whether there is a value."""
        self._ask(key)  # type: ignore[arg-type] # of another type, it has no value
        return super().__contains__(key)

    @overload
    def get(self, key: K, default: None = None, /) -> V | None: ...
    @overload
    def get(self, key: K, default: V, /) -> V: ...
    @overload
    def get(self, key: K, default: T, /) -> V | T: ...
    def get(self, key: K, default: Any = None, /) -> Any:
        """The value; else the default."""
        self._ask(key)
        return super().get(key, default)

    @overload
    def pop(self, key: K, /) -> V: ...
    @overload
    def pop(self, key: K, default: V, /) -> V: ...
    @overload
    def pop(self, key: K, default: T, /) -> V | T: ...
    def pop(self, key: K, /, *default: Any) -> Any:
        """Remove a key and give its value."""
        self._ask(key)
        return super().pop(key, *default)

    def update(self, *args: Any, **others: Any) -> None:
        """Set many."""
        for key, value in dict(*args, **others).items():
            self[key] = value

    def __iter__(self) -> Iterator[K]:
        """All keys."""
        self._complete()
        return super().__iter__()

    def __len__(self) -> int:
        """How many there are."""
        self._complete()
        return super().__len__()

    def __bool__(self) -> bool:
        """Whether there are any."""
        return len(self) > 0

    def __eq__(self, other: object) -> bool:
        """Whether all keys have the same values."""
        self._complete()
        return super().__eq__(other)

    __hash__ = None

    def keys(self) -> KeysView[K]:  # type: ignore[override] # what dict gives is such a view
        """All keys."""
        self._complete()
        return super().keys()

    def values(self) -> ValuesView[V]:  # type: ignore[override] # as above
        """All values."""
        self._complete()
        return super().values()

    def items(self) -> ItemsView[K, V]:  # type: ignore[override] # as above
        """All keys with their values."""
        self._complete()
        return super().items()


def copied(table: dict[K, V]) -> dict[K, V]:
    """An independent copy of a table, of its own kind."""
    return table.fork() if isinstance(table, Lazy) else dict(table)


def loaded(table: Mapping[K, V]) -> dict[K, V]:
    """What is in a table so far; of one that is no ``Lazy``, all."""
    return dict(dict.items(table)) if isinstance(table, Lazy) else dict(table)
