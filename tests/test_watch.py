"""The tests' own watch over secrets, programs and skips."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.canaries import CANARIES, CANARY_EMAIL, CANARY_FACEBOOK, CANARY_TELEGRAM, CANARY_TELEGRAM_ID
from tests.watch import SecretWatch, files_with_secrets

ROOT = Path(__file__).parent.parent


@pytest.fixture
def watched() -> tuple[logging.Logger, SecretWatch]:
    """A logger that stands alone, so that the watch over this run sees nothing of it."""
    watch = SecretWatch()
    logger = logging.Logger("alone", logging.DEBUG)  # noqa: LOG001 -- a registered one would hand records up
    logger.addHandler(watch)
    return logger, watch


@pytest.mark.parametrize("canary", CANARIES)
def test_a_secret_is_seen_in_a_sentence(watched: tuple[logging.Logger, SecretWatch], canary: str) -> None:
    """A record is read as it would be written."""
    logger, watch = watched
    logger.debug("Sent %s", canary)
    assert len(watch.take()) == 1


def test_a_secret_is_seen_in_extras_and_tracebacks(watched: tuple[logging.Logger, SecretWatch]) -> None:
    """Machines read extras, and a traceback holds the arguments of what failed."""
    logger, watch = watched
    logger.info("Sent", extra={"url": f"https://x/bot{CANARY_TELEGRAM}/sendMessage"})
    try:
        int(CANARY_FACEBOOK)
    except ValueError:
        logger.exception("Failed")
    assert len(watch.take()) == 2


def test_what_is_no_secret_passes(watched: tuple[logging.Logger, SecretWatch]) -> None:
    """And what was taken is not told twice."""
    logger, watch = watched
    logger.info("Delivery published", extra={"delivery": 7})
    assert watch.take() == []


def test_a_secret_is_found_in_files_outside_its_folder(tmp_path: Path) -> None:
    """A database is a file like others."""
    base = tmp_path / "secrets" / "base"  # this run's own scan passes by what lies in `secrets`
    (base / "home/secrets").mkdir(parents=True)
    (base / "home/secrets/token").write_text(CANARY_TELEGRAM)
    (base / "home/ledger.db").write_bytes(b"\0\1" + CANARY_FACEBOOK.encode() + b"\2")
    (base / "home/clean.txt").write_text("Lịch nội dung")
    assert files_with_secrets(base) == ["home/ledger.db"]


def test_what_belongs_to_a_person_is_found_outside_settings_and_ledger(tmp_path: Path) -> None:
    """An address has fewer homes than a Telegram number, which the ledger knows cards by."""
    base = tmp_path / "secrets" / "base"
    (base / "site").mkdir(parents=True)
    for name in ("settings.toml", "loa.db", "loa.log", "site/index.html"):
        (base / name).write_text(f"x {CANARY_TELEGRAM_ID} y")
    assert files_with_secrets(base) == ["loa.log", "site/index.html"]
    for name in ("settings.toml", "loa.db", "loa.log", "site/index.html"):
        (base / name).write_text(CANARY_EMAIL)
    assert files_with_secrets(base) == ["loa.db", "loa.log", "site/index.html"]


@pytest.mark.parametrize("personal", [CANARY_EMAIL, str(CANARY_TELEGRAM_ID)])
def test_what_belongs_to_a_person_is_seen_in_a_log(
    watched: tuple[logging.Logger, SecretWatch], personal: str
) -> None:
    """People are not named in logs."""
    logger, watch = watched
    logger.info("Letter posted", extra={"to": personal})
    assert len(watch.take()) == 1


SKIPPING = """
import pytest

@pytest.mark.needs("no-such-program")
def test_one(): ...

@pytest.mark.skip(reason="later")
def test_two(): ...

def test_three(): ...
"""

LEAKING = f"""
import logging
def test_one(tmp_path):
    (tmp_path / "log").write_text({CANARY_TELEGRAM!r})
def test_two():
    logging.getLogger("x").debug({CANARY_FACEBOOK!r})
"""


def run_tests(folder: Path, source: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a file of tests in a child process under our conftest."""
    (folder / "secrets").mkdir()
    (folder / "secrets/test_it.py").write_text(source)
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider"]
    command += [f"--config-file={ROOT}/pyproject.toml", f"--rootdir={ROOT}"]
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        [*command, str(folder / "secrets/test_it.py")],
        cwd=ROOT,
        env={**ours, "TMPDIR": str(folder / "secrets"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("ending", "left"), [("", 0), ("; assert 0", 1)])
def test_a_run_has_a_folder_of_its_own_and_leaves_only_what_failed(
    tmp_path: Path, ending: str, left: int
) -> None:
    """The shared folders of pytest go after three more runs of the same user, also while they are used."""
    told = tmp_path / "told"
    source = f"""
import pathlib
def test_one(tmp_path):
    pathlib.Path({str(told)!r}).write_text(str(tmp_path)){ending}
"""
    run_tests(tmp_path, source)
    [used] = Path(told.read_text()).relative_to(tmp_path / "secrets").parts[:1]

    assert used.startswith("loa-tests-")
    assert len(list((tmp_path / "secrets").glob("loa-tests-*"))) == left


@pytest.mark.parametrize(("strict", "code"), [({}, 0), ({"LOA_NO_SKIPS": "1"}, 1)])
def test_skips_are_counted_and_fail_where_none_may_be(
    tmp_path: Path, strict: dict[str, str], code: int
) -> None:
    """A machine that has everything skips nothing."""
    ran = run_tests(tmp_path, SKIPPING, **strict)
    assert ("2 skipped for want of: no-such-program" in ran.stdout, ran.returncode) == (True, code)


def test_a_run_with_a_secret_in_a_log_or_a_file_fails(tmp_path: Path) -> None:
    """Law 6 holds for the run of the tests as a whole."""
    ran = run_tests(tmp_path, LEAKING)
    told = [line.split("/")[-1] for line in ran.stdout.splitlines() if line.startswith("a secret stands in")]
    assert (told, ran.returncode, "1 error" in ran.stdout) == (["log"], 1, True)
