package io.garrison.shell;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.OrderedList;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.BeforeLeaveEvent;
import com.vaadin.flow.router.BeforeLeaveObserver;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import io.garrison.instances.FleetView;
import io.garrison.licensing.LicenseAdministration;
import io.garrison.tenancy.ModeAdvisor;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ui.CopyField;
import io.garrison.tenancy.ui.EmptyState;
import io.garrison.tenancy.ui.PageHeader;
import io.garrison.tenancy.ui.Screen;
import io.garrison.tenancy.ui.Section;
import io.garrison.tenancy.ui.Units;
import io.garrison.tenancy.ui.UnsavedChanges;
import jakarta.annotation.security.PermitAll;
import java.time.Clock;
import java.util.List;

/** From nothing to a tenant that an instance can join: asks, shows what it will do, does all of it or nothing. */
@Route("tenants/new")
@PageTitle("Create tenant – Garrison")
@Screen(permission = Permission.TENANT_MANAGE, ofTenant = false)
@PermitAll
class OnboardingView extends Composite<Div> implements BeforeEnterObserver, BeforeLeaveObserver {
    private static final long serialVersionUID = 1L;

    private static final List<String> STEPS = List.of("Tenant", "Sub-licence", "Stack and token", "Review");

    private final transient Onboarding onboarding;
    private final transient LicenseAdministration licenses;
    private final transient Clock clock;
    private final transient OnboardingForm form;
    private final OrderedList progress = new OrderedList();
    private final Div body = new Div();
    private final Button back = new Button("Back");
    private final Button next = new Button("Next");
    private final Button helpMe;
    private int step;
    private boolean dirty;

    OnboardingView(
            Onboarding onboarding, LicenseAdministration licenses, Clock clock, ModeAdvisor advisor, FleetView fleet) {
        this.onboarding = onboarding;
        this.licenses = licenses;
        this.clock = clock;
        this.form = new OnboardingForm(clock.instant());
        this.helpMe = new Button(
                "Which mode suits?",
                VaadinIcon.QUESTION_CIRCLE_O.create(),
                click -> new ModeHelpDialog(advisor, fleet.count(FleetView.Filter.ALL), this.form.mode::setValue)
                        .open());
        getContent().addClassName("page");
        progress.addClassName("steps");
        next.addThemeVariants(ButtonVariant.PRIMARY);
        next.addClickListener(click -> advance());
        back.addClickListener(click -> step(step - 1));
        form.name.addValueChangeListener(change -> dirty = true);
        form.license.addValueChangeListener(change -> {
            form.tellFree(licenses.pool(change.getValue().id()));
            form.fit(change.getValue());
        });
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        getContent().removeAll();
        getContent().add(new PageHeader("Create tenant").under("Tenants", "tenants"));
        var loaded = licenses.list(null, 100);
        if (loaded.isEmpty()) {
            getContent()
                    .add(new EmptyState(
                            VaadinIcon.KEY,
                            "Load a licence first",
                            "A tenant needs a sub-licence, which is taken from the licence pool.",
                            new Anchor("licences", "Go to licences")));
            return;
        }
        form.license.setItems(loaded);
        form.license.setValue(loaded.getFirst());
        var buttons = new Div(back, next);
        buttons.addClassName("row");
        var section = new Section("", body, buttons);
        section.addClassName("narrow");
        getContent().add(progress, section);
        step(0);
    }

    private void step(int to) {
        step = to;
        progress.removeAll();
        for (var at = 0; at < STEPS.size(); at++) {
            var item = new ListItem((at + 1) + " " + STEPS.get(at));
            item.setClassName("now", at == step);
            item.setClassName("past", at < step);
            if (at == step) {
                item.getElement().setAttribute("aria-current", "step");
            }
            progress.add(item);
        }
        back.setEnabled(step > 0);
        next.setText(step == STEPS.size() - 1 ? "Create tenant" : "Next");
        body.removeAll();
        body.add(page());
    }

    private Component page() {
        return switch (step) {
            case 0 -> new Div(form.tenantPage(), helpMe);
            case 1 -> form.licensePage();
            case 2 -> form.stackPage();
            default -> review();
        };
    }

    private void advance() {
        if (step == 0 && (form.name.isEmpty() || form.slug.isEmpty() || form.contact.isEmpty())) {
            require(form.name, form.slug, form.contact);
            return;
        }
        if (step < STEPS.size() - 1) {
            step(step + 1);
        } else {
            run();
        }
    }

    private static void require(com.vaadin.flow.component.textfield.TextFieldBase<?, ?>... fields) {
        for (var field : fields) {
            field.setErrorMessage("This is needed.");
            field.setInvalid(field.isEmpty());
        }
    }

    private Component review() {
        var plan = form.plan(clock.instant());
        var granted = plan.allocation().entitlements();
        var list = new OrderedList(
                new ListItem("Create the tenant “" + plan.tenant().name() + "” ("
                        + plan.tenant().slug() + ")."),
                new ListItem("Allocate a sub-licence: %s, %s, %s, until %s."
                        .formatted(
                                Units.count(granted.instances(), "instance", "instances"),
                                Units.bitsPerSecond(granted.throughputBps()),
                                Units.count(granted.virtualServices(), "virtual service", "virtual services"),
                                form.until.getValue())),
                new ListItem("Create the stack “" + plan.stackName() + "”."),
                new ListItem("Make an enrolment token for " + Units.count(plan.machines(), "machine", "machines")
                        + ", valid for " + Units.count(plan.tokenMinutes(), "minute", "minutes") + "."));
        if (plan.administrator() != null) {
            list.add(new ListItem("Invite " + plan.administrator() + " as the tenant's administrator."));
        }
        var promise = new Span("If a step fails, all that was made before it is undone.");
        promise.addClassName("quiet");
        var review = new Div(list, promise);
        review.addClassName("stacked");
        return review;
    }

    private void run() {
        var plan = form.plan(clock.instant());
        var problems = form.problems().field("name", form.name);
        problems.attempt(() -> {
            var made = onboarding.run(plan);
            dirty = false;
            done(made);
        });
        firstStepWithProblem();
    }

    /** Goes back to where something has to be corrected. */
    private void firstStepWithProblem() {
        if (!dirty) {
            return;
        }
        if (form.name.isInvalid()
                || form.slug.isInvalid()
                || form.contact.isInvalid()
                || form.administrator.isInvalid()) {
            step(0);
        } else if (form.instances.isInvalid()
                || form.throughput.isInvalid()
                || form.services.isInvalid()
                || form.until.isInvalid()
                || form.grace.isInvalid()) {
            step(1);
        } else if (form.minutes.isInvalid() || form.machines.isInvalid()) {
            step(2);
        }
    }

    private void done(Onboarding.Made made) {
        getUI().ifPresent(ui -> ui.getPage().fetchCurrentURL(here -> {
            var section = new Section(made.tenant().name() + " is ready");
            section.add(
                    new Paragraph("Run this on the machine that becomes its first instance. It is shown only now."),
                    new CopyField("Command", made.token().command()));
            if (made.invited() != null) {
                var link = here.getProtocol() + "://" + here.getAuthority() + "/invitation?token="
                        + made.invited().token();
                section.add(new CopyField(
                        "Invitation for " + made.invited().member().email(), link));
            }
            section.add(new Anchor(
                    "t/" + made.tenant().slug(),
                    "Open the workspace of " + made.tenant().name()));
            getContent().removeAll();
            getContent().add(new PageHeader("Create tenant").under("Tenants", "tenants"), section);
        }));
    }

    @Override
    public void beforeLeave(BeforeLeaveEvent event) {
        if (dirty) {
            UnsavedChanges.ask("The tenant has not been created.", event);
        }
    }
}
