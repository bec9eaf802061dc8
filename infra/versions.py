"""The versions of what AWS runs for this project: Kubernetes, its node image, its add-ons, Postgres.

Each pin is preceded by the marker from which Renovate (renovate.json) finds newer releases. The builds of the EKS
add-ons and of the node image are the ones that running clusters of the same Kubernetes minor were seen to use
(September to November 2026). Three pins are unconfirmed for 1.36 and say so. AWS is the judge, and nothing in this
project asks it: before the first `up`, whoever runs it compares the pins with what this command lists, as
docs/first-up.md shows:

    aws eks describe-addon-versions --kubernetes-version 1.36 --addon-name <name>

Python packages are pinned in requirements.in. The access host's image and the proxy on it float by design: the host
holds no data, and what it starts from is read anew whenever it is replaced.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class KubernetesRelease:
    """What belongs to one Kubernetes minor: it moves together, or the cluster is outside the supported skew.

    `node_release` is the release of the Amazon Linux 2023 node image (`<kubelet version>-<build date>`, the same for
    amd64 and arm64); `addons` maps an EKS add-on's name to its build.
    """

    node_release: str
    addons: Mapping[str, str]


# renovate: datasource=endoflife-date depName=amazon-eks versioning=loose
KUBERNETES_VERSION = "1.36"
"""The minor of every environment that does not choose another. 1.37 is too young (October 2026) to be the default."""

_COMMON_ADDONS = {
    # renovate: datasource=aws-eks-addon depName=vpc-cni kubernetes=1.36
    "vpc-cni": "v1.22.4-eksbuild.3",
    # renovate: datasource=aws-eks-addon depName=eks-pod-identity-agent kubernetes=1.36
    "eks-pod-identity-agent": "v1.3.10-eksbuild.3",
    # renovate: datasource=aws-eks-addon depName=aws-ebs-csi-driver kubernetes=1.36
    "aws-ebs-csi-driver": "v1.66.0-eksbuild.1",
    # renovate: datasource=aws-eks-addon depName=aws-efs-csi-driver kubernetes=1.36
    "aws-efs-csi-driver": "v3.4.1-eksbuild.1",
    # Unconfirmed: a build of upstream v1.9.0 that no public record names.
    # renovate: datasource=aws-eks-addon depName=aws-fsx-csi-driver kubernetes=1.36
    "aws-fsx-csi-driver": "v1.9.0-eksbuild.1",
    # renovate: datasource=aws-eks-addon depName=metrics-server kubernetes=1.36
    "metrics-server": "v0.9.0-eksbuild.11",
    # Unconfirmed: seen on 1.35 only.
    # renovate: datasource=aws-eks-addon depName=snapshot-controller kubernetes=1.36
    "snapshot-controller": "v8.6.0-eksbuild.4",
    # Unconfirmed: seen on 1.35 only.
    # renovate: datasource=aws-eks-addon depName=eks-node-monitoring-agent kubernetes=1.36
    "eks-node-monitoring-agent": "v1.7.0-eksbuild.1",
}

# renovate: datasource=endoflife-date depName=amazon-rds-postgresql versioning=loose
POSTGRES_VERSION = "17.9"
"""Of Aurora and RDS alike: both offer it, and Teranode is tested with 17. A major is a decision, made by hand."""

KUBERNETES_RELEASES: Mapping[str, KubernetesRelease] = MappingProxyType(
    {
        # Kept as the way back if the Lustre client fails on the 6.18 kernel of the 1.36 image.
        "1.35": KubernetesRelease(
            # renovate: datasource=github-releases depName=awslabs/amazon-eks-ami versioning=loose
            node_release="1.35.7-20260903",
            addons=MappingProxyType(
                {
                    **_COMMON_ADDONS,
                    # renovate: datasource=aws-eks-addon depName=coredns kubernetes=1.35
                    "coredns": "v1.14.3-eksbuild.3",
                    # renovate: datasource=aws-eks-addon depName=kube-proxy kubernetes=1.35
                    "kube-proxy": "v1.35.3-eksbuild.18",
                }
            ),
        ),
        "1.36": KubernetesRelease(
            # renovate: datasource=github-releases depName=awslabs/amazon-eks-ami versioning=loose
            node_release="1.36.4-20260930",
            addons=MappingProxyType(
                {
                    **_COMMON_ADDONS,
                    # renovate: datasource=aws-eks-addon depName=coredns kubernetes=1.36
                    "coredns": "v1.14.6-eksbuild.4",
                    # renovate: datasource=aws-eks-addon depName=kube-proxy kubernetes=1.36
                    "kube-proxy": "v1.36.0-eksbuild.25",
                }
            ),
        ),
    }
)
"""The Kubernetes minors that an environment may choose: those whose node image and add-ons are pinned here."""
