"""A miner's namespace, by the API server of its region."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from kubernetes import client
from kubernetes.client.exceptions import ApiException

from infra.miner_namespace import APP_LABEL, SEED_JOB
from ops.backup.jobs import JOB
from ops.backup.model import HeldError, Journal
from ops.backup.pods import last_words, waits_for
from ops.backup.site import JobReading, JobState
from ops.backup.switch import FIELD_MANAGER, Switch
from ops.outputs import MinerOutputs, RegionOutputs
from ops.verify.cluster import REQUEST_TIMEOUT_S, TERANODE_GROUP, TERANODE_PLURAL
from ops.verify.readings import LookError
from simulator.values import JSON, at

LEASE = "teranode-backup"
_ANNOTATION = "teranode-infra/backup"
_NOT_FOUND, _CONFLICT = 404, 409
_READ = ("list",)
RIGHTS = (
    ("coordination.k8s.io", "leases", ("create", "delete", "get", "update")),
    ("batch", "jobs", ("create", "delete", "get")),
    ("", "pods", _READ),
    (TERANODE_GROUP, TERANODE_PLURAL, (*_READ, "patch")),
)
"""What the methods below ask of the API server; docs/runbooks/backup-and-restore.md has it as a Role."""
_JOB_LABEL = "batch.kubernetes.io/job-name"


class KubernetesSite(Switch):
    """One miner's namespace behind one context of the kubeconfig."""

    def __init__(self, region: RegionOutputs, miner: MinerOutputs) -> None:
        """Find the context of the region.

        Raises:
            LookError: see `configuration`.
        """
        super().__init__(region, miner.namespace)
        self._deployments = miner.deployments
        self._leases = client.CoordinationV1Api(self._api)
        self._pods, self._batch = client.CoreV1Api(self._api), client.BatchV1Api(self._api)

    def lacking(self, *, stops: bool) -> tuple[str, ...]:
        """Every right that the work takes, asked for one by one."""
        reviews = client.AuthorizationV1Api(self._api)
        refused: list[str] = []
        for group, plural, verbs in RIGHTS:
            for verb in verbs if stops or plural != TERANODE_PLURAL else _READ:
                wanted = {"namespace": self._namespace, "group": group, "resource": plural, "verb": verb}
                with self._explained(f"the rights in {self._namespace}"):
                    answer = reviews.create_self_subject_access_review(
                        {"spec": {"resourceAttributes": wanted}}, _request_timeout=REQUEST_TIMEOUT_S
                    )
                if at(self._document(answer), "status.allowed") is not True:
                    refused.append(f"{verb} {plural}")
        return tuple(refused)

    def journal(self) -> Journal | None:
        """What the Lease says; None if there is none."""
        lease = self._lease()
        return None if lease is None else _journal(lease)

    def write(self, journal: Journal, over: Journal | None) -> None:
        """Make the Lease, or replace exactly the one that says ``over``."""
        metadata: dict[str, JSON] = {
            "name": LEASE,
            "annotations": {_ANNOTATION: journal.model_dump_json(by_alias=True)},
        }
        renewed = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        body: dict[str, JSON] = {
            "apiVersion": "coordination.k8s.io/v1",
            "kind": "Lease",
            "metadata": metadata,
            "spec": {"holderIdentity": journal.holder, "renewTime": renewed},
        }
        with self._explained(f"the Lease {LEASE} of {self._namespace}"):
            try:
                if over is None:
                    self._leases.create_namespaced_lease(self._namespace, body, _request_timeout=REQUEST_TIMEOUT_S)
                    return
                found = self._lease()
                if found is None or _journal(found) != over:
                    raise _taken_over(self._namespace)
                metadata["resourceVersion"] = at(found, "metadata.resourceVersion")
                self._leases.replace_namespaced_lease(LEASE, self._namespace, body, _request_timeout=REQUEST_TIMEOUT_S)
            except ApiException as error:
                if error.status == _CONFLICT:
                    raise _taken_over(self._namespace) from error
                raise

    def forget(self) -> None:
        """Delete the Lease."""
        with self._explained(f"the Lease {LEASE} of {self._namespace}"):
            _unless_gone(
                lambda: self._leases.delete_namespaced_lease(LEASE, self._namespace, _request_timeout=REQUEST_TIMEOUT_S)
            )

    def running(self) -> tuple[str, ...]:
        """Pods that carry the name of one of the miner's Deployments."""
        return self._names(f"{APP_LABEL} in ({','.join(self._deployments)})")

    def start(self, job: Mapping[str, JSON]) -> None:
        """Make the Job."""
        with self._explained(f"the Job {JOB} of {self._namespace}"):
            self._batch.create_namespaced_job(
                self._namespace, dict(job), field_manager=FIELD_MANAGER, _request_timeout=REQUEST_TIMEOUT_S
            )

    def job(self) -> JobReading | None:
        """The Job's own conditions, and the last words of its newest pod."""
        ended = self._ended(JOB)
        if ended is None:
            return None
        pods = sorted(self._listed(f"{_JOB_LABEL}={JOB}"), key=lambda pod: str(at(pod, "metadata.creationTimestamp")))
        if ended.state is JobState.RUNNING:
            return JobReading(ended.state, last_words(pods[-1]) if pods else "", waits_for(pods[-1] if pods else None))
        return JobReading(ended.state, (last_words(pods[-1]) if pods else "") or ended.said)

    def seeding(self) -> JobState | None:
        """The conditions of the Job that brings a snapshot into the miner's stores."""
        ended = self._ended(SEED_JOB)
        return None if ended is None else ended.state

    def _ended(self, name: str) -> JobReading | None:
        """How far a Job is, and why if it failed."""
        with self._explained(f"the Job {name} of {self._namespace}"):
            try:
                found = self._batch.read_namespaced_job(name, self._namespace, _request_timeout=REQUEST_TIMEOUT_S)
            except ApiException as error:
                if error.status == _NOT_FOUND:
                    return None
                raise
        listed = at(self._document(found), "status.conditions")
        conditions = {
            str(one.get("type")): str(one.get("message") or "")
            for one in (listed if isinstance(listed, list) else ())
            if isinstance(one, dict) and one.get("status") == "True"
        }
        if "Complete" in conditions:
            return JobReading(JobState.DONE, "")
        if "Failed" in conditions:
            return JobReading(JobState.FAILED, conditions["Failed"])
        return JobReading(JobState.RUNNING, "")

    def remove_job(self) -> None:
        """Delete the Job; its pods get the time that they need to end."""
        with self._explained(f"the Job {JOB} of {self._namespace}"):
            _unless_gone(
                lambda: self._batch.delete_namespaced_job(
                    JOB, self._namespace, propagation_policy="Foreground", _request_timeout=REQUEST_TIMEOUT_S
                )
            )

    def job_pods(self) -> tuple[str, ...]:
        """Pods that the Job made."""
        return self._names(f"{_JOB_LABEL}={JOB}")

    def _lease(self) -> dict[str, JSON] | None:
        with self._explained(f"the Lease {LEASE} of {self._namespace}"):
            try:
                return self._document(
                    self._leases.read_namespaced_lease(LEASE, self._namespace, _request_timeout=REQUEST_TIMEOUT_S)
                )
            except ApiException as error:
                if error.status == _NOT_FOUND:
                    return None
                raise

    def _document(self, found: object) -> dict[str, JSON]:
        return self._plain([found])[0]

    def _names(self, selector: str) -> tuple[str, ...]:
        return tuple(sorted(str(at(pod, "metadata.name")) for pod in self._listed(selector)))

    def _listed(self, selector: str) -> list[dict[str, JSON]]:
        with self._explained(f"the pods of {self._namespace}"):
            listed = self._pods.list_namespaced_pod(
                self._namespace, label_selector=selector, _request_timeout=REQUEST_TIMEOUT_S
            )
        return self._plain(listed.items)


def _journal(lease: Mapping[str, JSON]) -> Journal:
    annotations = at(lease, "metadata.annotations")
    text = str(annotations.get(_ANNOTATION) or "") if isinstance(annotations, Mapping) else ""
    try:
        return Journal.model_validate_json(text)
    except ValueError as error:
        raise LookError(
            f"the Lease {LEASE} says {text!r}, which this version of the project did not write",
            "use the version that began the work; or look whether the miner runs, and delete the Lease",
        ) from error


def _taken_over(namespace: str) -> HeldError:
    return HeldError(f"somebody else works on {namespace} by now: wait until that has ended, then repeat the command")


def _unless_gone(call: Callable[[], object]) -> None:
    try:
        call()
    except ApiException as error:
        if error.status != _NOT_FOUND:
            raise
