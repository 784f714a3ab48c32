"""A message to a person goes out once, and a mail server that is away loses none."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMessage

from notifications import sending, writing
from notifications.models import Message
from tenants.models import Due

pytestmark = pytest.mark.django_db


@pytest.fixture
def message(kopi, now) -> Message:
    writing.write(key="K:paid", to="siti@pembeli.example", subject="Sudah dibayar", body="Terima kasih", now=now)
    return Message.objects.get()


@pytest.fixture
def mail_server_away(monkeypatch):
    def refuse(self):
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailMessage, "send", refuse)
    return monkeypatch


def test_a_message_goes_out_once(message, now):
    assert sending.send_waiting(now=now) == 0
    assert sending.send_waiting(now=now + timedelta(days=1)) == 0
    assert [(letter.to, letter.subject) for letter in mail.outbox] == [(["siti@pembeli.example"], "Sudah dibayar")]


def test_two_workers_at_once_send_it_once(message, now, monkeypatch):
    send = EmailMessage.send

    def slow(self):
        """While the mail server takes its time, another worker looks for messages that wait."""
        with monkeypatch.context() as other:
            other.setattr(EmailMessage, "send", send)
            assert sending.send_waiting(now=now + timedelta(seconds=20)) == 1
        return send(self)

    monkeypatch.setattr(EmailMessage, "send", slow)
    sending.send_waiting(now=now)
    assert len(mail.outbox) == 1
    message.refresh_from_db()
    assert (message.attempts, message.sent_at) == (1, now)


def test_a_worker_that_read_it_before_another_took_it_leaves_it(message, now):
    assert sending._take(message, now)
    assert not sending._take(message, now)  # as it was read
    assert Message.objects.get().attempts == 1


def test_a_mail_server_that_is_away_for_hours_loses_no_message(message, now, mail_server_away):
    for minutes in range(0, 180):
        assert sending.send_waiting(now=now + timedelta(minutes=minutes)) == 1
    message.refresh_from_db()
    assert (message.sent_at, message.last_error, message.attempts) == (None, "ConnectionRefusedError", 7)
    mail_server_away.undo()
    sending.send_waiting(now=message.try_at)
    assert len(mail.outbox) == 1


def test_what_did_not_go_out_is_due_at_the_time_of_its_next_attempt(message, now, mail_server_away):
    Due.objects.all().delete()
    sending.send_waiting(now=now)
    assert list(Due.objects.values_list("kind", "at")) == [("messages", now + timedelta(minutes=2))]


def test_after_many_attempts_it_is_left_alone(message, now, mail_server_away):
    Message.objects.update(attempts=sending.MOST_ATTEMPTS)
    Due.objects.all().delete()
    assert sending.send_waiting(now=now + timedelta(days=2)) == 0
    assert not Due.objects.exists()


def test_what_is_left_over_is_due_at_once(message, now):
    writing.write(key="K:shipped", to="siti@pembeli.example", subject="Dikirim", body="", now=now)
    Due.objects.all().delete()
    assert sending.send_waiting(now=now, limit=1) == 1
    assert list(Due.objects.values_list("kind", "at")) == [("messages", now)]
