"""The key that seals tokens: made where there is none, changed so that something opens them at any moment."""

import base64
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.errors import SettingsError
from bot.secrets import FOLDER, KEY, MissingSecretError, SecretError, open_vault
from content_queue.delivery.tokens import Tokens
from content_queue.models import Token
from content_queue.store import Connection, tokens
from content_queue.store.tokens import Vault
from content_queue.store.writer import InlineWriter
from content_queue.texts import _


def key_file(home: Path) -> Path:
    """Return where a home's own key lies."""
    return home / FOLDER / KEY


def make_key(entropy: Callable[[int], bytes] = os.urandom) -> str:
    """Return a new key: 32 bytes by chance, as text."""
    return base64.b64encode(entropy(32)).decode()


def write_keys(path: Path, *keys: str) -> None:
    """Put keys into a file, the newest first: whole or not at all, readable by the owner alone."""
    path.parent.mkdir(exist_ok=True, mode=0o700)
    draft = path.with_suffix(".part")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write("\n".join(keys) + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def missing_key(path: Path) -> SettingsError:
    """Say that tokens are sealed by a key that is gone."""
    told = _("Sổ đã có khóa của kênh, nhưng không thấy khóa mở chúng ở {path}.").format(path=path)
    return SettingsError(
        [told], next_step=_("Đặt lại tệp ấy từ bản cất riêng; nếu đã mất, gõ: loa secrets rekey --forget")
    )


def ensure_key(home: Path, secrets: Tokens, known: Iterable[Token]) -> bool:
    """Make the key of a home that has none yet; tell whether that was done.

    Raises:
        SettingsError: what is kept was sealed by a key that is gone, or the key may not be used.
    """
    try:
        secrets.files.get(KEY)
    except MissingSecretError:
        if any(token.version for token in known):
            raise missing_key(key_file(home)) from None
        write_keys(key_file(home), make_key())
        return True
    except SecretError as error:
        raise SettingsError([str(error)]) from None
    return False


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """What a change of keys came to: tokens sealed anew, and the names that no key opened."""

    count: int
    lost: tuple[str, ...]


def rekey(home: Path, ledger: InlineWriter, secrets: Tokens, *, forget: bool) -> Rekeyed:
    """Seal everything with a new key: both lie in the file until that is durable, then the new one alone.

    A key that is handed in from elsewhere is changed there: its new first line is taken.

    Raises:
        SettingsError: the key lies elsewhere and has no new first line, or cannot be used.
    """
    path = key_file(home)
    try:
        old = secrets.files.get(KEY).split()
    except MissingSecretError:
        old = []
    except SecretError as error:
        raise SettingsError([str(error)]) from None
    own = path.is_file() or not old
    if not own and len(old) == 1:
        raise _elsewhere()
    if own:
        write_keys(path, make_key(), *old)
    done = _reseal(ledger, open_vault(secrets, rehearsal=False), forget=forget)
    if own and not done.lost:
        write_keys(path, path.read_text("utf-8").split()[0])
    return done


def _reseal(ledger: InlineWriter, vault: Vault, *, forget: bool) -> Rekeyed:
    def change(connection: Connection) -> Rekeyed:
        count, lost = tokens.reseal(connection, vault)
        if forget:
            tokens.forget(connection, vault, lost)
            lost = []
        return Rekeyed(count, tuple(lost))

    return ledger.run_now(change)


def _elsewhere() -> SettingsError:
    told = _(
        "Khóa mở sổ không nằm trong thư mục secrets. Hãy thêm khóa mới thành dòng đầu của tệp ấy "
        "(giữ khóa cũ ở dòng sau), khởi động lại loa, rồi gõ lại lệnh này."
    )
    return SettingsError([told], next_step=_("Tạo một khóa mới: openssl rand -base64 32"))
