"""The command line: `python -m simulators.stripe --port 8431 --account sk_test_x=whsec_y=http://127.0.0.1:8000/...`."""

import argparse
import signal
import threading
from pathlib import Path

from simulators.stripe import accounts, remembering
from simulators.stripe.serving import DEFAULT_RETRIES, Simulator
from simulators.stripe.world import World


def main() -> None:
    options = _options()
    world = World()
    if options.data:
        remembering.load(world, options.data)
    for account in options.account:
        accounts.register(world, **account)
    simulator = Simulator(
        world,
        host=options.host,
        port=options.port,
        retry_seconds=options.retry_seconds,
        data=options.data,
        public_url=options.public_url,
    ).start()
    print(f"Stripe simulator: {simulator.url}/", flush=True)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()
    simulator.close()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m simulators.stripe", description="A stand-in for Stripe.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8431, help="0 takes a free port; the first line printed tells it")
    parser.add_argument("--data", type=Path, help="file that keeps everything over a restart")
    parser.add_argument(
        "--account",
        type=_account,
        action="append",
        default=[],
        metavar="KEY=WHSEC=URL[#NAME]",
        help="secret key, webhook secret and webhook address of one account, and a name for people",
    )
    parser.add_argument(
        "--retry-seconds", type=_seconds, default=DEFAULT_RETRIES, help="pauses between attempts: 1,2,4"
    )
    parser.add_argument("--public-url", default="", help="address of the hosted page for buyers, if not the caller's")
    return parser.parse_args()


def _account(text: str) -> dict[str, str]:
    parts = text.split("=", 2)
    if len(parts) != 3:
        raise argparse.ArgumentTypeError("expected KEY=WHSEC=URL")
    url, _, name = parts[2].partition("#")
    return {"secret_key": parts[0], "webhook_secret": parts[1], "webhook_url": url, "name": name}


def _seconds(text: str) -> list[float]:
    return [float(part) for part in text.split(",") if part]


if __name__ == "__main__":
    main()
