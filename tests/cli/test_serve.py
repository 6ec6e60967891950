"""`territo app` refuses to open a door that is half locked."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from territo.cli import main
from territo.ui.access import access


def test_half_a_login_is_one_sentence_and_no_server(monkeypatch, capsys):
    monkeypatch.setenv("TERRITO_OIDC_CLIENT_ID", "territo")
    with ThreadPoolExecutor() as apart:  # a browser of another test may hold the loop of this thread
        ended = apart.submit(main, ["app", "--port", "8743"]).exception()
    assert isinstance(ended, SystemExit)
    assert ended.code == 2
    written = capsys.readouterr().err
    assert written.startswith("la connexion demande aussi TERRITO_OIDC_METADATA_URL")
    assert written.count("\n") == 1


@pytest.mark.parametrize(("words", "allowed"), [(["--online"], (True, False)), (["--base-map"], (False, True))])
def test_what_may_be_asked_outside_is_allowed_by_a_word_each_and_by_nothing_else(monkeypatch, words, allowed):
    monkeypatch.setattr("os.environ", {})
    monkeypatch.setattr("uvicorn.run", lambda *_, **__: None)
    with pytest.raises(SystemExit) as ended:
        main(["app", *words])
    found = access()
    assert ended.value.code == 0
    assert (found.online, found.base_map) == allowed
