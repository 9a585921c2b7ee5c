{{- define "operator.name" -}}
{{- /* A release's name may have dots, a Service's not. */}}
{{- $release := replace "." "-" .Release.Name }}
{{- if contains .Chart.Name $release }}{{ $release | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" ($release | trunc 24 | trimSuffix "-") .Chart.Name }}{{ end }}
{{- end }}

{{- define "operator.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "operator.labels" -}}
{{ include "operator.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "operator.serviceAccount" -}}
{{- if .Values.serviceAccount.create }}{{ .Values.serviceAccount.name | default (include "operator.name" .) }}{{ else }}{{ .Values.serviceAccount.name | default "default" }}{{ end }}
{{- end }}

{{- define "operator.registry" -}}
{{- with .Values.image.registry }}{{ trimSuffix "/" . }}/{{ end }}
{{- end }}

{{- define "operator.secret" -}}
{{- .Values.progress.existingSecret | default (printf "%s-progress-tls" (include "operator.name" .)) }}
{{- end }}

{{- define "operator.lease" -}}
{{- printf "%s-operator" (.Values.config.installation | default "fashion-training") }}
{{- end }}

{{/* The settings file: the values, and what only the release knows. */}}
{{- define "operator.config" -}}
{{- $config := deepCopy .Values.config }}
{{- $trainer := $config.trainer | default dict }}
{{- if not $trainer.image }}
{{- $_ := set $trainer "image" (printf "%sfashion-trainer:%s" (include "operator.registry" .) .Chart.AppVersion) }}
{{- end }}
{{- $_ := set $config "trainer" $trainer }}
{{- $host := printf "%s.%s.svc" (include "operator.name" .) .Release.Namespace }}
{{- $_ := set $config "progress" (dict
    "url" (printf "https://%s:8443" $host)
    "port" 8443
    "secret" (include "operator.secret" .)
    "dnsNames" (list $host)
    "issued" (empty .Values.progress.existingSecret | ternary "Operator" "External")) }}
{{- if .Values.tracing.headersSecret }}
{{- $_ := set $config "tracing" (merge ($config.tracing | default dict) (dict "headers" "/var/run/secrets/tracing")) }}
{{- end }}
{{- if .Values.vertexEmulator.enabled }}
{{- /* Instead of Google's services, as far as the values don't say. */}}
{{- $projects := keys (.Values.vertexEmulator.config.projects | default dict) | sortAlpha }}
{{- $vertex := dict
    "emulator" (include "emulator.vertex" .)
    "storage" (printf "http://%s" (include "emulator.storage" .))
    "interval" "2s"
    "quotaInterval" "5s"
    "bucketRegions" (.Values.vertexEmulator.config.buckets | default dict) }}
{{- if $projects }}
{{- $_ := set $vertex "project" (first $projects) }}
{{- if not $config.tenants }}
{{- $_ := set $config "tenants" (list (dict "projects" $projects "regions" (list "*"))) }}
{{- end }}
{{- end }}
{{- $_ := set $config "vertex" (merge ($config.vertex | default dict) $vertex) }}
{{- end }}
{{- $_ := set $config "api" (dict
    "configMap" (printf "%s-api" (include "operator.name" .))
    "serviceAccount" (.Values.rbac.create | ternary (printf "%s-reader" (include "operator.name" .)) "")) }}
{{- toYaml $config }}
{{- end }}

{{/* The emulators: a context and a name. */}}
{{- define "emulator.selector" -}}
app.kubernetes.io/name: {{ index . 1 }}
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
{{- end }}

{{- define "emulator.labels" -}}
{{- $root := index . 0 }}
{{- include "emulator.selector" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version }}
{{- end }}

{{- define "emulator.tenant" -}}
{{ .Values.vertexEmulator.tenantNamespace | default .Release.Namespace }}
{{- end }}

{{- define "emulator.vertex" -}}
{{ include "operator.name" . }}-vertex.{{ .Release.Namespace }}.svc:8085
{{- end }}

{{- define "emulator.storage" -}}
{{ include "operator.name" . }}-storage.{{ .Release.Namespace }}.svc:4443
{{- end }}

{{/* The emulator's settings: the values, and what only the release knows. */}}
{{- define "emulator.config" -}}
{{- $config := deepCopy .Values.vertexEmulator.config }}
{{- $executor := $config.executor | default dict }}
{{- if eq ($executor.type | default "kubernetes") "kubernetes" }}
{{- $environment := dict
    "STORAGE_EMULATOR_HOST" (printf "http://%s" (include "emulator.storage" .))
    "VERTEX_EMULATOR_HOST" (include "emulator.vertex" .) }}
{{- $executor = merge $executor (dict "type" "kubernetes" "namespace" (include "emulator.tenant" .) "environment" $environment) }}
{{- end }}
{{- $_ := set $config "executor" $executor }}
{{- $_ := set $config "port" 8085 }}
{{- toYaml $config }}
{{- end }}

{{/* Where Google's libraries find the token of this pod and whom it stands for. */}}
{{- define "operator.googleCredentials" -}}
{{- dict
    "type" "external_account"
    "audience" (printf "//iam.googleapis.com/%s" .Values.googleIdentity.provider)
    "subject_token_type" "urn:ietf:params:oauth:token-type:jwt"
    "token_url" "https://sts.googleapis.com/v1/token"
    "service_account_impersonation_url" (printf "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/%s:generateAccessToken" .Values.googleIdentity.serviceAccount)
    "credential_source" (dict "file" "/var/run/secrets/google/token" "format" (dict "type" "text"))
    | toPrettyJson }}
{{- end }}
