"""Put answers on stdout: JSON for programs, aligned columns for people."""

import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

import click

from content_queue.models import Problem
from content_queue.texts import _


def print_object(value: Mapping[str, Any]) -> None:
    """Print one JSON object."""
    click.echo(json.dumps(value, ensure_ascii=False))


def print_array(values: Iterable[Mapping[str, Any]]) -> None:
    """Print a JSON array, one object a line, as they come: its length costs no memory."""
    opening = "["
    for value in values:
        click.echo(f"{opening}\n{json.dumps(value, ensure_ascii=False)}", nl=False)
        opening = ","
    click.echo("[]" if opening == "[" else "\n]")


def print_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print columns as wide as their longest cell."""
    lines = list(chain([head], rows))
    widths = [max(map(columns_of, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (cell + " " * (width - columns_of(cell)) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


def columns_of(text: str) -> int:
    """Return how many columns of a terminal a text takes: East Asian letters two, marks none."""
    return sum(
        0 if unicodedata.combining(letter) else 1 + (unicodedata.east_asian_width(letter) in "WF")
        for letter in text
    )


def warn_of_errors(problems: Iterable[Problem]) -> None:
    """Say on stderr that rows were left out; the list is `loa check`'s."""
    errors = sum(problem.severity == "error" for problem in problems)
    if errors:
        click.echo(
            _(
                "Có {number} lỗi trong lịch hoặc danh sách kênh; những dòng ấy không được lập. "
                "Xem từng chỗ: loa check"
            ).format(number=errors),
            err=True,
        )
