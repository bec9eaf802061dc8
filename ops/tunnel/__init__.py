"""Ways into regions whose Kubernetes API is private."""
