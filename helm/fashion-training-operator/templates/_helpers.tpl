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
{{- $_ := set $config "api" (dict
    "configMap" (printf "%s-api" (include "operator.name" .))
    "serviceAccount" (.Values.rbac.create | ternary (printf "%s-reader" (include "operator.name" .)) "")) }}
{{- toYaml $config }}
{{- end }}
