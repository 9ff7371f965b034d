package io.garrison.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;

/**
 * What a customer's own installation counts, against what its client counted and what the provider gets to know of it.
 *
 * @param cluster the provider's
 * @param former what the provider's installation had counted of the same traffic before
 */
record SiteBill(Installation cluster, OwnManagement own, CountingClient client, Counted former) {

    private static final Duration SOON = Duration.ofSeconds(30);

    void assertTrue() {
        Usage.flush(own.api());
        assertThat(Counted.billed(own.api(), own.tenantId(), "shop").plus(former))
                .isEqualTo(Counted.by(client));
    }

    /** Its records are the same there and here, and the provider bills what the client counted, wherever that was counted. */
    void assertTheProviderSeesTheSame() {
        var subLicence = own.subLicence();
        Await.until("the provider has the usage", SOON, () -> {
            var here = Usage.records(own.api(), own.tenantId());
            assertThat(here).isNotEmpty();
            assertThat(Usage.records(cluster.provider(), own.tenantId()).stream()
                            .filter(record ->
                                    record.path("subLicenseId").asString().equals(subLicence)))
                    .containsExactlyElementsOf(here);
            return true;
        });
        assertThat(Counted.billed(cluster.provider(), own.tenantId(), "shop")).isEqualTo(Counted.by(client));
    }

    void assertTheProviderSees(String state) {
        var sites = cluster.provider()
                .get(own.tenant() + "/sites")
                .expect(200)
                .body()
                .path("items");
        assertThat(sites.size()).as("%s", sites).isEqualTo(1);
        assertThat(sites.path(0).path("state").asString()).isEqualTo(state);
        assertThat(sites.path(0).path("lastUsage").isString()).isTrue();
    }

    /** The site has no way to the provider; two files do. */
    void carryByHand() {
        var first = export();
        client.requests(5);
        assertTrue();
        var second = export();

        var gap = load(second).expect(200).body();
        assertThat(gap.path("missing").path(0).asLong()).isEqualTo(1);
        assertThat(load(first).expect(200).body().path("known").asBoolean()).isFalse();
        assertTheProviderSeesTheSame();
        var again = load(second).expect(200).body();
        assertThat(again.path("known").asBoolean()).isTrue();
        assertThat(again.path("missing").isEmpty()).isTrue();
        var tampered = first.replaceFirst("\"bytesIn\":", "\"bytesIn\":1");
        load(tampered).expectProblem(422, "usage.signature-invalid");
        load("x".repeat(3 * 1024 * 1024)).expectProblem(413, "payload-too-large");
        assertTheProviderSeesTheSame();
        assertTheProviderSees("BY_HAND");
        assertThat(own.api()
                        .get("/api/v1/federation")
                        .expect(200)
                        .body()
                        .path("problem")
                        .asString())
                .isNotEmpty();
    }

    private String export() {
        var made = own.api().post("/api/v1/usage-exports", Map.of()).expect(201).body();
        return own.api()
                .get("/api/v1/usage-exports/" + made.path("number").asLong())
                .expect(200)
                .text();
    }

    private Api.Answer load(String file) {
        return cluster.provider().postJose("/api/v1/usage-files", file);
    }
}
