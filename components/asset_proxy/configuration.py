"""The proxy's nginx.conf, and with it all that the internet may ask of a miner. No resources."""

import ipaddress
import json
from dataclasses import dataclass
from string import Template

# What Teranode asks of other nodes, read in bsv-blockchain/teranode at fb3d000cc (October 2025): services/
# blockvalidation/get_blocks.go and catchup_get_block_headers.go, services/subtreevalidation/SubtreeValidation.go; the
# paths themselves: services/asset/httpimpl/http.go. Ids of transactions in a request: 16384 of 32 bytes each
# (settings/settings.go, subtreevalidation_missingTransactionsBatchSize).
_TEMPLATE = Template("""\
daemon off;
worker_processes 2;
pid $cache/nginx.pid;
error_log stderr warn;

events { worker_connections 4096; }

http {
  server_tokens off;
  default_type application/octet-stream;

  # Nothing of a query: what is asked for stands in the path.
  log_format asset escape=json '{"time":"$$time_iso8601","client":"$$remote_addr","method":"$$request_method",'
    '"path":"$$uri","status":$$status,"bytes":$$body_bytes_sent,"seconds":$$request_time,'
    '"cache":"$$upstream_cache_status"}';
  access_log /dev/stdout asset;

  # The load balancer says who its client is, and nobody else is believed.
  set_real_ip_from $balancers;
  real_ip_header proxy_protocol;

  # A client above the rate waits its turn; refused is who has more requests waiting than connections of its own.
  limit_req_zone $$binary_remote_addr zone=requests:16m rate=${rate}r/s;
  limit_conn_zone $$binary_remote_addr zone=connections:16m;
  limit_conn_zone $$server_port zone=everybody:1m;
  limit_req_status 429;
  limit_conn_status 429;

  client_header_buffer_size 1k;
  large_client_header_buffers 2 8k;
  client_header_timeout 10s;
  client_body_timeout 10s;
  send_timeout 30s;
  keepalive_timeout 60s;
  keepalive_requests 10000;
  reset_timedout_connection on;

  proxy_cache_path $cache/blocks levels=1:2 keys_zone=blocks:16m max_size=2g inactive=7d use_temp_path=off;
  proxy_temp_path $cache/proxy;
  client_body_temp_path $cache/body;
  fastcgi_temp_path $cache/fastcgi;
  uwsgi_temp_path $cache/uwsgi;
  scgi_temp_path $cache/scgi;

  # What is none of these is no number and no list of hashes, and is not passed on.
  map $$arg_n $$count { default ""; "~^[0-9]{1,5}\\z" $$arg_n; }
  map $$arg_block_locator_hashes $$locator { default ""; "~^[0-9a-f]{64,7680}\\z" $$arg_block_locator_hashes; }

  server {
    listen $health_port;
    access_log off;
    location = /healthz { return 204; }
    location / { return 404; }
  }

  server {
    listen $port proxy_protocol;
    set $$asset $asset;
    resolver $resolver valid=10s ipv6=off;

    limit_req zone=requests burst=$connections;
    limit_conn connections $connections;
    limit_conn everybody 1024;
    client_max_body_size 1;

    proxy_http_version 1.1;
    proxy_connect_timeout 5s;
    proxy_read_timeout 60s;
    proxy_send_timeout 30s;
    proxy_pass_request_headers off;
    proxy_pass_request_body off;
    proxy_set_header Host $$asset;
    proxy_set_header Connection "";
    proxy_set_header Content-Length "";
    # By it Teranode tells its own limits' clients apart.
    proxy_set_header X-Forwarded-For $$remote_addr;
    proxy_ignore_headers Cache-Control Expires Set-Cookie Vary X-Accel-Buffering X-Accel-Charset X-Accel-Expires
      X-Accel-Limit-Rate X-Accel-Redirect;
    proxy_hide_header Set-Cookie;
    proxy_hide_header Vary;
    proxy_hide_header Access-Control-Allow-Origin;
    proxy_hide_header Access-Control-Allow-Credentials;
    proxy_hide_header Access-Control-Expose-Headers;
    # What goes wrong inside is nobody's business outside.
    proxy_intercept_errors on;
    error_page 401 403 405 = @unknown;
    error_page 500 502 503 504 = @unavailable;

    proxy_cache_lock on;
    proxy_cache_lock_timeout 60s;
    add_header X-Cache $$upstream_cache_status;

    # By hash: what has one never changes. Of an expression the end is \\z, since nginx' $$ takes a line feed after it.
    location ~ "^/api/v1/(block|subtree|header)/[0-9a-f]{64}\\z" {
      if ($$request_method !~ "^(GET|HEAD)\\z") { return 404; }
      proxy_cache blocks;
      proxy_cache_key $$uri;
      proxy_cache_valid 200 7d;
      proxy_pass http://$$asset$$uri;
    }
    location ~ "^/api/v1/blocks/[0-9a-f]{64}\\z" {
      if ($$request_method !~ "^(GET|HEAD)\\z") { return 404; }
      proxy_cache blocks;
      proxy_cache_key $$uri?n=$$count;
      proxy_cache_valid 200 7d;
      proxy_pass http://$$asset$$uri?n=$$count;
    }

    # As large as all its transactions: a few would fill the cache, so they are passed on as they are read.
    location ~ "^/api/v1/subtree_data/[0-9a-f]{64}\\z" {
      if ($$request_method != GET) { return 404; }
      proxy_max_temp_file_size 0;
      proxy_pass http://$$asset$$uri;
    }

    # The tip, and what depends on it.
    location ~ "^/api/v1/headers_from_common_ancestor/[0-9a-f]{64}\\z" {
      if ($$request_method !~ "^(GET|HEAD)\\z") { return 404; }
      proxy_cache blocks;
      proxy_cache_key $$uri?h=$$locator&n=$$count;
      proxy_cache_valid 200 2s;
      proxy_pass http://$$asset$$uri?block_locator_hashes=$$locator&n=$$count;
    }
    location = /api/v1/bestblockheader {
      if ($$request_method !~ "^(GET|HEAD)\\z") { return 404; }
      proxy_cache blocks;
      proxy_cache_key $$uri;
      proxy_cache_valid 200 2s;
      proxy_pass http://$$asset$$uri;
    }

    # The one request with a body: ids of the transactions of a subtree that the other node has not seen. Who gets no
    # answer takes the subtree for invalid.
    location ~ "^/api/v1/subtree/[0-9a-f]{64}/txs\\z" {
      if ($$request_method != POST) { return 404; }
      client_max_body_size 512k;
      client_body_buffer_size 512k;
      proxy_pass_request_body on;
      proxy_set_header Host $$asset;
      proxy_set_header Connection "";
      proxy_set_header X-Forwarded-For $$remote_addr;
      proxy_set_header Content-Type application/octet-stream;
      proxy_max_temp_file_size 0;
      proxy_pass http://$$asset$$uri;
    }

    location @unknown { internal; return 404; }
    location @unavailable { internal; return 503; }
    location / { return 404; }
  }
}
""")


@dataclass(frozen=True, kw_only=True)
class ProxySettings:
    """What differs from one proxy to another.

    - `asset`: host and port of the miner's asset service, asked for again every ten seconds.
    - `resolver`: address of the servers that know the host.
    - `balancers`: block of the addresses under which the load balancer calls.
    - `port`: for the load balancer; `health_port`: for the node's own agent.
    - `requests_per_second`: of one client at one replica, on average.
    - `connections`: of one client at one replica. Teranode fetches 32 subtrees of a block at a time.
    - `cache`: folder that the proxy may write to.
    """

    asset: str
    resolver: str
    balancers: str
    port: int
    health_port: int
    requests_per_second: int
    connections: int = 64
    cache: str = "/cache"

    def __post_init__(self) -> None:
        ipaddress.ip_address(self.resolver)
        ipaddress.ip_network(self.balancers)
        for value in (self.asset, self.cache):
            if not value or json.dumps(value) != f'"{value}"' or set(value) & set(" ;{}$'"):
                raise ValueError(f"{value!r} cannot stand in nginx.conf as it is")
        if self.requests_per_second < 1 or self.connections < 1:
            raise ValueError("a proxy that answers nobody is none: at least one request and one connection")


def render(settings: ProxySettings) -> str:
    """The file as nginx reads it."""
    return _TEMPLATE.substitute(
        asset=settings.asset,
        resolver=settings.resolver,
        balancers=settings.balancers,
        port=settings.port,
        health_port=settings.health_port,
        rate=settings.requests_per_second,
        connections=settings.connections,
        cache=settings.cache,
    )
