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
