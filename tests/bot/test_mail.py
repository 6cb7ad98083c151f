"""Letters reach a mail server whole; what goes wrong is told without an address or a password."""

import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import compat32
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.errors import SettingsError
from bot.mail.letter import Attachment, Letter, message_of
from bot.mail.options import MailOptions
from bot.mail.postman import MailError, MailRefusedError, Postman
from bot.settings import parse_settings
from content_queue.models import Person
from tests.canaries import CANARY_MAIL
from tests.content_queue.world import HandClock
from tests.post_office import PostOffice, post_office, text_of

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
TO, FROM = "an.nguyen@gialai.example", "loa@gialai.example"
LETTER = Letter(TO, "Bài chờ duyệt", "Kính gửi anh An,\nCó 1 bài chờ duyệt.\n")


class OneSecret:
    """The password of the mail server, and nothing else."""

    def get(self, name: str) -> str:
        return {"mail": CANARY_MAIL}[name]


def postman(options: MailOptions) -> Postman:
    return Postman(options, OneSecret(), HandClock(NOW), "Văn phòng tỉnh, Gia Lai")


@pytest.fixture
def opened() -> Iterator[PostOffice]:
    with post_office({"mat@gialai.example": "550 5.1.1 no such user"}) as office:
        yield office


def plain(office: PostOffice) -> MailOptions:
    return MailOptions("127.0.0.1", office.port, "none", sender=FROM)


async def test_a_letter_arrives_as_it_was_written(opened: PostOffice) -> None:
    """Vietnamese in every part, a picture beside it, and nobody's absence answers it."""
    picture = Attachment("ảnh bìa.png", "image/png", b"\x89PNG")
    await postman(plain(opened)).post(replace(LETTER, html="<p>Có 1 bài</p>", files=(picture,)))

    (letter,) = opened.letters_to(TO)
    html = letter.get_body(("html",))
    (file,) = letter.iter_attachments()
    assert text_of(letter).replace("\r\n", "\n") == f"{LETTER.subject}\n{LETTER.text}"
    assert (letter["From"].addresses[0].display_name, letter["From"].addresses[0].addr_spec) == (
        "Văn phòng tỉnh, Gia Lai",
        FROM,
    )
    assert html is not None
    assert html.get_content().strip() == "<p>Có 1 bài</p>"
    assert (file.get_filename(), file.get_content_type(), file.get_content()) == (
        "ảnh bìa.png",
        "image/png",
        b"\x89PNG",
    )
    assert (letter["Auto-Submitted"], letter["Date"].datetime) == ("auto-generated", NOW)


def test_a_subject_begins_no_other_header() -> None:
    """A title is an editor's text: it may hold anything."""
    sly = replace(LETTER, subject="Bài 1\r\nBcc: nguoi.la@vidu.example\u2028X: y")
    message = message_of(sly, sender=FROM, name='Tỉnh\n"<x>', now=NOW)
    assert (message["Subject"], message["Bcc"]) == ("Bài 1 Bcc: nguoi.la@vidu.example X: y", None)


async def test_long_headers_lose_no_blank(opened: PostOffice) -> None:
    """Mail programs join what Python folds between two encoded words."""
    words = "[Văn phòng tỉnh] Bài B0001-2026 chờ anh/chị duyệt, đăng lúc 08:00 thứ Sáu 20/11/2026, " * 3
    name = "Văn phòng truyền thông tỉnh Gia Lai và các sở, ban, ngành phối hợp đăng bài"
    await replace(postman(plain(opened)), office=name).post(replace(LETTER, subject=words))
    (letter,) = opened.letters_to(TO)
    plainly = message_from_bytes(letter.as_bytes(), policy=compat32)  # the newer parser loses blanks, too
    read = [str(make_header(decode_header(plainly[header]))) for header in ("Subject", "From")]
    assert read == [words.strip(), f"{name} <{FROM}>"]
    assert max(map(len, letter.as_bytes().splitlines())) < 120


def test_the_same_letter_of_the_same_moment_has_the_same_id() -> None:
    """Servers know by it that a letter came twice."""
    ids = [message_of(LETTER, sender=FROM, name="x", now=NOW)["Message-ID"] for _ in range(2)]
    other = message_of(LETTER, sender=FROM, name="x", now=NOW + timedelta(minutes=1))["Message-ID"]
    assert (ids[0] == ids[1], ids[0] != other, ids[0].endswith("@gialai.example>")) == (True, True, True)


async def test_an_address_that_takes_nothing_is_told_apart_from_a_server_that_is_away(
    opened: PostOffice,
) -> None:
    """The one is for a person to mend, the other is tried again; neither names the address."""
    with pytest.raises(MailRefusedError, match=r"^SMTPRecipientsRefused 550$"):
        await postman(plain(opened)).post(replace(LETTER, to="mat@gialai.example"))
    with pytest.raises(MailError, match=r"^SMTPConnectError$") as away:
        await postman(replace(plain(opened), port=1)).post(LETTER)
    assert not isinstance(away.value, MailRefusedError)
    assert opened.taken == []


async def test_a_greylisted_address_is_tried_again() -> None:
    """4xx says: later."""
    with post_office({TO: "450 4.2.0 greylisted"}) as office:
        with pytest.raises(MailError, match=r"^SMTPRecipientsRefused 450$") as later:
            await postman(plain(office)).post(LETTER)
        assert not isinstance(later.value, MailRefusedError)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for this machine's own address, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    plain_key = serialization.NoEncryption()
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain_key)
    )
    return path


async def test_a_password_goes_only_to_a_server_that_proves_its_name(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sealed by a certificate that this machine does not know, nobody signs in."""
    with post_office(certificate=certificate) as office:
        options = MailOptions("localhost", office.port, "starttls", "loa", "mail", FROM)
        with pytest.raises(MailError):
            await postman(options).post(LETTER)
        assert (office.logins, office.taken) == ([], [])

        monkeypatch.setenv(ssl.get_default_verify_paths().openssl_cafile_env, str(certificate))
        await postman(options).post(LETTER)
    assert office.logins == [("loa", CANARY_MAIL)]
    assert len(office.taken) == 1


async def test_a_server_that_cannot_seal_gets_no_password(opened: PostOffice) -> None:
    """Whoever listens on the way could take STARTTLS out of its greeting."""
    options = replace(plain(opened), tls="starttls", user="loa")
    with pytest.raises(MailError):
        await postman(options).post(LETTER)
    assert (opened.logins, opened.taken) == ([], [])


PERSON = '[[people]]\nname = "An"\nroles = ["editor"]\nagencies = ["*"]\n'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[mail]\nhost = "thu.vidu.vn"', "mail: có host thì cần sender, địa chỉ thư của văn phòng"),
        (
            '[mail]\nhost = "thu.vidu.vn"\nsender = "a@vidu.vn"\nuser = "a"\ntls = "none"',
            'mail: có user thì tls phải là "starttls" hoặc "tls", để mật khẩu không đi lộ trên mạng',
        ),
        (
            PERSON + 'email = "an nguyen@vidu.vn"',
            (
                '[[people]] (1) email: "an nguyen@vidu.vn": cần một địa chỉ thư điện tử. '
                'Ví dụ: "an.nguyen@vidu.vn"'
            ),
        ),
        (
            PERSON + 'email = "an@vidu.vn"\n' + PERSON.replace("An", "Bình") + 'email = "AN@vidu.vn"',
            (
                '[[people]]: "an@vidu.vn" có ở hai người; mỗi tên, mỗi số Telegram, mỗi địa chỉ thư '
                "chỉ dùng một lần"
            ),
        ),
    ],
)
def test_what_could_send_nothing_is_told_with_the_settings(text: str, told: str) -> None:
    """Not when the first letter is due."""
    with pytest.raises(SettingsError) as refused:
        parse_settings(text)
    assert [each.partition(": ")[2] for each in refused.value.problems] == [told]


def test_a_person_may_have_an_address() -> None:
    """It is one of the two ways to reach somebody."""
    (person,) = parse_settings(PERSON + 'email = "an@vidu.vn"').people
    assert person == Person("An", None, frozenset({"editor"}), frozenset({"*"}), "an@vidu.vn")
