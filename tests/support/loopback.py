"""HTTP servers on loopback, for tests that speak to one."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer

_LOOKS_FOR_THE_END_EVERY_SECONDS = 0.01
"""By default a server notices its end half a second late, which adds up over some hundred tests."""


@contextmanager
def serving(server: ThreadingHTTPServer) -> Iterator[str]:
    """Let ``server`` answer until the block ends, and give its address."""
    thread = threading.Thread(target=server.serve_forever, args=(_LOOKS_FOR_THE_END_EVERY_SECONDS,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
