#!/usr/bin/env bash
# The table of the operator's rights in docs/security.md, made from the chart.
#
#   hack/rbac-table.sh             # writes it
#   hack/rbac-table.sh --check     # fails if it is not the chart's
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=hack/lib.sh
. hack/lib.sh

page=docs/security.md
# The names are those of a release with the chart's own name.
rendered=$("$(hack/tools.sh helm)" template fashion-training-operator helm/fashion-training-operator --show-only templates/rbac.yaml)
table=$(awk '
  function row() { if (resources != "") printf "| %s | %s | %s | %s | %s |\n", role, group == "\"\"" ? "core" : group, resources, names == "" ? "any" : names, verbs; resources = names = verbs = "" }
  function list(line) { sub(/^[^:]*: */, "", line); gsub(/[][]/, "", line); return line }
  /^---/ { row(); role = kind = "" }
  /^kind: / { kind = $2 }
  /^  name: / { role = (kind == "Role" ? "in its own namespace" : $2 ~ /-edit$|-view$/ ? "people: `" $2 "`" : "everywhere") }
  kind !~ /Role$/ { next }
  /^  - apiGroups:/ { row(); group = list($0) }
  /^    resources:/ { resources = list($0) }
  /^    resourceNames:/ { names = list($0) }
  /^    verbs:/ { verbs = list($0) }
  END { row() }' <<<"$rendered")
[ -n "$table" ] || die "the chart gives no rights"
wanted=$(awk -v table="$table" '/^<!-- rights -->/ { print; print "| where | API group | resources | names | verbs |"; print "|---|---|---|---|---|"; print table; skip = 1; next }
  /^<!-- end -->/ { skip = 0 } !skip' "$page")
case ${1:-} in
  '') echo "$wanted" > "$page" ;;
  --check) diff -u "$page" - <<<"$wanted" >&2 || die "the rights in $page are not the chart's: run hack/rbac-table.sh" ;;
  *) die "hack/rbac-table.sh, or hack/rbac-table.sh --check" ;;
esac
