"""Account-wide S3 settings: ``aws:s3``."""

from simulator.types.base import ResourceModel

MODELS = (
    ResourceModel(
        "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
        identify=lambda request: request.text("accountId", request.place.account),
        compute=lambda request, _: {"accountId": request.text("accountId", request.place.account)},
        defaults={
            "blockPublicAcls": False,
            "blockPublicPolicy": False,
            "ignorePublicAcls": False,
            "restrictPublicBuckets": False,
        },
    ),
)
