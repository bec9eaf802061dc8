"""A recorded state without anything that may not be seen, so that pull requests from forks can be compared with it.

Forks get no credentials, so that the state of a stack reaches them as a file that anybody can download. Kept is what a
comparison reads: which resources there are, how they hang together, their inputs and outputs. Whatever is or could be
a secret is sealed by a constant, as in a simulated state: secrets compare only as secret or not.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from simulator.graph import Deployment, states
from simulator.record import PROVIDER_PREFIX, STACK_TYPE
from simulator.values import CIPHERTEXT, JSON, SECRET_SIGNATURE, SIGNATURE_KEY, is_secret

SEALED: Mapping[str, JSON] = {SIGNATURE_KEY: SECRET_SIGNATURE, "ciphertext": CIPHERTEXT}

_KEPT_OF_A_RESOURCE = frozenset(
    {
        "urn",
        "custom",
        "id",
        "type",
        "inputs",
        "outputs",
        "parent",
        "protect",
        "external",
        "retainOnDelete",
        "deletedWith",
        "dependencies",
        "propertyDependencies",
        "provider",
        "aliases",
        "ignoreChanges",
        "replaceOnChanges",
        "additionalSecretOutputs",
        "customTimeouts",
        "delete",
    }
)
"""What a later engine adds to a record stays away until somebody has looked at it."""

_KEPT_OF_A_PROVIDER = frozenset(
    {
        "region",
        "allowedAccountIds",
        "defaultTags",
        "clusterIdentifier",
        "version",
        "enableConfigMapMutable",
        "enableServerSideApply",
        "skipCredentialsValidation",
        "skipRegionValidation",
        "maxRetries",
        "retryMode",
    }
)
"""Of a provider's settings those that name no credential; all others are sealed, a kubeconfig if it holds one."""

_CREDENTIALS_OF_A_KUBECONFIG = re.compile(
    r"[\"']?(token|tokenFile|client-key(-data)?|password|auth-provider)[\"']?\s*:"
)

_SECRET_NAMES = re.compile(
    r"(passwords?|password_?hash|passwd|passphrase|(^|[_-])pass|rpcpass|priv(ate)?_?key|api_?key|access_?key|secret_?key"
    r"|signing_?key|encryption_?key|routing_?key|feature_?key|token|secret|secret_?string|mnemonic|seed|licen[cs]e"
    r"|webhook(_?url)?|xprv|connection_?string|kubeconfig)$",
    re.IGNORECASE,
)
"""A text under such a name is sealed, wherever it stands: as a property, or as a variable of a container."""

_SECRET_CONTAINERS = re.compile(r"(passwords?|passwd|passphrase|mnemonic)$", re.IGNORECASE)
"""Everything below such a name is sealed; below others mostly stands which Secret, or what kind of key, is meant."""

_NAMES_OF_SECRETS = frozenset(
    {
        ("aws:efs/fileSystem:FileSystem", "creationToken"),
        ("kubernetes:batch/v1:Job", "EXTERNAL_SECRET"),
        ("kubernetes:external-secrets.io/v1:ExternalSecret", "secretKey"),
    }
)
"""What is called like a secret and tells which one is meant."""

_SECRET_OPTION = re.compile(
    r"(?!--?no-)--?[\w-]*(password|passwd|passphrase|token|secret|private-?key|api-?key)", re.IGNORECASE
)
"""An argument that is followed by a secret."""

_SECRET_TEXTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("a private key", re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY")),
    (
        "a password that is set in a text",
        re.compile(
            r"(password|passwd|passphrase|[_-]pass|private_?key|api_?key|secret_?key|client_?secret|auth_?token)"
            r"[\"']?\s*[=:]\s*[\"']?(?!arn:|env-file:|file:|secrets:)[^\s\"'{}$<(,;/]{4,}",
            re.IGNORECASE,
        ),
    ),
    ("a login in a header", re.compile(r"Authorization\s*[:=]\s*(Basic|Bearer)\s+[^\s{$<]", re.IGNORECASE)),
    ("an extended private key", re.compile(r"(?<!\w)[tuvxyz]prv[1-9A-HJ-NP-Za-km-z]{50,}")),
    ("the address of a webhook", re.compile(r"https://hooks\.slack\.com/\w+/")),
    ("an AWS access key", re.compile(r"(?<![A-Z0-9])(AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])")),
    ("a URL with a password", re.compile(r"[a-z][a-z0-9+.-]*://[^/\s:@\"']+:[^/\s@\"'{]+@", re.IGNORECASE)),
    (
        "a token",
        re.compile(r"(?<![\w-])(eyJ[\w-]{10,}\.[\w-]{10,}\.|gh[pousr]_\w{20,}|github_pat_\w{20,}|pul-[0-9a-f]{40})"),
    ),
    (
        "a wallet key",
        re.compile(r"(?<![1-9A-HJ-NP-Za-km-z])[5KLc9][1-9A-HJ-NP-Za-km-z]{50,51}(?![1-9A-HJ-NP-Za-km-z])"),
    ),
)
"""Texts that are secrets by their form, whatever their property is called."""

_RANDOM = "random:"

_SECRET_PROPERTIES: Mapping[str, frozenset[str]] = {
    "aws:secretsmanager/secretVersion:SecretVersion": frozenset({"secretString", "secretBinary", "secretStringWo"}),
    "aws:ssm/parameter:Parameter": frozenset({"value", "valueWo", "insecureValue"}),
    "kubernetes:core/v1:Secret": frozenset({"data", "stringData"}),
    "random:index/randomPassword:RandomPassword": frozenset({"result", "bcryptHash"}),
    "random:index/randomBytes:RandomBytes": frozenset({"hex", "base64"}),
    "tls:index/privateKey:PrivateKey": frozenset({"privateKeyPem", "privateKeyOpenssh", "privateKeyPemPkcs8"}),
}
"""What these types hold is secret by their nature, even where a state has it in clear."""


@dataclass(frozen=True, slots=True, order=True)
class Sealing:
    """A value that was in clear and is now sealed; the value itself appears nowhere."""

    urn: str
    path: str
    cause: str


@dataclass(frozen=True, slots=True)
class Redacted:
    """A state that anybody may see, and what had to be sealed for it."""

    deployment: Deployment
    sealed: tuple[Sealing, ...]


def redacted(deployment: Deployment) -> Redacted:
    """A copy of ``deployment`` for a comparison by strangers.

    Stack outputs, the secrets provider with its key, and unfinished operations are left out.

    Raises:
        DeploymentFormatError: it is not in the form of ``pulumi stack export``.
    """
    found: list[Sealing] = []
    resources = [_resource(state, found.append) for state in states(deployment)]
    manifest: Mapping[str, JSON] = {"time": "0001-01-01T00:00:00Z", "magic": "", "version": ""}
    return Redacted({"version": 3, "deployment": {"manifest": manifest, "resources": resources}}, tuple(sorted(found)))


def masked(text: str) -> str:
    """``text`` for where anybody can read it: nothing of one that has the form of a secret."""
    cause = _why_secret("", text)
    return f"[{cause}]" if cause else text


def _resource(state: Mapping[str, JSON], note: Callable[[Sealing], None]) -> Mapping[str, JSON]:
    urn, token = str(state.get("urn")), str(state.get("type"))
    kept = {key: value for key, value in state.items() if key in _KEPT_OF_A_RESOURCE}
    if token == STACK_TYPE:
        return {**kept, "outputs": {}}
    if token in _SECRET_PROPERTIES and token.startswith(_RANDOM) and kept.get("id") not in (None, "none"):
        # Of some random values the identifier is the value.
        kept["id"] = "none"
        note(Sealing(urn, "id", f"the identifier of {token}"))
    named = state.get("additionalSecretOutputs")
    secret_outputs = frozenset(str(name) for name in named) if isinstance(named, list) else frozenset[str]()
    for side in ("inputs", "outputs"):
        properties = kept.get(side)
        if isinstance(properties, Mapping):
            kept[side] = _Sealer(urn, token, side, secret_outputs, note).properties(properties)
    return kept


@dataclass(frozen=True, slots=True)
class _Sealer:
    """Seals one side, inputs or outputs, of one resource, and notes what was in clear."""

    urn: str
    token: str
    side: str
    secret_outputs: frozenset[str]
    note: Callable[[Sealing], None]

    def properties(self, properties: Mapping[str, JSON]) -> JSON:
        """The same properties, with what is secret by its type, name or form sealed."""
        return {name: self._property(name, value) for name, value in properties.items()}

    def _property(self, name: str, value: JSON) -> JSON:
        empty = value in (None, "", {}) or is_secret(value)
        if not empty and self._secret_by_nature(name, value):
            return self._sealed(name, f"secret by the nature of {self.token}")
        if name == "kubeconfig" and self.token.startswith(PROVIDER_PREFIX):
            return value
        return self._value(value, name, name)

    def _secret_by_nature(self, name: str, value: JSON) -> bool:
        if self.token.startswith(PROVIDER_PREFIX):
            if name == "kubeconfig":
                return not isinstance(value, str) or _CREDENTIALS_OF_A_KUBECONFIG.search(value) is not None
            return name not in _KEPT_OF_A_PROVIDER and not name.startswith("__")
        if name == "id":
            return self.token.startswith(_RANDOM) and self.token in _SECRET_PROPERTIES and value != "none"
        return name in _SECRET_PROPERTIES.get(self.token, ()) or name in self.secret_outputs

    def _value(self, value: JSON, path: str, name: str) -> JSON:
        if isinstance(value, Mapping):
            if is_secret(value):
                return SEALED
            if value and _SECRET_CONTAINERS.search(name):
                return self._sealed(path, f"below {name}")
            variable = value.get("name")
            return {
                key: self._value(
                    item, f"{path}.{key}", variable if key == "value" and isinstance(variable, str) else key
                )
                for key, item in value.items()
            }
        if isinstance(value, list):
            before = ["", *value]
            return [
                self._sealed(f"{path}[{index}]", f"what follows {before[index]}")
                if isinstance(item, str) and _SECRET_OPTION.fullmatch(str(before[index]))
                else self._value(item, f"{path}[{index}]", name)
                for index, item in enumerate(value)
            ]
        called = "" if (self.token, name) in _NAMES_OF_SECRETS else name
        if isinstance(value, str) and (cause := _why_secret(called, value)):
            return self._sealed(path, cause)
        return value

    def _sealed(self, path: str, cause: str) -> JSON:
        self.note(Sealing(self.urn, f"{self.side}.{path}", cause))
        return SEALED


def _why_secret(name: str, text: str) -> str:
    """Why ``text`` under ``name`` must not be seen; empty if it may."""
    if text and _SECRET_NAMES.search(name) and not text.startswith("arn:"):
        return f"called {name}"
    return next((cause for cause, pattern in _SECRET_TEXTS if pattern.search(text)), "")
