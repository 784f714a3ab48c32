"""Where one running platform lives: its folder, its ports, its secrets, and the environment of its programs."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lib.secrets import new_key

ROOT = Path(__file__).resolve().parent.parent.parent
PARTNER_ID = "2001887"


@dataclass(frozen=True, kw_only=True)
class Place:
    """`database_url`, `redis_url` and `cache_url` name the servers, whoever started them."""

    folder: Path
    port: int
    stripe_port: int
    shopee_port: int
    database_url: str
    redis_url: str
    cache_url: str

    @property
    def web(self) -> str:
        """The platform's own address; a shop's host name stands before it."""
        return f"http://localhost:{self.port}"

    @property
    def stripe(self) -> str:
        return f"http://127.0.0.1:{self.stripe_port}"

    @property
    def shopee(self) -> str:
        return f"http://127.0.0.1:{self.shopee_port}"

    @property
    def push_url(self) -> str:
        return f"{self.web}/hooks/shopee/"

    def shop(self, slug: str) -> str:
        return f"http://{slug}.localhost:{self.port}"


def environment(place: Place, *, base: Mapping[str, str]) -> dict[str, str]:
    """What the programs of this place are told, on top of `base` (os.environ)."""
    return {
        **base,
        **own_secrets(place.folder / "env"),
        "DJANGO_SETTINGS_MODULE": "coop_shop.settings",
        "PYTHONUNBUFFERED": "1",
        "DEBUG": "",
        "DEMO": "1",
        "PLATFORM_HOST": "localhost",
        "SITE_SCHEME": "http",
        "SITE_PORT": f":{place.port}",
        "ALLOWED_HOSTS": "*",
        "BEHIND_PROXY": "",
        "SECURE_SSL_REDIRECT": "",
        "DATABASE_URL": place.database_url,
        "REDIS_URL": place.redis_url,
        "CACHE_URL": place.cache_url,
        "STATIC_ROOT": str(place.folder / "static"),
        "STATIC_MANIFEST": "1",
        "MEDIA_ROOT": str(place.folder / "media"),
        "BACKUP_ROOT": str(place.folder / "backups"),
        "EXIT_KIT_ROOT": str(place.folder / "exit-kits"),
        "EMAIL_BACKEND": "coop_shop.demo.mail.EmailBackend",
        "EMAIL_FILE_PATH": str(place.folder / "mail"),
        "STRIPE_API_BASE": place.stripe,
        "STRIPE_PAGE_ORIGIN": place.stripe,
        "SHOPEE_API_BASE": place.shopee,
        "SHOPEE_PARTNER_ID": PARTNER_ID,
        "SHOPEE_PUSH_URL": place.push_url,
        "DEMO_FOLDER": str(place.folder),
    }


def own_secrets(path: Path) -> dict[str, str]:
    """Secrets made for this place once, in a file that only its owner can read."""
    if not path.exists():
        made = {
            "SECRET_KEY": secrets.token_urlsafe(48),
            "CREDENTIAL_KEYS": new_key("demo"),
            "SHOPEE_PARTNER_KEY": f"shpk{secrets.token_hex(28)}",
            "SHOPEE_PUSH_KEY": f"shpk{secrets.token_hex(28)}",
            "STRIPE_ROOT": secrets.token_hex(16),  # what the shops' keys at the Stripe simulator are made from
        }
        path.touch(mode=0o600)
        path.write_text("".join(f"{name}={value}\n" for name, value in made.items()))
    return dict(line.split("=", 1) for line in path.read_text().splitlines() if "=" in line)
