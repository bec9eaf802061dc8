"""Secrets in Secrets Manager: what one is, and how others refer to a version of it."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.base import Component
from components.placement import Placement
from components.protection import Protection


@dataclass(frozen=True, kw_only=True)
class SecretRef:
    """A secret as those who read it see it; the value itself never passes through here.

    - `keys`: of the JSON object that the secret holds; of a `text`, the one name that it gets where it is read.
    - `key_arn`: KMS key that encrypts it; None where that is Secrets Manager's own, which every reader may use.
    - `version`: id of the one value that is meant; None where somebody else writes the secret: the current one.
    - `text`: the secret is one text and no JSON object, for example a file that somebody put there.
    """

    arn: pulumi.Input[str]
    keys: tuple[str, ...]
    key_arn: pulumi.Input[str] | None
    version: pulumi.Output[str] | None
    text: bool = False

    def __post_init__(self) -> None:
        if self.text and len(self.keys) != 1:
            raise ValueError(f"a secret that is one text needs one name, not {len(self.keys)}")


@dataclass(frozen=True, kw_only=True)
class StoredSecretArgs:
    """Arguments of `StoredSecret`.

    - `secret_name`: physical name, `<environment>/<owner>/<purpose>`.
    - `values`: of the JSON object; all of them are treated as secret.
    """

    placement: Placement
    secret_name: str
    description: str
    values: Mapping[str, pulumi.Input[str]]
    key_arn: pulumi.Input[str]
    protection: Protection


class StoredSecret(Component):
    """A secret of several values, kept as one JSON object, and the version that holds them.

    Creates `aws.secretsmanager.Secret` and `SecretVersion`. Another value is another version: the one before stays
    readable until the new one has taken its place with all who name it. Only another name replaces the secret itself.
    Where the environment protects its data the secret is protected and retained, and restorable after a deletion.
    """

    TOKEN = "teranode:stored_secret:StoredSecret"

    ref: SecretRef

    def __init__(self, name: str, args: StoredSecretArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        protection = args.protection
        secret = aws.secretsmanager.Secret(
            f"{name}-secret",
            name=args.secret_name,
            description=args.description,
            kms_key_id=args.key_arn,
            recovery_window_in_days=protection.secret_recovery_days,
            tags={"Name": args.secret_name.replace("/", "-"), "data-class": "secrets"},
            opts=self._child(protect=protection.protect, retain_on_delete=protection.protect),
        )
        version = aws.secretsmanager.SecretVersion(
            f"{name}-version",
            secret_id=secret.id,
            secret_string=pulumi.Output.secret(pulumi.Output.json_dumps(dict(sorted(args.values.items())))),
            opts=self._child(),
        )
        self.ref = SecretRef(
            arn=secret.arn, keys=tuple(sorted(args.values)), key_arn=args.key_arn, version=version.version_id
        )
        self.register_outputs({"arn": secret.arn})
