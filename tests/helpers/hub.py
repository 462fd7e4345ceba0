"""A stand-in of the model hub on this machine: serves one folder by the hub's protocol, and notes who asked what."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

COMMIT = "c" * 40


@contextmanager
def hub(name: str, folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Serves `folder` as the model `name`; gives the endpoint and the paths asked for so far."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked.append(f"GET {self.path}")
            self._answer(with_body=True)

        def do_HEAD(self) -> None:
            asked.append(f"HEAD {self.path}")
            self._answer(with_body=False)

        def log_message(self, *_: object) -> None:
            """Nothing to the terminal."""

        def _answer(self, *, with_body: bool) -> None:
            path = self.path.split("?")[0]
            if path == f"/api/models/{name}/revision/main":
                files = [{"rfilename": file.name, "size": file.stat().st_size} for file in sorted(folder.iterdir())]
                about = {"id": name, "modelId": name, "sha": COMMIT, "siblings": files, "private": False, "tags": []}
                self._send(200, json.dumps(about).encode(), with_body, {"Content-Type": "application/json"})
            elif path == f"/api/models/{name}/tree/{COMMIT}":
                tree = [
                    {"type": "file", "path": file.name, "size": file.stat().st_size, "oid": f"{number:040x}"}
                    for number, file in enumerate(sorted(folder.iterdir()))
                ]
                self._send(200, json.dumps(tree).encode(), with_body, {"Content-Type": "application/json"})
            elif path.startswith(f"/{name}/resolve/") and (folder / path.rsplit("/", 1)[1]).is_file():
                file = folder / path.rsplit("/", 1)[1]
                headers = {"ETag": f'"{sha1(file.read_bytes()).hexdigest()}"', "X-Repo-Commit": COMMIT}
                self._send(200, file.read_bytes(), with_body, headers)
            else:
                known = path.startswith(f"/{name}/")
                self._send(404, b"{}", with_body, {"X-Error-Code": "EntryNotFound" if known else "RepoNotFound"})

        def _send(self, status: int, body: bytes, with_body: bool, headers: dict[str, str]) -> None:
            self.send_response(status)
            for header, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(header, value)
            self.end_headers()
            if with_body:
                self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
