"""Kubeconfig of an EKS cluster, for the Kubernetes provider and for people."""

import pulumi


def kubeconfig(
    *,
    cluster_name: pulumi.Input[str],
    endpoint: pulumi.Input[str],
    certificate_authority: pulumi.Input[str],
    region: str,
    proxy_url: str | None,
) -> pulumi.Output[str]:
    """A kubeconfig that holds no credential: the `aws` command line makes a token at each call.

    The region is explicit and no profile is named, so that it works for whoever has the right role in the shell.
    `proxy_url` is the local end of a tunnel into a VPC whose endpoint is private.
    """
    cluster: dict[str, pulumi.Input[str]] = {
        "server": endpoint,
        "certificate-authority-data": certificate_authority,
    }
    if proxy_url is not None:
        cluster["proxy-url"] = proxy_url
    arguments = ["--region", region, "eks", "get-token", "--output", "json", "--cluster-name", cluster_name]
    return pulumi.Output.json_dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": cluster_name, "cluster": cluster}],
            "contexts": [{"name": region, "context": {"cluster": cluster_name, "user": cluster_name}}],
            "current-context": region,
            "users": [
                {
                    "name": cluster_name,
                    "user": {
                        "exec": {
                            "apiVersion": "client.authentication.k8s.io/v1beta1",
                            "command": "aws",
                            "args": arguments,
                            "interactiveMode": "Never",
                        }
                    },
                }
            ],
        }
    )
