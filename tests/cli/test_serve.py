"""`territo app` refuses to open a door that is half locked."""

import pytest

from territo.cli import main


def test_half_a_login_is_one_sentence_and_no_server(monkeypatch, capsys):
    monkeypatch.setenv("TERRITO_OIDC_CLIENT_ID", "territo")
    with pytest.raises(SystemExit) as ended:
        main(["app", "--port", "8743"])
    assert ended.value.code == 2
    written = capsys.readouterr().err
    assert written.startswith("la connexion demande aussi TERRITO_OIDC_METADATA_URL")
    assert written.count("\n") == 1
