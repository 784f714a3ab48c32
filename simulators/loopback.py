"""Names below `localhost` are this machine (RFC 6761), also where the operating system does not say so."""

import httpx


class LoopbackTransport(httpx.HTTPTransport):
    """Connects to 127.0.0.1 for `<anything>.localhost`; the Host header stays as it was asked for."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host.endswith(".localhost"):
            request.url = request.url.copy_with(host="127.0.0.1")
        return super().handle_request(request)
