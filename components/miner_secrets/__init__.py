"""A miner's credentials: generated once, kept in Secrets Manager, replaced without downtime."""

from components.miner_secrets.component import WALLET_KEYS, MinerSecrets, MinerSecretsArgs
from components.miner_secrets.logins import DatabaseLogins, Login
from components.miner_secrets.store_urls import StoreUrls, StoreUrlsArgs

__all__ = ["WALLET_KEYS", "DatabaseLogins", "Login", "MinerSecrets", "MinerSecretsArgs", "StoreUrls", "StoreUrlsArgs"]
