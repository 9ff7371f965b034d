package io.garrison.instances.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.PasswordField;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.component.textfield.TextField;
import io.garrison.instances.HighAvailability.Member;
import io.garrison.instances.availability.RouterSettings;
import io.garrison.protocol.VirtualRouter.VirtualAddress;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The fields of one virtual router. */
final class RouterCard extends Div {
    private static final long serialVersionUID = 1L;

    final TextField name = new TextField("Name");
    final TextField network = new TextField("Network");
    final IntegerField id = new IntegerField("Router id");
    final TextField device = new TextField("Device");
    final TextArea addresses = new TextArea("Addresses");
    private final Select<Member> owner = new Select<>();
    private final Select<Integer> version = new Select<>();
    private final PasswordField password = new PasswordField("Password");
    private final IntegerField repeat = new IntegerField("Announcements");
    private final IntegerField refresh = new IntegerField("Announce again (s)");
    private final Button remove = new Button("Remove router");

    RouterCard(List<Member> members, @Nullable RouterSettings router, boolean passwordSet) {
        addClassNames("policy-card");
        explain(members, passwordSet);
        fill(members, router);
        remove.addThemeVariants(ButtonVariant.TERTIARY, ButtonVariant.ERROR);
        version.addValueChangeListener(change -> password.setVisible(change.getValue() == 2));
        password.setVisible(version.getValue() == 2);
        add(
                HaForm.form(name, network, id, device, addresses, owner, version, password, repeat, refresh),
                new Div(remove));
    }

    private void explain(List<Member> members, boolean passwordSet) {
        name.setHelperText("1–32 of a–z, 0–9, -");
        network.setHelperText("The layer-2 segment. Within it no id and no address is had twice, whosever they are");
        id.setHelperText("1–255 (VRID)");
        device.setHelperText("Of the adverts, such as eth0");
        addresses.setHelperText("One per line with its prefix length, such as 192.0.2.10/24; a device may follow");
        addresses.setMinRows(2);
        owner.setLabel("Owner");
        owner.setItems(members);
        owner.setItemLabelGenerator(member -> member == null ? "In turn" : member.name());
        owner.setEmptySelectionAllowed(true);
        owner.setEmptySelectionCaption("In turn");
        owner.setHelperText("Holds the addresses as long as it is healthy");
        version.setLabel("VRRP version");
        version.setItems(3, 2);
        version.setHelperText("2 knows whole seconds and IPv4 only");
        password.setHelperText(
                passwordSet ? "One is set; empty: keep it. 1–8 characters" : "1–8 characters; empty: none");
        repeat.setHelperText("After a take-over, 1–100; default 5");
        refresh.setHelperText("0–3600; 0: never; default 0");
    }

    private void fill(List<Member> members, @Nullable RouterSettings router) {
        version.setValue(router == null ? 3 : router.version());
        repeat.setValue(router == null ? 5 : router.gratuitousArpRepeat());
        refresh.setValue(router == null ? 0 : router.gratuitousArpRefreshSeconds());
        if (router == null) {
            return;
        }
        name.setValue(router.name());
        network.setValue(router.network());
        id.setValue(router.id());
        device.setValue(router.device());
        addresses.setValue(router.addresses().stream().map(RouterCard::text).collect(Collectors.joining("\n")));
        owner.setValue(members.stream()
                .filter(member -> member.id().value().equals(router.owner()))
                .findFirst()
                .orElse(null));
    }

    void onRemove(Runnable removed) {
        remove.addClickListener(click -> removed.run());
    }

    void offerOwner(boolean offered) {
        owner.setVisible(offered);
    }

    void register(FieldErrors errors, String at) {
        errors.at(at + "/name", name)
                .at(at + "/network", network)
                .at(at + "/id", id)
                .at(at + "/device", device)
                .at(at + "/addresses", addresses)
                .at(at + "/owner", owner)
                .at(at + "/version", version)
                .at(at + "/password", password)
                .at(at + "/gratuitousArpRepeat", repeat)
                .at(at + "/gratuitousArpRefreshSeconds", refresh)
                .at(at, name);
    }

    RouterSettings router() {
        var chosen = owner.isVisible() ? owner.getValue() : null;
        return new RouterSettings(
                name.getValue().strip(),
                network.getValue().strip(),
                HaForm.number(id),
                device.getValue().strip(),
                addresses
                        .getValue()
                        .lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .map(RouterCard::address)
                        .toList(),
                chosen == null ? null : chosen.id().value(),
                version.getValue(),
                password.isVisible() && !password.isEmpty() ? password.getValue() : null,
                HaForm.number(repeat),
                HaForm.number(refresh));
    }

    private static String text(VirtualAddress address) {
        var device = address.device() == null ? "" : " " + address.device();
        return address.address() + "/" + address.prefixLength() + device;
    }

    /** What is not of this form has no prefix length, and is refused for that. */
    private static VirtualAddress address(String line) {
        var words = line.split("\\s+", 2);
        int slash = words[0].indexOf('/');
        var length = slash < 0 ? "" : words[0].substring(slash + 1);
        return new VirtualAddress(
                slash < 0 ? words[0] : words[0].substring(0, slash),
                length.matches("\\d{1,3}") ? Integer.parseInt(length) : -1,
                words.length == 2 ? words[1].strip() : null);
    }
}
