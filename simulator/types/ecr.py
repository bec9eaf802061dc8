"""Repositories of images: ``aws:ecr``."""

from simulator.types.aws import regional, regional_tagged
from simulator.types.base import Autoname, Request, ResourceModel
from simulator.values import JSON


def _repository(request: Request, name: str) -> dict[str, JSON]:
    place = request.place
    return {
        **regional_tagged(request),
        "arn": request.arn("ecr", f"repository/{name}"),
        "registryId": place.account,
        "repositoryUrl": f"{place.account}.dkr.ecr.{place.region}.{place.dns_suffix}/{name}",
    }


def _setting(token: str) -> ResourceModel:
    """A policy of a repository: it is known by the repository's name."""
    return ResourceModel(
        token,
        identify=lambda request: request.text("repository"),
        compute=lambda request, _: {**regional(request), "registryId": request.place.account},
    )


MODELS = (
    ResourceModel(
        "aws:ecr/repository:Repository",
        identify=lambda request: request.text("name"),
        compute=_repository,
        autoname=Autoname("name", max_length=256),
        defaults={"imageTagMutability": "MUTABLE"},
    ),
    _setting("aws:ecr/lifecyclePolicy:LifecyclePolicy"),
    _setting("aws:ecr/repositoryPolicy:RepositoryPolicy"),
)
