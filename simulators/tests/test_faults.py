"""Each fault strikes as it says, as often as it says, and whether the work was done is as it says."""

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from functools import partial

import httpx
import pytest
from flask import Flask, jsonify
from werkzeug.serving import make_server

from simulators.faults import HUGE_BYTES, Faults, install

LONG = "x" * 1000


class Program:
    """A small program with one address that counts its work."""

    def __init__(self) -> None:
        self.faults = Faults(default_prefix="/api/", own={"own_fault": "the program's own"})
        self.worked = 0
        app = Flask("counting")
        install(app, self.faults)

        @app.route("/api/job", methods=["GET", "POST"])
        def work():
            self.worked += 1
            return jsonify(worked=self.worked, filler=LONG)

        app.add_url_rule("/page", "page", lambda: "a page for people")
        self.server = make_server("127.0.0.1", 0, app, threaded=True)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def switch_on(self, **entry: object) -> None:
        assert httpx.post(f"{self.url}/_control/faults", json=[entry]).status_code == 200

    def work(self) -> httpx.Response:
        return httpx.get(f"{self.url}/api/job", timeout=5)


@pytest.fixture
def program() -> Iterator[Program]:
    program = Program()
    serve = partial(program.server.serve_forever, poll_interval=0.02)
    thread = threading.Thread(target=serve, daemon=True)  # noqa: TID251 - no tenant here
    thread.start()
    yield program
    program.server.shutdown()
    thread.join()
    program.server.server_close()


@pytest.mark.parametrize(("fault", "status"), [("403", 403), ("429", 429), ("500", 500), ("503", 503)])
def test_a_refusing_fault_answers_its_status_and_does_no_work(program, fault, status):
    program.switch_on(fault=fault, times=1)
    assert program.work().status_code == status
    assert program.worked == 0
    assert program.work().json()["worked"] == 1


def test_429_carries_retry_after_exactly_as_given_even_nonsense(program):
    program.switch_on(fault="429", times=1, retry_after="soon, perhaps")
    assert program.work().headers["Retry-After"] == "soon, perhaps"


def test_429_without_retry_after_has_no_such_header(program):
    program.switch_on(fault="429", times=1)
    assert "Retry-After" not in program.work().headers


def test_502_is_a_page_of_html(program):
    program.switch_on(fault="502", times=1)
    answer = program.work()
    assert (answer.status_code, answer.headers["Content-Type"]) == (502, "text/html")
    assert "<h1>502 Bad Gateway</h1>" in answer.text
    assert program.worked == 0


def test_slow_waits_and_then_works(program):
    program.switch_on(fault="slow", times=1, seconds=0.3)
    began = time.monotonic()
    assert program.work().json()["worked"] == 1
    assert time.monotonic() - began >= 0.3


def test_cut_closes_the_connection_before_any_work(program):
    program.switch_on(fault="cut", times=1)
    with pytest.raises(httpx.TransportError):
        program.work()
    assert program.worked == 0


def test_a_lost_answer_is_lost_after_the_work_was_done(program):
    program.switch_on(fault="lost_answer", times=1)
    with pytest.raises(httpx.TransportError):
        program.work()
    assert program.worked == 1


def test_a_connection_cut_in_mid_body_is_an_error_not_a_short_answer(program):
    program.switch_on(fault="cut_mid_body", times=1)
    with pytest.raises(httpx.TransportError):
        program.work()
    assert program.worked == 1


@pytest.mark.parametrize("fault", ["truncated", "garbage"])
def test_an_unreadable_answer_is_200_but_not_json(program, fault):
    program.switch_on(fault=fault, times=1)
    answer = program.work()
    assert answer.status_code == 200
    with pytest.raises(ValueError):
        answer.json()
    assert program.worked == 1


def test_wrong_type_keeps_the_body_and_lies_about_it(program):
    program.switch_on(fault="wrong_type", times=1)
    answer = program.work()
    assert answer.headers["Content-Type"] == "text/html; charset=utf-16"
    assert answer.content.startswith(b'{"filler"')


def test_huge_sends_fifty_megabytes(program):
    program.switch_on(fault="huge", times=1)
    with httpx.stream("GET", f"{program.url}/api/job") as answer:
        assert sum(len(chunk) for chunk in answer.iter_raw()) == HUGE_BYTES == 52_428_800


def test_gzip_bomb_is_small_on_the_wire_and_huge_when_opened(program):
    program.switch_on(fault="gzip_bomb", times=1)
    with httpx.stream("GET", f"{program.url}/api/job") as answer:
        travelled = b"".join(answer.iter_raw())
    assert len(travelled) < 100_000
    assert len(gzip.decompress(travelled)) == HUGE_BYTES


def test_drip_sends_byte_after_byte(program):
    program.switch_on(fault="drip", times=1, seconds=0.01)
    with socket.create_connection(("127.0.0.1", program.server.server_port)) as caller:
        caller.sendall(b"GET /api/job HTTP/1.0\r\n\r\n")
        caller.settimeout(2)
        began, received = time.monotonic(), b""
        while received.count(b"x") < 10:
            received += caller.recv(1)
    assert time.monotonic() - began >= 0.1


def test_times_counts_down_and_skip_lets_calls_pass_first(program):
    program.switch_on(fault="500", times=2, skip=1)
    assert [program.work().status_code for _ in range(5)] == [200, 500, 500, 200, 200]
    [entry] = httpx.get(f"{program.url}/_control/faults").json()["active"]
    assert (entry["hits"], entry["times"]) == (2, 0)


def test_without_times_a_fault_stays_until_switched_off(program):
    program.switch_on(fault="500")
    assert [program.work().status_code for _ in range(3)] == [500, 500, 500]
    httpx.delete(f"{program.url}/_control/faults")
    assert program.work().status_code == 200


def test_a_fault_strikes_only_its_prefix_and_method_and_never_the_pages(program):
    program.switch_on(fault="500", path_prefix="/api/job", method="POST")
    assert program.work().status_code == 200
    assert httpx.post(f"{program.url}/api/job").status_code == 500
    program.switch_on(fault="500")
    assert httpx.get(f"{program.url}/page").status_code == 200


def test_the_programs_own_fault_is_told_once(program):
    program.switch_on(fault="own_fault", times=1, seconds=7)
    assert program.faults.strikes("own_fault", "/api/x").seconds == 7
    assert program.faults.strikes("own_fault", "/api/x") is None


@pytest.mark.parametrize("entry", [{"fault": "nonsense"}, {"fault": "500", "often": 3}, "500", {}])
def test_an_unknown_fault_is_refused_and_the_list_stays(program, entry):
    program.switch_on(fault="500")
    refused = httpx.post(f"{program.url}/_control/faults", json=[{"fault": "429"}, entry])
    assert refused.status_code == 400
    [kept] = httpx.get(f"{program.url}/_control/faults").json()["active"]
    assert kept["fault"] == "500"
