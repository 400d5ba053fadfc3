"""The few instructions of pickles that named tensors need, followed on a stack of plain values.

A pickle is a program. Nothing that it names is imported or called here: dictionaries, lists and tensors are made of our
own, and a pickle that asks for more is refused.
"""

from __future__ import annotations

import math
import pickletools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from desktop_vlm.conversion.remedy import shown

_MAX_INSTRUCTIONS = 2_000_000
_MOST_SIDES = 16
_STORAGES = {
    "DoubleStorage": "F64", "FloatStorage": "F32", "HalfStorage": "F16", "BFloat16Storage": "BF16",
    "LongStorage": "I64", "IntStorage": "I32", "ShortStorage": "I16", "CharStorage": "I8", "ByteStorage": "U8",
    "BoolStorage": "BOOL",
}  # fmt: skip


class BrokenError(Exception):
    """The file is not what it should be; says why."""


class HarmfulError(BrokenError):
    """The file asks for what only a program does."""


@dataclass(frozen=True)
class _Name:
    """What a pickle would import."""

    text: str


@dataclass(frozen=True)
class PickledStorage:
    """Numbers of one type in a member of the archive."""

    dtype: str
    member: str


@dataclass(frozen=True)
class PickledTensor:
    """A part of a storage, from its value number `first` on."""

    storage: PickledStorage
    first: int
    shape: tuple[int, ...]


class _Mark:
    """Where the arguments of an instruction begin."""


def unpickle(raw: bytes) -> Any:
    """What the pickle `raw` makes: dictionaries, lists, tuples, plain values and `PickledTensor`s.

    Raises:
        BrokenError: it is broken, or asks for what tensors do not need.
        IndexError, KeyError, TypeError, ValueError, OverflowError: it is broken in another way.
    """
    return _Machine().run(raw)


class _Machine:
    """Follows a pickle on a stack of its own."""

    def __init__(self) -> None:
        self._stack: list[Any] = []
        self._marks: list[int] = []  # places of marks in it
        self._memo: dict[int, Any] = {}

    def run(self, raw: bytes) -> Any:
        """What the pickle `raw` makes."""
        for number, (code, argument, _) in enumerate(pickletools.genops(raw)):
            if number > _MAX_INSTRUCTIONS:
                raise BrokenError("it has too many instructions")
            if code.name == "STOP":
                return self._stack.pop()
            if code.name in _NOTHING:
                continue
            if code.name in _VALUES:
                self._stack.append(argument)
            elif (step := _STEPS.get(code.name)) is not None:
                step(self, argument)
            else:
                raise BrokenError(f"it asks for {code.name}, which tensors do not need")
        raise BrokenError("it has no end")

    def push(self, value: Any) -> None:
        self._stack.append(value)

    def mark(self) -> None:
        self._marks.append(len(self._stack))
        self._stack.append(_Mark())

    def pop(self) -> Any:
        return self._stack.pop()

    def since_mark(self) -> list[Any]:
        """The values above the last mark, which are taken off with it."""
        place = self._marks.pop()
        if place >= len(self._stack) or not isinstance(self._stack[place], _Mark):
            raise BrokenError("its marks are taken for values")
        values = self._stack[place + 1 :]
        del self._stack[place:]
        return values

    def keep(self, key: int | None = None) -> None:
        self._memo[len(self._memo) if key is None else key] = self._stack[-1]

    def recall(self, key: int) -> None:
        self._stack.append(self._memo[key])

    def top(self, kind: type) -> Any:
        """The value on top, which must be of `kind`."""
        if type(self._stack[-1]) is not kind:
            raise BrokenError("it puts values where none can be")
        return self._stack[-1]

    def set_items(self, values: Sequence[Any]) -> None:
        """Put pairs of keys and values into the dictionary on top."""
        target = self.top(dict)
        _check_keys(values[::2])
        target.update(zip(values[::2], values[1::2], strict=True))

    def name(self, text: str) -> None:
        """Remember what would be imported: `module name`."""
        self._stack.append(_Name(text.replace(" ", ".", 1)))

    def reduce(self) -> None:
        """Do what the call of one of the few known names means."""
        arguments, name = self._stack.pop(), self._stack.pop()
        if not isinstance(name, _Name) or not isinstance(arguments, tuple):
            raise BrokenError("it calls what has no name")
        if name.text == "collections.OrderedDict":
            pairs = list(arguments[0]) if arguments else []
            _check_keys([key for key, _ in pairs])
            self._stack.append(dict(pairs))
        elif name.text in ("torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor"):
            self._stack.append(_tensor(*arguments[:4]))
        elif name.text == "torch._utils._rebuild_parameter":
            self._stack.append(arguments[0])
        else:
            raise HarmfulError(f"wants to call {shown(name.text)}, which weights do not need")

    def build(self) -> None:
        """Leave out what would be set on a dictionary, such as its versions."""
        self._stack.pop()
        self.top(dict)

    def persistent(self) -> None:
        """A storage, by (`storage`, type, member, device, number of values)."""
        kind, name, member, *_ = self._stack.pop()
        dtype = _STORAGES.get(name.text.rsplit(".", 1)[-1]) if isinstance(name, _Name) else None
        if kind != "storage" or dtype is None or not isinstance(member, str):
            raise BrokenError("it holds numbers of an unknown type")
        self._stack.append(PickledStorage(dtype, member))


def _check_keys(keys: Sequence[Any]) -> None:
    """Names of things: tuples of tuples of the same tuple would take ages to compare."""
    if not all(isinstance(key, (str, int, float, bytes, type(None))) for key in keys):
        raise BrokenError("it names things by what are no names")


def _tensor(storage: Any, first: Any, shape: Any, strides: Any) -> PickledTensor:
    """A tensor whose values lie one behind the other."""
    if not isinstance(shape, (tuple, list)) or not isinstance(strides, (tuple, list)) or len(shape) > _MOST_SIDES:
        raise BrokenError("a tensor is described wrongly")
    sides, steps = tuple(shape), tuple(strides)
    if not isinstance(storage, PickledStorage) or not all(
        type(n) is int and 0 <= n < 1 << 48 for n in (first, *sides, *steps)
    ):
        raise BrokenError("a tensor is described wrongly")
    expected = math.prod(sides)
    for side, step in zip(sides, steps, strict=True):
        expected //= max(1, side)
        if side > 1 and step != expected and math.prod(sides):
            raise BrokenError("a tensor is stored transposed; save it contiguous")
    return PickledTensor(storage, first, sides)


_NOTHING = {"PROTO", "FRAME"}

_VALUES = {
    "BININT", "BININT1", "BININT2", "LONG1", "LONG4", "INT", "LONG", "BINFLOAT", "FLOAT", "BINUNICODE", "UNICODE",
    "SHORT_BINUNICODE", "BINUNICODE8", "BINSTRING", "SHORT_BINSTRING", "BINBYTES", "SHORT_BINBYTES", "BINBYTES8",
}  # fmt: skip
"""Instructions that push their own argument."""

_STEPS: dict[str, Callable[[_Machine, Any], object]] = {
    "NONE": lambda machine, _: machine.push(None),
    "NEWTRUE": lambda machine, _: machine.push(True),
    "NEWFALSE": lambda machine, _: machine.push(False),
    "EMPTY_DICT": lambda machine, _: machine.push({}),
    "EMPTY_LIST": lambda machine, _: machine.push([]),
    "EMPTY_TUPLE": lambda machine, _: machine.push(()),
    "MARK": lambda machine, _: machine.mark(),
    "TUPLE": lambda machine, _: machine.push(tuple(machine.since_mark())),
    "LIST": lambda machine, _: machine.push(machine.since_mark()),
    "TUPLE1": lambda machine, _: machine.push((machine.pop(),)),
    "TUPLE2": lambda machine, _: machine.push((machine.pop(), machine.pop())[::-1]),
    "TUPLE3": lambda machine, _: machine.push((machine.pop(), machine.pop(), machine.pop())[::-1]),
    "SETITEM": lambda machine, _: machine.set_items([machine.pop(), machine.pop()][::-1]),
    "SETITEMS": lambda machine, _: machine.set_items(machine.since_mark()),
    "APPEND": lambda machine, _: (value := machine.pop(), machine.top(list).append(value)),
    "APPENDS": lambda machine, _: (values := machine.since_mark(), machine.top(list).extend(values)),
    "BINPUT": lambda machine, key: machine.keep(key),
    "LONG_BINPUT": lambda machine, key: machine.keep(key),
    "MEMOIZE": lambda machine, _: machine.keep(),
    "BINGET": lambda machine, key: machine.recall(key),
    "LONG_BINGET": lambda machine, key: machine.recall(key),
    "GLOBAL": lambda machine, text: machine.name(text),
    "STACK_GLOBAL": lambda machine, _: machine.name(" ".join([machine.pop(), machine.pop()][::-1])),
    "REDUCE": lambda machine, _: machine.reduce(),
    "BUILD": lambda machine, _: machine.build(),
    "BINPERSID": lambda machine, _: machine.persistent(),
}
"""What each of the other instructions does."""
