"""Shows a site to browsers of this computer, and to nobody else.

It listens on the loopback address alone, answers only to its own name (another site that has a
browser look that name up anew is refused), and gives out the files that the list of the site names.
Pages get a script that reloads them; the files of the site stay without it.
"""

import json
import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import cache
from html import escape, unescape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from umbrella import system
from umbrella.errors import UmbrellaError
from umbrella.watching.board import Board

ADDRESS = "127.0.0.1"
HTTP_PORT = 80
NEWS = "/.preview/news"
HEARTBEAT_SECONDS = 15.0
"""After so long without news a page is written to, to know whether it is still there."""

POLL_SECONDS = 0.05
"""How soon the server ends when it is asked to."""

ICON = "favicon.ico"
"""What browsers ask every site for; ours have none."""

TYPES = {
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
    "png": "image/png",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ANY = "application/octet-stream"

POLICY = re.compile(r'(<meta http-equiv="Content-Security-Policy" content=")([^"]*)(">)')

WAITING = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>{title}</title>
<body><h1>{title}</h1><p>{words}</p></body>
</html>
"""


@contextmanager
def serving(site: Path, board: Board, port: int) -> Iterator[str]:
    """Show the site in a folder for the time of a block; its address.

    Port 0 is any that is free. Raises UmbrellaError for one that is not.
    """
    try:
        server = Server(site, board, port)
    except OSError as error:
        raise UmbrellaError(
            f"Port {port} cannot be used: {error.strerror}. Name another with --port, or 0 for any "
            "that is free."
        ) from error
    with server:
        thread = threading.Thread(target=server.serve_forever, args=(POLL_SECONDS,), daemon=True)
        thread.start()
        try:
            yield server.address
        finally:
            board.close()
            server.shutdown()


class Server(ThreadingHTTPServer):
    """Listens for browsers; each answer has a thread of its own, which ends with the program."""

    allow_reuse_address = system.REUSES_ADDRESS
    daemon_threads = True
    block_on_close = False

    def __init__(self, site: Path, board: Board, port: int) -> None:
        self.site = site
        self.board = board
        super().__init__((ADDRESS, port), Handler)

    def server_bind(self) -> None:
        """Take the port; the name of this computer, which would be asked for, is not needed."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = ADDRESS, self.server_address[1]

    @property
    def address(self) -> str:
        """What to type into a browser."""
        return f"http://{ADDRESS}:{self.server_port}/"

    @property
    def names(self) -> set[str]:
        """The names under which a browser may ask for it."""
        hosts = (ADDRESS, "localhost")
        alone = hosts if self.server_port == HTTP_PORT else ()  # which browsers leave out
        return {f"{host}:{self.server_port}" for host in hosts} | {*alone}

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a browser that goes away in the middle of an answer is no fault."""


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer with news, a page or a file."""
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        """Answer as to GET, without the content."""
        self._answer(with_body=False)

    def log_message(self, format: str, *arguments: object) -> None:
        """Print nothing: what is asked for is of no interest to who types into a workbook."""

    def _answer(self, *, with_body: bool) -> None:
        if self.headers.get("Host", "").lower() not in self.server.names:
            self._send(HTTPStatus.MISDIRECTED_REQUEST, b"", "text/plain", with_body=False)
            return
        path = urlsplit(self.path).path
        if path == NEWS:
            self._send_news(with_body=with_body)
            return
        number = self.server.board.news.site  # before the file: a page of a newer one loads again
        name = unquote(path).removeprefix("/") or "index.html"
        found = content(self.server.site, name)
        is_page = name.endswith(".html")
        status = HTTPStatus.NOT_FOUND if found is None and number else HTTPStatus.OK
        if found is None and name == ICON:
            self._send(HTTPStatus.NO_CONTENT, b"", ANY, with_body=False)
            return
        if found is None and (is_page or number):
            title = "There is no such page" if number else "The preview is being made"
            words = (
                "It may be there again after the next save." if number else "It comes by itself."
            )
            found, is_page = WAITING.format(title=title, words=words).encode(), True
        if found is None:
            status, found = HTTPStatus.NOT_FOUND, b""
        if is_page:
            found = with_script(found.decode("utf-8"), number).encode()
            if with_body and status is HTTPStatus.OK:
                self.server.board.page_is_read()
        kind = TYPES["html"] if is_page else TYPES.get(name.rpartition(".")[2], ANY)
        self._send(status, found, kind, with_body=with_body)

    def _send(self, status: HTTPStatus, body: bytes, kind: str, *, with_body: bool) -> None:
        self.send_response(status)
        self._send_headers(kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def _send_headers(self, kind: str) -> None:
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("X-Frame-Options", "DENY")

    def _send_news(self, *, with_body: bool) -> None:
        """Send the news, and all that follow, until the page is closed."""
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        self._send_headers("text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        if not with_body:
            return
        board = self.server.board
        with board.reading():
            number = -1
            while not board.is_closed:
                news = board.wait(number, HEARTBEAT_SECONDS)
                if news is None:
                    self.wfile.write(b": still here\n\n")
                else:
                    number = news.number
                    self.wfile.write(f"data: {json.dumps(asdict(news))}\n\n".encode())
                self.wfile.flush()


def content(site: Path, name: str) -> bytes | None:
    """The bytes of a file of a site; None for what its list does not name, whatever stands there.

    No other name is ever looked up, and none that a link leads out of the folder.
    """
    from reports import file_list

    if name not in file_list.read(site):
        return None
    path = site / name
    is_own = file_list.is_there(path) and path.resolve().is_relative_to(site.resolve())
    return path.read_bytes() if is_own else None


def with_script(page: str, site: int) -> str:
    """A page with the script that reloads it, which its policy is made to allow."""
    from reports.html import digest

    def allowing(found: re.Match[str]) -> str:
        parts = (part.strip().partition(" ") for part in unescape(found[2]).split(";"))
        policy = {name: sources for name, _, sources in parts if name}
        policy["script-src"] = f"{policy.get('script-src', '')} {digest(script())}".strip()
        policy["connect-src"] = f"{policy.get('connect-src', '')} 'self'".strip()
        text = "; ".join(f"{name} {sources}" for name, sources in policy.items())
        return f"{found[1]}{escape(text)}{found[3]}"

    before, end, after = POLICY.sub(allowing, page, count=1).rpartition("</body>")
    return f'{before}<script data-site="{site}">{script()}</script>{end}{after}'


@cache
def script() -> str:
    """The text of the script."""
    return Path(__file__).with_name("preview.js").read_text(encoding="utf-8")
