"""Photos as Facebook takes them: what is too large goes out encoded anew, the same each time."""

import io
from dataclasses import replace
from hashlib import shake_256

import pytest
from PIL import Image

from content_queue.models import Channel, MediaRef, Variant
from content_queue.outcomes import RefusedError, Staged
from publishers.facebook import FacebookPublisher
from publishers.facebook.pictures import SIZE, fitted
from publishers.standin.facebook import FacebookStandin
from tests.publishers.contract import PNG, House, go_out
from tests.publishers.on_facebook import OnFacebook


def noise(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """Return a picture that no encoder makes small."""
    return Image.frombytes(mode, (width, height), shake_256(b"7").digest(width * height * len(mode)))


def encoded(picture: Image.Image, kind: str, **more: object) -> bytes:
    """Return a picture as a file of a kind."""
    file = io.BytesIO()
    picture.save(file, kind, **more)
    return file.getvalue()


@pytest.mark.parametrize("content", [PNG, encoded(Image.new("RGB", (9, 9)), "JPEG")])
def test_what_facebook_takes_stays_as_it_is(content: bytes) -> None:
    """To the byte: what was approved is what leaves."""
    assert fitted(content, "a")[0] == content


LARGE = {
    "png": encoded(noise(1500, 1500), "PNG"),
    "jpeg": encoded(noise(3000, 2000), "JPEG", quality=95),
    "clear": encoded(noise(1300, 1300, "RGBA"), "PNG"),
    "grey": encoded(noise(2500, 2500, "L"), "PNG"),
    "bmp": encoded(Image.new("RGB", (1400, 1000)), "BMP"),
    "webp": encoded(Image.new("RGB", (40, 20)), "WEBP"),
    "huge": encoded(noise(5000, 3000), "JPEG", quality=90),
}


@pytest.mark.parametrize("name", LARGE)
def test_what_is_too_large_or_of_another_kind_is_encoded_anew(name: str) -> None:
    """A JPEG within the limit, of the same proportions, and always the same bytes."""
    content, mime, ending = fitted(LARGE[name], name)
    with Image.open(io.BytesIO(content)) as after, Image.open(io.BytesIO(LARGE[name])) as before:
        assert (after.format, after.mode, mime, ending) == ("JPEG", "RGB", "image/jpeg", "jpg")
        assert after.width / after.height == pytest.approx(before.width / before.height, rel=0.01)
        assert max(after.size) <= 4096
    assert len(content) <= SIZE
    assert fitted(LARGE[name], name)[0] == content


def test_a_picture_that_was_taken_upright_stays_upright() -> None:
    """What cameras only note beside the picture is done to it, and nothing else of the notes goes out."""
    notes = Image.Exif()
    notes[0x0112], notes[0x010F] = 6, "Máy ảnh của tôi"  # orientation, maker
    content, _mime, _ending = fitted(encoded(noise(3000, 2000), "JPEG", quality=95, exif=notes), "a.jpg")
    with Image.open(io.BytesIO(content)) as after:
        assert (after.height > after.width, dict(after.getexif())) == (True, {})


def test_what_is_clear_becomes_white() -> None:
    """Not black, as it would without a word."""
    clear = Image.new("RGBA", (60, 60), (0, 0, 0, 0))
    content, _mime, _ending = fitted(encoded(clear, "WEBP"), "a.webp")
    with Image.open(io.BytesIO(content)) as after:
        assert after.getpixel((30, 30)) == (255, 255, 255)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no picture",
        b"\xff\xd8\xff" + bytes(SIZE),
        LARGE["png"][: SIZE + 1],
        b"\x89PNG\r\n\x1a\n" * 600_000,
    ],
)
def test_what_cannot_be_read_is_told(content: bytes) -> None:
    """By its name, with what to do."""
    with pytest.raises(RefusedError, match=r"“Ảnh lễ hội\.jpg”.*JPEG"):
        fitted(content, "Ảnh lễ hội.jpg")


def test_too_many_pixels_are_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small file may hold a picture that fills the memory."""
    monkeypatch.setattr("publishers.smaller.PIXELS", 100)
    with pytest.raises(RefusedError):
        fitted(LARGE["webp"], "a.webp")


class TestUpload(OnFacebook):
    """On the way to Facebook."""

    async def test_a_large_photo_arrives_and_the_original_stays(
        self, publisher: FacebookPublisher, standin: FacebookStandin, channel: Channel, house: House
    ) -> None:
        """Facebook takes it, and the stored picture is what it was."""
        ref = house.media.keep(LARGE["png"])
        await go_out(publisher, channel, publisher.render(channel, Variant("vi", "Chào", media=(ref,))))
        [post] = standin.shown()
        assert [picture.rpartition(".")[2] for picture in post.pictures] == ["jpg"]
        assert house.media.read(ref) == LARGE["png"]

    async def test_a_photo_of_unknown_address_type_is_fetched_by_facebook(
        self, publisher: FacebookPublisher, channel: Channel
    ) -> None:
        """Nothing of it is here to be encoded."""
        ref = replace(MediaRef("", "", "a.webp", 0), url="https://gialai.gov.vn/a.webp")
        payload = publisher.render(channel, Variant("vi", "Chào", media=(ref,)))
        assert isinstance(await publisher.stage(channel, payload, {}), Staged)
