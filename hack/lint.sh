#!/usr/bin/env bash
# Checks what no compiler does: shell scripts, what must not stand in the sources, and the chart.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=hack/lib.sh
. hack/lib.sh

command -v shellcheck >/dev/null || apt_install shellcheck || die "shellcheck is needed: install it"
mapfile -t scripts < <(git ls-files -z | xargs -0 grep -lE '^#!.*\b(ba)?sh\b' --)
shellcheck -x "${scripts[@]}"

# A task without an owner is forgotten: write an issue instead.
if git grep -nE '\b(TODO|FIXME|XXX)\b' -- '*.java' '*.sh' '*.py' '*.xml' ':!hack/lint.sh'; then
  die "the lines above postpone something: do it, or file it"
fi

hack/version.sh --check
diff <(hack/argocd-cm.sh) argocd/argocd-cm.yaml || die "argocd/argocd-cm.yaml is not what argocd/resource_customizations says: make generate"

hack/lint-chart.sh
hack/lint-alerts.sh
hack/licences.sh
