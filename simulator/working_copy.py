"""A copy of the project in which the Pulumi CLI may write.

The CLI rewrites stack files: ``stack init`` drops ``secretsprovider``, adds a salt and reformats numbers. Secrets of
the real stack cannot be read without its key. So the CLI works beside the project: on links to the program, and on
stack files of its own in which each secret is a placeholder. The project's files stay as they are, byte for byte.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import yaml

from simulator.stack_file import PLACEHOLDER_SECRET, stack_name

_LEFT_OUT = frozenset({".git", ".github", ".cache", ".pytest_cache", ".ruff_cache", ".hypothesis", "__pycache__"})
_OF_THE_REAL_STACK = frozenset({"secretsprovider", "encryptedkey", "encryptionsalt"})
_SALT = re.compile(rb"^encryptionsalt:.*$", re.MULTILINE)

_Edit = tuple[int, int, str]
"""Replace the characters from the first index up to the second."""


def make_working_copy(project_dir: Path, copy_dir: Path) -> None:
    """Make or refresh the copy of ``project_dir`` in ``copy_dir``.

    Program files are links: an edit shows at once. Stack files are copies: an edit of the original shows after the
    next call, which also drops what ``pulumi config set`` wrote into the copy.
    """
    copy_dir.mkdir(parents=True, exist_ok=True)
    for entry in sorted(project_dir.iterdir()):
        target = copy_dir / entry.name
        if entry.name in _LEFT_OUT:
            continue
        if stack_name(entry):
            copy_stack_file(entry, target)
        elif entry.name == "Pulumi.yaml":
            shutil.copyfile(entry, target)
        else:
            target.unlink(missing_ok=True)
            target.symlink_to(entry.resolve(), target_is_directory=entry.is_dir())


def copy_stack_file(source: Path, target: Path) -> None:
    """Copy one stack file without what belongs to the real stack's secrets.

    Everything else stays as written, mistakes included: they are for the CLI and the program to report.
    """
    # The copy's own salt belongs to the state that it made: without it that state cannot be opened any more.
    salt = _SALT.search(target.read_bytes()) if target.exists() else None
    raw = source.read_bytes()
    try:
        content = _edited(raw.decode("utf-8")).encode()
    except (UnicodeDecodeError, yaml.YAMLError):
        content = raw
    if salt is not None:
        content = content.rstrip() + b"\n" + salt[0] + b"\n"
    target.write_bytes(content)


def _edited(text: str) -> str:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode):
        return text
    for start, end, replacement in sorted((*_removals(root, text), *_placeholders(root)), reverse=True):
        text = text[:start] + replacement + text[end:]
    return text


def _removals(root: yaml.MappingNode, text: str) -> Iterator[_Edit]:
    for key, value in root.value:
        if key.value in _OF_THE_REAL_STACK:
            line_end = text.find("\n", value.end_mark.index)
            yield key.start_mark.index, len(text) if line_end < 0 else line_end + 1, ""


def _placeholders(node: yaml.Node) -> Iterator[_Edit]:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _placeholders(item)
    if not isinstance(node, yaml.MappingNode):
        return
    if [key.value for key, _ in node.value] == ["secure"]:
        # A block mapping "ends" where the next token begins; its one value ends where it is written.
        end = node.end_mark if node.flow_style else node.value[0][1].end_mark
        yield node.start_mark.index, end.index, f'"{PLACEHOLDER_SECRET}"'
        return
    for _, value in node.value:
        yield from _placeholders(value)
