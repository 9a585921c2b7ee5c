# CLUSTER=current: a cluster that someone else made. Nothing here changes it. Sourced by hack/cluster.sh.
# shellcheck shell=bash

cluster_up() {
  [ $# = 0 ] || die "CLUSTER=current has no $1"
  local context
  command -v kubectl >/dev/null || die "CLUSTER=current needs kubectl"
  context=$(kubectl config current-context) || die "kubectl has no current context"
  kubectl version >/dev/null || die "the cluster of context $context does not answer"
  say "Using the cluster of context $context"
}

cluster_down() { say "CLUSTER=current: the cluster is left as it is"; }

cluster_kubeconfig() { echo "${KUBECONFIG:-$HOME/.kube/config}"; }

cluster_kubectl() { kubectl "$@"; }

cluster_status() { kubectl get nodes; }

cluster_load() { say "CLUSTER=current takes its images from a registry: make push REGISTRY=registry.example.com/team"; }
