package io.garrison.edge.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in the package (PX-04, DI-30, DI-31). */
class PackageIT {

    private static final Pattern EXPOSURE = Pattern.compile("Overall exposure level for \\S+: (\\d+\\.\\d+)");

    private static final Pattern PROVIDER = Pattern.compile("security\\.provider\\.\\d+=(\\S+).*");

    private static final Path ARCHIVE =
            Path.of("target", "garrison-edge.tar.gz").toAbsolutePath();

    @TempDir
    Path temp;

    @Test
    void isTheSameFileWhenBuiltTwice() throws Exception {
        assertThat(Files.mismatch(Path.of("target", "first.deb"), Programs.DEB)).isEqualTo(-1L);
    }

    @Test
    void hasAnArchiveThatIsTheSameWhenBuiltTwiceAndNobodyElsesToWrite() throws Exception {
        assertThat(Files.mismatch(Path.of("target", "again.tar.gz"), ARCHIVE)).isEqualTo(-1L);
        assumeTrue(Programs.installed("tar", "gzip"), "tar is not installed");

        var lines = Programs.run("tar", "--list", "--verbose", "--gzip", "--file=" + ARCHIVE)
                .requireSuccess()
                .output()
                .lines()
                .toList();
        // Notices that are those of the base module are links to them.
        assertThat(lines)
                .allMatch(line -> line.matches(
                        "(drwxr-xr-x|-rw-r--r--|-rwxr-xr-x) root/root .*|l.* -> \\.\\./java\\.base/[A-Z_]+"));
        assertThat(lines.stream()
                        .filter(line -> line.startsWith("-rwx"))
                        .map(line -> line.replaceFirst(".* garrison-edge-[^/]+/", "")))
                .containsExactlyInAnyOrder(
                        "bin/garrison-edge", "runtime/bin/java", "runtime/lib/jexec", "runtime/lib/jspawnhelper");
        assertThat(lines).anyMatch(line -> line.endsWith("/runtime/legal/java.base/LICENSE"));
    }

    @Test
    void runsFromTheArchiveWhereverItIs() throws Exception {
        assumeTrue(Programs.installed("tar", "gzip"), "tar is not installed");
        Programs.run("tar", "--extract", "--gzip", "--strip-components=1", "--directory=" + temp, "--file=" + ARCHIVE)
                .requireSuccess();
        var link = Files.createSymbolicLink(temp.resolve("link"), temp.resolve("bin/garrison-edge"));

        var status = Programs.run(
                link.toString(), "status", "--state", temp.resolve("state").toString());
        assertThat(status.output()).isEqualTo("This state directory has not joined\n");
        assertThat(temp.resolve("garrison-edge.service")).exists();
        assertThat(temp.resolve("edge.properties")).exists();
    }

    @Test
    void namesWhatItNeeds() throws Exception {
        assumeTrue(Programs.installed("dpkg-deb"), "dpkg-deb is not installed");
        assertThat(Programs.run("dpkg-deb", "--field", Programs.DEB.toString())
                        .requireSuccess()
                        .output())
                .contains("Package: garrison-edge\n")
                .containsPattern("Architecture: (amd64|arm64)\n")
                .containsPattern("Depends: haproxy \\(>= 2\\.6\\), nftables, iproute2, keepalived ");
    }

    @Test
    void belongsToRootAndLetsNobodyElseWrite() throws Exception {
        assumeTrue(Programs.installed("dpkg-deb"), "dpkg-deb is not installed");
        var lines = Programs.run("dpkg-deb", "--contents", Programs.DEB.toString())
                .requireSuccess()
                .output()
                .lines()
                .toList();
        assertThat(lines).allMatch(line -> line.matches("(drwxr-xr-x|-rw-r--r--|-rwxr-xr-x) root/root .*"));
        assertThat(lines.stream().filter(line -> line.startsWith("-rwx")).map(PackageIT::path))
                .containsExactlyInAnyOrder(
                        "./usr/bin/garrison-edge",
                        "./usr/lib/garrison-edge/runtime/bin/java",
                        "./usr/lib/garrison-edge/runtime/lib/jexec",
                        "./usr/lib/garrison-edge/runtime/lib/jspawnhelper");
        assertThat(lines.stream().map(PackageIT::path))
                .contains(
                        "./etc/garrison-edge/edge.properties",
                        "./lib/systemd/system/garrison-edge.service",
                        "./usr/lib/garrison-edge/jvm.options",
                        "./usr/share/doc/garrison-edge/copyright",
                        "./usr/share/doc/garrison-edge/runtime/java.base/LICENSE");
    }

    private static String path(String line) {
        return line.substring(line.indexOf("./"));
    }

    /** Jackson looks whether java.desktop is there and does without; of JGroups only demonstrations draw. */
    @Test
    void bringsTheModulesThatTheAgentNeeds() throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "jdeps").toString();
        var command = new ArrayList<>(List.of(
                java, "--multi-release", "25", "--ignore-missing-deps", "-summary", "--class-path", "target/lib/*"));
        try (var jars = Files.list(Path.of("target", "lib"))) {
            jars.map(Path::toString).sorted().forEach(command::add);
        }
        var needed = Programs.run(command)
                .requireSuccess()
                .output()
                .lines()
                .filter(line -> !line.startsWith("Warning"))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .filter(name -> name.startsWith("java.") || name.startsWith("jdk."))
                .filter(name -> !name.equals("java.desktop"))
                .collect(Collectors.toCollection(TreeSet::new));
        var brought = modules();
        assertThat(needed).contains("jdk.httpserver", "java.net.http");
        assertThat(brought).containsAll(needed).contains("jdk.naming.dns", "jdk.unsupported", "java.management");
    }

    /** Otherwise the JDK looks for them on the class path and loads Bouncy Castle's provider, 13 MB, for its name alone. */
    @Test
    void hasEverySecurityProviderThatItsSettingsName() throws Exception {
        var named = Files.readAllLines(Path.of("target", "runtime", "conf", "security", "java.security")).stream()
                .map(PROVIDER::matcher)
                .filter(Matcher::matches)
                .map(line -> line.group(1))
                .toList();
        var homes = named.stream()
                .map(name -> Security.getProvider(name).getClass().getModule().getName())
                .toList();
        assertThat(named).contains("SunPKCS11", "XMLDSig");
        assertThat(modules()).containsAll(homes);
    }

    private static List<String> modules() throws Exception {
        return Programs.run("target/runtime/bin/java", "--list-modules")
                .requireSuccess()
                .output()
                .lines()
                .map(line -> line.replaceFirst("@.*", ""))
                .toList();
    }

    @Test
    void hasAUnitThatSystemdAcceptsAndFindsHardened() throws Exception {
        assumeTrue(Programs.installed("systemd-analyze"), "systemd-analyze is not installed");
        var unit = temp.resolve("garrison-edge.service");
        Files.writeString(
                unit,
                Files.readString(Path.of("src", "deb", "garrison-edge.service"))
                        .replace("/usr/bin/garrison-edge", "/bin/true"));
        assertThat(Programs.run("systemd-analyze", "verify", "--man=no", unit.toString())
                        .requireSuccess()
                        .output())
                .doesNotContain("garrison-edge.service");

        var said = Programs.run("systemd-analyze", "security", "--no-pager", "--offline=true", unit.toString())
                .output();
        var exposure = EXPOSURE.matcher(said);
        assertThat(exposure.find()).as(said).isTrue();
        // Debian's own haproxy.service has 9.6.
        assertThat(Double.parseDouble(exposure.group(1))).isLessThanOrEqualTo(2.0);
    }

    @Test
    void keepsWhatTheUnitPromises() throws Exception {
        var lines = Arrays.asList(
                Files.readString(Path.of("src", "deb", "garrison-edge.service")).split("\n"));
        assertThat(lines)
                .contains(
                        "After=network-online.target nftables.service",
                        "Wants=network-online.target",
                        "Type=notify",
                        "Restart=always",
                        "NoNewPrivileges=yes",
                        "PrivateTmp=yes",
                        "ProtectSystem=strict",
                        "ProtectHome=yes",
                        "ReadWritePaths=/var/lib/garrison-edge /proc/sys/net",
                        "WantedBy=multi-user.target");
    }
}
