package io.garrison.instances.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;
import io.garrison.instances.CertificateManagement;
import io.garrison.instances.CertificateManagement.CertificateSummary;
import io.garrison.instances.PolicyDiff;
import io.garrison.instances.PolicyManagement;
import io.garrison.instances.PolicyManagement.Draft;
import io.garrison.instances.StackManagement;
import io.garrison.instances.StackSummary;
import io.garrison.protocol.AccessList;
import io.garrison.protocol.Policy;
import io.garrison.protocol.Pool;
import io.garrison.protocol.Protection;
import io.garrison.protocol.VirtualService;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.Refusal.FieldError;
import io.garrison.tenancy.ui.EditDialog;
import io.garrison.tenancy.ui.EmptyState;
import io.garrison.tenancy.ui.FormProblems;
import io.garrison.tenancy.ui.Notices;
import io.garrison.tenancy.ui.Section;
import io.garrison.tenancy.ui.TenantScope;
import io.garrison.tenancy.ui.Units;
import java.util.List;

/** The draft of a stack's policy: its virtual services and pools, what is wrong with them, and what publishing would do. */
final class PolicyTab extends Div {
    private static final long serialVersionUID = 1L;

    private final transient PolicyManagement policies;
    private final transient CertificateManagement certificates;
    private final transient StackManagement stacks;
    private final transient TenantScope scope;
    private final transient Runnable published;
    private transient StackSummary stack;
    private transient Draft draft;

    PolicyTab(
            PolicyManagement policies,
            CertificateManagement certificates,
            StackManagement stacks,
            TenantScope scope,
            StackSummary stack,
            Runnable published) {
        this.policies = policies;
        this.certificates = certificates;
        this.stacks = stacks;
        this.scope = scope;
        this.stack = stack;
        this.published = published;
        this.draft = scope.call(() -> policies.draft(stack.id()));
        addClassName("stacked");
        lay();
    }

    private void reload() {
        draft = scope.call(() -> policies.draft(stack.id()));
        stack = scope.call(() -> stacks.get(stack.id()));
        lay();
    }

    private void lay() {
        removeAll();
        var errors =
                scope.call(() -> policies.validate(stack.id(), draft.policy())).errors();
        var diff = scope.call(() -> policies.diffOfDraft(stack.id()));
        add(banner(diff, errors));
        var cards = new PolicyCards(draft.policy(), errors, mayEdit());
        var services = new Section("Virtual services");
        var pools = new Section("Pools");
        if (mayEdit()) {
            services.aside(add("Add virtual service", () -> edit(-1, fresh())));
            pools.aside(add("Add pool", () -> edit(-1, new Pool("", Pool.Algorithm.ROUND_ROBIN, List.of(), null))));
        }
        services.add(
                draft.policy().virtualServices().isEmpty()
                        ? new EmptyState(
                                VaadinIcon.GLOBE,
                                "No virtual service",
                                "A virtual service is an address and port that clients connect to. Make a pool of servers"
                                        + " first, then the service in front of it.")
                        : cards.services(
                                at -> edit(at, draft.policy().virtualServices().get(at)), this::dropService));
        pools.add(
                draft.policy().pools().isEmpty()
                        ? new EmptyState(
                                VaadinIcon.CLUSTER, "No pool", "A pool is a group of servers that share requests.")
                        : cards.pools(at -> edit(at, draft.policy().pools().get(at)), this::dropPool));
        var columns = new Div(services, pools);
        columns.addClassName("columns");
        add(columns);
    }

    private boolean mayEdit() {
        return scope.may(Permission.POLICY_EDIT);
    }

    private static Button add(String verb, Runnable action) {
        var button = new Button(verb, VaadinIcon.PLUS.create(), click -> action.run());
        button.addThemeVariants(ButtonVariant.TERTIARY);
        return button;
    }

    private Component banner(PolicyDiff diff, List<FieldError> errors) {
        var words = new Span();
        var banner = new Div(words);
        banner.addClassName("hint");
        banner.getElement().setAttribute("role", "status");
        if (diff.isEmpty()) {
            words.setText(
                    stack.latestRevision() == 0
                            ? "Nothing is published yet."
                            : "The draft is what revision " + stack.latestRevision() + " holds.");
            return banner;
        }
        var what = Units.count(diff.changes().size(), "change", "changes");
        if (!errors.isEmpty()) {
            banner.addClassName("bad");
            words.setText("The draft has " + what + " and " + Units.count(errors.size(), "error", "errors")
                    + ", so it cannot be published yet. Running traffic is not affected.");
            return banner;
        }
        banner.addClassName("special");
        words.setText("The draft has " + what + " that no instance knows of.");
        words.getStyle().set("flex", "1");
        if (mayEdit()) {
            var review = new Button("Review and publish", click -> review());
            review.addThemeVariants(ButtonVariant.PRIMARY, ButtonVariant.SMALL);
            var discard = new Button("Discard changes", click -> discard());
            discard.addThemeVariants(ButtonVariant.TERTIARY, ButtonVariant.SMALL);
            banner.add(discard, review);
        }
        return banner;
    }

    private void review() {
        reload(); // somebody else may have edited or published since
        var diff = scope.call(() -> policies.diffOfDraft(stack.id()));
        new PublishDialog(policies, scope, stack, diff, () -> {
                    reload();
                    published.run();
                })
                .open();
    }

    private void discard() {
        var before = draft.policy();
        var revision = stack.latestRevision();
        var last = revision == 0
                ? Policy.EMPTY
                : scope.call(() -> policies.revision(stack.id(), revision)).policy();
        if (store(last)) {
            Notices.undoable("The draft is what is published again", () -> store(before));
        }
    }

    private static VirtualService fresh() {
        return new VirtualService(
                "",
                "",
                0,
                VirtualService.ServiceProtocol.HTTP,
                true,
                null,
                "",
                AccessList.OPEN,
                null,
                VirtualService.DEFAULT_MAX_CONNECTIONS,
                List.of(),
                null,
                Protection.NONE);
    }

    private void edit(int at, VirtualService service) {
        var pools = draft.policy().pools().stream().map(Pool::name).toList();
        var names = scope.call(() -> certificates.list(stack.id())).stream()
                .map(CertificateSummary::name)
                .toList();
        var position = at < 0 ? draft.policy().virtualServices().size() : at;
        var dialog = new EditDialog[1];
        var form = new ServiceForm[1];
        form[0] = new ServiceForm(service, pools, names, () -> {
            if (dialog[0] != null) { // not while the form is being filled
                dialog[0].changed();
                check(
                        form[0].errors(),
                        DraftEdit.with(draft.policy(), at, form[0].value()),
                        "/virtualServices/" + position);
            }
        });
        dialog[0] = new EditDialog(
                at < 0 ? "New virtual service" : "Virtual service " + service.name(),
                at < 0 ? "Add to draft" : "Save to draft",
                form[0],
                () -> {
                    var next = DraftEdit.with(draft.policy(), at, form[0].value());
                    return check(form[0].errors(), next, "/virtualServices/" + position) && store(next);
                });
        dialog[0].wide().open();
    }

    private void edit(int at, Pool pool) {
        var position = at < 0 ? draft.policy().pools().size() : at;
        var dialog = new EditDialog[1];
        var form = new PoolForm[1];
        form[0] = new PoolForm(pool, () -> {
            if (dialog[0] != null) { // not while the form is being filled
                dialog[0].changed();
                check(form[0].errors(), DraftEdit.with(draft.policy(), at, form[0].value()), "/pools/" + position);
            }
        });
        dialog[0] = new EditDialog(
                at < 0 ? "New pool" : "Pool " + pool.name(), at < 0 ? "Add to draft" : "Save to draft", form[0], () -> {
                    var next = DraftEdit.with(draft.policy(), at, form[0].value());
                    return check(form[0].errors(), next, "/pools/" + position) && store(next);
                });
        dialog[0].wide().open();
    }

    /** Shows what is wrong with the part that is edited. */
    private boolean check(FieldErrors shown, Policy candidate, String pointer) {
        var errors = scope.call(() -> policies.validate(stack.id(), candidate)).errors();
        var own = DraftEdit.below(errors, pointer);
        shown.show(own);
        return own.isEmpty();
    }

    private void dropService(int at) {
        drop(
                DraftEdit.withoutService(draft.policy(), at),
                draft.policy().virtualServices().get(at).name());
    }

    private void dropPool(int at) {
        drop(
                DraftEdit.withoutPool(draft.policy(), at),
                draft.policy().pools().get(at).name());
    }

    private void drop(Policy next, String name) {
        var before = draft.policy();
        if (store(next)) {
            Notices.undoable(name + " is taken out of the draft", () -> store(before));
        }
    }

    private boolean store(Policy next) {
        return new FormProblems().attempt(() -> {
            draft = scope.call(() -> policies.save(stack.id(), draft.version(), next));
            lay();
        });
    }
}
