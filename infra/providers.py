"""The AWS provider of each region, and the one that draws random values; Kubernetes providers belong to clusters."""

from collections.abc import Mapping

import pulumi_aws as aws
import pulumi_random as random

from components.placement import Placement
from infra.settings import CopiesSettings, Environment, RegionSettings


def default_tags(environment: Environment, region: str) -> Mapping[str, str]:
    """Tags of everything in a region: who owns it, what it belongs to, which guard rails it lives under.

    `data-class` is `platform` unless a resource that holds data of another class says so itself.
    """
    return {
        "project": "teranode-infra",
        "environment": environment.name,
        "tier": environment.tier,
        "region": region,
        "owner": environment.owner,
        "chain": environment.chain,
        "data-class": "platform",
        "managed-by": "pulumi",
    }


def placement(environment: Environment, region: RegionSettings) -> Placement:
    """Where a region's components live."""
    return _placement(environment, region.name, region.partition)


def copies_placement(environment: Environment, copies: CopiesSettings) -> Placement:
    """Where copies of backups lie: a region in which the environment has nothing else."""
    return _placement(environment, copies.region, copies.partition)


def _placement(environment: Environment, region: str, partition: str) -> Placement:
    return Placement(
        environment=environment.name,
        account=environment.account,
        region=region,
        partition=partition,
        tags=default_tags(environment, region),
        permissions_boundary=environment.access.permissions_boundary,
        pages=environment.pages,
    )


def aws_provider(environment: Environment, region: str) -> aws.Provider:
    """Provider of a region: one account, one region, and credentials of any other account fail before any change.

    `max_retries` and `retry_mode` keep a parallel first update below the API's rate limits: with the SDK's default of
    three attempts, EC2 and IAM throttle a region's worth of creations into failure.
    """
    return aws.Provider(
        f"aws-{region}",
        region=region,
        allowed_account_ids=[environment.account],
        default_tags=aws.ProviderDefaultTagsArgs(tags=default_tags(environment, region)),
        max_retries=25,
        retry_mode="adaptive",
    )


def random_provider() -> random.Provider:
    """Provider of what is drawn once and kept in the state; it has neither account nor region."""
    return random.Provider("random")
