"""Secrets by name: from the service manager, the `secrets/` folder, or a file that a variable names."""

import base64
import hashlib
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from content_queue.delivery.tokens import Tokens
from content_queue.ports import Secrets
from content_queue.sealing import Ring, SealError, read_ring
from content_queue.store.tokens import Vault
from content_queue.texts import _

FOLDER = "secrets"
#: The secret that seals the tokens kept in the ledger.
KEY = "token-key"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class SecretError(KeyError):
    """A secret cannot be had; the message says how to mend it."""

    def __str__(self) -> str:
        """Return the sentence itself; `KeyError` would put it into quotes."""
        return str(self.args[0])


class MissingSecretError(SecretError):
    """There is no secret of this name."""


class UnsafeSecretError(SecretError):
    """Its file is there and may not be used: others can read it, or nobody can, or it is empty."""


@dataclass(frozen=True, slots=True)
class FileSecrets:
    """Look a secret up where it may lie; it is read anew each time, so that it can be changed in place.

    In this order: `$CREDENTIALS_DIRECTORY/NAME`, `home/secrets/NAME`, the file in variable `NAME_FILE`.
    `learn` is told every value that is handed out, so that it never stands in a log.
    """

    home: Path
    environment: Mapping[str, str]
    learn: Callable[[str], None]

    def get(self, name: str) -> str:
        """Return the secret called `name`.

        Raises:
            MissingSecretError: there is none.
            UnsafeSecretError: it is empty, unreadable, or others can read it.
        """
        for path in self._places(name):
            if path.is_file():
                return self._read(name, path)
        told = _("Không có khóa bí mật “{name}”. Ghi khóa vào tệp {path} rồi gõ: chmod 600 {path}")
        raise MissingSecretError(told.format(name=name, path=self.home / FOLDER / name))

    def _places(self, name: str) -> Iterator[Path]:
        """Yield the files that may hold it; a name that is no name has none."""
        if not _NAME.fullmatch(name):
            return
        if credentials := self.environment.get("CREDENTIALS_DIRECTORY"):
            yield Path(credentials, name)
        yield self.home / FOLDER / name
        if told := self.environment.get(variable(name)):
            yield Path(told)

    def _read(self, name: str, path: Path) -> str:
        # The service manager guards its own folder, and systemd makes it group-readable by design.
        credentials = self.environment.get("CREDENTIALS_DIRECTORY")
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO) and str(path.parent) != credentials:
            told = _("Người khác đọc được khóa bí mật “{name}”. Hãy gõ: chmod 600 {path}")
            raise UnsafeSecretError(told.format(name=name, path=path))
        try:
            value = path.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            told = _("Không đọc được khóa bí mật “{name}” ở {path} ({kind}).")
            raise UnsafeSecretError(told.format(name=name, path=path, kind=type(error).__name__)) from None
        if not value:
            told = _("Khóa bí mật “{name}” ở {path} đang trống. Hãy ghi khóa vào tệp đó.")
            raise UnsafeSecretError(told.format(name=name, path=path))
        self.learn(value)
        return value


@dataclass(frozen=True, slots=True)
class RehearsalSecrets:
    """Give a harmless stand-in for every secret that is missing; stand-in platforms take any."""

    secrets: Secrets

    def get(self, name: str) -> str:
        """Return the secret, or else a value in the form of a bot token, always the same for one name.

        Raises:
            UnsafeSecretError: it is there and may not be used.
        """
        try:
            return self.secrets.get(name)
        except MissingSecretError:
            return rehearsal_token(name)


def rehearsal_token(name: str) -> str:
    """Return the stand-in value of a secret: no platform ever gave it out.

    A name that ends in a number, as `zalo-2000000000` may, gives the token of that account.
    """
    seed = hashlib.sha256(name.encode()).digest()
    told = re.search(r"-(\d{6,})$", name)
    number = told[1] if told else int.from_bytes(seed[:4], "big") % 900_000_000 + 100_000_000
    tail = base64.urlsafe_b64encode(seed).decode()[:25]
    return f"{number}:rehearsal-{tail}"


def variable(name: str) -> str:
    """Return the environment variable that may name the file of a secret: `FACEBOOK_PAGE_FILE`."""
    return re.sub(r"[.-]", "_", name).upper() + "_FILE"


def open_secrets(
    home: Path,
    environment: Mapping[str, str],
    *,
    learn: Callable[[str], None],
    forget: Callable[[str], None] = lambda _secret: None,
    rehearsal: bool,
) -> Tokens:
    """Return the secrets of this run: those in files; the ledger's are loaded into them."""
    secrets = FileSecrets(home, environment, learn)
    return Tokens(RehearsalSecrets(secrets) if rehearsal else secrets, learn, forget)


def open_vault(secrets: Tokens, *, rehearsal: bool) -> Vault:
    """Return what seals and opens the tokens of the ledger; in rehearsal, any key does."""

    def keys() -> Ring:
        try:
            return read_ring(secrets.files.get(KEY))
        except KeyError as error:
            raise SealError(str(error)) from None

    return Vault(keys, rehearsal)
