package io.garrison.reporting.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.UnorderedList;
import io.garrison.instances.SiteDirectory;
import io.garrison.instances.SiteState;
import io.garrison.instances.SiteSummary;
import io.garrison.reporting.UsageQuery;
import io.garrison.reporting.UsageRecord.Metric;
import io.garrison.reporting.ui.SitesView.Taking;
import io.garrison.tenancy.TenantSummary;
import io.garrison.tenancy.ui.Ago;
import io.garrison.tenancy.ui.DangerDialog;
import io.garrison.tenancy.ui.Facts;
import io.garrison.tenancy.ui.Notices;
import io.garrison.tenancy.ui.Signal;
import io.garrison.tenancy.ui.StateBadge;
import io.garrison.tenancy.ui.TenantScope;
import io.garrison.tenancy.ui.Units;
import java.math.BigDecimal;
import java.time.Duration;

/** One site beside the list: how it does, what its sub-licence used, and the end of its bond. */
final class SiteDetail extends Div {
    private static final long serialVersionUID = 1L;

    private static final Duration LATELY = Duration.ofHours(24);

    SiteDetail(
            SiteDirectory sites,
            Taking taking,
            TenantScope scope,
            TenantSummary tenant,
            SiteSummary site,
            boolean manages) {
        addClassName("stacked");
        var facts = new Facts()
                .with("State", badge(site.state()))
                .with("Used in 24 h by its sub-licence, all sites added", used(taking, site))
                .with("Instances", instances(site))
                .with("Last heard", new Ago(site.lastSeen()))
                .with("Last usage", new Ago(site.lastUsage()))
                .with("Sub-licence file", "number " + site.serial())
                .with("Bound", new Ago(site.boundAt()));
        var report = site.report();
        if (report != null && report.waiting() > 0) {
            facts.with("Usage that waits there", Units.count(report.waiting(), "batch", "batches"));
        }
        if (report != null && report.usageProblem() != null) {
            facts.with("Usage is refused", report.usageProblem());
        }
        facts.code("Site", site.id().toString())
                .code("Installation", site.installationId().toString())
                .code("Key", site.keySha256());
        add(new Anchor(scope.path("usage"), "Usage of " + tenant.name()), facts);
        if (report != null && !report.notices().isEmpty()) {
            var notices = new UnorderedList();
            report.notices().forEach(notice -> notices.add(new ListItem(notice)));
            add(notices);
        }
        if (manages && site.state() != SiteState.UNBOUND) {
            add(unbind(sites, scope, tenant, site));
        }
    }

    private static Button unbind(SiteDirectory sites, TenantScope scope, TenantSummary tenant, SiteSummary site) {
        var button = new Button(
                "Unbind",
                click -> new DangerDialog(
                                "Unbind site",
                                tenant.slug(),
                                "Its place is free for another installation. It keeps serving, but it is not heard any more until"
                                        + " somebody there lets it start over. What it has told stays in the bill.",
                                () -> {
                                    var unused = scope.call(() -> sites.unbind(site.id()));
                                    Notices.done("A site of " + tenant.name() + " is unbound");
                                })
                        .open());
        button.addThemeVariants(ButtonVariant.TERTIARY, ButtonVariant.ERROR);
        return button;
    }

    /** Nobody adds this by hand: it is of all installations that share the sub-licence. */
    private static String used(Taking taking, SiteSummary site) {
        var now = taking.clock().instant();
        var query = new UsageQuery(now.minus(LATELY), now, site.tenantId(), site.subLicenseId());
        var total = BigDecimal.ZERO;
        String after = null;
        do {
            var page = taking.usage().wholeStreamsOfAllTenants(query, after);
            for (var record : page.items()) {
                if (record.metric() == Metric.BYTES_IN || record.metric() == Metric.BYTES_OUT) {
                    total = total.add(record.quantity());
                }
            }
            after = page.next();
        } while (after != null);
        return Units.bytes(total.doubleValue());
    }

    static String instances(SiteSummary site) {
        var report = site.report();
        if (report == null) {
            return "";
        }
        int all =
                report.instances().values().stream().mapToInt(Integer::intValue).sum();
        return "%d of %d up".formatted(report.health().getOrDefault("UP", 0), all);
    }

    static StateBadge badge(SiteState state) {
        return new StateBadge(signal(state), StateBadge.words(state)).because(explain(state));
    }

    private static Signal signal(SiteState state) {
        return switch (state) {
            case ONLINE -> Signal.GOOD;
            case SUSPECT -> Signal.WARNING;
            case LOST -> Signal.BAD;
            case BY_HAND -> Signal.UNKNOWN;
            case UNBOUND -> Signal.SPECIAL;
        };
    }

    private static String explain(SiteState state) {
        return switch (state) {
            case ONLINE -> "It reports.";
            case SUSPECT -> "Its report is late.";
            case LOST -> "It is silent. Its traffic may flow all the same, and its usage comes when it is back.";
            case BY_HAND -> "It has never dialled in. Its usage comes as files.";
            case UNBOUND -> "Its place was given free. It is not heard any more.";
        };
    }
}
