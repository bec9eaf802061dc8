"""The one key of a stack file that a release moves, with everything around it left as it is written."""

import os
import tempfile
from pathlib import Path

import yaml

_KEYS = ("teranode-infra:release", "release")
"""As it is written, and as the CLI also takes it."""


class ReleaseError(Exception):
    """The release cannot be set or rolled out; nothing has been changed by this step."""


def current_release(path: Path) -> str:
    """The release that the stack file names.

    Raises:
        ReleaseError: it names none, or cannot be read.
    """
    return str(_scalar(_read(path), path).value)


def with_release(path: Path, version: str) -> str:
    """The text of the stack file with another release; comments, order and quotes stay.

    Raises:
        ReleaseError: it names no release, cannot be read, or what ``version`` says is more than one value.
    """
    return text_with_release(_read(path), version, path)


def text_with_release(text: str, version: str, path: Path) -> str:
    """The same of a ``text`` of the stack file at ``path``.

    Raises:
        ReleaseError: as `with_release`.
    """
    node = _scalar(text, path)
    quote = node.style if node.style in ("'", '"') else ""
    edited = f"{text[: node.start_mark.index]}{quote}{version}{quote}{text[node.end_mark.index :]}"
    if _scalar(edited, path).value != version:
        raise ReleaseError(f"{version!r} is no version of Teranode: v<major>.<minor>.<patch>, for example v0.15.0")
    return edited


def write(path: Path, text: str) -> None:
    """Put ``text`` in the place of the file, at once: who reads it meanwhile finds the old or the new one whole.

    Raises:
        ReleaseError: it cannot be written.
    """
    try:
        with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="utf-8", newline="", delete=False) as file:
            file.write(text)
        Path(file.name).chmod(path.stat().st_mode)
        os.replace(file.name, path)  # noqa: PTH105 (Path.replace does the same, and hides that it is atomic)
    except OSError as error:
        raise ReleaseError(f"{path}: cannot be written ({error.strerror})") from error


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReleaseError(f"{path}: cannot be read ({error})") from error


def _scalar(text: str, path: Path) -> yaml.ScalarNode:
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise ReleaseError(f"{path}: is not YAML ({str(error).splitlines()[0]})") from error
    config = _value(root, ("config",))
    found = _value(config, _KEYS)
    if not isinstance(found, yaml.ScalarNode):
        raise ReleaseError(f"{path}: names no {_KEYS[0]}: docs/configuration.md says what a stack file must have")
    return found


def _value(node: yaml.Node | None, names: tuple[str, ...]) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for key, value in node.value if key.value in names), None)
