"""How a server is open is read from its environment, all or nothing."""

import pytest

from territo.errors import InputError
from territo.ui.access import OIDC, OIDC_KEYS, access, profiles

LOGIN = {OIDC + key: f"https://id.example/{key}" for key in OIDC_KEYS}


def test_without_settings_everyone_may_do_everything():
    found = access({})
    assert (found.published, found.admitted, dict(found.provider)) == (None, (), {})
    assert not found.online
    assert not found.base_map


def test_the_login_goes_to_streamlit_under_its_own_names():
    assert dict(access(LOGIN).provider) == {
        "server_metadata_url": "https://id.example/METADATA_URL",
        "client_id": "https://id.example/CLIENT_ID",
        "client_secret": "https://id.example/CLIENT_SECRET",
        "redirect_uri": "https://id.example/REDIRECT_URI",
        "cookie_secret": "https://id.example/COOKIE_SECRET",
    }


@pytest.mark.parametrize("key", OIDC_KEYS)
def test_half_a_login_is_refused_and_never_leaves_the_door_open(key):
    with pytest.raises(InputError, match=OIDC + key):
        access({name: value for name, value in LOGIN.items() if name != OIDC + key})


@pytest.mark.parametrize(
    ("email", "admitted"),
    [
        ("Maire@agglo.fr", True),
        ("maire@agglo.fr.evil.example", False),
        ("maire@notagglo.fr", False),
        ("dgs@ville.fr", True),
        ("other@ville.fr", False),
        ("", False),
    ],
)
def test_addresses_and_domains_are_admitted_and_no_others(email, admitted):
    assert access({"TERRITO_ADMITTED": " @Agglo.fr, dgs@ville.fr "}).admits(email) is admitted


def test_without_a_list_every_address_is_admitted_and_no_address_is_not():
    assert access({}).admits("anyone@example.org")
    assert not access({}).admits("")


def test_a_published_study_offers_the_public_profile_alone(monkeypatch, tmp_path):
    assert profiles()[0] == "internal"
    monkeypatch.setenv("TERRITO_PUBLISHED", str(tmp_path))
    assert profiles() == ["public"]
