"""Shopee's refusals as our few errors. Its codes are overloaded and may carry a module's name, so the code without it
is read together with the message (error tables of the API reference)."""

from marketplaces.channels.errors import (
    ChannelDown,
    ChannelError,
    NotFound,
    Problem,
    RateLimited,
    Refused,
    Rejected,
    TokenInvalid,
)

# (code, part of the message in lower case) where the code alone does not say enough
BY_MESSAGE = (
    ("error_auth", "access_token", TokenInvalid),
    ("error_auth", "linked", TokenInvalid),
    ("error_auth", "invalid code", "code_spent"),
    ("error_auth", "reserved stock", "reserved_stock"),
    ("error_auth", "partner_id", "app_invalid"),
    ("error_param", "sign", "app_invalid"),
    ("error_param", "timestamp", "clock"),
    ("error_param", "7 times", "price_spread"),
    ("error_param", "description", "description_refused"),
    ("error_param", "image", "picture_refused"),
)  # fmt: skip
TOKEN = {
    "invalid_acceess_token", "invalid_access_token", "shop_no_linked", "partner_shop_no_link", "shop_access_expired",
    "refresh_token_expired", "error_shop_refresh_token",
}  # fmt: skip
LIMITED = {"error_rate_limit", "error_limit"}
BUSY = {"error_server", "error_inner", "error_network", "error_system_busy", "error_data"}
GONE = {"error_item_not_found"}
REFUSED = {
    "invalid_partner_id": "app_invalid", "error_partner_key_expired": "app_invalid", "api_suspended": "app_invalid",
    "error_api_call_restricted": "app_invalid", "error_sign": "app_invalid", "source_ip_undeclared": "app_invalid",
    "error_api_permission": "not_allowed", "error_permission": "not_allowed", "error_kyc_auth": "shop_suspended",
    "shop_banned": "shop_suspended", "error_seller_under_penalty": "shop_suspended",
    "invalid_code": "code_spent", "invalid_shop_id": "code_spent",
}  # fmt: skip
REJECTED = {
    "error_title_exceeds_max_length": "title_refused",
    "error_name_length_limit": "title_refused",
    "error_title_character_forbidden": "title_characters",
    "error_desc_length_min_limit": "description_refused",
    "error_invalid_category": "category_unusable",
    "error_forbidden_category": "category_forbidden",
    "error_invalid_brand": "brand_refused",
    "error_brand_forbidden": "brand_refused",
    "error_less_required_attribute": "attribute_missing",
    "error_invalid_attribute_value": "attribute_refused",
    "error_price_exceed_min_limitt": "price_refused",
    "error_price_exceed_max_limitt": "price_refused",
    "error_image_unavailable": "picture_refused",
    "error_repeated_mtsku": "duplicate",
    "error_reach_shop_item_limit": "shop_full",
    "error_item_uneditable": "not_editable",
    "error_cannt_edit_stock_in_promotion": "promotion",
    "error_cannot_update_price_in_promotion": "promotion",
    "error_holiday_mode_change_stock": "holiday",
}
FAILED_REASONS = (("reserved stock", "reserved_stock"), ("promotion", "promotion"), ("does not exist", "variant_gone"))


def classify(error: str, message: str) -> ChannelError:
    """The error for a non-empty `error` of an answer."""
    code, text = error.rpartition(".")[2], message.lower()
    for known, part, meaning in BY_MESSAGE:
        if code == known and part in text:
            return _of(meaning, message)
    if code in TOKEN:
        return TokenInvalid(code)
    if code in LIMITED:
        return RateLimited()
    if code in BUSY:
        return ChannelDown(code, outcome_unknown=True)
    if code in REFUSED:
        return Refused(Problem(code=REFUSED[code], detail=message))
    return NotFound(code) if code in GONE else _rejected(code, message)


def failed_reason(text: str) -> Problem:
    """The problem of one variant or item in a `failure_list`; what we do not know counts as passing."""
    low = text.lower()
    code = next((code for part, code in FAILED_REASONS if part in low), "passing")
    return Problem(code=code, detail=text)


def _rejected(code: str, message: str) -> Rejected:
    if code in REJECTED:  # of "Mandatory attribute missing: Bahan" our sentence needs the name
        return Rejected([Problem(code=REJECTED[code], detail=message.rpartition(": ")[2])])
    return Rejected([Problem(code="other", detail=message or code)])


def _of(meaning: type[TokenInvalid] | str, message: str) -> ChannelError:
    if not isinstance(meaning, str):
        return meaning(message)
    problem = Problem(code=meaning, detail=message)
    if meaning in ("app_invalid", "clock", "code_spent"):
        return Refused(problem)
    return Rejected([problem])
