"""Shopee's two signatures (developer guide 16 and 18): hex of HMAC-SHA256, keys taken as text."""

import hashlib
import hmac

PUBLIC_PREFIXES = ("/api/v2/auth/", "/api/v2/public/", "/api/v2/push/")
PUBLIC_PATHS = ("/api/v2/media_space/upload_image", "/api/v2/shop/auth_partner")


def is_public(path: str) -> bool:
    """Public calls sign neither token nor shop."""
    return path.startswith(PUBLIC_PREFIXES) or path in PUBLIC_PATHS


def base_string(*, partner_id: int, path: str, timestamp: int, token: str = "", shop_id: str = "") -> str:
    """What the signature of a call covers; business parameters and body are not part of it. Seconds."""
    common = f"{partner_id}{path}{timestamp}"
    return common if is_public(path) else f"{common}{token}{shop_id}"


def sign(*, key: str, base: str) -> str:
    return hmac.new(key.encode(), base.encode(), hashlib.sha256).hexdigest()


def sign_push(*, push_key: str, url: str, raw_body: bytes) -> str:
    """`url` exactly as it is registered in Shopee's console: one slash more is another signature."""
    return hmac.new(push_key.encode(), url.encode() + b"|" + raw_body, hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())
