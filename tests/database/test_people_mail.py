"""The mail server of the environment."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from ayni.portal.config.mail import Mail, read_mail


def test_without_a_server_messages_go_to_the_terminal() -> None:
    assert read_mail("") == Mail()
    assert "console" in Mail().backend


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [
        ("smtp://ana%40x:p%2Fw@mail.example.pe", 587, True, False),
        ("smtps://ana%40x:p%2Fw@mail.example.pe:4650/?from=ayni@example.pe", 4650, False, True),
        ("smtp+plain://ana%40x:p%2Fw@mail.example.pe", 25, False, False),
    ],
)
def test_a_server_is_read_from_its_url(url: str, port: int, tls: bool, ssl: bool) -> None:
    mail = read_mail(url)
    assert (mail.host, mail.port, mail.use_tls, mail.use_ssl) == ("mail.example.pe", port, tls, ssl)
    assert (mail.user, mail.password) == ("ana@x", "p/w")
    assert mail.sender in {"ayni@example.pe", "ayni@mail.example.pe"}


@pytest.mark.parametrize("url", ["mail.example.pe", "smtp://", "https://mail.example.pe"])
def test_a_url_that_names_no_server_stops(url: str) -> None:
    with pytest.raises(ValueError, match="AYNI_MAIL_URL"):
        read_mail(url)


@pytest.mark.django_db
def test_nobody_signs_up_where_no_mail_would_confirm(client: Client, settings: Any) -> None:
    settings.IS_PRODUCTION = True
    page = client.get(reverse("account_signup")).content.decode()
    assert "Pida una invitación" in page
    client.post(reverse("account_signup"), {"email": "ana@example.org"})
    assert 'name="ruc"' not in page
