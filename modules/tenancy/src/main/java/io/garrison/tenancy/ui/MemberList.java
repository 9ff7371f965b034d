package io.garrison.tenancy.ui;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.EmailField;
import io.garrison.tenancy.MemberManagement;
import io.garrison.tenancy.MemberManagement.Invited;
import io.garrison.tenancy.MemberManagement.Member;
import io.garrison.tenancy.Role;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Who belongs to one house, and as what. */
final class MemberList extends Div {
    private static final long serialVersionUID = 1L;

    private static final int SHOWN = 500;

    private final transient MemberManagement members;
    private final transient AuditList.House house;
    private final boolean provider;
    private final boolean manages;
    private final Grid<Member> grid = new Grid<>();

    /** @param provider whether it is the provider's house, which has roles of its own */
    MemberList(MemberManagement members, AuditList.House house, boolean provider, boolean manages) {
        this.members = members;
        this.house = house;
        this.provider = provider;
        this.manages = manages;
        addClassName("list");
        grid.addColumn(Member::email)
                .setHeader("E-mail address")
                .setWidth("170px")
                .setFlexGrow(2)
                .setSortable(true);
        grid.addColumn(member -> StateBadge.words(member.role()))
                .setHeader("Role")
                .setAutoWidth(true)
                .setSortable(true);
        grid.addComponentColumn(member -> member.accepted()
                        ? new StateBadge(Signal.GOOD, "Active")
                        : new StateBadge(Signal.UNKNOWN, "Invited"))
                .setHeader("State")
                .setAutoWidth(true);
        grid.addColumn(Ago.<Member>column(Member::createdAt, false))
                .setHeader("Since")
                .setAutoWidth(true);
        if (manages) {
            grid.addComponentColumn(this::actions).setAutoWidth(true).setFlexGrow(0);
        }
        add(grid);
        load();
    }

    private void load() {
        grid.setItems(house.call(() -> members.list(null, SHOWN)).items());
    }

    private Div actions(Member member) {
        var row = new Div();
        row.addClassName("row");
        if (!member.accepted()) {
            row.add(small("Invite again", () -> show(house.call(() -> members.inviteAgain(member.id())))));
        } else {
            row.add(small("Reset password", () -> resetPassword(member)));
        }
        row.add(small("Change role", () -> changeRole(member)));
        var remove = small(
                "Remove",
                () -> new DangerDialog(
                                "Remove member",
                                member.email(),
                                "They cannot come in any more, and open sessions end. What they did stays in the audit"
                                        + " trail.",
                                () -> {
                                    remove(member.id(), member.version());
                                    Notices.done(member.email() + " is removed");
                                })
                        .open());
        remove.addThemeVariants(ButtonVariant.ERROR);
        row.add(remove);
        return row;
    }

    private void resetPassword(Member member) {
        new EditDialog(
                        "Reset password of " + member.email(),
                        "Make link",
                        new Paragraph(
                                "You get a link by which a new password is set, once, here and nowhere else. When it"
                                        + " is used, sessions that are open here end. Hand it to nobody but this person."),
                        () -> {
                            var offered = house.call(() -> members.resetPassword(member.id()));
                            load();
                            show(
                                    "New password for " + member.email(),
                                    "Send this link. It is shown only now, and holds for a day or until it is used.",
                                    "/password?token=" + offered.token());
                            return true;
                        })
                .open();
    }

    private void remove(UUID id, long version) {
        house.call(() -> {
            members.remove(id, version);
            return true;
        });
        load();
    }

    private static Button small(String verb, Runnable action) {
        var button = new Button(verb, click -> action.run());
        button.addThemeVariants(ButtonVariant.TERTIARY, ButtonVariant.SMALL);
        return button;
    }

    private Select<Role> roles(@Nullable Role chosen) {
        var role = new Select<Role>();
        role.setLabel("Role");
        role.setItems(Arrays.stream(Role.values())
                .filter(one -> one.isProvider() == provider)
                .toList());
        role.setItemLabelGenerator(StateBadge::words);
        role.setValue(chosen);
        return role;
    }

    private void changeRole(Member member) {
        var role = roles(member.role());
        var form = new Div(role);
        form.addClassName("form");
        var problems = new FormProblems().field("role", role);
        new EditDialog(
                        "Role of " + member.email(),
                        "Change role",
                        form,
                        () -> problems.attempt(() -> {
                            house.call(() -> members.change(member.id(), role.getValue(), member.version()));
                            load();
                            Notices.done("The role is changed");
                        }))
                .open();
    }

    void invite() {
        if (!manages) {
            return;
        }
        var email = new EmailField("E-mail address");
        var role = roles(provider ? Role.OPERATOR : Role.TENANT_EDITOR);
        var form = new Div(email, role);
        form.addClassName("form");
        var problems = new FormProblems().field("email", email).field("role", role);
        var dialog = new EditDialog(
                "Invite",
                "Make invitation",
                form,
                () -> problems.attempt(() -> {
                    var invited =
                            house.call(() -> members.invite(email.getValue().strip(), role.getValue()));
                    load();
                    show(invited);
                }));
        email.addValueChangeListener(change -> dialog.changed());
        dialog.open();
    }

    /** Shows the link once; it is for the person to whom it is sent, by a way that the inviter trusts. */
    static void show(Invited invited) {
        show(
                "Invitation for " + invited.member().email(),
                "Send this link. It is shown only now, and holds for a week or until it is used.",
                "/invitation?token=" + invited.token());
    }

    private static void show(String title, String words, String path) {
        UI.getCurrent().getPage().fetchCurrentURL(here -> {
            var base = here.getProtocol() + "://" + here.getAuthority();
            var dialog = new Dialog();
            dialog.setHeaderTitle(title);
            dialog.setWidth("min(640px, 96vw)");
            dialog.setCloseOnOutsideClick(false);
            var content = new Div(new Paragraph(words), new CopyField("Link", base + path));
            content.addClassName("stacked");
            dialog.add(content);
            dialog.getFooter().add(new Button("I have it", click -> dialog.close()));
            dialog.open();
        });
    }
}
