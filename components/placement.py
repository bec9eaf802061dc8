"""Where a component's resources live, and how they are labelled."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Account and region of a component, with the tags that AWS does not inherit by itself.

    `permissions_boundary` is the ARN of a policy that no role of the environment can exceed, if the account has one.
    `tags` repeats the provider's default tags for the places where default tags do not reach: volumes, instances and
    network interfaces that a launch template or a CSI driver creates. `pages` is where the repository is read in a
    browser, for whoever is told of something here; empty where nobody said.
    """

    environment: str
    account: str
    region: str
    partition: str
    tags: Mapping[str, str]
    permissions_boundary: str | None = None
    pages: str = ""

    def arn(self, service: str, resource: str) -> str:
        """ARN of a resource of this account in this region."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"

    def global_arn(self, service: str, resource: str) -> str:
        """ARN of a resource of this account that belongs to no region, as IAM's do."""
        return f"arn:{self.partition}:{service}::{self.account}:{resource}"

    def aws_managed_policy(self, name: str) -> str:
        """ARN of an IAM policy that AWS maintains, for example `AmazonEKSClusterPolicy`."""
        return f"arn:{self.partition}:iam::aws:policy/{name}"

    def cluster_access_policy(self, name: str) -> str:
        """ARN of an EKS access policy, for example `AmazonEKSClusterAdminPolicy`."""
        return f"arn:{self.partition}:eks::aws:cluster-access-policy/{name}"

    @property
    def account_root(self) -> str:
        """The account itself as a principal: it hands a key's permissions on to IAM policies."""
        return self.global_arn("iam", "root")

    @property
    def iam_path(self) -> str:
        """Path of every role of the environment, so that a deployer's own rights can be limited to it."""
        return f"/{self.environment}/"

    @property
    def reader_path(self) -> str:
        """Path of the roles that External Secrets takes to read one namespace's secrets, and of no others."""
        return f"{self.iam_path}reader/"
