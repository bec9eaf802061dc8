"""How one component tells another where a store is, whatever product answers there."""

from dataclasses import dataclass

import pulumi


@dataclass(frozen=True, kw_only=True)
class StoreEndpoint:
    """A store as those who use it see it: the parts of its URL, a reference to its credentials, and its readiness.

    - `scheme`: of the URL that Teranode takes, for example `postgres`.
    - `secret_arn`: secret in Secrets Manager that holds the credentials which the store itself made, if it made any;
      only whoever creates users may read it. The value never passes through this program.
    - `ready`: what must exist before a connection can succeed. Users depend on all of it, and on no other store's.
    """

    scheme: str
    host: pulumi.Output[str]
    port: pulumi.Output[int]
    ready: tuple[pulumi.Resource, ...]
    secret_arn: pulumi.Output[str] | None = None
