"""Repositories of images (IMG-2)."""

from collections.abc import Iterator

from .documents import policy_document
from .graph import Graph, Resource
from .rule import Problem, Rule, rule
from .tokens import REPOSITORY, REPOSITORY_LIFECYCLE, REPOSITORY_POLICY

_PULL = {"ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"}


@rule(
    "IMG-2",
    title="Repositories: immutable tags, scanned, encrypted, without what nobody names, and others only pull",
    reason="A tag that moves is another image under a known name; whoever may push runs code at every reader.",
    source="ECR.1-3; CIS EKS 5.1.1",
    remedy="Use the Distribution component.",
    on=(REPOSITORY,),
)
def well_kept(graph: Graph, repository: Resource) -> Iterator[Problem]:
    inputs = repository.inputs
    if inputs.text("imageTagMutability") != "IMMUTABLE":
        yield Problem("tags can be moved", "imageTagMutability")
    if not inputs.flag("imageScanningConfiguration.scanOnPush"):
        yield Problem("what is pushed is not scanned", "imageScanningConfiguration.scanOnPush")
    if not any(one.has("kmsKey") for one in inputs.views("encryptionConfigurations")):
        yield Problem("images have no customer-managed key", "encryptionConfigurations")
    if not graph.referrers(repository, "repository", REPOSITORY_LIFECYCLE):
        yield Problem("images without a tag are kept for ever")
    for policy in graph.referrers(repository, "repository", REPOSITORY_POLICY):
        for statement in policy_document(policy.inputs, "policy"):
            if statement.allows and not set(statement.actions) <= _PULL:
                yield Problem("others may do more than pull", "policy", policy.urn)
            if statement.allows and statement.anyone:
                yield Problem("anybody may pull", "policy", policy.urn)


RULES: tuple[Rule, ...] = (well_kept,)
