"""What an environment `dev` of one region has in moto's account, as far as it can be switched off and on.

Moto scales no node group: that its nodes come and go is played here, each time somebody waits.
"""

from typing import Any

import boto3

ACCOUNT, REGION = "111122223333", "eu-west-1"
CLUSTER = "dev-eu-west-1"


class Cloud:
    """What dev has in its account: two node groups with a node each, and a database."""

    def __init__(self) -> None:
        self.eks, self.ec2, self.rds = (boto3.client(name, region_name=REGION) for name in ("eks", "ec2", "rds"))
        self.waits = 0
        role = f"arn:aws:iam::{ACCOUNT}:role/nodes"
        self.eks.create_cluster(name=CLUSTER, roleArn=role, resourcesVpcConfig={})
        for pool in ("system", "general"):
            self.eks.create_nodegroup(
                clusterName=CLUSTER,
                nodegroupName=f"{pool}-a",
                nodeRole=role,
                subnets=["subnet-1"],
                labels={"teranode.io/pool": pool},
                scalingConfig={"minSize": 0, "maxSize": 3, "desiredSize": 1},
            )
        self.rds.create_db_instance(
            DBInstanceIdentifier="dev-postgres",
            DBInstanceClass="db.t4g.medium",
            Engine="postgres",
            AllocatedStorage=20,
        )
        self.settle()

    def group(self, name: str) -> Any:
        return self.eks.describe_nodegroup(clusterName=CLUSTER, nodegroupName=name)["nodegroup"]

    @property
    def desired(self) -> dict[str, int]:
        return {name: self.group(f"{name}-a")["scalingConfig"]["desiredSize"] for name in ("system", "general")}

    @property
    def nodes(self) -> int:
        return sum(len(self._running(name)) for name in ("system-a", "general-a"))

    @property
    def database(self) -> str:
        return self.rds.describe_db_instances()["DBInstances"][0]["DBInstanceStatus"]

    def settle(self) -> None:
        """What an autoscaling group does in a while: as many nodes as are wanted."""
        for group in ("system-a", "general-a"):
            wanted = self.group(group)["scalingConfig"]["desiredSize"]
            running = self._running(group)
            if len(running) > wanted:
                self.ec2.terminate_instances(InstanceIds=running[wanted:])
            elif len(running) < wanted:
                names = {"eks:cluster-name": CLUSTER, "eks:nodegroup-name": group}
                tags = [{"Key": key, "Value": value} for key, value in names.items()]
                self.ec2.run_instances(
                    ImageId="ami-12c6146b",
                    MinCount=wanted - len(running),
                    MaxCount=wanted - len(running),
                    TagSpecifications=[{"ResourceType": "instance", "Tags": tags}],
                )

    def wait(self, seconds: float) -> None:
        assert seconds > 0
        self.waits += 1
        self.settle()

    def _running(self, group: str) -> list[str]:
        filters = [
            {"Name": "tag:eks:nodegroup-name", "Values": [group]},
            {"Name": "instance-state-name", "Values": ["running"]},
        ]
        found = self.ec2.describe_instances(Filters=filters)["Reservations"]
        return sorted(one["InstanceId"] for reservation in found for one in reservation["Instances"])
