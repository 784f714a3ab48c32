"""What the tests use to speak to the simulator: a partner that signs, a callback that listens, a picture."""

import threading
import time
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

import httpx
from PIL import Image

from simulators.shopee import signing

PARTNER_ID, PARTNER_KEY, PUSH_KEY = 2001887, "shpk-api-key-of-the-tests", "shpk-push-key-of-the-tests"
SHOP, OTHER_SHOP = 220033101, 220033102
HTTP = httpx.Client(timeout=5)  # one for all: making a client costs more than a call


class Partner:
    """Signs calls by its own few lines, so that a wrong rule in signing.py cannot hide itself."""

    def __init__(self, address: str, *, shop_id: int = SHOP) -> None:
        self.address, self.shop_id, self.token = address, shop_id, ""

    def get(self, path: str, **query: object) -> dict:
        return self._call("GET", path, params=query)

    def post(self, path: str, **body: object) -> dict:
        return self._call("POST", path, json=body)

    def control(self, name: str, **wish: object) -> dict:
        return HTTP.post(f"{self.address}/_control/{name}", json=wish).json()

    def break_with(self, fault: str, **more: object) -> None:
        entry = {"fault": fault, "times": 1, **more}
        assert HTTP.post(f"{self.address}/_control/faults", json=[entry]).status_code == 200

    def state(self) -> dict:
        return HTTP.get(f"{self.address}/_control/state").json()

    def signed(self, path: str, *, timestamp: int | None = None, key: str = PARTNER_KEY) -> dict:
        now = int(time.time()) if timestamp is None else timestamp
        url = f"/api/v2/{path}"
        short = path.startswith(("auth/", "public/", "push/")) or path == "media_space/upload_image"
        base = f"{PARTNER_ID}{url}{now}" + ("" if short else f"{self.token}{self.shop_id}")
        query = {"partner_id": PARTNER_ID, "timestamp": now, "sign": signing.sign(key=key, base=base)}
        return query if short else query | {"access_token": self.token, "shop_id": self.shop_id}

    def send(self, method: str, path: str, query: dict, **more: object) -> httpx.Response:
        return HTTP.request(method, f"{self.address}/api/v2/{path}", params=query, **more)

    def authorize(self) -> dict:
        code = self.control("authorize", shop_id=self.shop_id)["code"]
        pair = self.exchange(code)
        self.token = pair["access_token"]
        return pair

    def exchange(self, code: str) -> dict:
        return self.post("auth/token/get", code=code, partner_id=PARTNER_ID, shop_id=self.shop_id)

    def refresh(self, token: str) -> dict:
        return self.post("auth/access_token/get", refresh_token=token, partner_id=PARTNER_ID, shop_id=self.shop_id)

    def upload(self, content: bytes) -> dict:
        path = "media_space/upload_image"
        return self.send("POST", path, self.signed(path), files={"image": ("a.png", content)}).json()

    def listing(self, **changes: object) -> dict:
        """A complete, valid add_item body."""
        picture = self.upload(png())["response"]["image_info"]["image_id"]
        return {
            "item_name": "Kopi Gayo Arabika 250 g",
            "description": "Kopi arabika dari Takengon, sangrai sedang.",
            "category_id": 100660,
            "original_price": 65000,
            "seller_stock": [{"stock": 10}],
            "weight": 0.3,
            "brand": {"brand_id": 0, "original_brand_name": "NoBrand"},
            "image": {"image_id_list": [picture]},
            "logistic_info": [{"logistic_id": 8003, "enabled": True}],
            "item_sku": "KOP-250",
        } | changes

    def add(self, **changes: object) -> int:
        answer = self.post("product/add_item", **self.listing(**changes))
        assert answer["error"] == "", answer
        return answer["response"]["item_id"]

    def add_with_models(self) -> tuple[int, list[int]]:
        """An item with two models, 250 g (stock 10) and 1 kg (stock 4)."""
        item_id = self.add()
        answer = self.post("product/init_tier_variation", **two_weights(item_id))
        assert answer["error"] == "", answer
        return item_id, [model["model_id"] for model in answer["response"]["model"]]

    def set_stock(self, item_id: int, amounts: dict[int, int]) -> dict:
        rows = [{"model_id": model_id, "seller_stock": [{"stock": amount}]} for model_id, amount in amounts.items()]
        return self.post("product/update_stock", item_id=item_id, stock_list=rows)

    def stock(self, item_id: int) -> dict[int, int]:
        [item] = [item for item in self.state()["items"] if item["item_id"] == item_id]
        return {model["model_id"]: model["stock"] for model in item["models"]}

    def buy(self, item_id: int, quantity: int = 1, **more: object) -> dict:
        return self.control("buy", item_id=item_id, quantity=quantity, **more)

    def _call(self, method: str, path: str, params: dict | None = None, **more: object) -> dict:
        return self.send(method, path, {**(params or {}), **self.signed(path)}, **more).json()


class Callback:
    """A partner's callback address that answers as told and keeps what came."""

    def __init__(self, answers: list[int] | None = None) -> None:
        self.came: list[tuple[float, str, str]] = []
        self.answers, self.body = answers or [], b""
        callback = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                status = callback.answers.pop(0) if callback.answers else 200
                callback.came.append((time.monotonic(), self.headers["Authorization"], body))
                self.send_response(status)
                self.end_headers()
                self.wfile.write(callback.body)

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/webhooks/shopee/"
        serve = partial(self._server.serve_forever, poll_interval=0.02)
        threading.Thread(target=serve, daemon=True).start()  # noqa: TID251 - knows no tenant

    def wait_for(self, count: int) -> list[tuple[float, str, str]]:
        wait_until(lambda: len(self.came) >= count)
        return self.came

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def two_weights(item_id: int, **changes: object) -> dict:
    return {
        "item_id": item_id,
        "tier_variation": [{"name": "Berat", "option_list": [{"option": "250 g"}, {"option": "1 kg"}]}],
        "model": [model_row([0], 65000, 10, "KOP-250-A"), model_row([1], 230000, 4, "KOP-1000-A")],
    } | changes


def model_row(place: list[int], price: int, stock: int, sku: str = "") -> dict:
    return {
        "tier_index": place,
        "original_price": price,
        "seller_stock": [{"stock": stock}],
        "model_sku": sku,
    }


def png(size: int = 8) -> bytes:
    picture = BytesIO()
    Image.new("RGB", (size, size), "#7a4a21").save(picture, "PNG")
    return picture.getvalue()


def wait_until(happened, *, seconds: float = 5) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.02)
