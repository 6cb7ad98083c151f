"""How long our functions and modules are, against the sizes we set ourselves. `make check` prints it."""

import ast
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "content_queue", "publishers", "schedules")
#: Not written by hand.
LEFT_OUT = ("content_queue/migrations/versions", "schedules/data")

MEDIAN, LONG, LONG_SHARE, MODULE = 8, 40, 0.05, 300


@dataclass(frozen=True, slots=True)
class Sized:
    """Something of ours and its lines."""

    name: str
    lines: int


@dataclass(frozen=True, slots=True)
class Sizes:
    """Functions and modules of the four rooms."""

    functions: Sequence[Sized]
    modules: Sequence[Sized]

    def median_function(self) -> float:
        """Return the lines of the median function, its head and docstring included."""
        return median(function.lines for function in self.functions)

    def long_functions(self) -> Sequence[Sized]:
        """Return the functions of more than 40 lines."""
        return [function for function in self.functions if function.lines > LONG]

    def long_modules(self) -> Sequence[Sized]:
        """Return the modules of more than 300 lines."""
        return [module for module in self.modules if module.lines > MODULE]

    def hold(self) -> bool:
        """Tell whether all is as small as it should be."""
        few = len(self.long_functions()) <= LONG_SHARE * len(self.functions)
        return self.median_function() <= MEDIAN and few and not self.long_modules()


def measure(root: Path = ROOT) -> Sizes:
    """Read the four rooms under `root`."""
    sources = {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in _modules(root)}
    functions = [sized for name, source in sources.items() for sized in _functions(name, source)]
    return Sizes(functions, [Sized(name, len(source.splitlines())) for name, source in sources.items()])


def report(sizes: Sizes) -> str:
    """Say the figures in a few lines, and name what is too long."""
    long = sizes.long_functions()
    lines = [
        (
            f"{len(sizes.functions)} functions: median {sizes.median_function():g} lines (at most {MEDIAN}), "
            f"{len(long)} longer than {LONG} (at most {LONG_SHARE:.0%})"
        ),
        (
            f"{len(sizes.modules)} modules: longest {max(module.lines for module in sizes.modules)} lines "
            f"(at most {MODULE}), {sum(module.lines for module in sizes.modules)} in all"
        ),
        *(f"  long: {sized.name}: {sized.lines}" for sized in [*long, *sizes.long_modules()]),
    ]
    return "\n".join(lines)


def _modules(root: Path) -> Iterator[Path]:
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            if not path.relative_to(root).as_posix().startswith(LEFT_OUT):
                yield path


def _functions(name: str, source: str) -> Iterator[Sized]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield Sized(f"{name}:{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1)


if __name__ == "__main__":
    measured = measure()
    sys.stdout.write(report(measured) + "\n")
    sys.exit(0 if measured.hold() else 1)
