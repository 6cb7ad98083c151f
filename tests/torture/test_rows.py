"""An interrupted run goes on where it ended, and says at the end whether every promise was kept."""

from functools import partial
from pathlib import Path

import pytest

from tests.torture import __main__ as torture
from tests.torture.__main__ import Stage, main
from tests.torture.rows import Books, Row, summed, table
from tests.torture.units import Unit


def test_what_is_done_is_not_done_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Resumed after an interruption, a run does the rest only."""
    books = Books(tmp_path)
    books.add(Row("sweep", "1", trials=1, asked=2))
    units = [Unit("sweep", name, partial(Row, "", trials=1, published=3)) for name in ("1", "2")]

    torture.run("stage", Stage(lambda: units, 1), books)

    again = Books(tmp_path).rows
    assert [(row.unit, row.asked, row.published) for row in again] == [("1", 2, 0), ("2", 0, 3)]
    assert "stage: 1 to do" in capsys.readouterr().out


def test_a_unit_that_fails_is_wrong_and_the_others_go_on(tmp_path: Path) -> None:
    """A trial that could not be judged is no success."""
    books = Books(tmp_path)
    units = [Unit("sweep", "1", partial(int, "x")), Unit("sweep", "2", partial(Row, "", trials=1))]  # type: ignore[arg-type]

    torture.run("stage", Stage(lambda: units, 1), books)

    (row,) = summed(books.rows)
    assert (row.trials, len(row.wrong)) == (2, 1)
    assert "ValueError" in row.wrong[0]


@pytest.mark.parametrize(("wrong", "status"), [((), 0), (("doubled",), 1)])
def test_a_broken_promise_is_the_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: tuple[str, ...], status: int
) -> None:
    """Whoever runs it need not read the table."""
    units = [Unit("sweep", "1", partial(Row, "", trials=1, struck=1, wrong=wrong))]
    monkeypatch.setattr(torture, "STAGES", {"burst": Stage(lambda: units, 1)})

    assert main(["burst", "--out", str(tmp_path)]) == status
    assert "| sweep | 1 |" in (tmp_path / "table.md").read_text("utf-8")


def test_the_table_can_be_quoted() -> None:
    """One line a sweep, thousands with a comma."""
    rows = summed([Row("a", "1", trials=900, seconds=1.2), Row("a", "2", trials=900, lost=1, wrong=("w",))])

    assert table(rows).splitlines()[-1] == "| a | 1,800 | 0 | 0 | 1 | 0 | 0 | 0 | 1 | 1 |"
