"""What is watched of what stands behind a load balancer. No resources."""

from collections.abc import Mapping

import pulumi

from components.alarms.watch import Comparison, Formula, Silence, Watch

_NAMESPACE = "AWS/NetworkELB"


def target_watches(
    name: str, what: str, balancer: pulumi.Input[str], group: pulumi.Input[str], *, replicas: int
) -> tuple[Watch, ...]:
    """The watches of one target group of a network load balancer, both by their `arn_suffix`; `what` is for people.

    - None is healthy, for ten minutes: longer than a single pod takes to restart elsewhere, our choice. A group without
      targets reports nothing, which is the same to whoever calls.
    - Some are not, for half an hour: longer than a release takes to pass. Where there is one replica the first says it
      all.
    """
    dimensions = {"LoadBalancer": balancer, "TargetGroup": group}
    none = Watch(
        name=f"{name}-no-target",
        section="NoHealthyTarget",
        namespace=_NAMESPACE,
        metric="HealthyHostCount",
        dimensions=dimensions,
        statistic="Maximum",
        comparison=Comparison.BELOW,
        threshold=1,
        periods=10,
        silence=Silence.BROKEN,
        description=f"Nobody can reach {what}: its load balancer has no healthy target. Look at the pods, then at the "
        "TargetGroupBinding.",
    )
    return (none, _some(name, what, dimensions)) if replicas > 1 else (none,)


def _some(name: str, what: str, dimensions: Mapping[str, pulumi.Input[str]]) -> Watch:
    return Watch(
        name=f"{name}-ill-target",
        section="UnhealthyTargets",
        namespace=_NAMESPACE,
        metric=Formula(
            expression="IF(healthy > 0, ill, 0)", metrics={"healthy": "HealthyHostCount", "ill": "UnHealthyHostCount"}
        ),
        dimensions=dimensions,
        statistic="Maximum",
        comparison=Comparison.ABOVE,
        threshold=0,
        periods=30,
        description=f"A pod behind {what} does not answer its load balancer, others do. Look at its log and node.",
    )
