#!/usr/bin/env bash
# Argo CD beside the local cluster, as processes of this machine: to try argocd/ out, and for the end-to-end scenarios. What users see
# of it is what they would see of an installation in the cluster; docs/argocd.md says more.
#
#   hack/argocd.sh up                  # starts it on a cluster that runs (hack/cluster.sh up), with the customization of argocd/
#   hack/argocd.sh down                # ends the processes and deletes their state; what is in the cluster goes with the cluster
#   hack/argocd.sh status              # what runs
#   hack/argocd.sh cli ARGUMENT...     # argocd on this Argo CD: hack/argocd.sh cli app list
#   hack/argocd.sh repository NAME     # makes a git repository that it can read, and prints its folder, to push to
#
# The repository NAME is git://127.0.0.1:8483/NAME.git for Argo CD. Nothing can be reached from outside this machine, and so there are
# no passwords. ARGOCD_PORT (8480) and the nine ports after it must be free.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=hack/lib.sh
. hack/lib.sh

state=$cache/argocd
logs=$state/logs
export PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
# shellcheck source=hack/cluster/processes.sh
. hack/cluster/processes.sh

port=${ARGOCD_PORT:-$(cat "$state/port" 2>/dev/null || echo 8480)}
api=127.0.0.1:$port repo=127.0.0.1:$((port + 1)) redis=127.0.0.1:$((port + 2))
components=(redis-server git-daemon argocd-repo-server argocd-server argocd-application-controller argocd-applicationset-controller)

kubectl() { hack/cluster.sh kubectl "$@"; }

up() {
  [ "${CLUSTER:-local}" = local ] || die "CLUSTER=$CLUSTER: this Argo CD is for the local cluster only"
  kubectl get --raw /readyz >/dev/null 2>&1 || die "there is no cluster: hack/cluster.sh up"
  local program helm component
  program=$(hack/tools.sh argocd)
  helm=$(hack/tools.sh helm)
  check_ports
  mkdir -p "$state"/{bin,pids,logs,git,tls,ssh,tmp}
  echo "$port" > "$state/port"
  for component in "${components[@]}" argocd; do ln -sfn "$program" "$state/bin/$component"; done
  ln -sfn "$helm" "$state/bin/helm"
  ln -sfn "$(redis_program)" "$state/bin/redis-server"
  command -v git >/dev/null || apt_install git || die "git is needed"
  ln -sfn "$(git --exec-path)/git-daemon" "$state/bin/git-daemon"
  say "Starting Argo CD $("$program" version --client --short | sed 's/^argocd: //')"
  settings
  for component in "${components[@]}"; do
    pid_of "$component" >/dev/null || "start_$component"
  done
  for component in "${components[@]}"; do
    pid_of "$component" >/dev/null || fail "$component" "has ended"
  done
  say "Argo CD is up ($SECONDS s). hack/argocd.sh cli app list"
}

down() {
  local component
  for component in "${components[@]}"; do kill_component "$component"; done
  shield -D
  rm -rf --one-file-system "$state"
}

status() {
  local component pid result=0
  for component in "${components[@]}"; do
    pid=$(pid_of "$component") || { pid=stopped; result=1; }
    printf '%-34s %-8s %s\n' "$component" "$pid" "$logs/$component.log"
  done
  return $result
}

cli() {
  [ -x "$state/bin/argocd" ] || die "Argo CD does not run: hack/argocd.sh up"
  exec "$state/bin/argocd" --server "$api" --plaintext --config "$state/cli" "$@"
}

repository() { # NAME
  [[ ${1:-} =~ ^[a-z0-9-]+$ ]] || die "say its name: hack/argocd.sh repository jobs"
  [ -d "$state/git" ] || die "Argo CD does not run: hack/argocd.sh up"
  [ -d "$state/git/$1.git" ] || git init --quiet --bare --initial-branch main "$state/git/$1.git"
  echo "$state/git/$1.git"
}

# ---- What is in the cluster: what an installation brings, and then what its administrator is told to apply.

settings() {
  local sources
  sources=$(cd hack/tools/argocd && GOWORK=off go mod download -json github.com/argoproj/argo-cd/v3 | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
  kubectl get namespace argocd >/dev/null 2>&1 || kubectl create namespace argocd >/dev/null
  kubectl apply --server-side --force-conflicts --kustomize "$sources/manifests/crds" >/dev/null
  kubectl get configmap --namespace argocd argocd-cm >/dev/null 2>&1 ||
    kubectl create --namespace argocd --kustomize "$sources/manifests/base/config" >/dev/null
  kubectl patch configmap argocd-cm --namespace argocd --patch-file argocd/argocd-cm.yaml >/dev/null
}

# ---- The processes

start_redis-server() {
  # Its process keeps the command line that it is known by.
  launch redis-server "$state/bin/redis-server" --bind 127.0.0.1 --port "${redis#*:}" --save '' --appendonly no --dir "$state/tmp" --set-proc-title no
  wait_for redis-server 30 "its port" tcp_open 127.0.0.1 "${redis#*:}"
}

start_git-daemon() {
  launch git-daemon "$state/bin/git-daemon" --export-all --reuseaddr --listen=127.0.0.1 --port=$((port + 3)) --base-path="$state/git" "$state/git"
  wait_for git-daemon 30 "its port" tcp_open 127.0.0.1 $((port + 3))
}

start_argocd-repo-server() {
  # A commit is to be seen at once.
  argocd argocd-repo-server --address 127.0.0.1 --port "${repo#*:}" --metrics-address 127.0.0.1 --metrics-port $((port + 4)) --disable-tls \
    --redis "$redis" --revision-cache-expiration 5s
  wait_for argocd-repo-server 60 "its port" tcp_open 127.0.0.1 "${repo#*:}"
}

# It also makes the default project and the key that the others need.
start_argocd-server() {
  argocd argocd-server --address 127.0.0.1 --port "$port" --metrics-address 127.0.0.1 --metrics-port $((port + 5)) --insecure --disable-auth \
    --redis "$redis" --repo-server "$repo" --repo-server-plaintext --namespace argocd
  wait_for argocd-server 90 "its port" tcp_open 127.0.0.1 "$port"
  wait_for argocd-server 60 "the default project" kubectl get appproject --namespace argocd default
}

start_argocd-application-controller() {
  # Its metrics are the only thing that cannot be told to stay on the loopback device.
  shield -I
  argocd argocd-application-controller --metrics-port $((port + 6)) --redis "$redis" --repo-server "$repo" --repo-server-plaintext --namespace argocd \
    --app-resync 10 --app-resync-jitter 0
  wait_for argocd-application-controller 60 "its port" tcp_open 127.0.0.1 $((port + 6))
}

start_argocd-applicationset-controller() {
  argocd argocd-applicationset-controller --metrics-addr 127.0.0.1:$((port + 7)) --probe-addr 127.0.0.1:$((port + 8)) --webhook-addr 127.0.0.1:$((port + 9)) \
    --argocd-repo-server "$repo" --repo-server-plaintext --namespace argocd
  wait_for argocd-applicationset-controller 60 "its port" tcp_open 127.0.0.1 $((port + 8))
}

# Argo CD takes the part that it is called by. Outside a pod, "the cluster that it is in" is the kubeconfig's.
argocd() ( # COMPONENT ARGUMENT...
  KUBECONFIG=$(hack/cluster.sh kubeconfig)
  export KUBECONFIG PATH=$state/bin:$PATH HOME=$state/tmp TMPDIR=$state/tmp
  export ARGOCD_FAKE_IN_CLUSTER=true ARGOCD_GPG_ENABLED=false ARGOCD_TLS_DATA_PATH=$state/tls ARGOCD_SSH_DATA_PATH=$state/ssh
  launch "$1" "$state/bin/$1" --logformat text "${@:2}"
)

# Refuses the controller's metrics to the network: puts the rules there, or takes them away.
shield() { # -I or -D
  local tables rule=(INPUT ! -i lo -p tcp --dport $((port + 6)) -m comment --comment fashion-training-argocd -j REJECT)
  for tables in iptables ip6tables; do
    if [ "$1" = -I ] && as_root "$tables" -w -C "${rule[@]}" 2>/dev/null; then continue; fi
    # A kernel without IPv6 has nothing to refuse there.
    as_root "$tables" -w "$1" "${rule[@]}" 2>/dev/null || [ "$1$tables" != -Iiptables ] || die "iptables is needed, and root or sudo"
  done
}

# Debian's package redis-server would start a service; redis-tools has the same program under another name.
redis_program() {
  command -v redis-server || command -v redis-check-rdb || { apt_install redis-tools && command -v redis-check-rdb; } || die "redis-server is needed: install it"
}

check_ports() {
  local each
  # What an earlier `up` has started, all of it or not, holds its ports by right.
  for each in "${components[@]}"; do ! pid_of "$each" >/dev/null || return 0; done
  for each in {0..9}; do
    ! tcp_open 127.0.0.1 $((port + each)) || die "port $((port + each)) is taken by another program: stop it, or set ARGOCD_PORT to another than $port"
  done
}

command=${1:-help}
[ $# = 0 ] || shift
case $command in
  up | down | status | cli | repository) "$command" "$@" ;;
  help | -h | --help) header hack/argocd.sh ;;
  *) die "no command named $command; see hack/argocd.sh help" ;;
esac
