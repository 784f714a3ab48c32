"""What runs: the web server, the courier of notices, the clock that expires sessions, and the data file."""

import threading
from pathlib import Path

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException
from werkzeug.serving import WSGIRequestHandler, make_server

from simulators.faults import install
from simulators.stripe import api, checkout, control, dashboard, hosted, remembering
from simulators.stripe.amounts import shown
from simulators.stripe.delivering import Courier
from simulators.stripe.world import World

DEFAULT_RETRIES = [1.0, 2.0, 4.0, 8.0, 16.0]  # seconds; the real ones reach over three days
_TICK = 0.25  # seconds


def create_app(world: World, *, public_url: str = "") -> Flask:
    """The web application; `public_url` replaces the caller's address in links to the hosted page."""
    app = Flask("simulators.stripe")
    app.jinja_env.filters["money"] = shown

    def base_url() -> str:
        return (public_url or request.host_url).rstrip("/")

    install(app, world.faults, error_body=api.fault_body)
    app.register_blueprint(api.blueprint(world, base_url))
    app.register_blueprint(hosted.blueprint(world))
    app.register_blueprint(dashboard.blueprint(world))
    app.register_blueprint(control.blueprint(world))
    app.register_error_handler(HTTPException, _http_error)
    return app


class Simulator:
    """A running simulator. `port` 0 takes a free one; `url` tells which."""

    def __init__(
        self,
        world: World,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        retry_seconds: list[float] | None = None,
        data: Path | None = None,
        public_url: str = "",
    ) -> None:
        self.world = world
        self._data = data
        self._saved_changes = world.changes
        self._server = make_server(
            host, port, create_app(world, public_url=public_url), threaded=True, request_handler=_QuietHandler
        )
        self.url = f"http://{host}:{self._server.server_port}"
        self._courier = Courier(world, retry_seconds=DEFAULT_RETRIES if retry_seconds is None else retry_seconds)
        self._stopped = threading.Event()
        # The simulator has no tenants.
        self._web = threading.Thread(target=self._server.serve_forever, daemon=True)  # noqa: TID251
        self._clock = threading.Thread(target=self._tick, daemon=True)  # noqa: TID251

    def start(self) -> "Simulator":
        self._courier.start()
        self._clock.start()
        self._web.start()
        return self

    def close(self) -> None:
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()
        self._courier.stop()
        self._clock.join()
        self._save()

    def _tick(self) -> None:
        while not self._stopped.wait(_TICK):
            checkout.expire_due(self.world)
            self._save()

    def _save(self) -> None:
        if self._data and self.world.changes != self._saved_changes:
            self._saved_changes = remembering.save(self.world, self._data)


class _QuietHandler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:
        """Say nothing per request: the operator's page shows what happened."""


def _http_error(error: HTTPException) -> Response | HTTPException | tuple[Response, int]:
    if request.path.startswith("/v1"):
        return api.unknown_address(request.path, request.method)
    if request.path.startswith("/_control"):
        return jsonify(error=error.description), error.code or 500
    return error
