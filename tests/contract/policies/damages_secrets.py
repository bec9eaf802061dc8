"""Damages of secrets and of miners' keys."""

import json

from tests.contract.policies.names import CONFIG_MAP, RANDOM_PASSWORD, SECRET_VERSION, STORED_SECRET
from tests.contract.policies.stack import Damage, drop, edit, option, plant

# Published with Teranode's docker samples (settings.conf): known to everybody, good for nothing else.
_PUBLISHED = (
    "c8a1b91ae120878d91a04c904e0d565aa44b2575c1bb30a729bd3e36e2a1d5e6"
    "067216fa92b1a1a7e30d0aaabe288e25f1efc0830f309152638b61d84be6b71d"
)

DAMAGES: dict[str, tuple[Damage, ...]] = {
    "SEC-1-ID": (plant("random:index/randomBytes:RandomBytes", {"length": 32}),),
    "SEC-2": (
        edit(STORED_SECRET, "kmsKeyId", None),
        edit(STORED_SECRET, "recoveryWindowInDays", 7),
        edit(STORED_SECRET, "recoveryWindowInDays", 0),
    ),
    "SEC-3": (drop("aws:secretsmanager/secretRotation:SecretRotation"),),
    "SEC-5": (
        plant("aws:elasticache/replicationGroup:ReplicationGroup", {"authToken": "correct horse"}),
        plant("aws:mq/broker:Broker", {"users": [{"username": "miner", "password": "correct horse"}]}),
        edit("aws:rds/instance:Instance", "password", "correct horse"),
    ),
    "KEY-1": (
        plant(RANDOM_PASSWORD, name="miner-1-wallet-seed"),
        plant("tls:index/privateKey:PrivateKey", name="coinbase"),
        plant(STORED_SECRET, {"name": "model/miner/wallet"}),
    ),
    "KEY-6": (
        edit(RANDOM_PASSWORD, "keepers", {"generation": "2"}),
        option(RANDOM_PASSWORD, "protect", value=False),
    ),
    "KEY-6-RETAIN": (option(RANDOM_PASSWORD, "retainOnDelete", value=False),),
    "KEY-7": (
        edit(CONFIG_MAP, "data", {"p2p_private_key": _PUBLISHED}),
        edit(CONFIG_MAP, "data", {"settings": f"p2p_private_key = {_PUBLISHED}"}),
        edit(CONFIG_MAP, "data", {"rpc_user": "bitcoin"}),
        edit(SECRET_VERSION, "secretString", json.dumps({"grpc_admin_api_key": "testkey"})),
        edit(SECRET_VERSION, "secretString", json.dumps({"wallet": f"x | {_PUBLISHED}"})),
    ),
}
