{{- define "garrison.name" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "garrison.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "garrison.labels" -}}
{{ include "garrison.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "garrison.image" -}}
{{- $repository := required "image.repository is needed: where the image of Garrison is" .Values.image.repository -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" $repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" $repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end -}}
{{- end -}}

{{/* Java with the application; the command follows as an argument. */}}
{{- define "garrison.java" -}}
- java
- -XX:MaxRAMPercentage=60
- -XX:+ExitOnOutOfMemoryError
- --enable-native-access=ALL-UNNAMED
- --sun-misc-unsafe-memory-access=allow
- -Djava.awt.headless=true
- -jar
- /opt/garrison/garrison.jar
{{- end -}}

{{- define "garrison.confined" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities:
  drop: [ALL]
{{- end -}}
