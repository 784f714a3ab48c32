"""What a buyer and an operator see and press."""

import pytest

from simulators.stripe.tests.conftest import order, web


@pytest.fixture
def session(kopi):
    return kopi.v1.checkout.sessions.create(order())


def press(session_url, outcome):
    return web.post(session_url, data={"outcome": outcome})


def test_the_page_shows_shop_lines_and_amount_in_rupiah(kopi):
    session = kopi.v1.checkout.sessions.create(order(1_250_000))
    page = web.get(session.url)

    assert page.status_code == 200
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    for words in ("Rp1.250.000", "Pesanan KG-7", "Kartu ditolak", "Bayar nanti (transfer, menunggu)"):
        assert words in page.text
    assert 'href="http://kopi.localhost/bayar/7/">Batal / kembali' in page.text
    assert "width=device-width" in page.text


def test_paying_leads_back_to_the_shop_with_the_session_id(kopi, session):
    answer = press(session.url, "paid")
    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        f"http://kopi.localhost/pesanan/7/?s={session.id}",
    )
    assert kopi.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


def test_a_declined_card_comes_back_to_the_page_with_a_message(kopi, session):
    answer = press(session.url, "declined")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/pay/{session.id}")
    page = web.get(session.url).text
    assert "Kartu ditolak bank. Silakan coba lagi." in page
    assert press(session.url, "paid").headers["Location"].startswith("http://kopi.localhost/pesanan/7/")


def test_a_transfer_waits_on_the_page_until_it_is_settled(kopi, session):
    assert press(session.url, "later").headers["Location"] == f"/pay/{session.id}"
    waiting = web.get(session.url).text
    assert "Menunggu transfer bank." in waiting
    assert f'href="http://kopi.localhost/pesanan/7/?s={session.id}"' in waiting

    assert press(session.url, "settle").headers["Location"].startswith("http://kopi.localhost/pesanan/7/")
    assert kopi.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    assert "Sudah dibayar." in web.get(session.url).text


def test_pressing_pay_twice_takes_the_money_once(kopi, session, control):
    assert press(session.url, "paid").status_code == 303
    again = press(session.url, "paid")
    assert again.status_code == 409
    assert "keadaan pembayaran sudah berubah" in again.text
    assert control.count("charge") == 1


def test_an_expired_session_says_so_and_cannot_be_paid(kopi, session, control):
    control.post("clock", advance=24 * 3600)
    assert "Waktu pembayaran habis." in web.get(session.url).text
    assert press(session.url, "paid").status_code == 409
    assert control.count("charge") == 0


def test_what_the_shop_writes_is_shown_as_text(kopi):
    lines = order()["line_items"]
    lines[0]["price_data"]["product_data"]["name"] = "<script>alert(1)</script>"
    page = web.get(kopi.v1.checkout.sessions.create(order(line_items=lines)).url).text
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_an_unknown_session_is_404(control):
    assert web.get(f"{control.url}/pay/cs_test_nobody").status_code == 404


def test_the_operator_sees_each_account_and_can_settle_refund_and_dispute(kopi, paid, control):
    waiting, first, second = paid(outcome="later"), paid(), paid()
    control.wait()
    page = web.get(f"{control.url}/").text
    assert page.count("<article>") == 3
    assert "checkout.session.completed, percobaan 1: 200" in page
    assert page.count('action="/operator/settle"') == 1
    assert page.count('action="/operator/refund"') == 2

    def operate(action, object_id):
        return web.post(f"{control.url}/operator/{action}", data={"id": object_id}).status_code

    assert operate("settle", waiting.id) == 303
    assert kopi.v1.checkout.sessions.retrieve(waiting.id).payment_status == "paid"
    assert operate("refund", first.id) == 303
    assert operate("refund", first.id) == 409
    refund = kopi.v1.refunds.list().data[0]
    assert (refund.amount, operate("refund-fails", refund.id)) == (15_000_000, 303)
    assert operate("dispute", second.id) == 303
    dispute = kopi.v1.disputes.list().data[0]
    assert (operate("dispute-won", dispute.id), operate("dispute-lost", dispute.id)) == (303, 409)
    assert kopi.v1.disputes.retrieve(dispute.id).status == "won"


def test_the_operator_can_expire_a_session(kopi, session, control):
    answer = web.post(f"{control.url}/operator/expire", data={"id": session.id})
    assert answer.status_code == 303
    assert kopi.v1.checkout.sessions.retrieve(session.id).status == "expired"
