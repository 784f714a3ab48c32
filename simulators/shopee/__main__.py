"""python -m simulators.shopee --port 8441 --partner-id 2001887 --partner-key … --push-key … --push-url …"""

import argparse
import signal
import threading
from pathlib import Path

from simulators.shopee.app import serving
from simulators.shopee.settings import Settings


def main() -> int:
    """Serve until a signal. A port in use is said on stderr by Werkzeug, exit code 1."""
    options = _options()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with serving(_settings(options), host=options.host, port=options.port) as (address, _):
        print(f"Shopee simulator ready on {address}/", flush=True)
        stop.wait()
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m simulators.shopee", description="Shopee Open Platform, simulated.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8441)
    parser.add_argument("--partner-id", type=int, required=True)
    parser.add_argument("--partner-key", required=True)
    parser.add_argument("--push-key", required=True, help="another key than the partner key")
    parser.add_argument("--push-url", default="", help="exactly as the partner registered it")
    parser.add_argument("--push-retry-seconds", type=_seconds, default=(300, 1800, 10800), help="e.g. 1,2,4")
    parser.add_argument("--rate-limit", type=float, help="calls per second and shop; default none")
    parser.add_argument("--data", type=Path, help="SQLite file that survives a restart; default memory only")
    parser.add_argument("--access-seconds", type=float, default=4 * 3600)
    parser.add_argument("--refresh-seconds", type=float, default=30 * 86400)
    return parser.parse_args()


def _seconds(text: str) -> tuple[float, ...]:
    return tuple(float(part) for part in text.split(","))


def _settings(options: argparse.Namespace) -> Settings:
    return Settings(**{name: value for name, value in vars(options).items() if name not in ("host", "port")})


if __name__ == "__main__":
    raise SystemExit(main())
