"""What an environment uses in a month, as quantities: hours, GiB and requests. Prices are of `ops.prices`.

Counted is what is there all the time. Traffic, requests of applications, and data that grows by itself (objects, EFS,
Aurora's storage, logs) depend on use and are not in the graph; so are volumes that Helm charts claim.
"""
