"""The versions of what this project runs: Kubernetes, its node image, its add-ons, Postgres, charts and images.

Each pin is preceded by the marker from which Renovate (renovate.json) finds newer releases. The builds of the EKS
add-ons and of the node image are the ones that running clusters of the same Kubernetes minor were seen to use
(September to November 2026). Three pins are unconfirmed for 1.36 and say so. AWS is the judge, and nothing in this
project asks it: before the first `up`, whoever runs it compares the pins with what this command lists, as
docs/first-up.md shows:

    aws eks describe-addon-versions --kubernetes-version 1.36 --addon-name <name>

A chart is pinned by its exact version, an image by tag and, where a multi-architecture digest is known from public
records, by digest too; the digest then decides, and the tag says to people what it is.

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


@dataclass(frozen=True, slots=True)
class ChartPin:
    """A Helm chart: the repository that publishes it under its name in `CHARTS`, and its exact version."""

    repository: str
    version: str


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

# renovate: datasource=endoflife-date depName=apache-kafka versioning=loose
MSK_VERSION = "4.1"
"""The newest Kafka that MSK's Standard brokers run (November 2026); 4.2 is for Express brokers only. AWS keeps the
patch level. Teranode's client speaks the protocol of 2.1, which is the oldest that Kafka 4 still understands."""

# renovate: datasource=github-tags depName=apache/kafka versioning=semver
STRIMZI_KAFKA_VERSION = "4.3.0"
"""The default of Strimzi 1.1, which supports 4.2.0, 4.2.1 and 4.3.0: it moves with the operator's chart."""

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

CHARTS: Mapping[str, ChartPin] = MappingProxyType(
    {
        # renovate: datasource=helm depName=cert-manager registryUrl=https://charts.jetstack.io
        "cert-manager": ChartPin("https://charts.jetstack.io", "v1.21.1"),
        # renovate: datasource=helm depName=external-secrets registryUrl=https://charts.external-secrets.io
        "external-secrets": ChartPin("https://charts.external-secrets.io", "2.9.0"),
        # renovate: datasource=helm depName=aws-load-balancer-controller registryUrl=https://aws.github.io/eks-charts
        "aws-load-balancer-controller": ChartPin("https://aws.github.io/eks-charts", "3.5.0"),
        # renovate: datasource=helm depName=strimzi-kafka-operator registryUrl=https://strimzi.io/charts
        "strimzi-kafka-operator": ChartPin("https://strimzi.io/charts", "1.1.0"),
        # renovate: datasource=helm depName=aerospike-kubernetes-operator registryUrl=https://aerospike.github.io/aerospike-kubernetes-enterprise
        "aerospike-kubernetes-operator": ChartPin(
            "https://aerospike.github.io/aerospike-kubernetes-enterprise", "4.5.0"
        ),
        # Read in the chart's repository, not seen in the registry: docs/first-up.md has the question to ask.
        # renovate: datasource=docker depName=ghcr.io/bsv-blockchain/helm/teranode-operator
        "teranode-operator": ChartPin("oci://ghcr.io/bsv-blockchain/helm", "0.2.3"),
        # renovate: datasource=helm depName=local-static-provisioner registryUrl=https://kubernetes-sigs.github.io/sig-storage-local-static-provisioner
        "local-static-provisioner": ChartPin(
            "https://kubernetes-sigs.github.io/sig-storage-local-static-provisioner", "2.8.0"
        ),
        # renovate: datasource=helm depName=kube-prometheus-stack registryUrl=https://prometheus-community.github.io/helm-charts
        "kube-prometheus-stack": ChartPin("https://prometheus-community.github.io/helm-charts", "82.13.3"),
    }
)
"""The Helm charts of the platform by name, each from the repository of the project that makes it."""

TERANODE_IMAGE = "ghcr.io/bsv-blockchain/teranode"
"""Of all of Teranode's services; its version is the environment's own, the key `release`."""

IMAGES: Mapping[str, str] = MappingProxyType(
    {
        # kubectl and helm for Jobs: kubectl may differ by one minor from the API server, so this follows Kubernetes.
        # renovate: datasource=docker depName=docker.io/alpine/k8s
        "kubernetes-tools": (
            "docker.io/alpine/k8s:1.36.2@sha256:44ef4942e171939b9c665a4a84beb80e2dcdb9a24330d4651cfdfd2e9deecc47"
        ),
        # Its standard library runs the transaction load; the digest stands in several public build logs.
        # renovate: datasource=docker depName=docker.io/library/python
        "python": (
            "docker.io/library/python:3.13.7-slim-trixie"
            "@sha256:5f55cdf0c5d9dc1a415637a5ccc4a9e18663ad203673173b8cda8f8dcacef689"
        ),
        # psql for Jobs: of the server's own version.
        # renovate: datasource=docker depName=docker.io/library/postgres
        "postgres-client": (
            "docker.io/library/postgres:17.9-alpine"
            "@sha256:c7526c0f6c3f30260a563d7bcf8ad778effac59a44f8ffa86678c35418338609"
        ),
        # renovate: datasource=docker depName=quay.io/jetstack/cert-manager-controller
        "cert-manager-controller": (
            "quay.io/jetstack/cert-manager-controller:v1.21.1"
            "@sha256:416a2d76870d996460e62bd7f521bf14fa017be9e3e904aab92163a331fcb61a"
        ),
        # renovate: datasource=docker depName=quay.io/jetstack/cert-manager-webhook
        "cert-manager-webhook": (
            "quay.io/jetstack/cert-manager-webhook:v1.21.1"
            "@sha256:d8b3961b51c8c7320633f8208dc46bf88aa13804d0f7cbe48a096b2c523cee42"
        ),
        # renovate: datasource=docker depName=quay.io/jetstack/cert-manager-cainjector
        "cert-manager-cainjector": (
            "quay.io/jetstack/cert-manager-cainjector:v1.21.1"
            "@sha256:ccf6b919ec0500745a47a910118f834f9636d0aac1ff221245cd2557ed8c7c98"
        ),
        # renovate: datasource=docker depName=quay.io/jetstack/cert-manager-startupapicheck
        "cert-manager-startupapicheck": (
            "quay.io/jetstack/cert-manager-startupapicheck:v1.21.1"
            "@sha256:d8ab6416e6e7303a86fa0a8daa82c94a8001f21c9d78eb2e7db20534e5d07ae8"
        ),
        # renovate: datasource=docker depName=quay.io/jetstack/cert-manager-acmesolver
        "cert-manager-acmesolver": (
            "quay.io/jetstack/cert-manager-acmesolver:v1.21.1"
            "@sha256:dbc7cc1354f603918e7c5af7f55a0a620537394452c93a565bde75c6f48e8837"
        ),
        # The digest stands in several public Dockerfiles.
        # renovate: datasource=docker depName=docker.io/nginxinc/nginx-unprivileged
        "nginx": (
            "docker.io/nginxinc/nginx-unprivileged:1.30.5-alpine3.24"
            "@sha256:15c994d10d6d78658721c3bcafff14cb281fba2a4bdf9d5ba92c416a472516e3"
        ),
        # renovate: datasource=docker depName=docker.io/apache/kafka
        "kafka": (
            "docker.io/apache/kafka:4.3.1@sha256:77e3df9054047a88b520d0cc46e16696d3b22022e1d580aeccd2632df6532837"
        ),
        # Strimzi's image has the same program; this one is of its makers, beside a broker without Strimzi.
        # renovate: datasource=docker depName=docker.io/danielqsj/kafka-exporter
        "kafka-exporter": "docker.io/danielqsj/kafka-exporter:v1.9.0",
        # renovate: datasource=docker depName=ghcr.io/external-secrets/external-secrets
        "external-secrets": "ghcr.io/external-secrets/external-secrets:v2.9.0",
        # renovate: datasource=docker depName=public.ecr.aws/eks/aws-load-balancer-controller
        "aws-load-balancer-controller": (
            "public.ecr.aws/eks/aws-load-balancer-controller:v3.5.0"
            "@sha256:298acdff5a571731276aaea3d5cc450a264e4ad710a5bddf3e518f68a3f9f6cb"
        ),
        # Of the edition without licence. Both editions have the same version, so that a miner can change between them.
        # renovate: datasource=docker depName=docker.io/aerospike/aerospike-server
        "aerospike-server": "docker.io/aerospike/aerospike-server:8.1.2.0",
        # renovate: datasource=docker depName=docker.io/aerospike/aerospike-server-enterprise
        "aerospike-server-enterprise": "docker.io/aerospike/aerospike-server-enterprise:8.1.2.0",
        # renovate: datasource=docker depName=docker.io/aerospike/aerospike-prometheus-exporter
        "aerospike-exporter": "docker.io/aerospike/aerospike-prometheus-exporter:1.24.0",
        # renovate: datasource=docker depName=quay.io/strimzi/operator
        "strimzi-operator": "quay.io/strimzi/operator:1.1.0",
        # renovate: datasource=docker depName=docker.io/aerospike/aerospike-backup-service
        "aerospike-backup-service": "docker.io/aerospike/aerospike-backup-service:3.5.0",
        # Takes and restores what `ops backup` keeps of a store, in Jobs of its own. By tag until 2027-05-31, as the
        # waiver of Aerospike's other images says: no public record gives its digest.
        # renovate: datasource=docker depName=docker.io/aerospike/absctl
        "aerospike-backup-control": "docker.io/aerospike/absctl:1.1.1",
        # renovate: datasource=docker depName=docker.io/aerospike/aerospike-kubernetes-operator
        "aerospike-operator": "docker.io/aerospike/aerospike-kubernetes-operator:4.5.0",
        # renovate: datasource=docker depName=docker.io/aerospike/aerospike-kubernetes-init
        "aerospike-init": "docker.io/aerospike/aerospike-kubernetes-init:2.5.3",
        # What chart 0.2.3 names, likewise.
        # renovate: datasource=docker depName=ghcr.io/bsv-blockchain/teranode-operator
        "teranode-operator": "ghcr.io/bsv-blockchain/teranode-operator:v0.8.5",
        # renovate: datasource=docker depName=registry.k8s.io/sig-storage/local-volume-provisioner
        "local-volume-provisioner": "registry.k8s.io/sig-storage/local-volume-provisioner:v2.8.0",
        # renovate: datasource=docker depName=registry.k8s.io/sig-storage/local-volume-node-cleanup
        "local-volume-node-cleanup": "registry.k8s.io/sig-storage/local-volume-node-cleanup:v2.8.0",
        # renovate: datasource=docker depName=quay.io/prometheus-operator/prometheus-operator
        "prometheus-operator": "quay.io/prometheus-operator/prometheus-operator:v0.89.0",
        # renovate: datasource=docker depName=quay.io/prometheus-operator/prometheus-config-reloader
        "prometheus-config-reloader": "quay.io/prometheus-operator/prometheus-config-reloader:v0.89.0",
        # renovate: datasource=docker depName=quay.io/prometheus/prometheus
        "prometheus": "quay.io/prometheus/prometheus:v3.10.0",
        # renovate: datasource=docker depName=registry.k8s.io/kube-state-metrics/kube-state-metrics
        "kube-state-metrics": (
            "registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.18.0"
            "@sha256:1545919b72e3ae035454fc054131e8d0f14b42ef6fc5b2ad5c751cafa6b2130e"
        ),
        # renovate: datasource=docker depName=docker.io/grafana/grafana
        "grafana": "docker.io/grafana/grafana:12.4.1",
        # renovate: datasource=docker depName=quay.io/kiwigrid/k8s-sidecar
        "grafana-sidecar": "quay.io/kiwigrid/k8s-sidecar:2.5.0",
    }
)
"""The images that this project sets, by the name under which components ask for them."""
