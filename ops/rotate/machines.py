"""The instances of a pool's nodes."""

from dataclasses import dataclass

from botocore.exceptions import ClientError

from ops.aws.session import Aws, code_of, faults_worded


@dataclass(frozen=True, slots=True)
class Ec2Machines:
    """EC2 in one region."""

    aws: Aws
    region: str

    def terminate(self, instance: str) -> None:
        """End an instance; its node group makes another. One that is ending or gone already is no fault."""
        with faults_worded():
            try:
                self.aws.client("ec2", self.region).terminate_instances(InstanceIds=[instance])
            except ClientError as error:
                if code_of(error) != "InvalidInstanceID.NotFound":
                    raise
