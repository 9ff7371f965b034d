package io.garrison.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import io.garrison.edge.state.DiscoveryType;
import io.garrison.edge.state.EdgeConfig;
import io.garrison.helm.HouseRules.Rights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The instances of a stack on Kubernetes. (DI-22 … DI-29, DI-T01, DI-T02, PX-25) */
class EdgeChartTests {

    private static final String NAME = "prod-garrison-edge";

    @TempDir
    Path temp;

    private record Combination(String name, Chart chart) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Combination> combinations() {
        var everything = Chart.resource("edge-everything.yaml");
        return Stream.of(
                new Combination("defaults", Chart.ofEdges()),
                new Combination("everything", Chart.ofEdges().with(everything)),
                new Combination("one", Chart.ofEdges().with("replicas", 1)),
                new Combination("no network policy", Chart.ofEdges().with("networkPolicy.enabled", false)),
                new Combination("no load balancer", Chart.ofEdges().with("service.type", "ClusterIP")));
    }

    @Test
    void passesHelmsOwnStrictLint() {
        var result = new Helm(Chart.EDGE).lint().strict().call();

        assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void isUnderstoodByKubernetesAndKeepsTheHouseRules(Combination combination) {
        var manifests = combination.chart().render();

        assertThat(manifests.stream().flatMap(manifest -> KubernetesModels.faults(manifest).stream()))
                .isEmpty();
        assertThat(HouseRules.faults(manifests, Rights.SEE_PODS)).isEmpty();
        assertThat(manifests).extracting(Manifest::toString).doesNotHaveDuplicates();
    }

    @Test
    void runsThreeInstancesThatKeepTheirStateAndTheirNames() {
        var manifests = Chart.ofEdges().render();
        var set = set(manifests);

        assertThat(set.at("/spec/replicas").asInt()).isEqualTo(3);
        assertThat(set.at("/spec/serviceName").asString()).isEqualTo(NAME + "-peers");
        assertThat(set.at("/spec/volumeClaimTemplates/0/metadata/name").asString())
                .isEqualTo("state");
        assertThat(mount(container(set), "state")).isEqualTo("/var/lib/garrison-edge");
        assertThat(container(set).at("/resources/requests/cpu").asString()).isEqualTo("500m");
        assertThat(container(set).at("/resources/limits/memory").asString()).isEqualTo("2Gi");
        assertThat(set.at("/spec/selector/matchLabels")).isEqualTo(labels(set, "name", "instance"));
    }

    @Test
    void itsSettingsAreThoseOfTheAgentAndFindItsOwnPods() throws Exception {
        var manifests = Chart.ofEdges().render();
        var settings = settings(manifests);
        var discovery = settings.cluster().discovery();

        assertThat(settings.cluster().enabled()).isTrue();
        assertThat(discovery.enabled()).isTrue();
        assertThat(discovery.type()).isEqualTo(DiscoveryType.KUBERNETES);
        assertThat(discovery.kubernetesNamespace()).isEqualTo("garrison");
        var labels = set(manifests).at("/spec/template/metadata/labels");
        for (var label : String.valueOf(discovery.kubernetesSelector()).split(",")) {
            var parts = label.split("=");
            assertThat(labels.path(parts[0]).asString()).isEqualTo(parts[1]);
        }
        assertThat(mount(container(set(manifests)), "settings")).isEqualTo("/etc/garrison-edge");
        assertThat(discovery.bindPort()).isEqualTo(port(set(manifests), "gossip"));
        assertThat(settings.cluster().gossip().port()).isEqualTo(port(set(manifests), "gossip"));
        assertThat(port(set(manifests), "tables")).as("the next one").isEqualTo(port(set(manifests), "gossip") + 1);
        assertThat(String.valueOf(settings.cluster().health().listen())).isEqualTo("0.0.0.0:9528");
        assertThat(port(set(manifests), "health")).isEqualTo(9528);
    }

    @Test
    void furtherSettingsReachTheAgentAsTheyWereMeant() throws Exception {
        var settings = settings(
                Chart.ofEdges().with(Chart.resource("edge-everything.yaml")).render());

        assertThat(settings.spoolMaxBytes()).isEqualTo(1_073_741_824);
        assertThat(settings.cluster().gossip().failureThreshold()).isEqualTo(5);
        assertThat(settings.addresses()).containsEntry("2001:db8::1", "::");
        assertThatThrownBy(() ->
                        Chart.ofEdges().with("settings.discovery\\.type", "dns").render())
                .hasMessageContaining("discovery.type is the chart's own");
    }

    @Test
    void mayLookAtPodsOfItsNamespaceAndNothingElse() {
        var manifests = Chart.ofEdges().render();
        var binding = Manifest.one(manifests, "RoleBinding", NAME);

        assertThat(Manifest.one(manifests, "Role", NAME).at("/rules/0/verbs").toString())
                .isEqualTo("[\"get\",\"list\",\"watch\"]");
        assertThat(binding.at("/roleRef/name").asString()).isEqualTo(NAME);
        assertThat(binding.at("/subjects/0/name").asString())
                .isEqualTo(set(manifests).pod().path("serviceAccountName").asString());
        assertThat(binding.at("/subjects/0/namespace").asString()).isEqualTo("garrison");
        assertThat(set(manifests).pod().path("automountServiceAccountToken").asBoolean())
                .isTrue();
    }

    @Test
    void peersMeetBeforeTheyAreReadyAndClientsAfter() {
        var manifests =
                Chart.ofEdges().with(Chart.resource("edge-everything.yaml")).render();
        var peers = Manifest.one(manifests, "Service", NAME + "-peers");
        var clients = Manifest.one(manifests, "Service", NAME);

        assertThat(peers.at("/spec/clusterIP").asString()).isEqualTo("None");
        assertThat(peers.at("/spec/publishNotReadyAddresses").asBoolean()).isTrue();
        assertThat(peers.at("/spec/ports/0/port").asInt()).isEqualTo(10_101);
        assertThat(clients.at("/spec/type").asString()).isEqualTo("LoadBalancer");
        assertThat(clients.at("/spec/externalTrafficPolicy").asString()).isEqualTo("Local");
        assertThat(clients.at("/spec/ports/1/targetPort").asInt()).isEqualTo(8443);
        assertThat(port(set(manifests), "https")).isEqualTo(8443);
        assertThat(container(set(manifests)).at("/readinessProbe/httpGet/path").asString())
                .isEqualTo("/ready");
        assertThat(container(set(manifests)).at("/readinessProbe/periodSeconds").asInt())
                .isEqualTo(5);
        assertThat(container(set(manifests)).at("/livenessProbe/httpGet/path").asString())
                .isEqualTo("/health");
        assertThat(container(set(manifests)).at("/livenessProbe/periodSeconds").asInt())
                .isEqualTo(10);
        for (var service : List.of(peers, clients)) {
            assertThat(service.at("/spec/selector")).isEqualTo(labels(set(manifests), "name", "instance"));
        }
    }

    @Test
    void onlyAPodWithALowPortLowersTheBound() {
        var high = set(Chart.ofEdges().render());
        var low =
                set(Chart.ofEdges().with(Chart.resource("edge-everything.yaml")).render());

        assertThat(high.pod().at("/securityContext").has("sysctls")).isFalse();
        assertThat(low.pod().at("/securityContext/sysctls/0/name").asString())
                .isEqualTo("net.ipv4.ip_unprivileged_port_start");
    }

    @Test
    void peersAloneReachTheirPorts() {
        var policy = Manifest.one(
                Chart.ofEdges().with(Chart.resource("edge-everything.yaml")).render(), "NetworkPolicy", NAME);

        assertThat(policy.at("/spec/ingress/0/from/0/podSelector/matchLabels"))
                .isEqualTo(policy.at("/spec/podSelector/matchLabels"));
        assertThat(policy.at("/spec/ingress/0/ports/0/port").asString()).isEqualTo("gossip");
        assertThat(policy.at("/spec/ingress/0/ports/1/port").asString()).isEqualTo("tables");
        assertThat(policy.at("/spec/ingress/1").has("from")).isFalse();
        assertThat(policy.at("/spec/ingress/1/ports")).hasSize(2);
        assertThat(policy.at("/spec/ingress/2/ports/0/port").asString()).isEqualTo("health");
    }

    @ParameterizedTest
    @CsvSource({"2,1", "3,2", "4,3", "5,3", "7,4"})
    void aQuorumStays(int replicas, int least) {
        var budget = Manifest.one(Chart.ofEdges().with("replicas", replicas).render(), "PodDisruptionBudget", NAME);

        assertThat(budget.at("/spec/minAvailable").asInt()).isEqualTo(least);
        assertThat(Chart.ofEdges().with("replicas", 1).render())
                .extracting(Manifest::kind)
                .doesNotContain("PodDisruptionBudget");
    }

    @Test
    void clientsHaveTheTimeToFinish() {
        var set = set(Chart.ofEdges().with("drainSeconds", 100).render());

        assertThat(container(set).at("/env/0/name").asString()).isEqualTo("GARRISON_DRAIN_SECONDS");
        assertThat(container(set).at("/env/0/value").asString()).isEqualTo("100");
        assertThat(set.pod().path("terminationGracePeriodSeconds").asInt()).isGreaterThan(100 + 5 + 30);
    }

    @Test
    void aTokenComesFromASecretThatMayGo() {
        var volumes = set(Chart.ofEdges().render()).pod().path("volumes");
        var enrolment = volumes.valueStream()
                .filter(volume -> volume.path("name").asString().equals("enrolment"))
                .findFirst()
                .orElseThrow();

        assertThat(enrolment.at("/secret/secretName").asString()).isEqualTo("garrison-enrolment");
        assertThat(enrolment.at("/secret/optional").asBoolean()).isTrue();
        assertThat(mount(container(set(Chart.ofEdges().render())), "enrolment")).isEqualTo("/run/garrison/enrolment");
    }

    private EdgeConfig settings(List<Manifest> manifests) throws IOException {
        var file = Files.writeString(
                temp.resolve("edge.properties"),
                Manifest.one(manifests, "ConfigMap", NAME)
                        .at("/data")
                        .path("edge.properties")
                        .asString());
        return EdgeConfig.read(file);
    }

    private static Manifest set(List<Manifest> manifests) {
        return Manifest.one(manifests, "StatefulSet", NAME);
    }

    private static JsonNode container(Manifest set) {
        return set.pod().at("/containers/0");
    }

    private static int port(Manifest set, String name) {
        return container(set)
                .path("ports")
                .valueStream()
                .filter(port -> port.path("name").asString().equals(name))
                .findFirst()
                .orElseThrow()
                .path("containerPort")
                .asInt();
    }

    private static String mount(JsonNode container, String volume) {
        var found = new ArrayList<String>();
        container
                .path("volumeMounts")
                .valueStream()
                .filter(mount -> mount.path("name").asString().equals(volume))
                .forEach(mount -> found.add(mount.path("mountPath").asString()));
        return found.getFirst();
    }

    private static JsonNode labels(Manifest set, String... names) {
        var all = set.at("/spec/template/metadata/labels");
        var kept = all.deepCopy();
        for (var label : all.propertyNames()) {
            if (!List.of(names).contains(label.replace("app.kubernetes.io/", ""))) {
                ((tools.jackson.databind.node.ObjectNode) kept).remove(label);
            }
        }
        return kept;
    }
}
