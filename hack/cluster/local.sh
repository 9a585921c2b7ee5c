# CLUSTER=local: upstream's programs, built by hack/tools.sh, as processes of this machine. Sourced by hack/cluster.sh.
# shellcheck shell=bash disable=SC2154 # cache is lib.sh's

state=$cache/cluster
pki=$state/pki
logs=$state/logs
containerd_socket=$state/run/containerd.sock
port=${CLUSTER_PORT:-$(cat "$state/port" 2>/dev/null || echo 6443)} # and the four after it: etcd's two, controller-manager, scheduler

node=fashion
# On the loopback device: the cluster does not mind which network the machine is in, and nothing but this machine reaches the node.
node_address=10.97.0.1
service_range=10.96.0.0/16
dns_address=10.96.0.10
pod_range=10.244.0.0/16
cgroup=fashion-training

control_plane=(etcd apiserver controller-manager scheduler)
node_parts=(containerd kubelet proxy coredns local-path-provisioner)

# shellcheck source=hack/cluster/components.sh
. hack/cluster/components.sh
# shellcheck source=hack/cluster/processes.sh
. hack/cluster/processes.sh

export PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin KUBECONFIG=$state/kubeconfig

# ---- Commands

cluster_up() {
  local mode=full
  case ${1:-} in
    --control-plane) mode=control-plane ;;
    ?*) die "up has no option $1" ;;
  esac
  use_tools etcd kubernetes coredns local-path-provisioner
  become_root up "$@"
  lock
  forget_other_boot
  mkdir -p "$logs" "$state/pids" "$state/run"
  [ "$(cat "$state/mode" 2>/dev/null)" = full ] || echo $mode > "$state/mode"
  echo "$port" > "$state/port"
  make_pki
  up_control_plane
  [ $mode = control-plane ] || up_node
  check_running
  say "The cluster is up ($SECONDS s). export KUBECONFIG=$KUBECONFIG"
}

cluster_down() {
  become_root down
  lock
  [ -d "$state" ] || { say "There is no cluster"; return; }
  tear_down
  say "The cluster is gone ($SECONDS s)"
}

cluster_status() {
  [ -d "$state" ] || die "there is no cluster: hack/cluster.sh up"
  local component pid result=0
  for component in $(components); do
    pid=$(pid_of "$component") || { pid=stopped; result=1; }
    printf '%-24s %-8s %s\n' "$component" "$pid" "$logs/$component.log"
  done
  return $result
}

cluster_kubeconfig() { echo "$KUBECONFIG"; }

cluster_kubectl() {
  use_tools kubernetes
  kubectl "$@"
}

cluster_load() {
  become_root load "$@"
  pid_of containerd >/dev/null || die "there is no node to load images into: hack/cluster.sh up"
  local archive
  for archive in "$@"; do
    [ -f "$archive" ] || die "$archive is not a file"
    load "$archive"
  done
}

cluster_stop() {
  become_root stop "$@"
  known "${1:-}"
  pid_of "$1" >/dev/null || die "$1 does not run"
  kill_component "$1"
}

cluster_start() {
  become_root start "$@"
  known "${1:-}"
  use_tools etcd kubernetes coredns local-path-provisioner
  ensure "$1"
  case $1 in
    apiserver) wait_for apiserver 60 "ready" kubectl get --raw /readyz ;;
    kubelet) wait_for kubelet 60 "its health" healthy http://127.0.0.1:10248 /healthz ;;
    containerd) wait_for containerd 30 "its socket" ctr_here version ;;
  esac
}

# ---- The parts of `up` and `down`

up_control_plane() {
  if ! pid_of apiserver >/dev/null; then
    say "Starting the control plane"
    free_port "$port"
  fi
  pid_of etcd >/dev/null || free_port $((port + 1))
  ensure etcd
  ensure apiserver
  write_kubeconfig admin "$KUBECONFIG"
  wait_for apiserver 90 "ready" kubectl get --raw /readyz
  ensure controller-manager
  ensure scheduler
  wait_for controller-manager 60 "a service account" kubectl get serviceaccount default
}

up_node() {
  node_packages
  local new=
  pid_of kubelet >/dev/null || { say "Starting the node"; new=yes; }
  set_network
  ensure containerd
  wait_for containerd 30 "its socket" ctr_here version
  [ -n "$(ctr_here images ls -q name==docker.io/library/fashion-busybox:1)" ] || load_busybox
  [ -z "$new" ] || kubectl apply -f hack/cluster/addons.yaml >/dev/null
  ensure kubelet
  ensure proxy
  ensure coredns
  ensure local-path-provisioner
  wait_for kubelet 90 "the node ready" kubectl wait --for=condition=Ready --timeout=5s "node/$node"
  wait_for coredns 60 "its cache filled" healthy http://127.0.0.1:10054 /ready
  wait_for proxy 60 "DNS at $dns_address" tcp_open "$dns_address" 53
}

tear_down() {
  local component
  use_tools kubernetes
  [ "$(cat "$state/mode" 2>/dev/null)" = control-plane ] || down_node
  for component in "${control_plane[@]}"; do kill_component "$component"; done
  rm -rf --one-file-system "$state"
}

down_node() {
  local component task pid directory
  for component in kubelet proxy coredns local-path-provisioner; do kill_component "$component"; done
  # Pods outlive containerd; it knows best how to end them.
  if [ -n "$(shims)" ] && ! pid_of containerd >/dev/null; then
    start_containerd
    wait_for containerd 30 "its socket" ctr_here version
  fi
  if pid_of containerd >/dev/null; then
    for task in $(ctr_here tasks ls -q); do ctr_here tasks rm -f "$task" >/dev/null 2>&1 || true; done
    kill_component containerd
  fi
  for pid in $(cgroup_processes) $(shims); do kill_process "$pid"; done
  unmount_all
  find /sys/fs/cgroup -depth -type d -path "*/$cgroup*" -exec rmdir {} \; 2>/dev/null || true
  unset_network
  # Places that the kubelet, containerd and the CNI library insist on.
  find /var/log/containers -lname "$state/*" -delete 2>/dev/null || true
  { grep -lsF "$state/" /var/lib/cni/results/* || true; } | xargs -r rm -f
  rm -f /var/lib/kubelet/device-plugins/kubelet.sock
  for directory in /var/lib/cni/results /var/lib/kubelet/device-plugins /var/log/containers /run/containerd/s; do
    rmdir -p "$directory" 2>/dev/null || true
  done
}

# Neither etcd without fsync nor containerd's state survives a restart of the machine.
forget_other_boot() {
  local boot
  boot=$(cat /proc/sys/kernel/random/boot_id)
  if [ -d "$state" ] && [ "$(cat "$state/boot" 2>/dev/null)" != "$boot" ]; then
    say "The cluster is from before the machine's last start: beginning afresh"
    tear_down
  fi
  mkdir -p "$state"
  echo "$boot" > "$state/boot"
}

check_running() {
  local component
  sleep 0.2 # a program that dislikes its flags ends at once
  for component in $(components); do
    pid_of "$component" >/dev/null || fail "$component" "has ended"
  done
}

# ---- Processes

components() {
  echo "${control_plane[@]}"
  [ "$(cat "$state/mode")" = control-plane ] || echo "${node_parts[@]}"
}

known() { # COMPONENT
  local component
  for component in "${control_plane[@]}" "${node_parts[@]}"; do [ "$component" != "$1" ] || return 0; done
  die "no component named '$1'; there are ${control_plane[*]} ${node_parts[*]}"
}

ensure() { # COMPONENT
  pid_of "$1" >/dev/null || "start_$1"
}

# The parents of this cluster's containers.
shims() {
  local directory
  for directory in /proc/[0-9]*; do
    [[ $(command_line "${directory#/proc/}") != *containerd-shim*"$containerd_socket"* ]] || echo "${directory#/proc/}"
  done
}

healthy() { kubectl --server="$1" get --raw "$2"; }                # URL PATH

free_port() { # PORT
  ! tcp_open 127.0.0.1 "$1" || die "port $1 is taken by another program: stop it, or set CLUSTER_PORT to another than $port"
}

lock() {
  mkdir -p "$cache"
  exec 9> "$cache/cluster.lock"
  flock -n 9 || { say "Waiting for another hack/cluster.sh"; flock 9; }
}

# Where this is not root: does the same command as root, and no more.
become_root() { # COMMAND...
  [ "$(id -u)" != 0 ] || return 0
  as_root env "PATH=$PATH" "XDG_CACHE_HOME=${cache%/*}" "CLUSTER_OWNER=$(id -u)" ${CLUSTER_PORT:+"CLUSTER_PORT=$CLUSTER_PORT"} hack/cluster.sh "$@"
  exit
}

use_tools() { # NAME...
  local programs
  programs=$(hack/tools.sh "$@")
  PATH=$(xargs -n 1 dirname <<< "$programs" | uniq | paste -sd :):$PATH
}

# ---- Certificates

make_pki() {
  [ ! -f "$pki/done" ] || return 0
  mkdir -p "$pki"
  chmod 700 "$pki"
  command -v openssl >/dev/null || apt_install openssl || die "openssl is needed"
  # Not Debian's configuration, whose extensions would come on top.
  printf '[req]\ndistinguished_name = name\n[name]\n' > "$pki/openssl.cnf"
  certificate ca /CN=fashion-training -addext basicConstraints=critical,CA:true
  signed_certificate apiserver /CN=kube-apiserver \
    "DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local,IP:127.0.0.1,IP:10.96.0.1,IP:$node_address"
  signed_certificate admin /O=system:masters/CN=admin
  signed_certificate node "/O=system:nodes/CN=system:node:$node"
  signed_certificate controller-manager /CN=system:kube-controller-manager
  signed_certificate scheduler /CN=system:kube-scheduler
  signed_certificate proxy /CN=system:kube-proxy
  openssl ecparam -name prime256v1 -genkey -noout -out "$pki/service-accounts.key"
  touch "$pki/done"
}

# RSA: not every client reads elliptic keys in this form, the Java one does not.
certificate() { # NAME SUBJECT OPTION...
  openssl req -config "$pki/openssl.cnf" -x509 -days 3650 -newkey rsa:2048 -nodes \
    -subj "$2" -keyout "$pki/$1.key" -out "$pki/$1.crt" "${@:3}" 2>/dev/null
}

signed_certificate() { # NAME SUBJECT [SUBJECT_ALTERNATIVE_NAMES]
  certificate "$1" "$2" -CA "$pki/ca.crt" -CAkey "$pki/ca.key" -addext extendedKeyUsage=serverAuth,clientAuth ${3:+-addext "subjectAltName=$3"}
}

write_kubeconfig() { # CERTIFICATE FILE
  [ ! -s "$2" ] || return 0
  (
    umask 077
    cat > "$2" <<END
apiVersion: v1
kind: Config
current-context: fashion-training
clusters:
  - {name: fashion-training, cluster: {server: "https://127.0.0.1:$port", certificate-authority-data: $(base64 -w 0 "$pki/ca.crt")}}
contexts:
  - {name: fashion-training, context: {cluster: fashion-training, user: $1}}
users:
  - {name: $1, user: {client-certificate-data: $(base64 -w 0 "$pki/$1.crt"), client-key-data: $(base64 -w 0 "$pki/$1.key")}}
END
  )
  if [ -n "${CLUSTER_OWNER:-}" ]; then chown "$CLUSTER_OWNER" "$2"; fi
}

# ---- The node's surroundings

node_packages() {
  local missing=()
  command -v containerd >/dev/null || missing+=(containerd)
  command -v runc >/dev/null || missing+=(runc)
  command -v iptables >/dev/null || missing+=(iptables)
  command -v conntrack >/dev/null || missing+=(conntrack)
  command -v ip >/dev/null || missing+=(iproute2)
  command -v busybox >/dev/null && busybox --list | grep -qx sh || missing+=(busybox-static)
  [ -x /usr/lib/cni/ptp ] || [ -x /opt/cni/bin/ptp ] || missing+=(containernetworking-plugins)
  [ ${#missing[@]} = 0 ] || apt_install "${missing[@]}" || die "the node needs ${missing[*]}"
}

# Pods reach the world by the machine's address. Table, chain, rule.
firewall_rules() {
  cat <<END
filter FORWARD -s $pod_range -m comment --comment fashion-training -j ACCEPT
filter FORWARD -d $pod_range -m comment --comment fashion-training -j ACCEPT
nat POSTROUTING -s $pod_range ! -d $pod_range -m comment --comment fashion-training -j MASQUERADE
END
}

# What this, the CNI plugins, the kubelet and kube-proxy change.
kernel_settings=(net/ipv4/ip_forward net/ipv4/conf/all/route_localnet vm/overcommit_memory vm/panic_on_oom
  kernel/panic kernel/panic_on_oops kernel/keys/root_maxkeys kernel/keys/root_maxbytes)

set_network() {
  local setting table chain rule
  if [ ! -f "$state/kernel-settings" ]; then
    for setting in "${kernel_settings[@]}"; do
      [ ! -w "/proc/sys/$setting" ] || echo "$setting $(cat "/proc/sys/$setting")"
    done > "$state/kernel-settings"
  fi
  echo 1 > /proc/sys/net/ipv4/ip_forward
  ip address replace "$node_address/32" dev lo
  while read -r table chain rule; do
    # shellcheck disable=SC2086 # a rule is many words
    iptables -w -t "$table" -C "$chain" $rule 2>/dev/null || iptables -w -t "$table" -I "$chain" $rule
  done < <(firewall_rules)
}

unset_network() {
  local setting value table tables chain rule
  [ -f "$state/kernel-settings" ] || return 0
  kube-proxy --cleanup >/dev/null 2>&1 || true
  # kube-proxy leaves this one to the kubelet, which is told not to touch iptables.
  for tables in iptables ip6tables; do
    for chain in INPUT OUTPUT; do "$tables" -w -D "$chain" -j KUBE-FIREWALL 2>/dev/null || true; done
    { "$tables" -w -F KUBE-FIREWALL && "$tables" -w -X KUBE-FIREWALL; } 2>/dev/null || true
  done
  while read -r table chain rule; do
    # shellcheck disable=SC2086
    while iptables -w -t "$table" -D "$chain" $rule 2>/dev/null; do :; done
  done < <(firewall_rules)
  ip address delete "$node_address/32" dev lo 2>/dev/null || true
  while read -r setting value; do echo "$value" > "/proc/sys/$setting" || true; done < "$state/kernel-settings"
}

# The folder for all pods: in each hierarchy of version 1, once in version 2.
make_cgroup() {
  local root
  while read -r root; do mkdir -p "$root/$cgroup"; done < <(awk '$3 == "cgroup" || $3 == "cgroup2" {print $2}' /proc/mounts)
}

cgroup_processes() {
  find /sys/fs/cgroup -path "*/$cgroup*" -name cgroup.procs -exec cat {} + 2>/dev/null | sort -u
}

unmount_all() {
  local target
  while read -r target; do umount -l "$target" || true; done < <(awk -v state="$state/" 'index($2, state) == 1 {print $2}' /proc/mounts | sort -r)
}

# ---- Images

ctr_here() { ctr --address "$containerd_socket" --namespace k8s.io "$@"; }

load() { # ARCHIVE
  local snapshotter name
  snapshotter=$(sed -n 's/ *snapshotter = "\(.*\)"/\1/p' "$state/containerd.toml")
  ctr_here images import --snapshotter "$snapshotter" "$1" >/dev/null
  # The kubelet looks for NAME:TAG, which is what an OCI archive says, under its full name.
  for name in $(ctr_here images ls -q | grep -v -e / -e '^sha256:'); do
    ctr_here images tag --force "$name" "docker.io/library/$name" >/dev/null
    ctr_here images rm "$name" >/dev/null
    say "Loaded $name"
  done
}

# The image of the pause containers and of the pods that make volumes: busybox alone. Tests may use it too.
load_busybox() {
  local work layer
  work=$(mktemp -d)
  mkdir -p "$work/root/bin" "$work/root/tmp" "$work/image"
  chmod 1777 "$work/root/tmp"
  cp "$(command -v busybox)" "$work/root/bin/busybox"
  busybox --list | while read -r name; do ln -s busybox "$work/root/bin/$name" 2>/dev/null || true; done
  tar -C "$work/root" --owner=0 --group=0 -cf "$work/image/layer.tar" .
  layer=$(sha256sum "$work/image/layer.tar" | cut -d ' ' -f 1)
  cat > "$work/image/config.json" <<END
{"architecture": "amd64", "os": "linux", "config": {"Cmd": ["sleep", "inf"], "Env": ["PATH=/bin"]},
 "rootfs": {"type": "layers", "diff_ids": ["sha256:$layer"]}}
END
  echo '[{"Config": "config.json", "RepoTags": ["fashion-busybox:1"], "Layers": ["layer.tar"]}]' > "$work/image/manifest.json"
  tar -C "$work/image" -cf "$work/image.tar" .
  load "$work/image.tar"
  rm -rf "$work"
}
