import pytest

from simulator.manifests import manifest_problems
from simulator.values import JSON, UNKNOWN, secret

CONTAINER: dict[str, JSON] = {"name": "c", "image": "i"}


def pod(**container: JSON) -> dict[str, JSON]:
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "p"},
        "spec": {"containers": [{**CONTAINER, **container}]},
    }


def test_a_valid_object_has_no_problem() -> None:
    assert manifest_problems(pod(ports=[{"containerPort": 80}])) == []


@pytest.mark.parametrize(
    ("container", "problem"),
    [
        ({"ports": [{"containerPort": "http"}]}, "spec.containers[0].ports[0].containerPort: does not fit type"),
        ({"ports": [{"hostPort": 80}]}, "spec.containers[0].ports[0]: 'containerPort' is a required property"),
        ({"nosuch": 1}, "spec.containers[0]: Additional properties are not allowed ('nosuch' was unexpected)"),
    ],
)
def test_what_an_api_server_refuses_is_named_with_its_path(container: dict[str, JSON], problem: str) -> None:
    (found,) = manifest_problems(pod(**container))
    assert found.startswith(problem)


def test_unknown_values_fit_and_do_not_hide_other_problems() -> None:
    assert manifest_problems(pod(ports=[{"containerPort": UNKNOWN}], image=UNKNOWN)) == []
    assert len(manifest_problems(pod(nosuch=1, image=UNKNOWN))) == 1


def test_secrets_are_judged_but_not_told() -> None:
    (problem,) = manifest_problems(pod(image=secret({"user": "hunter2"})))
    assert "hunter2" not in problem


def test_a_kind_that_the_pinned_version_does_not_serve_is_refused() -> None:
    gone: dict[str, JSON] = {"apiVersion": "policy/v1beta1", "kind": "PodSecurityPolicy"}
    (problem,) = manifest_problems(gone)
    assert "has no PodSecurityPolicy in policy/v1beta1" in problem
