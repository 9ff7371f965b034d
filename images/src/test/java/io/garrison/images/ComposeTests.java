package io.garrison.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.images.ComposeFile.Mount;
import io.garrison.images.ComposeFile.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The compose file against what it names: images, files, settings, ports. (DI-20, PX-25) */
class ComposeTests {

    private static final Path SETUP = Path.of("src", "management", "setup");
    private static final Pattern SECRET = Pattern.compile("(?i)password|secret|token|_key");

    private ComposeFile file;

    @BeforeEach
    void reads() throws IOException {
        file = ComposeFile.read();
    }

    @Test
    void hasEverythingThatBelongsToIt() {
        assertThat(file.services())
                .extracting(Service::name)
                .contains("postgres", "kafka", "opensearch", "management", "edge-1", "edge-2", "edge-3", "balancer");
        assertThat(file.service("postgres").text("image")).matches(".*postgres:(1[6-9]|[2-9]\\d)");
    }

    @Test
    void imagesOfItsOwnAreBuiltFromWhatIsHere() throws IOException {
        var built = new TreeSet<String>();
        for (var service : file.services()) {
            switch (service.fields().get("build")) {
                case null -> {}
                case String context -> {
                    assertThat(context).isEqualTo("target/edge");
                    built.add(service.text("image"));
                }
                case Object build -> {
                    var words = build.toString();
                    var stage = words.replaceAll(".*target=([a-z]+).*", "$1");
                    assertThat(words).contains("context=target/management,");
                    assertThat(Files.readString(Path.of("src", "management", "Containerfile")))
                            .contains(" AS " + stage + "\n");
                    built.add(service.text("image"));
                }
            }
        }
        assertThat(built)
                .containsExactly(
                        "localhost/garrison-edge", "localhost/garrison-management", "localhost/garrison-setup");
        assertThat(file.services())
                .extracting(service -> service.text("image"))
                .allMatch(image -> built.contains(image) || image.matches("docker\\.io/[a-z]+/[a-z]+:[0-9.]+"));
    }

    @Test
    void whatIsMountedIsThereAndWhatIsDeclaredIsUsed() {
        var used = new HashSet<String>();
        for (var service : file.services()) {
            for (var mount : service.mounts()) {
                if (mount.isVolume()) {
                    used.add(mount.source());
                } else {
                    assertThat(Path.of(mount.source())).isRegularFile();
                    assertThat(mount.readOnly()).as("%s", mount).isTrue();
                }
            }
        }
        assertThat(used).isEqualTo(file.section("volumes").keySet());
        assertThat(file.services().stream().flatMap(service -> service.list("networks").stream()))
                .containsAll(file.section("networks").keySet())
                .allMatch(file.section("networks")::containsKey);
    }

    @Test
    void whoWaitsWaitsForWhatCanHappen() {
        for (var service : file.services()) {
            service.dependencies().forEach((name, condition) -> {
                var awaited = file.service(name);
                var as = service.name() + " waits for " + name;
                switch (condition) {
                    case "service_healthy" ->
                        assertThat(awaited.hasHealthCheck()).as(as).isTrue();
                    case "service_completed_successfully" ->
                        assertThat(awaited.runsOnce()).as(as).isTrue();
                    default -> assertThat(condition).as(as).isEqualTo("service_started");
                }
                assertThat(awaited.list("profiles")).as(as).isEmpty();
            });
        }
    }

    @Test
    void noSecretStandsInIt() {
        for (var service : file.services()) {
            service.environment().forEach((name, value) -> {
                if (SECRET.matcher(name).find()) {
                    assertThat(value).as(service.name() + " " + name).startsWith("/");
                }
            });
        }
    }

    @Test
    void whoGetsSecretsOnlyReadsThemAndOnlyHisOwn() {
        for (var service : file.services()) {
            for (var mount : service.mounts()) {
                if (mount.source().endsWith("-secrets") && !service.name().equals("prepare")) {
                    assertThat(mount.readOnly())
                            .as(service.name() + " " + mount)
                            .isTrue();
                }
            }
        }
        assertThat(file.services())
                .filteredOn(service -> service.mounts().stream()
                        .anyMatch(mount -> mount.source().equals("migration-secrets")))
                .extracting(Service::name)
                .containsExactly("prepare", "migrate");
        assertThat(file.edges().flatMap(edge -> edge.mounts().stream()).map(Mount::source))
                .noneMatch(source -> source.endsWith("-secrets"));
    }

    @Test
    void storesAreOutOfReachOfWhoCarriesTraffic() {
        assertThat(file.services())
                .filteredOn(service -> service.list("networks").contains("stores"))
                .extracting(Service::name)
                .containsExactlyInAnyOrder("prepare", "postgres", "kafka", "opensearch", "migrate", "management");
        assertThat(file.section("networks").get("stores").toString()).contains("internal=true");
        assertThat(file.services().stream().flatMap(service -> service.ports().stream()))
                .isNotEmpty()
                .allMatch(port -> port.startsWith("127.0.0.1:"));
    }

    @Test
    void whatIsOursHasNoRightsThatItDoesNotNeed() {
        for (var service : file.services()) {
            if (service.text("image").startsWith("localhost/")) {
                assertThat(service.list("cap_drop")).as(service.name()).containsExactly("ALL");
                assertThat(service.list("cap_add")).as(service.name()).isEmpty();
                assertThat(service.fields()).as(service.name()).doesNotContainKey("privileged");
                assertThat(service.text("user")).as(service.name()).isEqualTo("null");
                assertThat(service.text("read_only")).as(service.name()).isEqualTo("true");
                assertThat(service.list("security_opt")).contains("no-new-privileges:true");
            }
        }
    }

    @Test
    void edgesAreAlikeButForTheirStateNameAndPort() throws IOException {
        var states = new HashSet<String>();
        file.edges().forEach(edge -> {
            assertThat(edge.text("hostname")).isEqualTo(edge.name());
            assertThat(edge.mounts())
                    .contains(
                            new Mount("enrolment", "/run/garrison/enrolment", true),
                            new Mount("./compose/edge.properties", "/etc/garrison-edge/edge.properties", true),
                            new Mount(edge.name(), "/var/lib/garrison-edge", false));
            states.add(edge.ports().getFirst());
        });
        assertThat(states).hasSize(3);
        var script = Files.readString(Path.of("src", "edge", "garrison-container"));
        assertThat(script).contains("/run/garrison/enrolment");
        var enrol = Files.readString(SETUP.resolve("enrol"));
        for (var name : List.of("url", "token", "ca-sha256")) {
            assertThat(enrol).contains("| place " + name + "\n");
        }
        assertThat(script).contains("for file in url token ca-sha256;");
        for (var step : List.of("enrol", "publish")) {
            assertThat(file.service(step).environment()).containsEntry("EDGES", "3");
        }
    }
}
