#!/usr/bin/env bash
# Checks the alerts: that Prometheus takes them, that each fires when it must and no earlier, and that the runbook has an entry for each.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=hack/lib.sh
. hack/lib.sh

rules=helm/fashion-training-operator/files/alerts.yaml
promtool=$(hack/prometheus.sh)/promtool

# As a release has them.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp hack/alerts/release_test.yaml "$work/"
"$(hack/tools.sh helm)" template release helm/fashion-training-operator --namespace ft --set metrics.alerts.enabled=true,metrics.alerts.runbook=docs/runbook.md \
  --show-only templates/prometheusrule.yaml | sed -n '1,/^spec:/d; s/^  //p' > "$work/alerts.yaml"

for check in "check rules $rules" "test rules hack/alerts/alerts_test.yaml" "test rules $work/release_test.yaml"; do
  # shellcheck disable=SC2086 # words
  said=$("$promtool" $check 2>&1) || { echo "$said" >&2; die "promtool $check: see above"; }
done
sed -n 's/^ *- alert: //p' "$rules" | while read -r alert; do
  # shellcheck disable=SC2018,SC2019
  anchor=$(tr A-Z a-z <<<"$alert")
  grep -qx "### $alert" docs/runbook.md || die "docs/runbook.md has no section $alert"
  grep -q "runbook_url: docs/runbook.md#$anchor\$" "$rules" || die "$alert has no runbook_url docs/runbook.md#$anchor"
  grep -q "alertname: $alert\$" hack/alerts/alerts_test.yaml || die "hack/alerts/alerts_test.yaml does not show $alert firing"
done
