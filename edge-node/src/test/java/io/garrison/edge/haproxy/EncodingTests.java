package io.garrison.edge.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.edge.haproxy.HaproxyConfig.Lines;
import io.garrison.edge.haproxy.Token.Format;
import io.garrison.edge.haproxy.Token.Literal;
import io.garrison.edge.haproxy.Token.LogLiteral;
import io.garrison.edge.haproxy.Token.Pattern;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncodingTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\n  external-check command /bin/sh",
                "a\nglobal\n stats socket /tmp/x mode 666 level admin",
                "a\n http-request return status 200 lf-file /etc/hostname",
                "a\n lua-load /tmp/x.lua",
                "a\rb",
                "a\u0000b",
                "a\tb",
                "a\u007fb",
                "a\u0085b",
                "a\u2028b",
                "a\u2029b",
                "a\ud800b",
                "\\\n b"
            })
    void refusesWhatCouldEndALine(String hostile) {
        assertRefused(() -> new Literal(hostile));
        assertRefused(() -> new LogLiteral(hostile));
        assertRefused(() -> new Pattern(hostile));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/run/postgresql/.s.PGSQL.5432",
                "unix@/tmp/x",
                "abns@x",
                "fd@3",
                "127.0.0.1:9200",
                "localhost",
                "127.1",
                "0x7f.0.0.1",
                "2130706433",
                "010.0.0.1",
                "fe80::1%eth0",
                "${SECRET}",
                "10.0.0.1 mode 666",
                ""
            })
    void takesNothingButLiteralAddresses(String hostile) {
        assertRefused(() -> Ip.parse(hostile));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1", "169.254.169.254", "::1", "fe80::1", "::ffff:127.0.0.1", "224.0.0.1", "0.0.0.0"})
    void refusesTheMachinesOwnAddressesAsMembers(String own) {
        assertRefused(() -> Ip.parse(own).requireMember(false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b",
                "a # b",
                ".if 1",
                "\"${SECRET}\"",
                "%[env(SECRET)]",
                "-f /etc/passwd",
                "it's",
                "\\",
                "'",
                "%",
                "é\"$X"
            })
    void carriesWhatIsHarmlessToTheEndAsItIs(String value) {
        var config = new HaproxyConfig(List.of(new Lines()
                .add("http-request deny if { path -m str", new Pattern(value), "}")
                .add("http-check expect status", new LogLiteral(value))
                .add("http-check expect status", new Literal(value))
                .section("backend", null)));
        byte[] file = bytes(Encoder.encode(config));
        Rereading.requireSame(file, config);
        var lines = ConfigReader.read(file);
        assertThat(lines.get(1).subList(7, 9)).isEqualTo(List.of("--", value));
        assertThat(lines.get(2).getLast()).isEqualTo(value.replace("%", "%%"));
        assertThat(lines.get(3).getLast()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "}"})
    void refusesAPatternThatWouldEndItsComparison(String value) {
        assertRefused(() -> new Pattern(value));
    }

    @Test
    void rereadsAnyHarmlessTextAsItWasMeant() {
        var random = new Random(42);
        int carried = 0;
        for (int i = 0; i < 20_000; i++) {
            var value = hostile(random);
            try {
                var config = new HaproxyConfig(List.of(new Lines()
                        .add(
                                "http-check send meth GET uri",
                                new Literal(value),
                                new LogLiteral(value),
                                new Pattern(value))
                        .section("backend", null)));
                Rereading.requireSame(bytes(Encoder.encode(config)), config);
                carried++;
            } catch (PolicyRefusedException e) {
                assertThat(e.code()).isEqualTo("policy-invalid");
            }
        }
        assertThat(carried).isGreaterThan(5_000);
    }

    @Test
    void noticesDoubleQuotes() {
        assertNoticed("    http-request deny if { path -m str -- \"a${X}\" }\n", "a${X}");
        assertNoticed("    http-request deny if { path -m str -- \"a\\\\b\" }\n", "a\\\\b");
    }

    @Test
    void noticesAMissingEndOfOptions() {
        assertNoticed("    http-request deny if { path -m str '-f' }\n", "-f");
    }

    @Test
    void noticesAnUnescapedNewline() {
        assertNoticed("    http-request deny if { path -m str -- 'a' }\n    http-request deny\n", "a");
        assertNoticed("    http-request deny if { path -m str -- 'a\n' }\n", "a");
    }

    @Test
    void noticesALiveLogFormatAndAnUnquotedQuote() {
        var model = new HaproxyConfig(List.of(new Lines()
                .add("http-check expect status", new LogLiteral("%[env(X)]"))
                .section("backend", null)));
        assertDiffers("backend\n    http-check expect status '%[env(X)]'\n", model);
        assertNoticed("    http-request deny if { path -m str -- 'it's }\n", "it's");
    }

    @Test
    void noticesDirectivesThatAreNotOnTheList() {
        for (var line :
                List.of("external-check path", "http-request lua.x", "http-request use-service", "lua-load x")) {
            var model = new HaproxyConfig(List.of(new Lines().add(line).section("backend", null)));
            assertDiffers(Encoder.encode(model), model);
        }
        var format = new HaproxyConfig(
                List.of(new Lines().add("log-format", new Format("%[src]")).section("program", null)));
        assertDiffers(Encoder.encode(format), format);
    }

    @Test
    void refusesALineWithMoreWordsThanHaproxyTakes() {
        var many = new Lines();
        many.add(java.util.Collections.nCopies(64, (Token) new Token.Keyword("a")));
        assertRefused(() -> Encoder.encode(new HaproxyConfig(List.of(many.section("backend", null)))));
    }

    /** Strange text of up to 40 characters, often with what means something to HAProxy. */
    static String hostile(Random random) {
        var pieces = "'\"\\ #$%{}[]()-,;:/!~`|&<>@^=+.*?abcé漢😀 --f";
        var text = new StringBuilder();
        int length = 1 + random.nextInt(40);
        while (text.codePointCount(0, text.length()) < length) {
            int[] points = pieces.codePoints().toArray();
            text.appendCodePoint(
                    random.nextInt(100) == 0 ? random.nextInt(0xa0) : points[random.nextInt(points.length)]);
        }
        return text.toString();
    }

    private static void assertNoticed(String written, String meant) {
        var model = new HaproxyConfig(List.of(new Lines()
                .add("http-request deny if { path -m str", new Pattern(meant), "}")
                .section("backend", null)));
        assertDiffers("backend\n" + written, model);
    }

    @Test
    void takesNoConditionsButTheOneOfZeroCopy() {
        var only = new Lines()
                .add(".if version_atleast(2.9)")
                .add("tune.disable-zero-copy-forwarding")
                .add(".endif");
        var written = "global\n .if version_atleast(2.9)\n tune.disable-zero-copy-forwarding\n .endif\n";
        Rereading.requireSame(bytes(written), new HaproxyConfig(List.of(only.section("global", null))));

        for (var condition :
                List.of(".if 1", ".if version_atleast(2.6)", ".if !version_atleast(2.9)", ".elif 1", ".notice 1")) {
            var hostile = new HaproxyConfig(List.of(new Lines().add(condition).section("global", null)));
            assertDiffers("global\n " + condition + "\n", hostile);
        }
    }

    private static void assertDiffers(String written, HaproxyConfig model) {
        assertThatExceptionOfType(PolicyRefusedException.class)
                .isThrownBy(() -> Rereading.requireSame(bytes(written), model))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo("rendering-differs"));
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable attempt) {
        assertThatExceptionOfType(PolicyRefusedException.class).isThrownBy(attempt);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
