package io.garrison.helm;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.helm.HouseRules.Rights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Both guards see what is planted. */
class GuardTests {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String RENDERED = Chart.of("private-cloud").text();
    private static final String CONTAINER = "/spec/template/spec/containers/0";
    private static final String MIGRATION = "/spec/template/spec/initContainers/0";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "gone",
            value = {
                "Deployment | " + CONTAINER + "/securityContext/runAsNonRoot | false | may run as root",
                "Deployment | " + MIGRATION + "/securityContext/runAsNonRoot | gone | may run as root",
                "Deployment | " + CONTAINER + "/securityContext/runAsUser | 0 | may run as root",
                "Deployment | " + CONTAINER + "/securityContext/readOnlyRootFilesystem | false | root file system",
                "Deployment | " + MIGRATION + "/securityContext/readOnlyRootFilesystem | gone | root file system",
                "Deployment | " + CONTAINER + "/securityContext/allowPrivilegeEscalation | true | gain privileges",
                "Deployment | " + CONTAINER + "/securityContext/allowPrivilegeEscalation | gone | gain privileges",
                "Deployment | " + CONTAINER + "/securityContext/privileged | true | gain privileges",
                "Deployment | " + CONTAINER + "/securityContext/capabilities/drop | [] | keeps capabilities",
                "Deployment | " + CONTAINER
                        + "/securityContext/capabilities/add | [\"NET_ADMIN\"] | keeps capabilities",
                "Deployment | " + CONTAINER + "/securityContext | gone | keeps capabilities",
                "Deployment | " + CONTAINER + "/resources | gone | no resources",
                "Deployment | " + CONTAINER + "/env | [{\"name\":\"DB_PASSWORD\",\"value\":\"x\"}] | in the open",
                "Deployment | " + MIGRATION + "/env | [{\"name\":\"URL\",\"value\":\"http://a:b@c\"}] | in the open",
                "Deployment | " + CONTAINER + "/args | [\"--password=x\"] | a secret among its args",
                "Deployment | /spec/template/spec/automountServiceAccountToken | gone | mounts a token",
                "Deployment | /spec/template/spec/hostNetwork | true | hostNetwork",
                "Deployment | /spec/template/spec/securityContext/runAsUser | 0 | runs as root",
                "Deployment | /spec/template/spec/securityContext/seccompProfile | gone | no seccomp profile",
                "Deployment | /spec/template/spec/volumes | [{\"name\":\"v\",\"hostPath\":{\"path\":\"/\"}}] | is the host's",
                "ConfigMap | /data/spring.datasource.password | \"x\" | in the open",
                "ConfigMap | /data/spring.datasource.url | \"jdbc:postgresql://db/g?password=x\" | in the open",
                "ConfigMap | /data/kafka.sasl.jaas | \"x\" | in the open",
                "ConfigMap | /data/certificate | \"-----BEGIN EC PRIVATE KEY-----\" | in the open",
                "ServiceAccount | /automountServiceAccountToken | true | hands out a token",
                "ServiceAccount | /kind | \"Secret\" | referred to",
                "ServiceAccount | /kind | \"ClusterRoleBinding\" | asks nothing",
            })
    void theHouseRulesSee(String kind, String pointer, String value, String fault) {
        var manifests = Chart.manifests(RENDERED);
        assertThat(HouseRules.faults(manifests)).isEmpty();

        plant(Manifest.one(manifests, kind, "prod-garrison").json(), pointer, value);

        assertThat(HouseRules.faults(manifests)).isNotEmpty().anyMatch(told -> told.contains(fault));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "gone",
            value = {
                "Deployment | " + CONTAINER + "/imagePullPolcy | \"Always\" | imagePullPolcy",
                "Deployment | " + CONTAINER + "/securityContext/readOnlyRootFileSystem | true | readOnlyRootFileSystem",
                "Deployment | /spec/selector | gone | selector",
                "Deployment | " + CONTAINER + "/livenessProbe/httpGet/port | {} | port",
                "Deployment | " + CONTAINER + "/ports/0/containerPort | \"http\" | java.lang.Integer",
                "Deployment | " + CONTAINER + "/env | [{\"name\":\"N\",\"value\":5}] | String",
                "Deployment | " + CONTAINER + "/resources/limits/memory | \"128Mx\" | 128Mx",
                "Deployment | /apiVersion | \"extensions/v1beta1\" | apps/v1",
                "Service | /spec/ports/0/targetPorts | 1 | targetPorts",
                "NetworkPolicy | /spec/podSelector/matchLabel | {} | matchLabel",
                "PodDisruptionBudget | /spec/minAvailible | 1 | minAvailible",
                "HorizontalPodAutoscaler | /spec/maxReplicas | gone | maxReplicas",
                "ServiceAccount | /kind | \"Job\" | nobody has thought of",
            })
    void theModelsSee(String kind, String pointer, String value, String fault) {
        var name = kind.equals("Service") ? "prod-garrison-edge" : "prod-garrison";
        var manifest = Manifest.one(Chart.manifests(RENDERED), kind, name);
        assertThat(KubernetesModels.faults(manifest)).isEmpty();

        plant(manifest.json(), pointer, value);

        assertThat(KubernetesModels.faults(manifest)).anyMatch(told -> told.contains(fault));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Role | /rules/0/verbs | [\"list\",\"delete\"] | more than look at pods",
                "Role | /rules/0/resources | [\"pods\",\"secrets\"] | more than look at pods",
                "Role | /rules/0/apiGroups | [\"*\"] | more than look at pods",
                "Role | /kind | \"ClusterRole\" | beyond the namespace",
                "RoleBinding | /kind | \"ClusterRoleBinding\" | beyond the namespace",
                "StatefulSet | " + CONTAINER
                        + "/securityContext/capabilities/add | [\"NET_ADMIN\"] | keeps capabilities",
                "ConfigMap | /data/token | \"gre_x\" | in the open",
            })
    void theHouseRulesSeeAtInstances(String kind, String pointer, String value, String fault) {
        var manifests = Chart.ofEdges().render();
        assertThat(HouseRules.faults(manifests, Rights.SEE_PODS)).isEmpty();

        plant(Manifest.one(manifests, kind, "prod-garrison-edge").json(), pointer, value);

        assertThat(HouseRules.faults(manifests, Rights.SEE_PODS)).anyMatch(told -> told.contains(fault));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "gone",
            value = {
                "StatefulSet | /spec/podManagementPolcy | \"Parallel\" | podManagementPolcy",
                "StatefulSet | /spec/volumeClaimTemplates/0/spec/resources/requests/storage | \"2Gx\" | 2Gx",
                "Role | /rules/0/verbs | gone | verbs",
                "RoleBinding | /roleRef | gone | roleRef",
            })
    void theModelsSeeAtInstances(String kind, String pointer, String value, String fault) {
        var manifest = Manifest.one(Chart.ofEdges().render(), kind, "prod-garrison-edge");
        assertThat(KubernetesModels.faults(manifest)).isEmpty();

        plant(manifest.json(), pointer, value);

        assertThat(KubernetesModels.faults(manifest)).anyMatch(told -> told.contains(fault));
    }

    @Test
    void aListIsNotLookedAtInItsFirstElementOnly() {
        var manifests = Chart.manifests(RENDERED);
        var containers = (ArrayNode)
                Manifest.one(manifests, "Deployment", "prod-garrison").at("/spec/template/spec/containers");
        containers.add(JSON.readTree("{\"name\":\"sidecar\",\"image\":\"x\"}"));

        assertThat(HouseRules.faults(manifests))
                .allMatch(fault -> fault.contains("/sidecar: "))
                .hasSizeGreaterThan(3);
    }

    private static void plant(JsonNode json, String pointer, String value) {
        int last = pointer.lastIndexOf('/');
        var parent = (ObjectNode) json.at(pointer.substring(0, last));
        var name = pointer.substring(last + 1);
        if (value == null) {
            parent.remove(name);
        } else {
            parent.set(name, JSON.readTree(value));
        }
    }
}
