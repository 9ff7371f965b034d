package io.garrison.instances.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.instances.InstanceException.PolicyMalformed;
import io.garrison.instances.policy.PolicyRules.Surroundings;
import io.garrison.tenancy.Refusal.FieldError;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class PolicyRulesTests {

    private static final Surroundings PRODUCTION = new Surroundings(Set.of("site"), false);
    private static final Surroundings DEMO = new Surroundings(Set.of(), true);
    private static final JsonMapper JSON = new JsonMapper();

    /** The document of the API's description, on addresses of a production site. */
    static final String GOOD = """
            {"virtualServices":[{"name":"shop","address":"192.0.2.1","port":18081,"protocol":"HTTP","enabled":true,
               "certificate":"site","pool":"web","accessList":{"deny":["203.0.113.0/24"],"allow":["2001:db8::/32"]},
               "rateLimit":{"requestsPerSecond":100,"by":"CLIENT_ADDRESS"},"maxConnections":10000,
               "routes":[{"when":{"pathPrefix":"/api","host":"shop.example","header":{"name":"X-Team","value":"a b"}},
                          "pool":"web"}],
               "persistence":{"type":"COOKIE","name":"srv"},"protection":{"mode":"BYPASS"}}],
             "pools":[{"name":"web","algorithm":"ROUND_ROBIN",
               "members":[{"address":"192.0.2.9","port":19001,"weight":1,"enabled":true}],
               "healthMonitor":{"type":"HTTP","path":"/","expectStatus":"200-399","intervalMs":2000,"timeoutMs":1000,
                                "rise":2,"fall":3}}]}""";

    private static List<FieldError> check(String json, Surroundings around) {
        return PolicyRules.check(PolicyReader.read(json.getBytes(StandardCharsets.UTF_8)), around);
    }

    /** The good document with another value (JSON) at the pointer. */
    private static String with(String pointer, String value) {
        var root = JSON.readTree(GOOD);
        int cut = pointer.lastIndexOf('/');
        var parent = root.at(pointer.substring(0, cut));
        var last = pointer.substring(cut + 1);
        if (parent instanceof ObjectNode object) {
            object.set(last, JSON.readTree(value));
        } else {
            ((tools.jackson.databind.node.ArrayNode) parent).set(Integer.parseInt(last), JSON.readTree(value));
        }
        return root.toString();
    }

    private static List<FieldError> errorsAt(String pointer, Object value) {
        return check(with(pointer, JSON.writeValueAsString(value)), PRODUCTION).stream()
                .filter(error -> error.field().startsWith(pointer))
                .toList();
    }

    @Test
    void acceptsTheDocumentOfTheDescription() {
        assertThat(check(GOOD, PRODUCTION)).isEmpty();
        assertThat(check("{}", PRODUCTION)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "/run/postgresql/.s.PGSQL.5432",
                "unix@/tmp/x",
                "abns@x",
                "fd@3",
                "ipv4@1.2.3.4",
                "0x7f.0.0.1",
                "0177.0.0.1",
                "127.1",
                "2130706433",
                "1.2.3.4:9200",
                "1.2.3.4 ",
                "1.2.3.4\n",
                "1.2.3.4\nglobal",
                "1.2.3.256",
                "01.2.3.4",
                "::ffff:127.0.0.1",
                "fe80::1%eth0",
                "[::1]",
                ":",
                "1::2::3",
                "${SECRET}",
                "%[env(SECRET)]",
                "169.254.169.254",
                "fd00:ec2::254",
                "100.100.100.200",
                "64:ff9b::7f00:1",
                "2002:7f00:1::",
                "::127.0.0.1",
                "::7f00:1",
                "224.0.0.1",
                "ff02::1",
                "fe80::1",
                "255.255.255.255",
                "0.0.0.0",
                "::",
                "0.1.2.3",
                "127.0.0.1",
                "127.9.9.9",
                "::1"
            })
    void refusesAServerAt(String address) {
        assertThat(errorsAt("/pools/0/members/0/address", address)).hasSize(1);
    }

    /** What HAProxy can't take must not be published, or every instance refuses it. */
    @Test
    void limitsThePathOfAMonitorAsInstancesDo() {
        assertThat(errorsAt("/pools/0/healthMonitor/path", "/" + "a".repeat(255)))
                .isEmpty();
        assertThat(errorsAt("/pools/0/healthMonitor/path", "/" + "a".repeat(256)))
                .extracting(FieldError::code)
                .containsExactly("policy.path");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void allowsLoopbackWhereTheInstallationSaysSo(String address) {
        assertThat(errorsAt("/virtualServices/0/address", address))
                .extracting(FieldError::code)
                .containsExactly("policy.address-loopback");
        assertThat(check(
                        with("/virtualServices/0/address", JSON.writeValueAsString(address))
                                .replace("\"site\"", "null"),
                        DEMO))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /virtualServices/0/name                         | "a b"
            /virtualServices/0/name                         | "a\\nb"
            /virtualServices/0/name                         | ""
            /virtualServices/0/name                         | null
            /virtualServices/0/port                         | 0
            /virtualServices/0/port                         | 65536
            /virtualServices/0/port                         | -1
            /virtualServices/0/pool                         | "gone"
            /virtualServices/0/pool                         | null
            /virtualServices/0/certificate                  | "gone"
            /virtualServices/0/maxConnections               | 0
            /virtualServices/0/maxConnections               | 1000001
            /virtualServices/0/rateLimit                    | {}
            /virtualServices/0/rateLimit/requestsPerSecond  | 0
            /virtualServices/0/rateLimit/requestsPerMinute  | 0
            /virtualServices/0/rateLimit/requestsPerMinute  | 1000001
            /virtualServices/0/accessList/deny/0            | "203.0.113.5/24"
            /virtualServices/0/accessList/deny/0            | "203.0.113.0/33"
            /virtualServices/0/accessList/deny/0            | "203.0.113.0/024"
            /virtualServices/0/accessList/deny/0            | "203.0.113.0/"
            /virtualServices/0/accessList/deny/0            | "-f /etc/passwd"
            /virtualServices/0/accessList/allow/0           | "2001:db8::1/32"
            /virtualServices/0/routes/0/when                | {}
            /virtualServices/0/routes/0/when                | null
            /virtualServices/0/routes/0/pool                | "gone"
            /virtualServices/0/routes/0/when/pathPrefix     | "api"
            /virtualServices/0/routes/0/when/pathPrefix     | "/a b"
            /virtualServices/0/routes/0/when/pathPrefix     | "/a\\u2028"
            /virtualServices/0/routes/0/when/pathPrefix     | "/a%zz"
            /virtualServices/0/routes/0/when/pathPrefix     | "/a?b"
            /virtualServices/0/routes/0/when/pathPrefix     | "/a\\"b"
            /virtualServices/0/routes/0/when/pathPrefix     | "/a#b"
            /virtualServices/0/routes/0/when/host           | "a:80"
            /virtualServices/0/routes/0/when/host           | "-a"
            /virtualServices/0/routes/0/when/host           | "a..b"
            /virtualServices/0/routes/0/when/header/name    | "X Y"
            /virtualServices/0/routes/0/when/header/name    | "X:"
            /virtualServices/0/routes/0/when/header/name    | "X.Tenant"
            /virtualServices/0/routes/0/when/header/value   | "a\\r\\nb"
            /virtualServices/0/routes/0/when/header/value   | " a"
            /virtualServices/0/routes/0/when/header/value   | "}"
            /virtualServices/0/routes/0/when/header/value   | ""
            /virtualServices/0/persistence                  | {"type":"COOKIE"}
            /virtualServices/0/persistence                  | {"type":"SOURCE","name":"x"}
            /virtualServices/0/persistence                  | {"name":"x"}
            /virtualServices/0/persistence/name             | "a;b"
            /virtualServices/0/protection/mode              | "ENFORCE"
            /pools/0/members                                | []
            /pools/0/members/0/weight                       | 257
            /pools/0/members/0/weight                       | -1
            /pools/0/members/0/port                         | 0
            /pools/0/healthMonitor/intervalMs               | 600001
            /pools/0/healthMonitor/timeoutMs                | 2001
            /pools/0/healthMonitor/rise                     | 11
            /pools/0/healthMonitor/fall                     | 0
            /pools/0/healthMonitor/expectStatus             | "399-200"
            /pools/0/healthMonitor/expectStatus             | "2xx"
            /pools/0/healthMonitor/expectStatus             | "600"
            /pools/0/healthMonitor/path                     | "x"
            /pools/0/healthMonitor/path                     | "/\\u0007"
            """)
    void refuses(String pointer, String value) {
        assertThat(check(with(pointer, value), PRODUCTION))
                .isNotEmpty()
                .allSatisfy(error -> assertThat(error.field()).startsWith(pointer));
    }

    @Test
    void refusesInATcpServiceWhatOnlyHttpHas() {
        assertThat(check(with("/virtualServices/0/protocol", "\"TCP\""), PRODUCTION))
                .extracting(FieldError::field)
                .containsExactlyInAnyOrder(
                        "/virtualServices/0/routes",
                        "/virtualServices/0/persistence/type",
                        "/virtualServices/0/rateLimit/requestsPerSecond");
        assertThat(check(with("/pools/0/healthMonitor/type", "\"TCP\""), PRODUCTION))
                .extracting(FieldError::field)
                .containsExactlyInAnyOrder("/pools/0/healthMonitor/path", "/pools/0/healthMonitor/expectStatus");
    }

    @Test
    void refusesTwoOfOneNameOrOneListener() {
        var service = JSON.readTree(GOOD).at("/virtualServices/0").toString();
        var twice = GOOD.replace("\"virtualServices\":[", "\"virtualServices\":[" + service + ",");

        assertThat(check(twice, PRODUCTION))
                .extracting(FieldError::code)
                .containsExactlyInAnyOrder("policy.name-taken", "policy.listener-taken");
        assertThat(check(
                        twice.replaceFirst("\"shop\"", "\"other\"").replaceFirst("192.0.2.1\"", "0.0.0.0\""),
                        PRODUCTION))
                .as("an unspecified address takes the port on all of them")
                .extracting(FieldError::code)
                .containsExactly("policy.listener-taken");
    }

    @Test
    void findsEveryErrorAndNotTheFirst() {
        var json = with("/virtualServices/0/port", "0").replace("\"weight\":1", "\"weight\":999");

        assertThat(check(json, PRODUCTION))
                .extracting(FieldError::field)
                .containsExactly("/virtualServices/0/port", "/pools/0/members/0/weight");
    }

    @Test
    void boundsItsAnswer() {
        var many = "[" + "\"x\",".repeat(20_000) + "\"x\"]";

        assertThat(check(with("/virtualServices/0/accessList/deny", many), PRODUCTION))
                .hasSize(Errors.MAX);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"virtualServices":[{"nam":"x"}]}                    | /virtualServices/0/nam
            {"pools":[{"members":[{"adress":"x"}]}]}             | /pools/0/members/0/adress
            {"virtualServices":[{"port":"80"}]}                  | /virtualServices/0/port
            {"virtualServices":[{"port":80.5}]}                  | /virtualServices/0/port
            {"virtualServices":[{"port":99999999999}]}           | /virtualServices/0/port
            {"virtualServices":[{"protocol":"http"}]}            | /virtualServices/0/protocol
            {"virtualServices":[{"protocol":0}]}                 | /virtualServices/0/protocol
            {"virtualServices":[{"name":"a\\u0000"}]}            | /virtualServices/0/name
            {"virtualServices":[{"name":"\\ud800"}]}             | /virtualServices/0/name
            {"virtualServices":{}}                               | /virtualServices
            """)
    void cannotReadADocumentWithSomethingElseAt(String json, String pointer) {
        assertThatExceptionOfType(PolicyMalformed.class)
                .isThrownBy(() -> PolicyReader.read(json.getBytes(StandardCharsets.UTF_8)))
                .satisfies(refusal -> assertThat(refusal.errors())
                        .extracting(FieldError::field)
                        .containsExactly(pointer));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{} {}",
                "{\"pools\":[],\"pools\":[]}",
                "{\"pools\":[null]}",
                "{\"virtualServices\":[null]}",
                "{\"virtualServices\":[{\"accessList\":{\"deny\":[null]}}]}"
            })
    void cannotRead(String json) {
        assertThatExceptionOfType(PolicyMalformed.class)
                .isThrownBy(() -> PolicyReader.read(json.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void cannotReadWhatIsNestedWithoutEnd() {
        assertThatExceptionOfType(PolicyMalformed.class)
                .isThrownBy(() ->
                        PolicyReader.read(("{\"pools\":" + "[".repeat(1_000_000)).getBytes(StandardCharsets.UTF_8)));
    }
}
