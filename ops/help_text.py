"""Help as wide as the terminal: docstrings are wrapped for those who read the source."""

import inspect

import typer


def join_lines(app: typer.Typer) -> None:
    """Make one line of each paragraph in the help of every command, for Typer does so with the first one only."""
    for command in app.registered_commands:
        if command.callback is not None:
            command.help = joined(command.help or inspect.getdoc(command.callback) or "")
    for group in app.registered_groups:
        if group.typer_instance is not None:
            join_lines(group.typer_instance)


def joined(text: str) -> str:
    """`text` with one line for each paragraph; lists and what is indented stay as they are."""
    paragraphs = inspect.cleandoc(text).split("\n\n")
    return "\n\n".join(one if _is_laid_out(one) else " ".join(one.split("\n")) for one in paragraphs)


def _is_laid_out(paragraph: str) -> bool:
    return any(line.startswith((" ", "- ")) for line in paragraph.split("\n"))
