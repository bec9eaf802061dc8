"""Kafka on Amazon MSK."""

import pulumi
import pulumi_aws as aws

from components import naming
from components.base import Component
from components.kafka.args import TLS_PORT, Brokers, KafkaArgs, broker_settings, properties
from components.keys import DataKey, DataKeyArgs
from components.store_security_group import StoreSecurityGroup, StoreSecurityGroupArgs


class MskCluster(Component):
    """An MSK cluster of Standard brokers in KRaft mode, reachable over TLS from the cluster's nodes alone.

    Creates its key, configuration, log group, security group with the one way in, and the cluster. Clients are
    admitted by security group and not by name, because Teranode knows neither SASL nor IAM; the certificates are
    Amazon's, which every image trusts.

    It needs the network and the identity of the nodes' security group, so it is made beside the control plane and not
    after it. Type, number and disks of brokers, version and settings change in place, broker by broker. The zones are
    fixed when it is made: one that joins the region later gets no broker.
    """

    TOKEN = "teranode:kafka:MskCluster"

    brokers: Brokers

    def __init__(self, name: str, args: KafkaArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._logical_name = name
        self._args = args
        self._identifier = naming.kafka(args.placement.environment)
        key = DataKey(
            f"{name}-encryption",
            DataKeyArgs(placement=args.placement, data_class="kafka", protection=args.protection),
            opts=self._child(),
        )
        configuration = aws.msk.Configuration(
            f"{name}-configuration",
            # Configurations carry no tags: rights to this one are told by its name. Nothing replaces it.
            name=self._identifier,
            description=f"Kafka settings of {args.placement.environment}",
            server_properties=properties(broker_settings(args.brokers)),
            opts=self._child(),
        )
        log_group = aws.cloudwatch.LogGroup(
            f"{name}-log-group",
            # Groups under /aws/vendedlogs/ do not count against the limit of CloudWatch's resource policies.
            name=f"/aws/vendedlogs/msk/{self._identifier}",
            retention_in_days=args.log_retention_days,
            kms_key_id=args.log_key_arn,
            tags={"data-class": "logs"},
            opts=self._child(),
        )
        access = StoreSecurityGroup(
            f"{name}-access",
            StoreSecurityGroupArgs(
                vpc_id=args.network.vpc_id,
                environment=args.placement.environment,
                store="Kafka",
                tag_name=self._identifier,
                client_security_group_id=args.client_security_group_id,
                ports=((TLS_PORT, TLS_PORT),),
            ),
            opts=self._child(),
        )
        cluster = self._cluster(key.arn, configuration, log_group.name, access.group_id)
        self.brokers = Brokers(hosts=cluster.bootstrap_brokers_tls, ready=(cluster, *access.openings))
        self.register_outputs({"clusterArn": cluster.arn})

    def _cluster(
        self,
        key_arn: pulumi.Output[str],
        configuration: aws.msk.Configuration,
        log_group_name: pulumi.Output[str],
        security_group_id: pulumi.Output[str],
    ) -> aws.msk.Cluster:
        args, protection = self._args, self._args.protection
        subnets = args.network.data_subnet_ids
        return aws.msk.Cluster(
            f"{self._logical_name}-cluster",
            cluster_name=self._identifier,
            kafka_version=args.versions.msk,
            number_of_broker_nodes=args.brokers,
            broker_node_group_info=aws.msk.ClusterBrokerNodeGroupInfoArgs(
                instance_type=args.instance_type,
                client_subnets=[subnets[zone] for zone in sorted(subnets)],
                security_groups=[security_group_id],
                connectivity_info=aws.msk.ClusterBrokerNodeGroupInfoConnectivityInfoArgs(
                    public_access=aws.msk.ClusterBrokerNodeGroupInfoConnectivityInfoPublicAccessArgs(type="DISABLED")
                ),
                storage_info=aws.msk.ClusterBrokerNodeGroupInfoStorageInfoArgs(
                    ebs_storage_info=aws.msk.ClusterBrokerNodeGroupInfoStorageInfoEbsStorageInfoArgs(
                        volume_size=args.storage_gib
                    )
                ),
            ),
            client_authentication=aws.msk.ClusterClientAuthenticationArgs(unauthenticated=True),
            encryption_info=aws.msk.ClusterEncryptionInfoArgs(
                encryption_at_rest_kms_key_arn=key_arn,
                encryption_in_transit=aws.msk.ClusterEncryptionInfoEncryptionInTransitArgs(
                    client_broker="TLS", in_cluster=True
                ),
            ),
            configuration_info=aws.msk.ClusterConfigurationInfoArgs(
                arn=configuration.arn, revision=configuration.latest_revision
            ),
            enhanced_monitoring="PER_BROKER",
            logging_info=aws.msk.ClusterLoggingInfoArgs(
                broker_logs=aws.msk.ClusterLoggingInfoBrokerLogsArgs(
                    cloudwatch_logs=aws.msk.ClusterLoggingInfoBrokerLogsCloudwatchLogsArgs(
                        enabled=True, log_group=log_group_name
                    )
                )
            ),
            tags={"Name": self._identifier, "data-class": "kafka"},
            opts=self._child(
                protect=protection.protect,
                retain_on_delete=protection.protect,
                ignore_changes=["brokerNodeGroupInfo.clientSubnets"],
                # Half an hour to create has been seen often; an update restarts one broker after another.
                custom_timeouts=pulumi.CustomTimeouts(create="90m", update="240m", delete="90m"),
            ),
        )
