"""Puts the simulator together: one Flask application over one state."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from flask import Flask, Response, g, request
from werkzeug.serving import WSGIRequestHandler, make_server

from simulators import faults
from simulators.shopee import (
    browsing,
    catalogue,
    control,
    gate,
    listing,
    order_calls,
    pages,
    pictures,
    pushes,
    shipping,
    stock,
    tokens,
    variants,
)
from simulators.shopee.envelope import fault_body
from simulators.shopee.settings import Settings
from simulators.shopee.state import State

# Importing these registers their calls with the gate.
CALL_MODULES = (
    browsing,
    catalogue,
    listing,
    order_calls,
    pictures,
    pushes,
    shipping,
    stock,
    tokens,
    variants,
)
NOT_LOGGED = ("access_token", "sign", "partner_id", "timestamp")


def make_app(state: State) -> Flask:
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 100 * 1024 * 1024
    app.before_request(_begin)
    faults.install(app, state.faults, error_body=fault_body)
    app.after_request(partial(_log, state))  # runs before the after-work faults, so it sees the true answer
    gate.open_gate(app, state)
    tokens.add_consent_page(app, state)
    pictures.add_picture_page(app, state)
    pages.add_pages(app, state)
    control.add_control(app, state)
    return app


@contextmanager
def serving(settings: Settings, *, host: str = "127.0.0.1", port: int = 0) -> Iterator[tuple[str, State]]:
    """Run in the background: (base address, state). Port 0 takes a free one. Raises SystemExit if it is taken."""
    state = State(settings)
    server = make_server(host, port, make_app(state), threaded=True, request_handler=_QuietHandler)
    pushes.revive(state)
    sender = pushes.Sender(state)
    serve = partial(server.serve_forever, poll_interval=0.05)
    thread = threading.Thread(target=serve, daemon=True)  # noqa: TID251 - knows no tenant
    thread.start()
    try:
        yield f"http://{host}:{server.server_port}", state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        sender.stop()
        state.close()


class _QuietHandler(WSGIRequestHandler):
    """No line per request: addresses carry access tokens."""

    def log(self, type: str, message: str, *args: object) -> None:
        pass


def _begin() -> None:
    g.began = time.time()


def _log(state: State, answer: Response) -> Response:
    if request.path.startswith("/api/"):
        entry = {
            "at": g.began,
            "seconds": round(time.time() - g.began, 4),
            "method": request.method,
            "path": request.path,
            "shop_id": request.args.get("shop_id", type=int),
            "status": answer.status_code,
            "error": g.get("platform_error"),
            "query": {name: text for name, text in request.args.items() if name not in NOT_LOGGED},
        }
        state.calls.append(entry)
    return answer
