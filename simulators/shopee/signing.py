"""Shopee's two signatures: of a request (query `sign`) and of a push (header `Authorization`)."""

import hashlib
import hmac

SHORT_BASE_PREFIXES = ("/api/v2/auth/", "/api/v2/public/", "/api/v2/push/")
SHORT_BASE_PATHS = ("/api/v2/media_space/upload_image", "/api/v2/shop/auth_partner")


def has_short_base(path: str) -> bool:
    """Public-type calls sign neither access token nor shop."""
    return path.startswith(SHORT_BASE_PREFIXES) or path in SHORT_BASE_PATHS


def base_string(*, partner_id: int, path: str, timestamp: int, access_token: str = "", shop_id: int | str = "") -> str:
    """What a request signs: plain concatenation; business parameters and the body are not part of it."""
    base = f"{partner_id}{path}{timestamp}"
    return base if has_short_base(path) else f"{base}{access_token}{shop_id}"


def sign(*, key: str, base: str) -> str:
    """Lower-case hex HMAC-SHA256; the key is text and is never hex-decoded."""
    return hmac.new(key.encode(), base.encode(), hashlib.sha256).hexdigest()


def sign_push(*, push_key: str, url: str, body: str) -> str:
    """The push key is another key than the one for requests; the URL counts exactly as registered."""
    return sign(key=push_key, base=f"{url}|{body}")


def same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
