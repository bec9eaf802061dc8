"""Damages of who holds the keys of miners, and of who reads their secrets."""

from tests.contract.policies.names import EVENT_RULE, EVENT_TARGET, EXTERNAL_SECRET, ROLE, SECRET_STORE, SECRET_VERSION
from tests.contract.policies.recipes import trust
from tests.contract.policies.stack import ACCOUNT, Damage, ModelStack, Row, drop, edit, plant

_OPERATOR = f"arn:aws:iam::{ACCOUNT}:eu-west-1-external-secrets"
_READER = f"arn:aws:iam::{ACCOUNT}:eu-west-1-miner-reader"


def _read_twice(key: str) -> Damage:
    """Bring what one miner reads under `key` to another one's namespace too."""

    def damage(stack: ModelStack) -> None:
        first = stack.first(EXTERNAL_SECRET)["inputs"]
        assert isinstance(first, dict)
        spec = first["spec"]
        assert isinstance(spec, dict)
        data = spec["data"]
        assert isinstance(data, list)
        shared = [entry for entry in data if isinstance(entry, dict) and entry["secretKey"] == key]
        inputs: Row = {"metadata": {"name": "other", "namespace": "other"}, "spec": {"data": list(shared)}}
        plant(EXTERNAL_SECRET, inputs, provider="eu-west-1-kubernetes")(stack)

    return damage


def _stored_twice(stack: ModelStack) -> None:
    stack.add(
        SECRET_VERSION,
        "other-version",
        provider="aws-eu-west-1",
        propertyDependencies={"secretString": [stack.urn("eu-west-1-miner-p2p-seed")]},
    )


DAMAGES: dict[str, tuple[Damage, ...]] = {
    "KEY-2": (edit(EXTERNAL_SECRET, "spec.data.1.secretKey", "coinbase_wallet_private_key"),),
    "KEY-2-ALARM": (
        drop(EVENT_RULE),
        drop(EVENT_TARGET),
        edit(EVENT_RULE, "state", "ENABLED"),
        edit(EVENT_RULE, "eventPattern", '{"detail": {"eventName": ["GetSecretValue"]}}'),
        edit(EXTERNAL_SECRET, "spec.data.1.remoteRef.key", f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:other"),
    ),
    "OBS-3-EVENTS": (
        drop(EVENT_RULE, name="account-keys"),
        drop(EVENT_TARGET, name="account-root-topic"),
        edit(EVENT_RULE, "state", "DISABLED", name="account-findings"),
        edit(EVENT_RULE, "eventPattern", '{"detail": {"eventName": ["DisableKey"]}}', name="account-keys"),
        edit(EVENT_RULE, "eventPattern", '{"detail": {"userIdentity": {"type": ["IAMUser"]}}}', name="account-root"),
        edit(EVENT_RULE, "eventPattern", '{"source": ["aws.guardduty"]}', name="account-findings"),
    ),
    "KEY-3": (_read_twice("p2p_private_key"), _read_twice("miner_wallet_private_keys")),
    "KEY-3-SEED": (_stored_twice,),
    "IAM-2-READER": (
        edit(SECRET_STORE, "spec", {"provider": {"aws": {}}}),
        edit(SECRET_STORE, "spec.provider.aws.role", f"arn:aws:iam::{ACCOUNT}:role/somebody"),
        edit(ROLE, "assumeRolePolicy", trust({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}), name="miner-reader"),
        edit(
            ROLE,
            "assumeRolePolicy",
            trust({"AWS": [_OPERATOR, f"arn:aws:iam::{ACCOUNT}:role/deploy"]}),
            name="miner-reader",
        ),
        edit(ROLE, "assumeRolePolicy", trust({"Service": "pods.eks.amazonaws.com"}), name="miner-reader"),
        plant(SECRET_STORE, {"spec": {"provider": {"aws": {"role": _READER}}}}, provider="eu-west-1-kubernetes"),
    ),
}
