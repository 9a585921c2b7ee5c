#!/usr/bin/env bash
# A Kubernetes cluster for tests and the demo. docs/cluster.md says more.
#
#   hack/cluster.sh up [--control-plane]   # starts what does not run; --control-plane: no node, so pods stay Pending
#   hack/cluster.sh down                   # stops it and deletes all that it made
#   hack/cluster.sh status                 # what runs
#   hack/cluster.sh kubeconfig             # prints the path of the kubeconfig
#   hack/cluster.sh kubectl ARGUMENT...    # kubectl on this cluster
#   hack/cluster.sh load ARCHIVE...        # gives the node images, such as hack/images.sh makes
#   hack/cluster.sh stop COMPONENT         # kill -9, to test faults; `status` lists the components
#   hack/cluster.sh start COMPONENT
#
# CLUSTER=local (default): upstream's programs as processes of this machine. CLUSTER=kind: kind and Docker.
# CLUSTER=current: whatever kubectl is set up for.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=hack/lib.sh
. hack/lib.sh

CLUSTER=${CLUSTER:-local}
case $CLUSTER in
  local | kind | current) ;;
  *) die "CLUSTER=$CLUSTER is none of local, kind, current" ;;
esac
# Defines cluster_up, cluster_down and so on: what the commands above do.
# shellcheck source=hack/cluster/local.sh
. "hack/cluster/$CLUSTER.sh"

command=${1:-help}
[ $# = 0 ] || shift
case $command in
  up | down | status | kubeconfig | kubectl | load | stop | start)
    declare -F "cluster_$command" >/dev/null || die "CLUSTER=$CLUSTER has no \`$command\`; only CLUSTER=local has"
    "cluster_$command" "$@"
    ;;
  help | -h | --help) header hack/cluster.sh ;;
  *) die "no command named $command; see hack/cluster.sh help" ;;
esac
