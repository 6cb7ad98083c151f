"""Read what a client sent, whichever way: query, JSON, form or multipart."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_string
from email.message import Message
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request


@dataclass(frozen=True, slots=True)
class Upload:
    """One file of a multipart request."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """The fields and files of a request; fields of JSON keep their types, others are text."""

    fields: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)


async def read_form(request: Request) -> Form:
    """Return everything a request carries; the body wins over the query."""
    query = dict(request.query_params)
    body = await request.body()
    mime = request.headers.get("content-type", "")
    if not body:
        return Form(query)
    if mime.startswith("application/json"):
        return Form({**query, **json.loads(body)})
    if mime.startswith("multipart/form-data"):
        form = _multipart(mime, body)
        return Form({**query, **form.fields}, form.files)
    return Form({**query, **dict(parse_qsl(body.decode(), keep_blank_values=True))})


def _multipart(mime: str, body: bytes) -> Form:
    form = Form()
    for head, content in _parts(mime, body):
        name = str(head.get_param("name", "", header="content-disposition"))
        file = head.get_filename()
        if file is None:
            form.fields[name] = content.decode()
        else:
            form.files[name] = Upload(file, head.get_content_type(), content)
    return form


def _parts(mime: str, body: bytes) -> Iterator[tuple[Message, bytes]]:
    """Yield head and content of each part (RFC 2046 §5.1)."""
    boundary = Message()
    boundary["content-type"] = mime
    delimiter = b"\r\n--" + str(boundary.get_param("boundary")).encode()
    for part in (b"\r\n" + body).split(delimiter)[1:-1]:
        head, _blank, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        yield message_from_string(head.decode()), content  # names of files are UTF-8
