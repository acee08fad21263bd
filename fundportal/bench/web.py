"""The product's own web server over a measured database, and visitors who time its pages."""

from __future__ import annotations

import os
import re
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

from fundportal.bench.seed import PASSWORD
from fundportal.stack.children import Child, until
from fundportal.stack.supervisor import web_command

HOST = "127.0.0.1"
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')


@contextmanager
def serving(settings: Mapping[str, str], log: Path) -> Iterator[int]:
    """Run gunicorn exactly as the product does, with these settings, while inside; gives its port, a free one."""
    env = {**os.environ, **settings, "DEMO": "0", "SECURE": "0", "DJANGO_SETTINGS_MODULE": "fundportal.settings"}
    with socket.create_server((HOST, 0), backlog=512) as line:
        line.set_inheritable(True)
        port: int = line.getsockname()[1]
        child = Child("Webben", web_command(env, line.fileno()), log=log, env=env, keep=(line.fileno(),))
        try:
            until(lambda: _answers(port), child, 60, pause=0.1)
            yield port
        finally:
            child.ask()
            child.wait(10)


def _answers(port: int) -> bool:
    line = HTTPConnection(HOST, port, timeout=10)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        line.close()


class Visitor:
    """A person logged in, whose requests go over one kept connection."""

    def __init__(self, port: int, email: str) -> None:
        """Log in by the form."""
        self.line = HTTPConnection(HOST, port, timeout=60)
        self.cookies: dict[str, str] = {}
        found = TOKEN.search(self.get("/logga-in/"))
        told = {"csrfmiddlewaretoken": found.group(1).decode() if found else "", "username": email}
        status = self._ask("POST", "/logga-in/", urlencode({**told, "password": PASSWORD})).status
        if status != 302:
            raise RuntimeError(f"{email} kom inte in: {status}")

    def _ask(self, method: str, path: str, body: str | None = None) -> HTTPResponse:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": f"http://{HOST}:{self.line.port}",
            }
        try:
            self.line.request(method, path, body, headers)
            answer = self.line.getresponse()
        except (HTTPException, ConnectionError):  # the server closes a line that has been still for two seconds
            self.line.close()
            self.line.request(method, path, body, headers)
            answer = self.line.getresponse()
        self.body = answer.read()
        for header in answer.headers.get_all("Set-Cookie") or ():
            name, _equals, value = header.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def get(self, path: str) -> bytes:
        """The page at an address; anything but a page is an error."""
        answer = self._ask("GET", path)
        if answer.status != 200:
            raise RuntimeError(f"{path} svarade {answer.status}")
        return self.body

    def seconds(self, path: str) -> float:
        """How long it takes until the whole page has come."""
        begun = time.perf_counter()
        self.get(path)
        return time.perf_counter() - begun

    def close(self) -> None:
        """Let go of the line."""
        self.line.close()
