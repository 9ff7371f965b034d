package io.garrison.tenancy.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.browserless.BrowserlessTest;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.grid.Grid;
import io.garrison.tenancy.MemberManagement;
import io.garrison.tenancy.Role;
import io.garrison.tenancy.http.Page;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who belongs to a house, as its administrators see to them. */
class MemberListTests extends BrowserlessTest {

    private static final Instant SINCE = Instant.parse("2026-11-27T10:00:00Z");

    private final Kept kept = new Kept();

    private String actions(int row) {
        @SuppressWarnings("unchecked")
        Grid<MemberManagement.Member> grid = $(Grid.class).single();
        return test(grid).getCellComponent(row, 4).getElement().getTextRecursively();
    }

    @Test
    void offersANewPasswordToWhoHasOneAndANewInvitationToWhoHasNone() {
        var joined = kept.add("ann@acme.example", true);
        kept.add("bob@acme.example", false);
        UI.getCurrent().add(new MemberList(kept, new Home(), false, true));
        assertThat(actions(0)).contains("Reset password").doesNotContain("Invite again");
        assertThat(actions(1)).contains("Invite again").doesNotContain("Reset password");

        @SuppressWarnings("unchecked")
        Grid<MemberManagement.Member> grid = $(Grid.class).single();
        var first = test(grid).getCellComponent(0, 4);
        test((Button) first.getChildren().findFirst().orElseThrow()).click();
        assertThat(kept.reset).as("asked first").isEmpty();
        test($(Button.class).withText("Make link").single()).click();

        assertThat(kept.reset).containsExactly(joined);
    }

    private static final class Home implements AuditList.House {
        @Override
        public <R> R call(Supplier<R> work) {
            return work.get();
        }
    }

    private static final class Kept implements MemberManagement {
        private final List<Member> all = new ArrayList<>();
        private final List<UUID> reset = new ArrayList<>();

        UUID add(String email, boolean accepted) {
            var id = UUID.randomUUID();
            all.add(new Member(id, email, Role.TENANT_EDITOR, accepted, SINCE, 1));
            return id;
        }

        @Override
        public Page<Member> list(@Nullable String after, int limit) {
            return new Page<>(all, null);
        }

        @Override
        public Member get(UUID id) {
            return all.stream()
                    .filter(member -> member.id().equals(id))
                    .findFirst()
                    .orElseThrow();
        }

        @Override
        public Invited resetPassword(UUID id) {
            reset.add(id);
            return new Invited(get(id), "grp_token", SINCE);
        }

        @Override
        public Invited invite(@Nullable String email, @Nullable Role role) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Invited inviteAgain(UUID id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Member change(UUID id, @Nullable Role role, long seen) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void remove(UUID id, long seen) {
            throw new UnsupportedOperationException();
        }
    }
}
