package io.garrison.edge.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The package put on a machine and taken off it (PX-04, DI-31). */
class InstallIT {

    private static final String ID = "0f8fad5b-d9cb-469f-a165-70867728950e";
    private static final String HEX = ID.replace("-", "");
    private static final String OTHER = "00000000000040008000000000000001";
    /** What the agent makes of that id. */
    private static final String DEVICE = "grc812e1edb6o";

    private static final String PREFERENCE = "30201";
    private static final String STATE = "/var/lib/garrison-edge";
    private static final String SETTINGS = "/etc/garrison-edge/edge.properties";

    @TempDir
    Path temp;

    private ThrowAwayRoot machine;

    @BeforeEach
    void makes() throws Exception {
        machine = ThrowAwayRoot.alone(Files.createDirectory(temp.resolve("layer")));
    }

    @AfterEach
    void closes() throws Exception {
        if (machine != null) {
            machine.close();
        }
    }

    @Test
    void isInstalledUpgradedRemovedAndPurged() throws Exception {
        machine.must("dpkg", "--install", "/root/garrison-edge.deb");
        assertThat(machine.must("stat", "-c", "%a %U:%G", STATE)).isEqualTo("700 garrison:garrison\n");
        assertThat(machine.must("getent", "passwd", "garrison")).endsWith(":/usr/sbin/nologin\n");
        assertThat(machine.must("systemctl", "is-enabled", "garrison-edge")).isEqualTo("enabled\n");
        assertThat(exists("/usr/lib/garrison-edge/runtime/lib/server/classes.jsa"))
                .isTrue();

        var status = machine.run("garrison-edge", "status");
        assertThat(status.output()).isEqualTo("This state directory has not joined\n");
        assertThat(status.status()).isEqualTo(1);
        // Refused before anything is sent; but it made the lock, as the user of the agent.
        machine.run(
                "garrison-edge",
                "join",
                "--url",
                "https://127.0.0.1:1",
                "--token",
                "t",
                "--ca-sha256",
                "00".repeat(32));
        assertThat(machine.must("stat", "-c", "%U", STATE + "/lock")).isEqualTo("garrison\n");

        machine.must("sh", "-c", "echo meter=proxy >>" + SETTINGS + "; echo kept >" + STATE + "/note");
        machine.upgrade();
        assertThat(machine.must("dpkg-query", "--show", "--showformat=${Version}", "garrison-edge"))
                .isEqualTo("9.0");
        assertThat(machine.must("tail", "-n", "1", SETTINGS)).isEqualTo("meter=proxy\n");
        assertThat(machine.must("cat", STATE + "/note")).isEqualTo("kept\n");

        leaveInTheKernel();
        machine.must("dpkg", "--remove", "garrison-edge");
        assertThat(machine.must("nft", "list", "tables"))
                .as("nothing passes uninspected any more")
                .doesNotContain("garrison_bypass_" + HEX)
                .contains("garrison_" + HEX, "garrison_bypass_" + OTHER);
        assertThat(exists("/usr/bin/garrison-edge")).isFalse();
        assertThat(exists("/usr/lib/garrison-edge")).isFalse();
        assertThat(machine.must("cat", STATE + "/note")).isEqualTo("kept\n");
        assertThat(exists(SETTINGS)).isTrue();

        machine.must("dpkg", "--purge", "garrison-edge");
        assertThat(exists(STATE)).isFalse();
        assertThat(exists("/etc/garrison-edge")).isFalse();
        assertThat(machine.run("getent", "passwd", "garrison").status()).isEqualTo(2);
        assertThat(machine.run("getent", "group", "garrison").status()).isEqualTo(2);
        assertThat(machine.must("nft", "list", "tables").lines())
                .as("what is of others stays")
                .containsExactlyInAnyOrder(
                        "table inet other",
                        "table inet garrison_" + OTHER,
                        "table inet garrison_limit_" + OTHER,
                        "table inet garrison_bypass_" + OTHER);
        assertThat(machine.must("tc", "filter", "show", "dev", "green1", "egress"))
                .doesNotContain("pref " + PREFERENCE + " ")
                .contains("pref 20000 ");
        assertThat(exists("/sys/class/net/" + DEVICE)).isFalse();
        assertThat(exists("/sys/class/net/gr0123456789o")).isTrue();
        assertThat(exists("/sys/class/net/green1")).isTrue();
    }

    /** As an agent does, and as others do beside it. */
    private void leaveInTheKernel() throws Exception {
        machine.must("sh", "-c", "echo '{\"instanceId\":\"" + ID + "\",\"name\":\"x\"}' >" + STATE + "/identity.json");
        for (var hex : List.of(HEX, OTHER)) {
            for (var table : List.of("garrison_", "garrison_limit_", "garrison_bypass_")) {
                machine.must("nft", "add", "table", "inet", table + hex);
            }
        }
        machine.must("nft", "add", "table", "inet", "other");
        machine.must("ip", "link", "add", DEVICE, "type", "veth", "peer", "name", "green0");
        machine.must("ip", "link", "add", "gr0123456789o", "type", "veth", "peer", "name", "green3");
        machine.must("ip", "link", "add", "green1", "type", "veth", "peer", "name", "green2");
        machine.must("tc", "qdisc", "add", "dev", "green1", "clsact");
        for (var preference : List.of(PREFERENCE, "20000")) {
            var filter = "tc filter add dev green1 egress protocol ip pref " + preference
                    + " u32 match u32 0 0 action mirred egress redirect dev gr0123456789o";
            machine.must(filter.split(" "));
        }
    }

    private boolean exists(String path) throws Exception {
        return machine.run("test", "-e", path).status() == 0;
    }
}
