"""What the pods of the community edition ask their server, as shell scripts. No resources."""

from components.aerospike.config import SERVICE_PORT

NODE_ID = "NODE_ID"
"""Stands in the configuration for what the start makes of the pod's number."""

_ASK = f"asinfo -h 127.0.0.1 -p {SERVICE_PORT} -t 5000 -v"

PREPARE = f"""\
#!/bin/bash
# A server keeps its id over restarts: with a new one it would be another server, and move its records again.
set -eu
mkdir -p "$WORK_DIRECTORY/smd" "$WORK_DIRECTORY/usr/udf/lua"
sed "s/{NODE_ID}/a${{HOSTNAME##*-}}/" /etc/aerospike-template/aerospike.conf > /etc/aerospike/aerospike.conf
"""

ALIVE = f"""\
#!/bin/bash
# The server answers for itself; one that reads its disks after a start is given time by the startup probe.
set -u
[ "$({_ASK} status)" = ok ]
"""

SETTLED = f"""\
#!/bin/bash
# All servers see each other, and no records are on their way. Clients ignore readiness: they are told of servers by
# servers. It holds back the next restart and the next eviction.
set -u
statistics="$({_ASK} statistics -l)" || exit 1
grep -qx 'cluster_integrity=true' <<< "$statistics" &&
grep -qx "cluster_size=$SERVERS" <<< "$statistics" &&
grep -qx 'migrate_partitions_remaining=0' <<< "$statistics"
"""

LEAVE = """\
#!/bin/bash
# While records move, the one that stops may hold their only copy: wait for them, within the pod's grace period.
for _ in $(seq 48); do
    /scripts/settled && exit 0
    sleep 5
done
"""

SCRIPTS = {"prepare": PREPARE, "alive": ALIVE, "settled": SETTLED, "leave": LEAVE}
