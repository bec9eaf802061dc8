"""Files whose form is wrong: keys, kinds of values, releases, and YAML itself."""

from pathlib import Path

import pytest

from tests.support.bad_inputs import BadInput, Edit, assert_told, edited, refused

KNOWN = "a known key"
NO_VERSION = "a stack file has no version; what a release changed in it is in UPGRADING.md, key by key"
MAPPING = "a mapping of keys to values"
EMPTY = "nothing stands after this key"
FILL = "give it a value, or remove the key"


def release(value: str) -> Edit:
    return ("release: v0.14.4", f"release: {value}")


def blocks(keys: str) -> Edit:
    return f"blockGenerator: {{ {keys} }}"


BAD = [
    BadInput(
        "no digest on mainnet",
        ("@sha256:" + "0" * 64, ""),
        "release",
        '"v0.14.4"',
        "a release with its digest on the tier mainnet",
        "docker buildx imagetools inspect ghcr.io/bsv-blockchain/teranode:v0.14.4",
        stack="mainnet",
    ),
    BadInput(
        "a moving tag", release("latest"), "release", '"latest"', "a Teranode release", "such as latest are refused"
    ),
    BadInput("no tag", release(""), "release", "null", EMPTY, FILL),
    BadInput("half a digest", release("v0.14.4@sha256:12"), "release", '"v0.14.4@sha256:12"', "@sha256:", "v0.14.4"),
    BadInput(
        "a registry from which nothing comes",
        "platform: { imageMirrors: { gcr.io: mirror.example.org } }",
        "platform.imageMirrors.gcr.io",
        None,
        "a registry from which images come: docker.io, ghcr.io, public.ecr.aws, quay.io, registry.k8s.io",
        "did you mean ghcr.io",
    ),
    BadInput("a misspelt key", ("infra:regions", "infra:regoins"), "regoins", None, KNOWN, "did you mean regions?"),
    BadInput("a key in capitals", ("infra:miners", "infra:Miners"), "Miners", None, KNOWN, "did you mean miners?"),
    BadInput("a key in the wrong place", "cidr: 10.0.0.0/16", "cidr", None, KNOWN, "in regions.<region>.cidr"),
    BadInput(
        "a key of nowhere", "flavour: mint", "flavour", None, KNOWN, "remove it; the keys here are access, account"
    ),
    BadInput("a version of the file", "schemaVersion: 2", "schemaVersion", None, KNOWN, NO_VERSION),
    BadInput("a key of an older release", "listenMode: full", "listenMode", None, KNOWN, "write mode: listening"),
    BadInput("nothing after a key", ("home: eu-west-1", "home:"), "home", "null", EMPTY, FILL),
    BadInput("an empty text", ("home: eu-west-1", "home: '  '"), "home", "null", EMPTY, FILL),
    BadInput("nothing after a region", ("{ cidr: 10.16.0.0/16 }", ""), "regions.eu-west-1", "null", EMPTY, FILL),
    BadInput(
        "a list where a mapping belongs",
        ("miner-1: { region: eu-west-1 }", "miner-1: [eu-west-1]"),
        "miners.miner-1",
        '["eu-west-1"]',
        MAPPING,
        "write it as { key: value }",
    ),
    BadInput(
        "a mapping where a text belongs",
        ("region: eu-west-1", "region: { name: eu-west-1 }"),
        "miners.miner-1.region",
        '{"name": "eu-west-1"}',
        "text",
        "write it in quotes",
    ),
    BadInput(
        "a text where a list belongs",
        ("[198.51.100.0/24]", "198.51.100.0/24"),
        "access.apiCidrs",
        '"198.51.100.0/24"',
        "a list",
        "write it in brackets",
    ),
    *(
        BadInput(f"a switch that says {word}", blocks(f"enabled: {word}"), "blockGenerator.enabled", shown, rule, fix)
        for word, shown, rule, fix in [
            ("yes", '"yes"', "true or false", "write one of them, without quotes"),
            ("on", '"on"', "true or false", "write one of them, without quotes"),
            ("'true'", '"true"', "true or false", "write one of them, without quotes"),
            ("1", "1", "true or false", "write one of them, without quotes"),
        ]
    ),
    BadInput(
        "a number in quotes",
        blocks("intervalSeconds: '10'"),
        "blockGenerator.intervalSeconds",
        '"10"',
        "a whole number, 1 to 3600 seconds",
        "write it as digits, without quotes",
    ),
    BadInput(
        "a number with underscores",
        blocks("intervalSeconds: 1_0"),
        "blockGenerator.intervalSeconds",
        '"1_0"',
        "a whole number",
        "write it as digits",
    ),
    BadInput(
        "what a terminal would obey",
        ("owner: devops@example.org", r'owner: "\x9b31m\u202e"'),
        "owner",
        r'"\x9b31m\u202e"',
        "an e-mail address",
        "for example devops@example.org",
    ),
    BadInput(
        "half a character",
        ("owner: devops@example.org", r'owner: "\ud800"'),
        "owner",
        r'"\"\\ud800\""',
        "text of characters that UTF-8 has",
        "without escapes",
    ),
    BadInput(
        "a text without end",
        ("owner: devops@example.org", f"owner: {'é' * 5000}"),
        "owner",
        f'"{"é" * 119}… (5002 characters)',
        "at most 256 characters",
        "for example devops@example.org",
    ),
    BadInput("a key without end", f"{'k' * 900}: x", f"{'k' * 200}… (900 characters)", None, KNOWN, "remove it"),
]


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_a_file_of_the_wrong_form_is_refused_with_its_key(tmp_path: Path, bad: BadInput) -> None:
    assert_told(tmp_path, bad)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (b"    eu-west-1: {", b"\teu-west-1: {", "a tab indents or starts a value: YAML takes spaces only"),
        (b"devops@", b"dev\xff@", "is not UTF-8: save the file as UTF-8"),
        (b'"111122223333"', b"011122223333", "account: 011122223333, a number without quotes, begins with 0"),
        (b"miner-2:", b"null:", "miners: a key must be text, and this is nothing"),
        (b"{ region: us-east-1 }", b"{ region: us-east-1, credentials: 010 }", "miner-2.credentials: 010, a number"),
        (b"home: eu-west-1", b"home: 2026-12-01", "home: 2026-12-01, a date without quotes"),
        (b"home: eu-west-1", b"home: *nowhere", "undefined alias"),
        (b"regions:\n", b"regions: &all\n    all: *all\n", "aliases repeat too much, or themselves"),
        (b"home: eu-west-1", b"home: !!int eu-west-1", "a value that its tag does not fit"),
    ],
    ids=["tab", "bytes", "leading-zero", "null-key", "octal", "date", "alias", "endless-alias", "tag"],
)
def test_what_the_cli_would_read_otherwise_is_refused_with_its_line(
    tmp_path: Path, old: bytes, new: bytes, told: str
) -> None:
    text = edited("testing").encode()
    assert old in text

    message = refused(tmp_path, "testing", text.replace(old, new, 1))

    assert "Pulumi.testing.yaml" in message
    assert told in message
    assert message.count("\n") <= 2


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""], ids=["byte order mark", "line ends of Windows"])
def test_marks_of_other_editors_hide_no_fault(tmp_path: Path, mark: bytes) -> None:
    text = edited("testing", ("home: eu-west-1", "home: eu-west-9")).encode()

    message = refused(tmp_path, "testing", mark + (text if mark else text.replace(b"\n", b"\r\n")))

    assert 'Pulumi.testing.yaml: teranode-infra:home = "eu-west-9"' in message


def test_mistakes_of_every_kind_are_told_at_once_in_the_order_of_their_keys(tmp_path: Path) -> None:
    edits = (
        ("cidr: 10.16.0.0/16", "cidr: 10.16.0.1/16"),
        ("miner-3: { region: ap-southeast-1 }", "Miner_3: { region: nowhere }"),
        ("[198.51.100.0/24]", "[0.0.0.0/0]"),
        "postgres: { backupRetentionDays: 0, instanceClass: db.t2.micro }",
        "nodes: { general: { minNodesPerZone: three, capacity: Spot } }",
        "regoins: {}",
    )
    told = [
        line for line in refused(tmp_path, "testing", edited("testing", *edits)).splitlines() if ": teranode" in line
    ]

    assert told == sorted(told)
    assert [line.partition("teranode-infra:")[2].partition(" = ")[0] for line in told] == [
        "access.apiCidrs[0]",
        "miners.Miner_3",
        "miners.Miner_3.region",
        "nodes.general.capacity",
        "nodes.general.minNodesPerZone",
        "postgres.backupRetentionDays",
        "postgres.instanceClass",
        "regions.eu-west-1.cidr",
        "regoins",
    ]
