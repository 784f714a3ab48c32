"""How an answer of the platform looks: always the same envelope, HTTP 200 even for refusals."""

import json
import secrets


class Refused(Exception):
    """The platform says no. `error` is Shopee's code, `response` what it adds besides (failure lists)."""

    def __init__(self, error: str, message: str, response: dict | None = None) -> None:
        super().__init__(f"{error}: {message}")
        self.error, self.message, self.response = error, message, response


class TopLevel(dict):
    """A payload that stands beside `error` instead of under `response` (auth, public, shop info)."""


def accepted(payload: dict) -> dict:
    envelope = {"request_id": request_id(), "error": "", "message": ""}
    if isinstance(payload, TopLevel):
        return envelope | payload
    return envelope | {"warning": "", "response": payload}


def refused(refusal: Refused) -> dict:
    envelope = {"request_id": request_id(), "error": refusal.error, "message": refusal.message}
    return envelope | ({"response": refusal.response} if refusal.response is not None else {})


def request_id() -> str:
    return secrets.token_hex(16)


def fault_body(status: int) -> tuple[str, str]:
    """The envelope of the switchable HTTP errors."""
    return json.dumps(refused(Refused(_ERROR_OF_STATUS[status], ""))), "application/json"


_ERROR_OF_STATUS = {
    403: "error_permission",
    429: "error_rate_limit",
    500: "error_server",
    503: "error_system_busy",
}
