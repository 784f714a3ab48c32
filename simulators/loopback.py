"""Names below `localhost` are this machine (RFC 6761), also where the operating system does not say so."""

import httpx


class LoopbackTransport(httpx.HTTPTransport):
    """Connects to 127.0.0.1 for `<anything>.localhost`; the Host header stays as it was asked for."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host.endswith(".localhost"):
            request = httpx.Request(
                request.method,
                request.url.copy_with(host="127.0.0.1"),
                headers=request.headers,
                stream=request.stream,
                extensions=request.extensions,
            )
        return super().handle_request(request)
