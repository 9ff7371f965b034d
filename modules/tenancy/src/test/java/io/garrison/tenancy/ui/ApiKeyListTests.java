package io.garrison.tenancy.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.browserless.BrowserlessTest;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.html.Code;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.TextField;
import io.garrison.tenancy.ApiKeyManagement;
import io.garrison.tenancy.Refusal.FieldError;
import io.garrison.tenancy.Role;
import io.garrison.tenancy.TenancyException;
import io.garrison.tenancy.http.Page;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Credentials of programs as people make and revoke them. */
class ApiKeyListTests extends BrowserlessTest {

    private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");

    private final Kept kept = new Kept();

    private ApiKeyList list() {
        var list = new ApiKeyList(kept, new Home(), false, Clock.fixed(NOW, ZoneOffset.UTC));
        UI.getCurrent().add(list);
        return list;
    }

    private void add(String name, Duration left) {
        kept.all.add(new ApiKeyManagement.ApiKey(
                UUID.randomUUID(), name, Role.TENANT_VIEWER, NOW.plus(left), NOW.minusSeconds(60), 7));
    }

    private String cell(int row, int column) {
        @SuppressWarnings("unchecked")
        Grid<ApiKeyManagement.ApiKey> grid = $(Grid.class).single();
        return test(grid).getCellComponent(row, column).getElement().getTextRecursively();
    }

    @Test
    void saysWhichAreOverOrSoonWillBe() {
        add("valid", Duration.ofDays(80));
        add("soon", Duration.ofDays(3));
        add("over", Duration.ofSeconds(-1));
        list();

        assertThat(cell(0, 2)).contains("Valid");
        assertThat(cell(1, 2)).contains("Expires soon");
        assertThat(cell(2, 2)).contains("Expired");
    }

    @Test
    void tellsTheKeyOnceWhenItIsMade() {
        var list = list();
        assertThat($(H3.class).single().getText()).isEqualTo("No API key");

        list.make();
        $(TextField.class).withLabel("Name").single().setValue("billing export");
        test($(Button.class).withText("Make API key").single()).click();

        assertThat($(Code.class).all())
                .extracting(Code::getText)
                .containsExactly("grk_secret", "Authorization: Bearer grk_secret");
        assertThat(kept.all).singleElement().satisfies(key -> {
            assertThat(key.role()).isEqualTo(Role.TENANT_VIEWER);
            assertThat(key.expiresAt()).isEqualTo(NOW.plus(Duration.ofDays(90)));
        });
        test($(Button.class).withText("I have it").single()).click();
        assertThat($(Code.class).exists()).isFalse();
    }

    @Test
    void keepsWhatWasTypedWhereItIsRefused() {
        kept.refused = true;
        list().make();

        test($(Button.class).withText("Make API key").single()).click();

        var days = $(IntegerField.class).single();
        assertThat(days.isInvalid()).isTrue();
        assertThat(days.getErrorMessage()).isEqualTo("Must be 1 to 366");
    }

    @Test
    void revokesOnlyWhoseNameWasTyped() {
        add("billing export", Duration.ofDays(80));
        list();

        @SuppressWarnings("unchecked")
        Grid<ApiKeyManagement.ApiKey> grid = $(Grid.class).single();
        ((Button) test(grid).getCellComponent(0, 5)).click();
        var revoke = $(Button.class).withText("Revoke API key").single();
        assertThat(revoke.isEnabled()).isFalse();
        $(TextField.class).single().setValue("billing export");
        test(revoke).click();

        assertThat(kept.all).isEmpty();
        assertThat(kept.seen).isEqualTo(7);
        assertThat($(H3.class).single().getText()).isEqualTo("No API key");
    }

    private static final class Home implements AuditList.House {
        @Override
        public <R> R call(Supplier<R> work) {
            return work.get();
        }
    }

    private static final class Kept implements ApiKeyManagement {
        final List<ApiKey> all = new ArrayList<>();
        boolean refused;
        long seen;

        @Override
        public Page<ApiKey> list(@Nullable UUID after, int limit) {
            return new Page<>(List.copyOf(all), null);
        }

        @Override
        public ApiKey get(UUID id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public NewApiKey create(@Nullable String name, @Nullable Role role, @Nullable Integer days) {
            if (refused || name == null || role == null || days == null) {
                throw new TenancyException.Invalid(List.of(new FieldError("days", "range", "must be 1 to 366")));
            }
            var key = new ApiKey(UUID.randomUUID(), name, role, NOW.plus(Duration.ofDays(days)), NOW, 1);
            all.add(key);
            return new NewApiKey(key, "grk_secret");
        }

        @Override
        public void revoke(UUID id, long version) {
            seen = version;
            all.removeIf(key -> key.id().equals(id));
        }
    }
}
