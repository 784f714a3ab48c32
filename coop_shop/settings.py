"""One file, driven by the environment; `.env.example` lists every variable.

A development default exists only where it is harmless. Without DEBUG, SECRET_KEY and CREDENTIAL_KEYS must be given.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy

from coop_shop.console import UNFOLD  # noqa: F401

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", False)
DEMO = env.bool("DEMO", False)  # one-tap logins and the list of addresses; never where people trade
SECRET_KEY = env("SECRET_KEY", default="only-for-development" if DEBUG else environ.Env.NOTSET)
CREDENTIAL_KEYS = env.list(
    "CREDENTIAL_KEYS",
    default=["dev:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="] if DEBUG else environ.Env.NOTSET,
)

# --- where it answers ---
PLATFORM_HOST = env("PLATFORM_HOST", default="localhost")
SITE_SCHEME = env("SITE_SCHEME", default="https")
SITE_PORT = env("SITE_PORT", default="")  # as it stands in links: "" or ":8000"
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"])  # TenantMiddleware answers 404 to every unknown host

# --- domains of a cooperative's own (tenants/domains.py) ---
DNS_RESOLVERS = env.list("DNS_RESOLVERS", default=[])  # address or address:port; none: those of this machine
DNS_SECONDS = env.float("DNS_SECONDS", 5.0)  # for one question, however many servers are asked
DOMAIN_GRACE_DAYS = env.int("DOMAIN_GRACE_DAYS", 3)  # how long the record that proves a domain may be missing
PUBLIC_ADDRESSES = env.list("PUBLIC_ADDRESSES", default=[])  # where the proxy listens: what A and AAAA records say

# --- apps ---
SHARED_APPS = [
    "django_tenants",
    "tenants",
    "accounts",
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "django_filters",
    "pictures",
    "storefront",
    "backoffice",
    "hosting",
    "coop_shop",
    "coop_shop.demo",
]
TENANT_APPS = [
    "django.contrib.sessions",
    "allauth.account",
    "allauth.mfa",
    "accounts",
    "notifications",
    "members",
    "catalog",
    "inventory",
    "shipping",
    "orders",
    "ledger",
    "pages",
    "questions",
    "reviews",
    "payments",
    "marketplaces",
]
INSTALLED_APPS = [*SHARED_APPS, *(app for app in TENANT_APPS if app not in SHARED_APPS)]
TENANT_MODEL = "tenants.Cooperative"
TENANT_DOMAIN_MODEL = "tenants.Domain"
ROOT_URLCONF = "coop_shop.urls"
PUBLIC_SCHEMA_URLCONF = "coop_shop.urls_public"
SHOW_PUBLIC_IF_NO_TENANT_FOUND = False
HOSTS_KNOWN_SECONDS = env.float("HOSTS_KNOWN_SECONDS", 5.0)  # how long a process may remember whose host it is

MIDDLEWARE = [
    "coop_shop.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "coop_shop.compressing.CompressText",
    "tenants.middleware.TenantMiddleware",
    "storefront.page_cache.PageCache",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "tenants.middleware.SessionBelongsHere",
    "django.middleware.locale.LocaleMiddleware",
    "tenants.middleware.StateGate",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "backoffice.visiting.VisitMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
WSGI_APPLICATION = "coop_shop.wsgi.application"

_LOADERS = [
    (
        "django.template.loaders.cached.Loader",
        [
            "lib.icons.Loader",
            "django.template.loaders.filesystem.Loader",
            "django.template.loaders.app_directories.Loader",
        ],
    )
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": _LOADERS,
            "libraries": {
                "shop": "lib.tags",
                "pictures_shop": "catalog.tags",
                "channel_words": "marketplaces.tags",
                "structured": "storefront.tags",
                "cards": "storefront.cards",
                "face_shop": "storefront.face_tags",
                "markup_shop": "pages.tags",
            },
            "builtins": ["django_cotton.templatetags.cotton"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "storefront.context.shop",
            ],
        },
    }
]

# --- state ---
# Cooperatives may live on further servers (name=address,...), and each server may have a replica for long reports.
DATABASE_SERVERS = env.dict("DATABASE_SERVERS", default={})
REPLICA_SUFFIX = "_replica"
REPLICA_LAG_SECONDS = env.float("REPLICA_LAG_SECONDS", 10.0)
_ADDRESSES = {
    "default": env("DATABASE_URL", default="postgres://postgres@localhost:5432/coop_shop"),
    **DATABASE_SERVERS,
    **{f"{name}{REPLICA_SUFFIX}": url for name, url in env.dict("DATABASE_REPLICAS", default={}).items()},
}
DATABASES = {
    name: {
        **env.db_url_config(url),
        "ENGINE": "tenants.postgresql",
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 0,
    }
    for name, url in _ADDRESSES.items()
}
if env.bool("DATABASE_POOL", False):  # the web process; Celery reuses connections instead
    for _name, _database in DATABASES.items():
        _database["OPTIONS"] = {
            **_database.get("OPTIONS", {}),  # a socket's folder comes this way
            "pool": {
                "min_size": 2 if _name == "default" else 0,
                "max_size": env.int("WEB_THREADS", 8) + 1,
                "timeout": 5,
                # a session remembers each cooperative it has served: it ends before that is much (docs/scaling.md)
                "max_lifetime": 120,
                "max_idle": 120,
            },
        }
DATABASE_ROUTERS = ["tenants.servers.HomeRouter", "django_tenants.routers.TenantSyncRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL", default="redis://localhost:6379/0")  # the broker: AOF, noeviction
CACHE_URL = env("CACHE_URL", default="redis://localhost:6379/1")  # may be lost at any time
_CACHE = {
    "BACKEND": "django.core.cache.backends.redis.RedisCache",
    "LOCATION": CACHE_URL,
    "TIMEOUT": 300,
    "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
}
CACHES = {
    "default": {**_CACHE, "KEY_FUNCTION": "tenants.cache.make_key"},  # a cooperative's own
    "shared": {**_CACHE, "KEY_PREFIX": "shared"},  # what is not any cooperative's: its keys name the schema themselves
}
PAGE_CACHE_SECONDS = env.int("PAGE_CACHE_SECONDS", 600)  # at most; a change shows at once anyway. 0: keep no pages
REMEMBER_SHELVES = env.bool("REMEMBER_SHELVES", True)  # rows behind a shelf, in the process, until something changes
SESSION_ENGINE = "django.contrib.sessions.backends.db"  # a cart survives the loss of the cache
SESSION_COOKIE_NAME = "__Host-sessionid" if SITE_SCHEME == "https" else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if SITE_SCHEME == "https" else "csrftoken"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

# --- files ---
STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(BASE_DIR / "media")))
PURGE_AFTER_DAYS = env.int("PURGE_AFTER_DAYS", 30)  # how long officers of a closed cooperative may take its data along
# Backups of each cooperative (docs/backup.md): on another disk than the database's, never served.
EXIT_KIT_ROOT = Path(env("EXIT_KIT_ROOT", default=str(BASE_DIR / "exit-kits")))  # web and worker share it
EXIT_KIT_DAYS = env.int("EXIT_KIT_DAYS", 7)  # how long one can be fetched
BACKUP_ROOT = Path(env("BACKUP_ROOT", default=str(BASE_DIR / "backups")))
BACKUP_KEYS = env.list("BACKUP_KEYS", default=[])  # newest first, as CREDENTIAL_KEYS; empty: not sealed
BACKUP_KEEP_DAYS = env.int("BACKUP_KEEP_DAYS", 7)
BACKUP_KEEP_WEEKS = env.int("BACKUP_KEEP_WEEKS", 4)
BACKUP_KEEP_MONTHS = env.int("BACKUP_KEEP_MONTHS", 12)
BACKUP_KEEP_OTHERS = env.int("BACKUP_KEEP_OTHERS", 35)  # days: made by hand, before a purge, of who is gone
BACKUPS_AT_ONCE = env.int("BACKUPS_AT_ONCE", 1)  # so many workers may be at backups at night
_MANIFEST = env.bool("STATIC_MANIFEST", not DEBUG)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _MANIFEST
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not _MANIFEST
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
PICTURES = {
    "BREAKPOINTS": {"phone": 640, "desk": 1024},
    "GRID_COLUMNS": 4,
    "CONTAINER_WIDTH": 720,
    "FILE_TYPES": ["AVIF", "WEBP"],
    "PIXEL_DENSITIES": [1],
    "USE_PLACEHOLDERS": False,
    "PICTURE_CLASS": "catalog.picturing.ShopPicture",
    "PROCESSOR": "pictures.tasks.noop",  # catalog.picturing renders: the picture row is the queue
}

# --- people ---
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/kelola/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.bool("BEHIND_PROXY", False) else 0  # rate limits count by address
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
MFA_ADAPTER = "accounts.second_factor.Adapter"  # operators only: see there
MFA_FORMS = {
    "authenticate": "accounts.second_factor.PassForm",
    "reauthenticate": "accounts.second_factor.PassAgainForm",
    "activate_totp": "accounts.second_factor.SetUpForm",
}
MFA_TOTP_ISSUER = "Coop Shop"
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
MFA_RECOVERY_CODES_SHOW_ONCE = True

# --- the platform's host: sign-up of cooperatives, features that operators turn on ---
SIGN_UP_AUTO_APPROVE = env.bool("SIGN_UP_AUTO_APPROVE", False)  # a proven e-mail address is enough for a shop
ACCOUNT_RATE_LIMITS = {  # the others are allauth's
    "apply": "20/h/ip,5/h/key",
    "ask": "10/h/ip",  # hosting/signing_up.py
    "review": "60/h/ip,10/h/key",  # storefront/views/reviewing.py
}
SWITCHES = {  # tenants/switches.py: on until turned?, what it does
    "sign_up": (True, gettext_lazy("Koperasi boleh mendaftar sendiri di halaman depan.")),
    "own_domains": (True, gettext_lazy("Koperasi boleh memakai domain sendiri.")),
    "shopee": (True, gettext_lazy("Koperasi boleh menyambungkan toko Shopee.")),
}

# --- languages, money, time ---
LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
USE_THOUSAND_SEPARATOR = False

# --- mail ---
EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://")
EMAIL_BACKEND = env("EMAIL_BACKEND", default=EMAIL_CONFIG["EMAIL_BACKEND"])
EMAIL_HOST = EMAIL_CONFIG.get("EMAIL_HOST", "")
EMAIL_PORT = EMAIL_CONFIG.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = EMAIL_CONFIG.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = EMAIL_CONFIG.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = EMAIL_CONFIG.get("EMAIL_USE_TLS", False)  # smtp+tls://, port 587
EMAIL_USE_SSL = EMAIL_CONFIG.get("EMAIL_USE_SSL", False)  # smtp+ssl://, port 465
EMAIL_FILE_PATH = env("EMAIL_FILE_PATH", default=str(BASE_DIR / "var" / "mail"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default=f"no-reply@{PLATFORM_HOST}")

# --- jobs: kind of due work -> the task that does it (tenants/due.py), in whose turn (tenants/turns.py) ---
DUE_TASKS = {
    "push": "marketplaces.tasks.push",
    "pull": "marketplaces.tasks.pull",
    "import_orders": "marketplaces.tasks.import_orders",
    "reconcile": "marketplaces.tasks.reconcile",
    "settle": "payments.tasks.settle_notices",
    "watch_payments": "payments.tasks.watch_payments",
    "expire": "orders.tasks.expire_unpaid",
    "messages": "notifications.tasks.send_messages",
    "pictures": "catalog.tasks.render_pictures",
    "passport": "catalog.tasks.check_passports",
    "import": "inventory.tasks.import_products",
    "fetch_pictures": "catalog.tasks.fetch_pictures",
    "extra_words": "catalog.tasks.write_extra_words",
    "vocabulary": "catalog.tasks.count_words",
    "upkeep": "tenants.tasks.upkeep",
    "pulse": "coop_shop.tasks.pulse",
    "verify": "coop_shop.tasks.verify",
}
SLOW_KINDS = {
    "pull", "reconcile", "watch_payments", "pictures", "passport", "import", "fetch_pictures", "extra_words",
    "vocabulary", "upkeep", "pulse", "verify",
}  # fmt: skip  # nobody waits for them
# What one cooperative may have at work at once, and the slow kinds of all together. Less than the processes of all
# workers, so that there is always one left for somebody else.
TURNS_AT_ONCE = env.int("TURNS_AT_ONCE", 2)
SLOW_TURNS_AT_ONCE = env.int("SLOW_TURNS_AT_ONCE", 2)
# Each brings the standing orders of a cooperative in line with what it needs (tenants/sweeping.py)
STANDING_ORDERS = [
    "marketplaces.clock.set_clock",
    "payments.watching.set_clock",
    "catalog.passport.watching.set_clock",
    "tenants.pulse.set_clock",
]
CELERY_BROKER_URL = REDIS_URL

# --- the other side of every wire: the real hosts, or programs that speak as they do ---
STRIPE_API_BASE = env("STRIPE_API_BASE", default="https://api.stripe.com")
STRIPE_PAGE_ORIGIN = env("STRIPE_PAGE_ORIGIN", default="https://checkout.stripe.com")
SHOPEE_API_BASE = env("SHOPEE_API_BASE", default="https://partner.shopeemobile.com")
# where Shopee asks the seller for consent; the page that starts it lets its form be redirected there
SHOPEE_PAGE_ORIGINS = env.list(
    "SHOPEE_PAGE_ORIGINS", default=[SHOPEE_API_BASE, "https://*.shopee.com", "https://*.shopee.co.id"]
)
SHOPEE_PARTNER_ID = env.int("SHOPEE_PARTNER_ID", 0)
SHOPEE_PARTNER_KEY = env("SHOPEE_PARTNER_KEY", default="")
SHOPEE_PUSH_KEY = env("SHOPEE_PUSH_KEY", default="")
SHOPEE_PUSH_URL = env("SHOPEE_PUSH_URL", default="")  # exactly as registered in Shopee's console
SHOPEE_CALLS_PER_SECOND = env.float("SHOPEE_CALLS_PER_SECOND", 10.0)  # Shopee publishes no figure

# --- safety ---
_HTTPS = SITE_SCHEME == "https"
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", _HTTPS)
SECURE_REDIRECT_EXEMPT = [r"^hooks/"]  # providers do not follow a redirect
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", False) else None
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
# A cooperative's own domain may have other hosts below it that are none of our business.
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
SECURE_HSTS_PRELOAD = False
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = _HTTPS
CSRF_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_DOMAIN = None  # host-only: a cookie of one shop is never sent to another
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000  # a product may have a hundred choices with thirteen fields each
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/operator/", "/en/operator/"],
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF, STRIPE_PAGE_ORIGIN],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"tenant": {"()": "coop_shop.logs.TenantFilter"}},
    "formatters": {"line": {"format": "{asctime} {levelname} [{schema}] {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["tenant"], "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    # httpx logs whole addresses, and addresses of marketplaces carry tokens
    "loggers": {
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
        "stripe": {"level": "WARNING"},
    },
}
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # HSTS for all below and preloaded: see above
