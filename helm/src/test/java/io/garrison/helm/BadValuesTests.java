package io.garrison.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that make no sense are refused before anything is made, and the message names them. */
class BadValuesTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mode                      | standalone",
                "mode                      | Cluster",
                "replicas                  | 0",
                "replicas                  | two",
                "replicas                  | 2",
                "autoscaling.enabled       | true",
                "autoscaling.minReplicas   | 1",
                "autoscaling.targetCpuPercent | 100",
                "image.repository          | registry.example.com/Garrison x",
                "image.digest              | sha256:abc",
                "image.pullPolicy          | Sometimes",
                "console.url               | console.example.com",
                "console.url               | https://console.example.com/path",
                "edge.service.type         | NodePort",
                "edge.hostnames[0]         | https://edge.example.com",
                "database.url              | postgresql://db:5432/garrison",
                "database.url              | jdbc:postgresql://app:secret@db:5432/garrison",
                "database.url              | jdbc:postgresql://db:5432/garrison?user=app&password=secret",
                "database.password         | secret",
                "database.secretName       | Not A Name",
                "kafka.bootstrap           | kafka",
                "kafka.password            | secret",
                "kafka.mechanism           | GSSAPI",
                "kafka.tls.enabled         | perhaps",
                "kafka.partitions          | 0",
                "openSearch.url            | https://garrison:secret@search:9200",
                "openSearch.retentionDays  | 0",
                "licensing.vendorKeys      | -----BEGIN PRIVATE KEY-----",
                "administrator.password    | secret",
                "administrator.email       | admin",
                "resources.limits.memory   | 2 gigabytes",
                "networkPolicy.storePorts[0] | 70000",
                "networkPolicy.consoleFrom[0].everybody | true",
                "extra                     | 1",
            })
    void areRefusedByName(String name, String value) {
        var last = name.replaceAll("\\[\\d+]", "").replaceAll("^.*\\.", "");

        assertThatThrownBy(() -> Chart.of("cluster").with(name, typed(value)).render())
                .as("%s=%s", name, value)
                .hasMessageContaining("values don't meet the specifications of the schema")
                .hasMessageContaining(last);
    }

    @Test
    void doNotPassBecauseHelmWasNeverAsked() {
        assertThat(Chart.of("cluster").with("kafka.partitions", 6).render()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "image.repository,image.repository is needed",
        "console.url,console.url is needed",
        "edge.hostnames,edge.hostnames is needed",
        "database.url,database.url is needed",
        "database.secretName,database.secretName is needed",
        "kafka.bootstrap,kafka.bootstrap is needed",
        "openSearch.url,openSearch.url is needed",
        "sealing.secretName,sealing.secretName is needed",
    })
    void thatAreMissingAreNamed(String name, String message) {
        var chart = Chart.of("private-cloud");
        if (name.equals("edge.hostnames")) {
            chart.with(Chart.resource("nowhere.yaml"));
        } else {
            chart.with(name, "");
        }

        assertThatThrownBy(chart::render).hasMessageContaining(message);
    }

    @Test
    void oneSubLicenseNeedsItsVendorsKey() {
        assertThatThrownBy(() ->
                        Chart.of("centralized").with("licensing.vendorKeys", "").render())
                .hasMessageContaining("licensing.vendorKeys is needed in mode centralized");
    }

    @Test
    void thatBelongTogetherComeTogether() {
        assertThatThrownBy(() ->
                        Chart.of("cluster").with("kafka.username", "garrison").render())
                .hasMessageContaining("kafka.secretName is needed with kafka.username");
        assertThatThrownBy(() -> Chart.of("cluster")
                        .with("openSearch.username", "garrison")
                        .render())
                .hasMessageContaining("openSearch.secretName is needed with openSearch.username");
        assertThatThrownBy(() -> Chart.of("cluster")
                        .with("administrator.email", "a@example.com")
                        .render())
                .hasMessageContaining("administrator.email and administrator.secretName go together");
        assertThatThrownBy(() -> Chart.of("private-cloud")
                        .with("autoscaling.maxReplicas", 2)
                        .render())
                .hasMessageContaining("autoscaling.maxReplicas is less than autoscaling.minReplicas");
    }

    @Test
    void ofNothingSayWhatComesFirst() {
        assertThatThrownBy(() -> Chart.bare().render()).hasMessageContaining("is needed");
        assertThat(List.of("cluster", "private-cloud", "centralized"))
                .allSatisfy(mode -> assertThat(Chart.of(mode).render()).isNotEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "replicas                  | 0",
                "replicas                  | 17",
                "enrolment.token           | gre_secret",
                "enrolment.secretName      | Not A Name",
                "services[0].targetPort    | 10101",
                "services[0].name          | gossip",
                "services[0].port          | http",
                "service.type              | NodePort",
                "settings.Meter            | proxy",
                "drainSeconds              | -1",
                "persistence.size          | big",
                "resources.limits.memory   | 2 gigabytes",
                "networkPolicy.healthFrom[0].everybody | true",
                "extra                     | 1",
            })
    void ofInstancesAreRefusedByName(String name, String value) {
        var last = name.replaceAll("\\[\\d+]", "").replaceAll("^.*\\.", "");

        assertThatThrownBy(() -> Chart.ofEdges()
                        .with(Chart.resource("edge-everything.yaml"))
                        .with(name, typed(value))
                        .render())
                .hasMessageContaining("values don't meet the specifications of the schema")
                .hasMessageContaining(last);
    }

    @ParameterizedTest
    @CsvSource({"image.repository", "enrolment.secretName"})
    void ofInstancesThatAreMissingAreNamed(String name) {
        assertThatThrownBy(() -> Chart.ofEdges().with(name, "").render()).hasMessageContaining(name + " is needed");
    }

    private static Object typed(String value) {
        return value.matches("-?\\d+") ? (Object) Integer.valueOf(value) : value;
    }
}
