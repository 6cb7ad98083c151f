"""Files by the hash of their bytes: what was approved is what is sent, or nothing is."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from content_queue.kinds import LIMITS, kind_of, mime_of_address, not_taken
from content_queue.media import MediaStore, refer
from content_queue.models import MediaRef, Payload
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
def test_what_is_of_no_type_that_is_taken_is_refused(store: MediaStore, tmp_path: Path, data: bytes) -> None:
    """Whatever its name says."""
    with pytest.raises(RefusedError, match="không phải ảnh JPEG, PNG, video MP4"):
        kept(store, tmp_path, data)


def test_a_picture_that_is_not_there_is_refused(store: MediaStore, tmp_path: Path) -> None:
    """The row is told, nothing else happens."""
    with pytest.raises(RefusedError, match="Không đọc được tệp"):
        store.keep(tmp_path / "khong-co.png")


FILMS = Path(__file__).parent.parent / "films"
#: Smallest heads of a PNG and a JPEG: 33 x 21 pixels.
PNG_HEAD = b"\x89PNG\r\n\x1a\n" + bytes.fromhex("0000000d49484452 00000021 00000015")
JPEG_HEAD = bytes.fromhex("ffd8 ffe00004abcd ffff fe0003aa ffc2000b0800150021")


@pytest.mark.parametrize(
    ("name", "width", "height", "seconds"),
    [("dung.mp4", 270, 480, 4.0), ("ngang.mp4", 320, 180, 2.5), ("xoay.mp4", 180, 320, 2.5)],
)
def test_a_film_tells_its_size_as_shown_and_its_length(
    store: MediaStore, name: str, width: int, height: int, seconds: float
) -> None:
    """Films made by ffmpeg; the third is the second, turned a quarter as phones do."""
    ref = store.keep(FILMS / name)
    assert (ref.mime, ref.kind) == ("video/mp4", "video")
    assert (ref.width, ref.height, ref.seconds) == (width, height, seconds)
    assert store.read(ref) == (FILMS / name).read_bytes()


@pytest.mark.parametrize("head", [PNG_HEAD, JPEG_HEAD])
def test_a_picture_tells_its_pixels(store: MediaStore, tmp_path: Path, head: bytes) -> None:
    """From its header alone: nothing is decoded."""
    ref = kept(store, tmp_path, head)
    assert (ref.width, ref.height, ref.seconds, ref.kind) == (33, 21, 0, "picture")


@pytest.mark.parametrize("name", ["dung.mp4", "ngang.mp4"])
def test_a_film_that_was_cut_off_anywhere_has_no_measures_but_does_no_harm(tmp_path: Path, name: str) -> None:
    """Whatever is not there is 0, and nobody stumbles over it."""
    whole = (FILMS / name).read_bytes()
    for end in range(12, len(whole), 7):
        (tmp_path / "a.mp4").write_bytes(whole[:end])
        ref = refer(tmp_path / "a.mp4")
        assert (ref.width, ref.height) in {(0, 0), (270, 480), (320, 180)}


@pytest.mark.parametrize(
    ("name", "start", "mime"),
    [
        ("báo cáo.pdf", b"%PDF-1.7\n", "application/pdf"),
        ("a.DOCX", b"PK\3\4", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.xlsx", b"PK\3\4", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.doc", bytes.fromhex("d0cf11e0a1b11ae1"), "application/msword"),
        ("a.mp4", b"\0\0\0\x18ftypisom", "video/mp4"),
    ],
)
def test_documents_are_known_by_their_bytes_and_then_their_ending(
    tmp_path: Path, name: str, start: bytes, mime: str
) -> None:
    """All files of Office begin alike."""
    (tmp_path / name).write_bytes(start)
    assert refer(tmp_path / name).mime == mime


@pytest.mark.parametrize(
    ("name", "start", "told"),
    [
        ("a.zip", b"PK\3\4", "Giải nén"),
        ("a.pdf", b"PK\3\4", "tên tệp phải có đuôi đúng"),
        ("a.mov", b"\0\0\0\x14ftypqt  ", "Xuất video thành .mp4"),
        ("a.mp4", b"\0\0\0\x14ftypqt  ", "tên tệp phải có đuôi đúng"),
        ("a.heic", b"\0\0\0\x18ftypheic"[:4], "Lưu lại ảnh thành .jpg"),
    ],
)
def test_what_is_not_taken_is_told_with_the_way_out(
    tmp_path: Path, name: str, start: bytes, told: str
) -> None:
    """By the ending that the editor sees."""
    (tmp_path / name).write_bytes(start)
    with pytest.raises(RefusedError, match=told):
        refer(tmp_path / name)
    assert name in not_taken(name)[0]


@pytest.mark.parametrize(
    ("name", "start"), [("a.png", PNG), ("a.mp4", b"\0\0\0\x18ftypisom"), ("a.pdf", b"%PDF-")]
)
def test_a_file_of_one_byte_too_many_is_refused(tmp_path: Path, name: str, start: bytes) -> None:
    """Each kind has its own limit, said in MB."""
    file = tmp_path / name
    file.write_bytes(start)
    limit = LIMITS[refer(file).kind]
    with file.open("r+b") as opened:
        opened.truncate(limit)
    assert refer(file).size == limit
    with file.open("r+b") as opened:
        opened.truncate(limit + 1)
    with pytest.raises(RefusedError, match=f"nặng {limit // 2**20 + 1} MB.*chỉ được {limit // 2**20} MB"):
        refer(file)


@pytest.mark.parametrize(
    ("address", "mime"),
    [
        ("https://a.vn/b.jpg", ""),
        ("https://a.vn/b?tai=1.mp4", ""),
        ("https://a.vn/b.MP4?x=1", "video/mp4"),
        ("https://a.vn/b.pdf", "application/pdf"),
    ],
)
def test_an_address_promises_a_type_by_its_ending(address: str, mime: str) -> None:
    """A picture stays without type, as in older ledgers."""
    assert mime_of_address(address) == mime


@pytest.mark.parametrize(
    ("mime", "kind"),
    [("", "picture"), ("image/png", "picture"), ("video/mp4", "video"), ("application/pdf", "document")],
)
def test_the_kind_follows_from_the_type(mime: str, kind: str) -> None:
    """What is neither picture nor video is a document."""
    assert kind_of(mime) == kind


#: A payload as loa 0.1 stored it, and the hash that people approved.
OLD = {
    "platform": "telegram",
    "locale": "vi",
    "text": "Chào",
    "fields": {"method": "sendPhoto", "preview": ""},
    "media": [{"sha256": "ab", "mime": "image/jpeg", "name": "a.jpg", "size": 7, "url": "", "alt": ""}],
}
OLD_HASH = "d64d9670206361c33df09658e05aeacbcb01643d5ac5c6e147eeb3b33df75f68"


def test_what_an_older_ledger_holds_loads_and_keeps_its_hash() -> None:
    """Law 1: an upgrade takes no approval away."""
    payload = Payload.from_json(OLD)
    assert (payload.as_json(), payload.sha256()) == (OLD, OLD_HASH)


def test_measures_are_stored_but_no_part_of_what_is_approved() -> None:
    """They follow from the bytes, which have their own hash in it."""
    payload = Payload.from_json(OLD)
    measured = replace(payload, media=(replace(payload.media[0], width=33, seconds=2.5),))
    assert Payload.from_json(measured.as_json()) == measured
    assert (measured.sha256(), measured.as_json() == OLD) == (OLD_HASH, False)


def test_a_file_is_read_in_parts_once_it_was_verified(store: MediaStore, tmp_path: Path) -> None:
    """So a film need not be in memory whole; what was changed or is gone is refused."""
    ref = kept(store, tmp_path, PNG)
    store.verify(ref)
    assert [store.part(ref, start, 4) for start in range(0, len(PNG), 4)] == [PNG[:4], PNG[4:8], PNG[8:]]
    (tmp_path / "media" / ref.sha256).write_bytes(PNG + b"x")
    with pytest.raises(RefusedError, match="không còn như lúc duyệt"):
        store.verify(ref)
    (tmp_path / "media" / ref.sha256).unlink()
    with pytest.raises(RefusedError, match="không còn trong kho"):
        store.part(ref, 0, 4)
