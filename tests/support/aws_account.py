"""An account of moto's."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from moto import mock_aws


@contextmanager
def empty_account(number: str, monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[None]:
    """An account with this number and nothing in it, with credentials that only moto takes."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_SESSION_TOKEN": "testing",
        "AWS_CONFIG_FILE": str(folder / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(folder / "credentials"),
        "MOTO_ACCOUNT_ID": number,
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.setattr("moto.core.models.DEFAULT_ACCOUNT_ID", number)
    with mock_aws():
        yield
