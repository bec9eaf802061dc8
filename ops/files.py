"""Files that a command line names."""

from pathlib import Path

from ops.errors import UsageError
from ops.faults import OutputFileError


def read_file(path: Path) -> str:
    """The text of a file.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read ({error})") from error


def write_file(path: Path, text: str) -> None:
    """Write a file.

    Raises:
        OutputFileError: it cannot be written.
    """
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputFileError(f"{path}: cannot be written ({error.strerror})") from error
