"""Pictures by the hash of their bytes: what was approved is what is sent, or nothing is."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from content_queue.media import MediaStore
from content_queue.models import MediaRef
from content_queue.outcomes import RefusedError

PNG = b"\x89PNG\r\n\x1a\n" + b"anh"


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return MediaStore(tmp_path / "media")


def kept(store: MediaStore, tmp_path: Path, data: bytes = PNG) -> MediaRef:
    (tmp_path / "núi lửa.png").write_bytes(data)
    return store.keep(tmp_path / "núi lửa.png")


def test_a_picture_is_kept_under_its_hash_with_the_type_of_its_bytes(
    store: MediaStore, tmp_path: Path
) -> None:
    """The name it came with says nothing; its bytes do."""
    ref = kept(store, tmp_path, b"\xff\xd8\xff" + b"anh")

    assert (ref.mime, ref.name, ref.size) == ("image/jpeg", "núi lửa.png", 6)
    assert ref.sha256 == hashlib.sha256(b"\xff\xd8\xffanh").hexdigest()


def test_what_the_editor_changes_afterwards_is_not_what_leaves(store: MediaStore, tmp_path: Path) -> None:
    """Law 10, for pictures."""
    ref = kept(store, tmp_path)
    kept(store, tmp_path, PNG + b" khac")

    assert store.read(ref) == PNG


def test_a_stored_picture_that_was_tampered_with_is_refused(store: MediaStore, tmp_path: Path) -> None:
    """Bytes that nobody approved never leave."""
    ref = kept(store, tmp_path)
    (tmp_path / "media" / ref.sha256).write_bytes(PNG + b"!")

    with pytest.raises(RefusedError, match="không còn như lúc duyệt"):
        store.read(ref)


def test_a_stored_picture_that_is_gone_is_refused(store: MediaStore, tmp_path: Path) -> None:
    """With a sentence, not a traceback."""
    ref = replace(kept(store, tmp_path), sha256="0" * 64)

    with pytest.raises(RefusedError, match="không còn trong kho"):
        store.read(ref)


@pytest.mark.parametrize("data", [b"GIF89a", b"", b"<svg/>"])
def test_what_is_no_jpeg_or_png_is_refused(store: MediaStore, tmp_path: Path, data: bytes) -> None:
    """Whatever its name says."""
    with pytest.raises(RefusedError, match="không phải ảnh JPEG hay PNG"):
        kept(store, tmp_path, data)


def test_a_picture_that_is_not_there_is_refused(store: MediaStore, tmp_path: Path) -> None:
    """The row is told, nothing else happens."""
    with pytest.raises(RefusedError, match="Không đọc được ảnh"):
        store.keep(tmp_path / "khong-co.png")
