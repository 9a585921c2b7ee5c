# The components of the local cluster: a function each, which writes its configuration and starts it. Sourced by hack/cluster/local.sh.
# shellcheck shell=bash disable=SC2154 # the variables are local.sh's

start_etcd() {
  # Its data is not worth a disk's pace: `up` starts afresh after a restart of the machine.
  launch etcd etcd --data-dir="$state/etcd" --unsafe-no-fsync --log-level=warn \
    --listen-client-urls="https://127.0.0.1:$((port + 1))" --advertise-client-urls="https://127.0.0.1:$((port + 1))" \
    --client-cert-auth --trusted-ca-file="$pki/ca.crt" --cert-file="$pki/apiserver.crt" --key-file="$pki/apiserver.key" \
    --listen-peer-urls="https://127.0.0.1:$((port + 2))" --initial-advertise-peer-urls="https://127.0.0.1:$((port + 2))" \
    --initial-cluster="default=https://127.0.0.1:$((port + 2))" \
    --peer-client-cert-auth --peer-trusted-ca-file="$pki/ca.crt" --peer-cert-file="$pki/apiserver.crt" --peer-key-file="$pki/apiserver.key"
}

start_apiserver() {
  # Node names resolve nowhere: the kubelet is asked by its address.
  launch apiserver kube-apiserver --secure-port="$port" --advertise-address="$node_address" --service-cluster-ip-range="$service_range" \
    --etcd-servers="https://127.0.0.1:$((port + 1))" \
    --etcd-cafile="$pki/ca.crt" --etcd-certfile="$pki/apiserver.crt" --etcd-keyfile="$pki/apiserver.key" \
    --client-ca-file="$pki/ca.crt" --tls-cert-file="$pki/apiserver.crt" --tls-private-key-file="$pki/apiserver.key" \
    --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction --allow-privileged \
    --service-account-issuer=https://kubernetes.default.svc.cluster.local \
    --service-account-key-file="$pki/service-accounts.key" --service-account-signing-key-file="$pki/service-accounts.key" \
    --kubelet-client-certificate="$pki/admin.crt" --kubelet-client-key="$pki/admin.key" --kubelet-preferred-address-types=InternalIP
}

start_controller-manager() {
  local rate=()
  # Without a node nothing but the controllers themselves limits how many objects a test can have.
  if [ "$(cat "$state/mode")" = control-plane ]; then
    rate=(--kube-api-qps=500 --kube-api-burst=1000 --concurrent-job-syncs=50)
  fi
  write_kubeconfig controller-manager "$state/controller-manager.kubeconfig"
  launch controller-manager kube-controller-manager --kubeconfig="$state/controller-manager.kubeconfig" \
    --authentication-kubeconfig="$state/controller-manager.kubeconfig" --authorization-kubeconfig="$state/controller-manager.kubeconfig" \
    --bind-address=127.0.0.1 --secure-port=$((port + 3)) --leader-elect=false --use-service-account-credentials \
    --root-ca-file="$pki/ca.crt" --service-account-private-key-file="$pki/service-accounts.key" \
    --cluster-signing-cert-file="$pki/ca.crt" --cluster-signing-key-file="$pki/ca.key" "${rate[@]}"
}

start_scheduler() {
  write_kubeconfig scheduler "$state/scheduler.kubeconfig"
  launch scheduler kube-scheduler --kubeconfig="$state/scheduler.kubeconfig" --bind-address=127.0.0.1 --secure-port=$((port + 4)) --leader-elect=false \
    --authentication-kubeconfig="$state/scheduler.kubeconfig" --authorization-kubeconfig="$state/scheduler.kubeconfig"
}

start_containerd() {
  local plugins cni=$state/cni snapshotter=overlayfs
  # An overlay can't lie on an overlay, which is what a container's root is.
  [ "$(stat -f -c %T "$state")" != overlayfs ] || snapshotter=native
  for plugins in /usr/lib/cni /opt/cni/bin; do [ ! -x "$plugins/ptp" ] || break; done
  mkdir -p "$cni"
  # ptp routes every pod by itself: there is no bridge to delete, and a Service's answers pass through iptables without br_netfilter.
  cat > "$cni/fashion-training.conflist" <<END
{"cniVersion": "0.4.0", "name": "fashion-training", "plugins": [
  {"type": "ptp", "ipam": {"type": "host-local", "dataDir": "$state/addresses",
    "ranges": [[{"subnet": "$pod_range"}]], "routes": [{"dst": "0.0.0.0/0"}]}}]}
END
  # restrict_oom_score_adj: inside a container, or wherever root may not lower a process's score, pods would not start.
  cat > "$state/containerd.toml" <<END
version = 2
root = "$state/containerd"
state = "$state/run/containerd"
[grpc]
  address = "$containerd_socket"
[plugins."io.containerd.internal.v1.opt"]
  path = "$state/run/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "docker.io/library/fashion-busybox:1"
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "$plugins"
    conf_dir = "$cni"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "$snapshotter"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        Root = "$state/run/runc"
END
  launch containerd containerd --config "$state/containerd.toml" --log-level warn
}

start_kubelet() {
  local resolv=/etc/resolv.conf
  # systemd-resolved's 127.0.0.53 is not there for pods; its file with the real servers is here.
  [ ! -f /run/systemd/resolve/resolv.conf ] || resolv=/run/systemd/resolve/resolv.conf
  make_cgroup
  write_kubeconfig node "$state/kubelet.kubeconfig"
  # The node is the machine, whose disk may be full of other things: evict late, and never delete an image that no registry has.
  cat > "$state/kubelet.yaml" <<END
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $node_address
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: "$pki/ca.crt"}}
authorization: {mode: Webhook}
containerRuntimeEndpoint: "unix://$containerd_socket"
cgroupDriver: cgroupfs
cgroupRoot: /$cgroup
failCgroupV1: false
failSwapOn: false
clusterDNS: [$dns_address]
clusterDomain: cluster.local
resolvConf: $resolv
makeIPTablesUtilChains: false
maxPods: 250
evictionHard: {memory.available: 100Mi, nodefs.available: 1%, nodefs.inodesFree: 1%, imagefs.available: 1%, imagefs.inodesFree: 1%}
imageGCHighThresholdPercent: 100
podLogsDir: "$state/logs/pods"
volumePluginDir: "$state/kubelet/plugins"
END
  launch kubelet kubelet --config="$state/kubelet.yaml" --kubeconfig="$state/kubelet.kubeconfig" --root-dir="$state/kubelet" --cert-dir="$state/kubelet/pki" \
    --hostname-override="$node" --node-ip="$node_address"
}

start_proxy() {
  write_kubeconfig proxy "$state/proxy.kubeconfig"
  # Zeros: the machine's own connection tracking limits stay.
  cat > "$state/proxy.yaml" <<END
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: iptables
clientConnection: {kubeconfig: "$state/proxy.kubeconfig"}
hostnameOverride: $node
clusterCIDR: $pod_range
healthzBindAddress: "127.0.0.1:10256"
metricsBindAddress: "127.0.0.1:10249"
iptables: {localhostNodePorts: false}
conntrack: {maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}
END
  launch proxy kube-proxy --config="$state/proxy.yaml"
}

start_coredns() {
  local forward=
  ! grep -q '^nameserver' /etc/resolv.conf || forward='forward . /etc/resolv.conf'
  cat > "$state/Corefile" <<END
.:10053 {
  bind $node_address
  errors
  ready 127.0.0.1:10054
  kubernetes cluster.local in-addr.arpa ip6.arpa {
    kubeconfig $state/kubeconfig
    fallthrough in-addr.arpa ip6.arpa
  }
  $forward
  cache 10
}
END
  launch coredns coredns -conf "$state/Corefile"
}

start_local-path-provisioner() {
  echo "{\"nodePathMap\": [{\"node\": \"DEFAULT_PATH_FOR_NON_LISTED_NODES\", \"paths\": [\"$state/volumes\"]}]}" > "$state/volumes.json"
  launch local-path-provisioner local-path-provisioner start --config "$state/volumes.json" --kubeconfig "$state/kubeconfig" \
    --namespace kube-system --service-account-name default --helper-image fashion-busybox:1
}
