"""The commands of a page: what its blocks of shell and its code in running words would have a shell run."""

import re
import shlex
from collections.abc import Iterator

_BLOCK = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
_INLINE = re.compile(r"(?<!`)`([^`]+)`(?!`)")
_HERE_DOCUMENT = re.compile(r"<<-?\s*'?(\w+)'?.*?^\s*\1$", re.DOTALL | re.MULTILINE)
_PLACEHOLDER = re.compile(r"<[a-z][a-z ]*>")
_COMMENT = re.compile(r"(?:^|(?<=\s))#[^\n]*", re.MULTILINE)
_SHELLS = {"sh", "bash", "console"}
_END_OF_COMMAND = set("();<>|&\n")


def shell_commands(page: str, *programs: str) -> list[list[str]]:
    """The words of every command of ``programs`` on a page in Markdown; ValueError where quotes do not close."""
    sources = [block for language, block in _BLOCK.findall(page) if language in _SHELLS]
    for paragraph in _BLOCK.sub("", page).split("\n\n"):
        sources += [code.replace("\n", " ") for code in _INLINE.findall(paragraph) if code.split()[0] in programs]
    return [words for source in sources for words in _commands(source) if words[0] in programs]


def _commands(source: str) -> Iterator[list[str]]:
    plain = _COMMENT.sub("", _HERE_DOCUMENT.sub("", source)).replace("\\\n", " ")
    plain = _PLACEHOLDER.sub("PLACEHOLDER", plain)
    lexer = shlex.shlex(plain, posix=True, punctuation_chars="();<>|&\n")
    lexer.whitespace, lexer.whitespace_split, lexer.commenters = " \t\r", True, ""
    words: list[str] = []
    for token in [*lexer, "\n"]:
        if token and set(token) <= _END_OF_COMMAND:
            if words:
                yield words
            words = []
            continue
        if "$(" in token:
            yield from _commands(token.split("$(", 1)[1].rpartition(")")[0])
        if words or token not in {"$", "do", "then", "if", "else", "!", "until", "while"}:
            words.append(token)
    if words:
        yield words


def options(words: list[str]) -> set[str]:
    """Long and short options among the words of a command, up to `--`, without their values."""
    own = words[: words.index("--")] if "--" in words else words
    return {word.split("=")[0] for word in own if re.match(r"--?[A-Za-z]", word)}
