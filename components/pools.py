"""How nodes say which pool they belong to, so that workloads can choose. No resources."""

POOL_LABEL = "teranode.io/pool"
"""Label of every node: the name of its pool."""

STORAGE_TAINT = "teranode.io/storage"
"""Taint, and label, of nodes with local disks: the name of their pool. Only their database tolerates it."""

SYSTEM_POOL = {POOL_LABEL: "system"}
"""Selects the nodes that the cluster's own services run on."""

GENERAL_POOL = {POOL_LABEL: "general"}
"""Selects the nodes of what keeps nothing on its node."""

LOCAL_DISKS_FOLDER = "/mnt/disks/local-nvme"
"""Folder of a storage node in which its raw local disks are found, one link each."""
