"""Roles of pods."""

import json

from components import iam
from components.pod_identity import PodRole, PodRoleArgs
from simulator import Simulation
from tests.support.builders import in_region, placement


def built() -> Simulation:
    args = PodRoleArgs(
        placement=placement(),
        cluster_name="testing-eu-west-1",
        cluster="testing-eu-west-1",
        namespace="miner-1",
        service_account="runner",
        description="Archive of miner-1",
        policy=iam.document({"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::bucket"}),
    )
    return in_region(lambda opts: PodRole("runner", args, opts))


def test_the_role_trusts_pods_of_its_cluster_only() -> None:
    [role] = built().of_type("aws:iam/role:Role")

    [statement] = json.loads(str(role.inputs["assumeRolePolicy"]))["Statement"]
    assert statement["Principal"] == {"Service": "pods.eks.amazonaws.com"}
    assert statement["Condition"]["ArnEquals"]["aws:SourceArn"].endswith(":cluster/testing-eu-west-1")
    assert role.inputs["path"] == "/testing/"


def test_one_service_account_takes_it_once_it_has_its_rights() -> None:
    simulation = built()
    [association] = simulation.of_type("aws:eks/podIdentityAssociation:PodIdentityAssociation")
    [policy] = simulation.of_type("aws:iam/rolePolicy:RolePolicy")

    assert (association.inputs["namespace"], association.inputs["serviceAccount"]) == ("miner-1", "runner")
    assert policy.urn in association.dependencies
