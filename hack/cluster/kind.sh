# CLUSTER=kind. Sourced by hack/cluster.sh.
# shellcheck shell=bash disable=SC2154 # cache is lib.sh's

kind_kubeconfig=$cache/kind.kubeconfig

kind_here() {
  command -v kind >/dev/null || die "CLUSTER=kind needs kind: https://kind.sigs.k8s.io"
  kind get clusters 2>/dev/null | grep -qx fashion-training
}

cluster_up() {
  [ $# = 0 ] || die "CLUSTER=kind has no $1"
  if kind_here; then
    kind export kubeconfig --name fashion-training --kubeconfig "$kind_kubeconfig"
  else
    docker info >/dev/null 2>&1 || die "CLUSTER=kind needs a Docker engine"
    mkdir -p "$cache"
    kind create cluster --name fashion-training --kubeconfig "$kind_kubeconfig" --wait 180s
  fi
  say "The cluster is up. export KUBECONFIG=$kind_kubeconfig"
}

cluster_down() {
  if kind_here; then kind delete cluster --name fashion-training --kubeconfig "$kind_kubeconfig"; fi
  rm -f "$kind_kubeconfig"
}

cluster_kubeconfig() { echo "$kind_kubeconfig"; }

cluster_kubectl() { kubectl --kubeconfig "$kind_kubeconfig" "$@"; }

cluster_status() {
  kind_here || die "there is no kind cluster named fashion-training"
  cluster_kubectl get nodes
}

cluster_load() {
  local archive
  for archive in "$@"; do
    kind load image-archive "$archive" --name fashion-training
  done
}
