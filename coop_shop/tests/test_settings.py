"""What the environment says arrives in the settings."""

import os
import subprocess
import sys

import pytest

SHOW = "from coop_shop import settings as s; print(s.EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_USE_TLS, s.EMAIL_USE_SSL)"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("smtp+tls://shop:secret@smtp.example:587", "smtp.example 587 True False"),
        ("smtp+ssl://shop:secret@smtp.example:465", "smtp.example 465 False True"),
    ],
)
def test_mail_goes_out_encrypted_as_the_address_says(url, shown):
    environment = {**os.environ, "EMAIL_URL": url, "DEBUG": "1"}
    answer = subprocess.run([sys.executable, "-c", SHOW], env=environment, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == shown
