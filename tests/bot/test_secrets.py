"""Secrets come from files that nobody else can read."""

import re
from pathlib import Path

import pytest

from bot.secrets import FileSecrets, MissingSecretError, UnsafeSecretError, open_secrets, rehearsal_token


def lay(path: Path, value: str = "gia-tri-bi-mat", mode: int = 0o600) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(value)
    path.chmod(mode)
    return path


def test_the_service_manager_goes_before_the_folder_and_the_folder_before_a_variable(tmp_path: Path) -> None:
    """One order, told in one place."""
    environment = {
        "CREDENTIALS_DIRECTORY": str(tmp_path / "credentials"),
        "PAGE_TOKEN_FILE": str(lay(tmp_path / "elsewhere" / "x", "third")),
    }
    secrets = FileSecrets(tmp_path, environment, lambda _value: None)
    assert secrets.get("page-token") == "third"
    lay(tmp_path / "secrets" / "page-token", "second\n")
    assert secrets.get("page-token") == "second"
    lay(tmp_path / "credentials" / "page-token", "first", mode=0o440)
    assert secrets.get("page-token") == "first"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o777])
def test_a_file_that_others_can_read_is_refused_with_the_command_that_mends_it(
    tmp_path: Path, mode: int
) -> None:
    """0600 or nothing."""
    path = lay(tmp_path / "secrets" / "page", mode=mode)
    with pytest.raises(UnsafeSecretError) as told:
        FileSecrets(tmp_path, {}, lambda _value: None).get("page")
    assert str(told.value) == f"Người khác đọc được khóa bí mật “page”. Hãy gõ: chmod 600 {path}"


def test_a_missing_secret_tells_where_to_put_it(tmp_path: Path) -> None:
    """The sentence holds the path and the command."""
    with pytest.raises(MissingSecretError, match="chmod 600"):
        FileSecrets(tmp_path, {}, lambda _value: None).get("page")


def test_an_empty_file_is_no_secret(tmp_path: Path) -> None:
    """Better told here than by a platform."""
    lay(tmp_path / "secrets" / "page", " \n")
    with pytest.raises(UnsafeSecretError, match="đang trống"):
        FileSecrets(tmp_path, {}, lambda _value: None).get("page")


@pytest.mark.parametrize("name", ["../settings.toml", "a/b", "", ".ssh"])
def test_a_name_cannot_lead_out_of_the_folder(tmp_path: Path, name: str) -> None:
    """A cell of a table names a secret, not a path."""
    lay(tmp_path / "settings.toml")
    with pytest.raises(MissingSecretError):
        FileSecrets(tmp_path / "secrets", {}, lambda _value: None).get(name)


def test_whatever_is_handed_out_is_learnt_first(tmp_path: Path) -> None:
    """So it can never stand in a log."""
    learnt: list[str] = []
    lay(tmp_path / "secrets" / "page")
    FileSecrets(tmp_path, {}, learnt.append).get("page")
    assert learnt == ["gia-tri-bi-mat"]


def test_rehearsal_stands_in_for_what_is_missing_only(tmp_path: Path) -> None:
    """The real code runs; an unsafe file is told in rehearsal, too."""
    secrets = open_secrets(tmp_path, {}, learn=lambda _value: None, rehearsal=True)
    assert secrets.get("page") == rehearsal_token("page")
    lay(tmp_path / "secrets" / "page")
    assert secrets.get("page") == "gia-tri-bi-mat"
    lay(tmp_path / "secrets" / "page", mode=0o644)
    with pytest.raises(UnsafeSecretError):
        secrets.get("page")


def test_a_stand_in_has_the_form_of_a_bot_token_and_is_its_names_own() -> None:
    """Every platform's stand-in takes it, and two bots stay two."""
    assert re.fullmatch(r"\d{9}:rehearsal-[A-Za-z0-9_-]{25}", rehearsal_token("a"))
    assert rehearsal_token("a") == rehearsal_token("a")
    assert rehearsal_token("a").split(":")[0] != rehearsal_token("b").split(":")[0]
