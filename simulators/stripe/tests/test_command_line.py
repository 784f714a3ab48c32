"""The program as the demo starts it, in a process of its own."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import stripe

from simulators.stripe.tests.conftest import order

ROOT = Path(__file__).parents[3]


@contextmanager
def program(*options: str) -> Iterator[str]:
    """Its address, while it runs."""
    command = [sys.executable, "-m", "simulators.stripe", "--port", "0", *options]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        yield process.stdout.readline().split()[-1].rstrip("/")
    finally:
        process.terminate()
        assert process.wait(timeout=5) == 0
        process.stdout.close()


def test_a_restart_keeps_sessions_keys_and_accounts(tmp_path, shop):
    stripe.enable_telemetry = False
    options = [
        "--data",
        str(tmp_path / "stripe.json"),
        "--account",
        f"sk_test_garut=whsec_garut={shop.url}/garut?a=1#Koperasi Garut",
    ]
    key = {"idempotency_key": "pay-7:create"}
    with program(*options) as url:
        kopi = stripe.StripeClient("sk_test_garut", base_addresses={"api": url})
        session = kopi.v1.checkout.sessions.create(order(), key)

    with program(*options) as url:
        kopi = stripe.StripeClient("sk_test_garut", base_addresses={"api": url})
        assert kopi.v1.checkout.sessions.retrieve(session.id).to_dict() == session.to_dict()
        assert kopi.v1.checkout.sessions.create(order(), key).id == session.id
        endpoints = kopi.v1.webhook_endpoints.list().data
        assert [endpoint.url for endpoint in endpoints] == [f"{shop.url}/garut?a=1"]


def test_a_live_key_on_the_command_line_is_refused():
    command = [sys.executable, "-m", "simulators.stripe", "--port", "0", "--account", "sk_live_x=whsec_y=http://x/"]
    refused = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=10)
    assert refused.returncode != 0
    assert "no place for live keys" in refused.stderr
