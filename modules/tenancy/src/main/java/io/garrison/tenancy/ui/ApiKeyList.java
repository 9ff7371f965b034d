package io.garrison.tenancy.ui;

import com.vaadin.flow.component.HasValue;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.TextField;
import io.garrison.tenancy.ApiKeyManagement;
import io.garrison.tenancy.ApiKeyManagement.ApiKey;
import io.garrison.tenancy.ApiKeyManagement.NewApiKey;
import io.garrison.tenancy.Role;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Credentials of the programs of one house, and what each may do. */
final class ApiKeyList extends Div {
    private static final long serialVersionUID = 1L;

    private static final int SHOWN = 500;
    private static final int USUAL_DAYS = 90;
    private static final Duration SOON = Duration.ofDays(14);

    private final transient ApiKeyManagement keys;
    private final transient AuditList.House house;
    private final transient Clock clock;
    private final boolean provider;
    private final Grid<ApiKey> grid = new Grid<>();
    private final EmptyState none = new EmptyState(
            VaadinIcon.KEY_O,
            "No API key",
            "A program that calls the API signs in with a key of its own, which has a role and an end. “Make API key”"
                    + " makes one.");

    /** @param provider whether it is the provider's house, which has roles of its own */
    ApiKeyList(ApiKeyManagement keys, AuditList.House house, boolean provider, Clock clock) {
        this.keys = keys;
        this.house = house;
        this.provider = provider;
        this.clock = clock;
        addClassName("list");
        grid.addColumn(ApiKey::name)
                .setHeader("Name")
                .setWidth("170px")
                .setFlexGrow(2)
                .setSortable(true);
        grid.addColumn(key -> StateBadge.words(key.role()))
                .setHeader("Role")
                .setAutoWidth(true)
                .setSortable(true);
        grid.addComponentColumn(this::state).setHeader("State").setAutoWidth(true);
        grid.addColumn(Ago.<ApiKey>column(ApiKey::expiresAt, true))
                .setHeader("Valid until")
                .setAutoWidth(true)
                .setSortable(true)
                .setComparator(ApiKey::expiresAt);
        grid.addColumn(Ago.<ApiKey>column(ApiKey::createdAt, false))
                .setHeader("Made")
                .setAutoWidth(true);
        grid.addComponentColumn(this::revoke).setAutoWidth(true).setFlexGrow(0);
        add(grid, none);
        load();
    }

    private void load() {
        var known = house.call(() -> keys.list(null, SHOWN)).items();
        grid.setItems(known);
        grid.setVisible(!known.isEmpty());
        none.setVisible(known.isEmpty());
    }

    private StateBadge state(ApiKey key) {
        var left = Duration.between(clock.instant(), key.expiresAt());
        if (!left.isPositive()) {
            return new StateBadge(Signal.BAD, "Expired").because("It is refused. Make another one.");
        }
        return left.compareTo(SOON) < 0
                ? new StateBadge(Signal.WARNING, "Expires soon")
                        .because("It is refused in " + Units.duration(left) + ".")
                : new StateBadge(Signal.GOOD, "Valid");
    }

    private Button revoke(ApiKey key) {
        var button = new Button(
                "Revoke",
                click -> new DangerDialog(
                                "Revoke API key",
                                key.name(),
                                "Programs that use it are refused from now on. What they did stays in the audit trail.",
                                () -> {
                                    house.call(() -> {
                                        keys.revoke(key.id(), key.version());
                                        return true;
                                    });
                                    load();
                                    Notices.done("API key " + key.name() + " is revoked");
                                })
                        .open());
        button.addThemeVariants(ButtonVariant.TERTIARY, ButtonVariant.SMALL, ButtonVariant.ERROR);
        return button;
    }

    void make() {
        var name = new TextField("Name");
        name.setHelperText("What the program is, such as “billing export”");
        var role = new Select<Role>();
        role.setLabel("Role");
        role.setItems(Arrays.stream(Role.values())
                .filter(one -> one.isProvider() == provider)
                .toList());
        role.setItemLabelGenerator(StateBadge::words);
        role.setValue(provider ? Role.AUDITOR : Role.TENANT_VIEWER);
        role.setHelperText("The least that it needs, and no more than you may do yourself");
        var days = new IntegerField("Valid for (days)");
        days.setHelperText("1–366; default 90");
        days.setValue(USUAL_DAYS);
        var form = new Div(name, role, days);
        form.addClassName("form");
        var problems =
                new FormProblems().field("name", name).field("role", role).field("days", days);
        var dialog = new EditDialog(
                "Make API key",
                "Make API key",
                form,
                () -> problems.attempt(() -> {
                    var made = house.call(() -> keys.create(name.getValue(), role.getValue(), days.getValue()));
                    load();
                    show(made);
                }));
        List.<HasValue<?, ?>>of(name, role, days)
                .forEach(field -> field.addValueChangeListener(change -> dialog.changed()));
        dialog.open();
    }

    private static void show(NewApiKey made) {
        var dialog = new Dialog();
        dialog.setHeaderTitle("API key " + made.apiKey().name());
        dialog.setWidth("min(640px, 96vw)");
        dialog.setCloseOnOutsideClick(false);
        var content = new Div(
                new Paragraph("Give it to the program now: it is shown only once, and nobody can read it again."),
                new CopyField("Key", made.key()),
                new CopyField("Header of its requests", "Authorization: Bearer " + made.key()));
        content.addClassName("stacked");
        dialog.add(content);
        dialog.getFooter().add(new Button("I have it", click -> dialog.close()));
        dialog.open();
    }
}
