"""What one running simulator is told at start; `/_control/settings` can change the CHANGEABLE ones."""

from dataclasses import dataclass
from pathlib import Path

CHANGEABLE = (
    "access_seconds",
    "code_seconds",
    "overlap_seconds",
    "push_retry_seconds",
    "push_timeout_seconds",
    "push_url",
    "rate_limit",
    "refresh_seconds",
)


@dataclass
class Settings:
    """Durations in seconds. `rate_limit` is calls per second and shop; None = no limit (Shopee publishes none)."""

    partner_id: int
    partner_key: str
    push_key: str
    push_url: str = ""
    rate_limit: float | None = None
    data: Path | None = None
    code_seconds: float = 600
    access_seconds: float = 4 * 3600
    overlap_seconds: float = 300
    refresh_seconds: float = 30 * 86400
    push_retry_seconds: tuple[float, ...] = (300, 1800, 10800)
    push_timeout_seconds: float = 3
