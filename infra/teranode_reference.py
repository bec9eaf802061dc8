"""Make `docs/settings-of-teranode.md` from the model of Teranode's settings.

python -m infra.teranode_reference            writes the page
python -m infra.teranode_reference --check    exits 1 if the page is not what the model says
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from components.teranode import Chain, secret_keys
from components.teranode.settings.inside import KafkaSettings, OperationSettings, PolicySettings, StoreSettings
from components.teranode.settings.keys import Group, Key
from components.teranode.settings.network import AssetSettings, IdentitySettings, LegacySettings, PeerSettings
from components.teranode.settings.secrets import SECRET_KEYS

PROJECT = Path(__file__).resolve().parents[1]
PAGE = PROJECT / "docs" / "settings-of-teranode.md"

GROUPS: tuple[type[Group], ...] = (
    IdentitySettings,
    PeerSettings,
    AssetSettings,
    LegacySettings,
    KafkaSettings,
    StoreSettings,
    PolicySettings,
    OperationSettings,
)
"""All groups, in the order of the page."""

_HEAD = """# Settings of Teranode

Made by `python -m infra.teranode_reference` from the model in `components/teranode/settings/`; do not edit it by hand.

What this project sets in a miner's ConfigMap, and what must be in its Secret. Whatever is not here has the value that
Teranode itself has in its context `operator`: that is the *default* below, as of v0.14.4. Sources are paths in
bsv-blockchain/teranode unless another repository is named. A changed value restarts nothing by itself.
"""
_COLUMNS = ("Key", "Meaning", "Default", "Read in")


def main(argv: list[str] | None = None) -> int:
    """Write or check the page."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.teranode_reference", description="Make docs/settings-of-teranode.md."
    )
    parser.add_argument("--check", action="store_true", help="compare with the page, write nothing")
    text = page()
    if parser.parse_args(argv).check:
        if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
            return 0
        sys.stderr.write(f"{PAGE.relative_to(PROJECT)} is out of date: run python -m infra.teranode_reference\n")
        return 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


def page() -> str:
    """Return the text of the page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield _HEAD
    for group in GROUPS:
        summary = (group.__doc__ or "").splitlines()[0]
        yield f"## {summary.rstrip('.')}\n"
        yield from _table(tuple(group.keys().values()))
    yield "## Secrets\n"
    yield "Where the default is *published*, everybody knows it, and a node must not start with it.\n"
    yield from _table(SECRET_KEYS, unset="*published*")
    only = sorted(secret_keys(Chain.MAINNET) - secret_keys(Chain.REGTEST))
    yield f"Needed on mainnet only: {', '.join(f'`{name}`' for name in only)}."


def _table(keys: Sequence[Key], unset: str = "") -> Iterator[str]:
    yield f"| {' | '.join(_COLUMNS)} |"
    yield f"|{'---|' * len(_COLUMNS)}"
    for key in keys:
        default = unset if key.default is None else f"`{key.default}`" if key.default else "empty"
        yield f"| `{key.name}` | {key.meaning} | {default} | {key.source} |"
    yield ""


if __name__ == "__main__":
    sys.exit(main())
