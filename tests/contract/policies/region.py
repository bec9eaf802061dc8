"""What each resource of a model region is made with."""

from collections.abc import Mapping

from tests.contract.policies.stack import ACCOUNT, Json, ModelStack, Row, arn, document


class RegionBuilder:
    """Registers resources of one region of a stack."""

    def __init__(self, stack: ModelStack, name: str, cidr: str) -> None:
        self.stack = stack
        self.name = name
        self.prefix = cidr.rsplit(".", 2)[0]
        self.cidr = cidr

    def add(self, token: str, name: str, inputs: Mapping[str, Json] | None = None, **options: Json) -> Row:
        """Register a resource; `after` names resources of the region."""
        after = [f"{self.name}-{item}" for item in _strings(options.pop("after", []))]
        service = token.split(":", 2)[1].split("/", 1)[0]
        outputs = {"arn": arn(service, "" if service == "iam" else self.name, f"{self.name}-{name}")}
        return self.stack.add(
            token,
            f"{self.name}-{name}",
            inputs,
            provider=f"aws-{self.name}",
            outputs=outputs,
            after=after,
            **options,
        )

    def ref(self, name: str) -> str:
        """The id of a resource of the region."""
        return f"{self.name}-{name}-id"

    def arn_of(self, name: str) -> str:
        """The ARN of a resource of the region."""
        row = next(row for row in self.stack.rows if str(row["urn"]).endswith(f"::{self.name}-{name}"))
        outputs = row["outputs"]
        assert isinstance(outputs, dict)
        return str(outputs["arn"])

    def role(self, name: str, service: str, actions: Json = "sts:AssumeRole") -> str:
        """Register a role that a service takes; returns its ARN."""
        trust: Row = {"Effect": "Allow", "Principal": {"Service": service}, "Action": actions}
        if service != "ec2.amazonaws.com":
            trust["Condition"] = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
        self.add("aws:iam/role:Role", name, {"assumeRolePolicy": document(trust)})
        return self.arn_of(name)

    def attach(self, role: str, policy: str) -> None:
        """Attach a managed policy of AWS to a role of the region."""
        self.add(
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
            f"{role}-{policy}",
            {"role": self.ref(role), "policyArn": f"arn:aws:iam::aws:policy/{policy}"},
        )


def _strings(value: Json) -> list[str]:
    assert isinstance(value, list)
    return [str(item) for item in value]
