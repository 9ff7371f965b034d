package io.garrison.instances.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.browserless.BrowserlessTest;
import com.vaadin.flow.component.html.Code;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.IntegerField;
import io.garrison.instances.BalancerFlavour;
import io.garrison.instances.InstanceException;
import io.garrison.instances.InstanceId;
import io.garrison.instances.StackBalancer;
import io.garrison.instances.StackBalancer.LeftOut;
import io.garrison.instances.StackBalancer.Snippet;
import io.garrison.instances.StackId;
import io.garrison.instances.StackSummary;
import io.garrison.instances.TrafficMode;
import io.garrison.licensing.SubLicenseId;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.ui.TenantScope;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What is shown to be copied (PX-30). */
class BalancerDialogTests extends BrowserlessTest {

    private static final StackSummary STACK = new StackSummary(
            new StackId(UUID.randomUUID()),
            "shop",
            new SubLicenseId(UUID.randomUUID()),
            TrafficMode.ACTIVE_ACTIVE,
            3,
            2,
            2,
            0,
            Instant.EPOCH,
            1);

    @Test
    void showsTheFileForTheProgramAndPortThatAreChosen() {
        open((stack, flavour, port) -> new Snippet(
                flavour,
                3,
                port,
                flavour.word() + " on " + port,
                List.of(new LeftOut(new InstanceId(UUID.randomUUID()), "edge-9", "has not reported where it serves"))));

        assertThat($(Code.class).single().getText()).isEqualTo("haproxy on 9528");
        assertThat($(ListItem.class).single().getText()).startsWith("edge-9 is left out");
        $(Select.class).single().setValue(BalancerFlavour.NGINX);
        $(IntegerField.class).single().setValue(9_600);
        assertThat($(Code.class).single().getText()).isEqualTo("nginx on 9600");
    }

    @Test
    void saysWhyThereIsNothingToCopy() {
        open((stack, flavour, port) -> {
            throw new InstanceException.NoBalancer("balancer.no-instance", "No instance.");
        });

        assertThat($(Code.class).all()).isEmpty();
        assertThat($(Paragraph.class).all()).extracting(Paragraph::getText).contains("No instance.");
    }

    private static void open(StackBalancer balancers) {
        new BalancerDialog(balancers, new Anybody(), STACK).open();
    }

    private record Anybody() implements TenantScope {
        @Override
        public TenantId tenant() {
            return new TenantId(UUID.randomUUID());
        }

        @Override
        public String name() {
            return "Acme";
        }

        @Override
        public String slug() {
            return "acme";
        }

        @Override
        public boolean visiting() {
            return false;
        }

        @Override
        public <R> R call(Supplier<R> work) {
            return work.get();
        }

        @Override
        public boolean may(Permission permission) {
            return true;
        }
    }
}
