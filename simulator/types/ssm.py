"""Systems Manager: ``aws:ssm`` documents."""

import hashlib

from simulator.types.aws import CREATED_AT, regional_tagged
from simulator.types.base import Autoname, Request, ResourceModel
from simulator.values import JSON


def _document(request: Request, name: str) -> dict[str, JSON]:
    return {
        **regional_tagged(request),
        "arn": request.arn("ssm", f"document/{name}"),
        "hash": hashlib.sha256(request.text("content").encode()).hexdigest(),
        "owner": request.place.account,
    }


MODELS = (
    ResourceModel(
        "aws:ssm/document:Document",
        identify=lambda request: request.text("name"),
        compute=_document,
        autoname=Autoname("name", max_length=128),
        defaults={
            "createdDate": CREATED_AT,
            "defaultVersion": "1",
            "description": "",
            "documentFormat": "JSON",
            "documentVersion": "1",
            "hashType": "Sha256",
            "latestVersion": "1",
            "parameters": [],
            "platformTypes": ["Linux", "MacOS"],
            "schemaVersion": "2.2",
            "status": "Active",
        },
    ),
)
