"""The one error that Stripe's API knows, in its shape on the wire."""

from typing import Any


class StripeError(Exception):
    """An answer that refuses.

    `saved` says whether the refusal is kept under the idempotency key: Stripe keeps what happened once the work
    had begun and forgets requests that failed validation.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        saved: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.kind = kind
        self.code = code
        self.param = param
        self.saved = saved

    def body(self) -> dict[str, Any]:
        error: dict[str, Any] = {"message": self.message, "type": self.kind}
        if self.code:
            error["code"] = self.code
            error["doc_url"] = f"https://stripe.com/docs/error-codes/{self.code.replace('_', '-')}"
        if self.param:
            error["param"] = self.param
        return {"error": error}


def resource_missing(noun: str, wanted: str, *, param: str, status: int = 404) -> StripeError:
    """404 when the object is named in the address, 400 when it is named in a parameter."""
    return StripeError(f"No such {noun}: '{wanted}'", status=status, code="resource_missing", param=param)
