"""Deliberate mistakes of protocol, put into the daemon for one run: a judge must find them all."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch


@dataclass(frozen=True, slots=True)
class Sabotage:
    """One mistake: what it is, how it is put in, and within how many runs of `days` it is found."""

    what: str
    put_in: Callable[[ExitStack], None]
    seeds: int = 3
    days: int = 40


@contextmanager
def sabotaged(name: str) -> Iterator[None]:
    """Put a mistake in for a while; an empty name is none."""
    with ExitStack() as stack:
        if name:
            SABOTAGES[name].put_in(stack)
        yield


def _replace(target: Any, name: str, value: Any) -> Callable[[ExitStack], None]:
    def put_in(stack: ExitStack) -> None:
        stack.enter_context(patch.object(target, name, value))

    return put_in


#: Name -> the mistake.
SABOTAGES: Mapping[str, Sabotage] = {}
