"""A stand-in for the ``aws`` command: it answers ``eks get-token`` and nothing else.

Kubeconfigs of this project call ``aws eks get-token``. In a simulated shell with real API servers behind the clusters,
the answer is the client certificate or token of the context that has the region's name.
"""

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from simulator.errors import SimulatorError
from simulator.kubeconfig import KUBECONFIG_VARIABLE, ClusterAccess, read_contexts


def exec_credential(access: ClusterAccess) -> dict[str, object]:
    """What client-go expects of a credential plugin.

    Source: Kubernetes, client.authentication.k8s.io/v1beta1 ExecCredential.
    """
    status = {"token": access.token}
    if access.client_certificate:
        status = {"clientCertificateData": access.client_certificate, "clientKeyData": access.client_key}
    return {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "kind": "ExecCredential",
        "spec": {},
        "status": status,
    }


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Answer ``aws [--region REGION] eks get-token --cluster-name NAME``."""
    parser = argparse.ArgumentParser(prog="aws", description="Stand-in of the simulated shell for the AWS CLI")
    parser.add_argument("--region", required=True)
    parser.add_argument("--output", choices=["json"])
    parser.add_argument("--cluster-name", required=True)
    parser.add_argument("service", choices=["eks"])
    parser.add_argument("command", choices=["get-token"])
    asked = parser.parse_args(arguments)
    try:
        contexts = read_contexts(Path(environment.get(KUBECONFIG_VARIABLE, "")))
    except SimulatorError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    access = contexts.get(asked.region)
    if access is None:
        names = ", ".join(sorted(contexts)) or "none"
        sys.stderr.write(f"{KUBECONFIG_VARIABLE} has no context named {asked.region}; it has {names}\n")
        return 1
    sys.stdout.write(json.dumps(exec_credential(access)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
