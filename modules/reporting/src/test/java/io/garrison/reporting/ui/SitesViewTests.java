package io.garrison.reporting.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.flow.component.Component;
import io.garrison.instances.SiteDirectory;
import io.garrison.instances.SiteIdentity;
import io.garrison.instances.SiteState;
import io.garrison.instances.SiteSummary;
import io.garrison.licensing.SubLicenseId;
import io.garrison.protocol.SiteReport;
import io.garrison.protocol.SiteUsage;
import io.garrison.reporting.UsageFiles.Loaded;
import io.garrison.reporting.UsageQuery;
import io.garrison.reporting.UsageRecord;
import io.garrison.reporting.UsageRecord.Metric;
import io.garrison.reporting.UsageRecord.Quality;
import io.garrison.reporting.UsageReports;
import io.garrison.reporting.ui.SitesView.Taking;
import io.garrison.tenancy.DeploymentMode;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.TenantState;
import io.garrison.tenancy.TenantSummary;
import io.garrison.tenancy.http.Page;
import io.garrison.tenancy.ui.TenantScope;
import io.garrison.tenancy.ui.Units;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SitesViewTests {

    private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");

    private final TenantId tenant = new TenantId(UUID.randomUUID());
    private final SubLicenseId subLicense = new SubLicenseId(UUID.randomUUID());

    @Test
    void isMadeBeforeAReaderIsThere() {
        assertThat(new SitesView(new NoSites(), null, null, taking())
                        .getElement()
                        .isVisible())
                .isTrue();
    }

    @Test
    void showsWhatAllSitesOfTheSubLicenceUsedAddedUp() {
        var text = text(detail(site(SiteState.ONLINE, report("<b>look</b>", "usage.forked")), true));

        assertThat(text).contains(Units.bytes(3_000), "1 of 2 up", "usage.forked", "<b>look</b>", "Unbind");
    }

    @Test
    void hidesTheEndOfTheBondFromThoseWhoMayNotAndWhenItIsOver() {
        assertThat(text(detail(site(SiteState.ONLINE, null), false))).doesNotContain("Unbind");
        assertThat(text(detail(site(SiteState.UNBOUND, null), true)))
                .contains("Unbound")
                .doesNotContain("Unbind");
    }

    @Test
    void saysWhatAFileChanged() {
        var site = new SiteIdentity(tenant, subLicense, UUID.randomUUID());

        assertThat(UsageFileDialog.words(new Loaded(site, new SiteUsage.Taken(3, false, 7, 2, 1, List.of(2L)))))
                .contains("File 3", "7", "new rows", "2 known", "1 older", "missing", "number 2");
        assertThat(UsageFileDialog.words(new Loaded(site, new SiteUsage.Taken(3, true, 0, 9, 0, List.of()))))
                .contains("changed nothing")
                .doesNotContain("missing");
    }

    private Component detail(SiteSummary site, boolean manages) {
        var owner = new TenantSummary(
                tenant,
                "acme",
                "Acme",
                DeploymentMode.STANDALONE,
                "a@acme.example",
                ZoneOffset.UTC,
                TenantState.ACTIVE,
                NOW,
                1);
        return new SiteDetail(new NoSites(), taking(), TenantScope.NOWHERE, owner, site, manages);
    }

    private static String text(Component component) {
        return component.getElement().getTextRecursively();
    }

    private SiteSummary site(SiteState state, SiteReport report) {
        return new SiteSummary(
                UUID.randomUUID(),
                tenant,
                subLicense,
                UUID.randomUUID(),
                "0a",
                "STANDALONE",
                "1",
                state,
                NOW,
                null,
                NOW,
                NOW,
                1,
                report);
    }

    private static SiteReport report(String notice, String problem) {
        return new SiteReport(
                "STANDALONE", "1", NOW, 1, Map.of("ONLINE", 2), Map.of("UP", 1), 4, problem, List.of(notice));
    }

    private Taking taking() {
        return new Taking(
                file -> {
                    throw new UnsupportedOperationException();
                },
                new TwoRecords(),
                Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private final class TwoRecords implements UsageReports {

        @Override
        public Page<UsageRecord> ofTenant(UsageQuery query, String after, int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Page<UsageRecord> ofAllTenants(UsageQuery query, String after, int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Page<UsageRecord> wholeStreamsOfTenant(UsageQuery query, String after) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Page<UsageRecord> wholeStreamsOfAllTenants(UsageQuery query, String after) {
            assertThat(query.subLicense()).isEqualTo(subLicense);
            assertThat(query.tenant()).isEqualTo(tenant);
            return new Page<>(
                    List.of(
                            record(Metric.BYTES_IN, 1_000),
                            record(Metric.BYTES_OUT, 2_000),
                            record(Metric.REQUESTS, 9)),
                    null);
        }

        private UsageRecord record(Metric metric, long quantity) {
            return new UsageRecord(
                    "id",
                    tenant,
                    subLicense,
                    UUID.randomUUID(),
                    UUID.randomUUID(),
                    "shop",
                    metric,
                    NOW,
                    NOW.plusSeconds(3_600),
                    BigDecimal.valueOf(quantity),
                    Quality.EXACT,
                    1,
                    "PROXY");
        }
    }

    private static final class NoSites implements SiteDirectory {

        @Override
        public List<SiteSummary> ofTenant(SiteState state, UUID after, int limit) {
            return List.of();
        }

        @Override
        public List<SiteSummary> all(TenantId tenant, SiteState state, UUID after, int limit) {
            return List.of();
        }

        @Override
        public SiteSummary unbind(UUID site) {
            throw new UnsupportedOperationException();
        }
    }
}
