"""A stack file as text, from the values that the program gets."""

import json
import re
from collections.abc import Mapping

import yaml

from simulator.values import JSON

_LOOKS_LIKE_A_NUMBER = re.compile(r"[-+.]{0,2}\d[-+.\d_:eExXoTZ]*")
"""Quoted, whether or not PyYAML would: the CLI reads more of these as numbers or dates, and rewrites what it reads."""
_WIDTH = 120


class _Dumper(yaml.SafeDumper):
    """Mappings without inner mappings on one line, as the stack files of the project have them."""


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = '"' if _LOOKS_LIKE_A_NUMBER.fullmatch(value) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


def stack_text(config: Mapping[str, JSON], comment: str) -> str:
    """The text of a stack file with these keys, in their order, below one line of comment."""
    body = yaml.dump(
        {"config": dict(config)},
        Dumper=_Dumper,
        default_flow_style=None,
        sort_keys=False,
        width=_WIDTH,
    )
    return f"# {comment}\n{body}"


def config_texts(config: Mapping[str, JSON]) -> dict[str, str]:
    """The same keys as the CLI hands them to the program: texts as they are, everything else as JSON."""
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()}
