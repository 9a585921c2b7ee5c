#!/usr/bin/env bash
# Runs the end-to-end scenarios: brings up a cluster, installs the chart, and deletes the cluster afterwards, whatever happened.
#
#   hack/e2e.sh                    # all scenarios
#   hack/e2e.sh suspendAndResume   # one of them: a method of e2e's tests
#   KEEP=1 hack/e2e.sh             # leaves the cluster up
#   E2E_LONG=1 hack/e2e.sh         # also the ones that take minutes and are about what a shorter one is about, too
#
# CLUSTER=local, kind or current chooses the cluster. It expects the images to be built (hack/images.sh) and JAVA_HOME to be a JDK 25.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=hack/lib.sh
. hack/lib.sh

end() {
  hack/argocd.sh down
  [ -n "${KEEP:-}" ] || hack/cluster.sh down 2>/dev/null
}
trap end EXIT
hack/images.sh own-trainer
hack/cluster.sh up
hack/cluster.sh load "$cache/images/own-trainer.tar"
hack/google.sh up
hack/install.sh -f hack/demo/values.yaml
KUBECONFIG=$(hack/cluster.sh kubeconfig)
HELM=$(hack/tools.sh helm)
if [ "${CLUSTER:-local}" = local ]; then hack/tools.sh argocd > /dev/null; fi
export KUBECONFIG HELM CLUSTER=${CLUSTER:-local}
mvn -B -ntp -Pe2e -pl e2e -am -DskipUnitTests -Dfailsafe.failIfNoSpecifiedTests=false \
  -Dit.test="**/e2e/*IT${1:+#$1}" verify
