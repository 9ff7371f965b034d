package io.garrison.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What the chart makes of good values. (DI-22 … DI-28, MS-16, MS-17, PX-25) */
class ChartTests {

    private record Combination(String name, Chart chart) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Combination> combinations() {
        var everything = Chart.resource("everything.yaml");
        var all = new ArrayList<Combination>();
        for (var mode : List.of("cluster", "centralized", "private-cloud")) {
            all.add(new Combination(mode, Chart.of(mode)));
            all.add(new Combination(mode + ", everything", Chart.of(mode).with(everything)));
            all.add(new Combination(mode + ", no network policy", Chart.of(mode).with("networkPolicy.enabled", false)));
            all.add(new Combination(
                    mode + ", no load balancer", Chart.of(mode).with("edge.service.type", "ClusterIP")));
            all.add(new Combination(
                    mode + ", ingress without TLS",
                    Chart.of(mode)
                            .with("console.ingress.enabled", true)
                            .with("console.url", "http://console.example.com")));
        }
        all.add(new Combination(
                "private-cloud, fixed number",
                Chart.of("private-cloud").with("autoscaling.enabled", false).with("replicas", 5)));
        return all.stream();
    }

    @Test
    void passesHelmsOwnStrictLint() {
        var result = new Helm(Chart.DIRECTORY).lint().strict().call();

        assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void isUnderstoodByKubernetesAndKeepsTheHouseRules(Combination combination) {
        var manifests = combination.chart().render();

        assertThat(manifests.stream().flatMap(manifest -> KubernetesModels.faults(manifest).stream()))
                .isEmpty();
        assertThat(HouseRules.faults(manifests)).isEmpty();
        assertThat(manifests).extracting(Manifest::toString).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cluster", "centralized", "private-cloud"})
    void tellsTheApplicationItsModeAndStores(String mode) {
        var settings = Manifest.one(Chart.of(mode).render(), "ConfigMap", "prod-garrison")
                .at("/data");

        assertThat(settings.path("garrison.mode").asString()).isEqualTo(mode);
        assertThat(settings.path("garrison.profile").asString()).isEqualTo("production");
        assertThat(settings.path("garrison.edge.hostnames").asString()).isEqualTo("edge.example.com,192.0.2.10");
        assertThat(settings.path("spring.datasource.url").asString()).startsWith("jdbc:postgresql://postgres.example");
        assertThat(settings.path("garrison.kafka.bootstrap").asString()).contains("kafka-1.example.com:9092");
        assertThat(settings.path("garrison.opensearch.url").asString()).isEqualTo("https://search.example.com:9200");
    }

    @Test
    void runsOneReplicaOfAClusterAndScalesThePrivateCloud() {
        var cluster = Chart.of("cluster").render();
        var cloud = Chart.of("private-cloud").render();
        var fixed = Chart.of("private-cloud")
                .with("autoscaling.enabled", false)
                .with("replicas", 4)
                .render();

        assertThat(deployment(cluster).at("/spec/replicas").asInt()).isEqualTo(1);
        assertThat(kinds(cluster)).doesNotContain("HorizontalPodAutoscaler", "PodDisruptionBudget");
        assertThat(deployment(cloud).at("/spec").has("replicas"))
                .as("the autoscaler's business")
                .isFalse();
        var scaler = Manifest.one(cloud, "HorizontalPodAutoscaler", "prod-garrison");
        assertThat(scaler.at("/spec/minReplicas").asInt()).isEqualTo(3);
        assertThat(scaler.at("/spec/scaleTargetRef/name").asString()).isEqualTo("prod-garrison");
        assertThat(Manifest.one(cloud, "PodDisruptionBudget", "prod-garrison")
                        .at("/spec/maxUnavailable")
                        .asInt())
                .isEqualTo(1);
        assertThat(deployment(fixed).at("/spec/replicas").asInt()).isEqualTo(4);
        assertThat(kinds(fixed)).contains("PodDisruptionBudget").doesNotContain("HorizontalPodAutoscaler");
    }

    @Test
    void keepsTheEdgeGatewayApartFromTheConsole() {
        var manifests = Chart.of("private-cloud")
                .with(Chart.resource("everything.yaml"))
                .render();
        var console = Manifest.one(manifests, "Service", "prod-garrison-console");
        var edge = Manifest.one(manifests, "Service", "prod-garrison-edge");

        assertThat(console.at("/spec/type").asString()).isEqualTo("ClusterIP");
        assertThat(console.at("/spec/ports/0/port").asInt()).isEqualTo(8080);
        assertThat(console.at("/spec/sessionAffinity").asString()).isEqualTo("ClientIP");
        assertThat(edge.at("/spec/type").asString()).isEqualTo("LoadBalancer");
        assertThat(edge.at("/spec/ports/0/port").asInt()).isEqualTo(8444);
        assertThat(edge.at("/spec/ports")).hasSize(1);
        assertThat(edge.at("/spec/loadBalancerSourceRanges/0").asString()).isEqualTo("203.0.113.0/24");
        var ingress = Manifest.one(manifests, "Ingress", "prod-garrison-console");
        assertThat(ingress.at("/spec/rules/0/host").asString()).isEqualTo("console.example.com");
        assertThat(ingress.at("/spec/tls/0/secretName").asString()).isEqualTo("console-tls");
        assertThat(ingress.json().toString()).doesNotContain("prod-garrison-edge");
        var selector = deployment(manifests).at("/spec/template/metadata/labels");
        for (var service : List.of(console, edge)) {
            service.at("/spec/selector")
                    .properties()
                    .forEach(label -> assertThat(selector.path(label.getKey())).isEqualTo(label.getValue()));
        }
    }

    @Test
    void probesAndNamesThePortsThatTheApplicationOpens() {
        var container = deployment(Chart.of("cluster").render()).at("/spec/template/spec/containers/0");

        assertThat(container.at("/livenessProbe/httpGet/path").asString()).isEqualTo("/livez");
        assertThat(container.at("/livenessProbe/periodSeconds").asInt()).isEqualTo(10);
        assertThat(container.at("/readinessProbe/httpGet/path").asString()).isEqualTo("/readyz");
        assertThat(container.at("/readinessProbe/periodSeconds").asInt()).isEqualTo(5);
        assertThat(container.at("/resources/requests/cpu").asString()).isEqualTo("500m");
        assertThat(container.at("/resources/limits/memory").asString()).isEqualTo("2Gi");
        assertThat(container.at("/ports/0/containerPort").asInt()).isEqualTo(8080);
        assertThat(container.at("/ports/1/containerPort").asInt()).isEqualTo(8444);
    }

    @Test
    void givesTheOwnersPasswordToTheMigrationOnly() {
        var pod = deployment(Chart.of("private-cloud").render()).pod();

        assertThat(pod.at("/initContainers/0/args/0").asString()).isEqualTo("migrate");
        assertThat(pod.at("/containers/0/args/0").asString()).isEqualTo("serve");
        var served = volumesOf(pod, pod.at("/containers/0"));
        assertThat(served).contains("app-password", "provider-password").doesNotContain("owner-password");
        assertThat(volumesOf(pod, pod.at("/initContainers/0"))).contains("owner-password");
    }

    @Test
    void mountsEveryFileThatASettingNames() {
        var manifests =
                Chart.of("cluster").with(Chart.resource("everything.yaml")).render();
        var settings = Manifest.one(manifests, "ConfigMap", "prod-garrison").at("/data");
        var container = deployment(manifests).at("/spec/template/spec/containers/0");
        var mounted = container
                .path("volumeMounts")
                .valueStream()
                .map(mount -> mount.path("mountPath").asString())
                .toList();

        var files = Stream.concat(
                        settings.valueStream().map(JsonNode::asString),
                        container
                                .path("env")
                                .valueStream()
                                .map(variable -> variable.path("value").asString()))
                .filter(value -> value.startsWith("/run/"))
                .toList();
        assertThat(files).hasSize(4);
        assertThat(files).allSatisfy(file -> assertThat(mounted).contains(file.substring(0, file.lastIndexOf('/'))));
    }

    @Test
    void letsInWhoIsNamedAndOutToTheStoresOnly() {
        var policy = Manifest.one(
                Chart.of("cluster").with(Chart.resource("everything.yaml")).render(), "NetworkPolicy", "prod-garrison");

        assertThat(policy.at("/spec/policyTypes")).hasSize(2);
        assertThat(policy.at("/spec/ingress/0/from/0/namespaceSelector").isObject())
                .isTrue();
        assertThat(policy.at("/spec/ingress/0/ports/0/port").asString()).isEqualTo("console");
        assertThat(policy.at("/spec/ingress/1").has("from")).isFalse();
        assertThat(policy.at("/spec/ingress/1/ports/0/port").asString()).isEqualTo("edge");
        assertThat(policy.at("/spec/egress")).hasSize(2);
        assertThat(policy.at("/spec/egress/1/to/0/ipBlock/cidr").asString()).isEqualTo("198.51.100.0/24");
    }

    @Test
    void encryptsWhatGoesToKafkaIfTold() {
        var told = Manifest.one(
                        Chart.of("cluster")
                                .with(Chart.resource("everything.yaml"))
                                .render(),
                        "ConfigMap",
                        "prod-garrison")
                .at("/data");
        var silent = Manifest.one(Chart.of("cluster").render(), "ConfigMap", "prod-garrison")
                .at("/data");

        assertThat(told.path("garrison.kafka.tls.enabled").asString()).isEqualTo("true");
        assertThat(told.path("garrison.kafka.mechanism").asString()).isEqualTo("SCRAM-SHA-512");
        assertThat(silent.propertyNames()).noneMatch(name -> name.startsWith("garrison.kafka.tls"));
    }

    @Test
    void replacesPodsWhenASettingChanges() {
        var before = deployment(Chart.of("cluster").render());
        var after = deployment(
                Chart.of("cluster").with("openSearch.retentionDays", 30).render());

        assertThat(before.at("/spec/template/metadata/annotations"))
                .isNotEqualTo(after.at("/spec/template/metadata/annotations"));
    }

    private static Manifest deployment(List<Manifest> manifests) {
        return Manifest.one(manifests, "Deployment", "prod-garrison");
    }

    private static List<String> kinds(List<Manifest> manifests) {
        return manifests.stream().map(Manifest::kind).toList();
    }

    private static String volumesOf(JsonNode pod, JsonNode container) {
        var text = new StringBuilder();
        for (var mount : container.path("volumeMounts").values()) {
            pod.path("volumes")
                    .valueStream()
                    .filter(volume -> volume.path("name").equals(mount.path("name")))
                    .forEach(text::append);
        }
        return text.toString();
    }
}
