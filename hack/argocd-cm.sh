#!/usr/bin/env bash
# Prints argocd/argocd-cm.yaml: what the files below argocd/resource_customizations say, as Argo CD's settings.
#
#   hack/argocd-cm.sh > argocd/argocd-cm.yaml     # make generate does; make lint holds it up to date
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../argocd/resource_customizations"

kind=training.fashion-mnist.io/FashionTrainingJob
key=${kind/\//_}

indented() { sed "s/^\(.\)/$1\1/" "$2"; } # SPACES FILE

cat <<END
# Made from resource_customizations/ by hack/argocd-cm.sh: change those, then run make generate.
apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-cm
data:
  resource.customizations.health.$key: |
$(indented '    ' $kind/health.lua)
  resource.customizations.actions.$key: |
    discovery.lua: |
$(indented '      ' $kind/actions/discovery.lua)
    definitions:
END
for action in resume retry suspend; do
  cat <<END
      - name: $action
        action.lua: |
$(indented '          ' $kind/actions/$action/action.lua)
END
done
cat <<END
  resource.customizations.ignoreResourceUpdates.$key: |
$(indented '    ' $kind/ignore-resource-updates.yaml)
END
