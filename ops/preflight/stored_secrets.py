"""Whether the secrets that somebody else keeps are there, where pods look for them. Their values are never read."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from botocore.exceptions import ClientError

from ops.aws.session import code_of
from ops.preflight.checks import Area, Check, Verdict
from ops.preflight.needs import Evaluated
from ops.preflight.reading import Reader, Record, Trouble, or_trouble
from simulator.values import JSON, at, texts

_ARN = re.compile(r"arn:[\w-]+:secretsmanager:(?P<region>[\w-]+):\d{12}:secret:(?P<name>.+)")
_OF_RDS = "rds!"
"""What RDS names the secrets that it makes itself."""


def kept_elsewhere(evaluated: Evaluated) -> Mapping[str, Mapping[str, list[str]]]:
    """By region and ARN, the namespaces whose pods get a secret that the program does not make."""
    made = {str(node.outputs.get("arn")) for _, node in evaluated.of_type("aws:secretsmanager/secret:Secret")}
    found: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for region, synced in evaluated.of_type("kubernetes:external-secrets.io/v1:ExternalSecret"):
        for arn in _arns(synced.inputs.get("spec")):
            match = _ARN.fullmatch(arn)
            if match and arn not in made and not match["name"].startswith(_OF_RDS):
                namespace = str(at(synced.inputs, "metadata.namespace"))
                if namespace not in found[region][arn]:
                    found[region][arn].append(namespace)
    return {region: dict(arns) for region, arns in found.items()}


def _arns(spec: JSON) -> list[str]:
    return list(dict.fromkeys(text for path, text in texts(spec) if path.endswith("key") and _ARN.fullmatch(text)))


def secret_checks(reader: Reader, region: str, evaluated: Evaluated) -> Iterator[Check]:
    """The secrets that pods of a region read and the program does not make."""
    for arn, namespaces in sorted(kept_elsewhere(evaluated).get(region, {}).items()):
        found = or_trouble(lambda arn=arn: _described(reader, region, arn))
        yield judge_secret(region, arn, namespaces, found)


def _described(reader: Reader, region: str, arn: str) -> Record | None:
    match = _ARN.fullmatch(arn)
    placed = match["region"] if match else region
    try:
        return reader.client("secretsmanager", placed).describe_secret(SecretId=arn)
    except ClientError as error:
        if code_of(error) == "ResourceNotFoundException":
            return None
        raise


def judge_secret(region: str, arn: str, namespaces: list[str], found: Record | Trouble | None) -> Check:
    """Whether a secret is in the region in which it is read, is not being deleted, and has a value."""
    match = _ARN.fullmatch(arn)
    name, placed = (match["name"], match["region"]) if match else (arn, region)
    subject = f"{name} for {', '.join(namespaces)}"
    if isinstance(found, Trouble):
        return found.check(Area.SECRETS, region, subject, "secretsmanager:DescribeSecret tells")
    if placed != region:
        command = f"aws secretsmanager replicate-secret-to-regions --region {placed} --secret-id {arn} "
        command += f"--add-replica-regions Region={region}"
        remedy = f"put it into {region} too, and name that one's ARN for what runs there"
        what = f"is in {placed}, and its pods read Secrets Manager in {region}"
        return Check(Area.SECRETS, region, subject, Verdict.FAILS, what, remedy, command)
    if found is None:
        remedy = "put it there, or correct its ARN in the stack file (the six characters at its end belong to it)"
        return Check(Area.SECRETS, region, subject, Verdict.FAILS, "does not exist", remedy)
    if found.get("DeletedDate"):
        command = f"aws secretsmanager restore-secret --region {region} --secret-id {arn}"
        return Check(Area.SECRETS, region, subject, Verdict.FAILS, "is being deleted", "take it back", command)
    stages = found.get("VersionIdsToStages")
    current = any("AWSCURRENT" in stage for stage in stages.values()) if isinstance(stages, Mapping) else False
    if not current:
        return Check(Area.SECRETS, region, subject, Verdict.FAILS, "has no value", "put one into it")
    return Check(Area.SECRETS, region, subject, Verdict.HOLDS, "is there; its value was not read")
