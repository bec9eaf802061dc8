"""How many pods a node takes, and how many addresses of its subnet that costs.

Nodes draw pod addresses as whole /28 prefixes (prefix delegation of the VPC network plug-in), so a node needs enough
prefixes for its pods and the warm ones that the plug-in keeps ready.
"""

from math import ceil

MAX_PODS = 110
"""Kubernetes' own recommendation for nodes under 30 vCPU; EKS counts addresses, not prefixes, unless told."""

PREFIX_LENGTH = 28
WARM_PREFIXES = 1
"""Prefixes that a node holds beyond those in use, so that a new pod does not wait for EC2."""

PREFIXES_PER_NODE = ceil(MAX_PODS / 2 ** (32 - PREFIX_LENGTH)) + WARM_PREFIXES
"""What a full node takes out of its zone's pod block."""
