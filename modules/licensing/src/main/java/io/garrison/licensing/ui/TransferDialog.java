package io.garrison.licensing.ui;

import com.vaadin.flow.component.combobox.ComboBox;
import com.vaadin.flow.component.datetimepicker.DateTimePicker;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.select.Select;
import io.garrison.licensing.Entitlements;
import io.garrison.licensing.LeaseRule.IfLeasesBreak;
import io.garrison.licensing.Metric;
import io.garrison.licensing.SubLicenseSummary;
import io.garrison.licensing.SubLicenseTransfers.Order;
import io.garrison.licensing.Transfer;
import io.garrison.tenancy.TenantSummary;
import io.garrison.tenancy.ui.EditDialog;
import io.garrison.tenancy.ui.FormProblems;
import io.garrison.tenancy.ui.Notices;
import io.garrison.tenancy.ui.StateBadge;
import io.garrison.tenancy.ui.TenantScope;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Moves a part of what a sub-licence grants to another one of the same licence, now or later. */
final class TransferDialog {

    private static final int MOST = 500;

    private final SubLicenseTools tools;
    private final ProviderTools provider;
    private final TenantScope scope;
    private final SubLicenseSummary one;
    private final Runnable changed;

    private final ComboBox<TenantSummary> tenant = new ComboBox<>("To tenant");
    private final Select<SubLicenseSummary> target = new Select<>();
    private final Map<Metric, MetricField> amounts = new EnumMap<>(Metric.class);
    private final DateTimePicker at = new DateTimePicker("When (UTC)");
    private final LeaseRuleChoice rule = new LeaseRuleChoice(IfLeasesBreak.REFUSE);
    private final ReasonField reason = new ReasonField();

    TransferDialog(
            SubLicenseTools tools, ProviderTools provider, TenantScope scope, SubLicenseSummary one, Runnable changed) {
        this.tools = tools;
        this.provider = provider;
        this.scope = scope;
        this.one = one;
        this.changed = changed;
    }

    void open() {
        tenant.setItems(provider.workspace().available());
        tenant.setItemLabelGenerator(TenantSummary::name);
        tenant.addValueChangeListener(change -> offer(change.getValue()));
        target.setLabel("Its sub-licence");
        target.setItemLabelGenerator(TransferDialog::label);
        target.setHelperText("Of the same licence, and in force");
        at.setHelperText("Empty: at once. Later ones can be cancelled until then");
        at.setStep(Duration.ofMinutes(15));
        var form = new Div(tenant, target);
        form.addClassName("form");
        for (var metric : LicenseWords.COUNTED) {
            var field = MetricField.plain(metric, this::tellRest);
            field.removeClassName("wide");
            amounts.put(metric, field);
            field.set(0, io.garrison.licensing.Overage.DENY);
            form.add(field);
        }
        form.add(at, rule, reason);
        tellRest();
        var problems = new FormProblems()
                .field("tenantId", tenant)
                .field("toSubLicenseId", target)
                .field("effectiveAt", at)
                .field("ifLeasesBreak", rule.problems());
        amounts.forEach((metric, field) -> problems.field("entitlements/" + metric.wireName(), field.problems()));
        var dialog = new EditDialog(
                        "Transfer from the sub-licence of " + scope.name(),
                        "Transfer",
                        form,
                        () -> isComplete() && problems.attempt(this::transfer))
                .wide();
        tenant.addValueChangeListener(change -> dialog.changed());
        amounts.values().forEach(field -> field.onChange(dialog::changed));
        reason.onChange(dialog::changed);
        dialog.open();
    }

    private void offer(@Nullable TenantSummary chosen) {
        List<SubLicenseSummary> all = chosen == null
                ? List.of()
                : provider.scopes()
                        .of(chosen.slug())
                        .call(() -> tools.subLicenses().list(null, MOST));
        var fitting = all.stream()
                .filter(other -> other.licenseId().equals(one.licenseId()))
                .filter(other -> !other.id().equals(one.id()) && other.state().isInForce())
                .toList();
        target.setItems(fitting);
        if (fitting.isEmpty()) {
            target.setErrorMessage(chosen == null ? "Choose a tenant first" : "It has none that could take something");
        } else {
            target.setValue(fitting.getFirst());
        }
        target.setInvalid(chosen != null && fitting.isEmpty());
    }

    private static String label(@Nullable SubLicenseSummary other) {
        return other == null ? "" : LicenseWords.name(other.id()) + ": " + LicenseWords.summary(other.entitlements());
    }

    private void tellRest() {
        amounts.forEach((metric, field) -> {
            long rest = one.entitlements().limit(metric) - field.value();
            field.help(
                    rest < 0
                            ? LicenseWords.quantity(metric, -rest) + " more than there is"
                            : LicenseWords.quantity(metric, rest) + " stay here");
        });
    }

    private boolean isComplete() {
        var complete = amounts.values().stream().map(MetricField::isComplete).toList().stream()
                .allMatch(good -> good);
        if (target.isEmpty()) {
            target.setErrorMessage("Choose where it goes");
            target.setInvalid(true);
            complete = false;
        }
        if (amounts.values().stream().allMatch(field -> field.value() == 0)) {
            Notices.failed("Enter at least one amount that moves.");
            complete = false;
        }
        return complete && rule.isComplete() && reason.isComplete();
    }

    private void transfer() {
        LocalDateTime time = at.getValue();
        var order = new Order(
                tenant.getValue().id(),
                target.getValue().id(),
                new Entitlements(
                        value(Metric.INSTANCES),
                        value(Metric.THROUGHPUT_BPS),
                        value(Metric.VIRTUAL_SERVICES),
                        Set.of()),
                rule.rule(),
                time == null ? null : time.toInstant(ZoneOffset.UTC),
                reason.reason());
        Transfer noted = scope.call(() -> tools.transfers().request(one.id(), order));
        Notices.done(
                noted.state() == Transfer.State.SCHEDULED
                        ? "The transfer is scheduled for " + LicenseWords.moment(noted.effectiveAt())
                        : "Transfer " + StateBadge.words(noted.state()).toLowerCase(java.util.Locale.ROOT));
        changed.run();
    }

    private long value(Metric metric) {
        var field = amounts.get(metric);
        return field == null ? 0 : field.value();
    }
}
