package io.garrison.instances.ui;

import com.vaadin.flow.component.HasValue;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.PasswordField;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.component.textfield.TextField;
import io.garrison.instances.HighAvailability.Member;
import io.garrison.instances.availability.RouterSettings;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.protocol.VirtualRouter.VirtualAddress;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The fields of one virtual router. */
final class RouterCard extends Div {
    private static final long serialVersionUID = 1L;

    private static final String BY_MODE = "By the mode";

    final TextField name = new TextField("Name");
    final TextField network = new TextField("Network");
    final IntegerField id = new IntegerField("Router id");
    final TextField device = new TextField("Device");
    final TextArea addresses = new TextArea("Addresses");
    final Select<Member> owner = new Select<>();
    final Select<Integer> version = new Select<>();
    final PasswordField password = new PasswordField("Password");
    final Checkbox withoutPassword = new Checkbox("Remove password");
    private final IntegerField repeat = new IntegerField("Announcements");
    private final IntegerField refresh = new IntegerField("Announce again (s)");
    final Span served = new Span();
    private final Button remove = new Button("Remove router");
    private final @Nullable String former;
    private final boolean passwordSet;
    private HaMode mode = HaMode.NONE;

    /** @param passwordSet whether there is one, under the name that the router has now */
    RouterCard(List<Member> members, @Nullable RouterSettings router, boolean passwordSet) {
        this.former = router == null ? null : router.name();
        this.passwordSet = passwordSet;
        addClassNames("policy-card");
        explain(members);
        fill(members, router);
        remove.addThemeVariants(ButtonVariant.TERTIARY, ButtonVariant.ERROR);
        version.addValueChangeListener(change -> adapt());
        name.addValueChangeListener(change -> adapt());
        withoutPassword.addValueChangeListener(change -> adapt());
        adapt();
        served.addClassName("quiet");
        add(
                served,
                HaForm.form(name, network, id, device, addresses, owner, version, password, repeat, refresh),
                withoutPassword,
                new Div(remove));
    }

    private void adapt() {
        boolean two = version.getValue() == 2;
        password.setVisible(two);
        password.setEnabled(!withoutPassword.getValue());
        withoutPassword.setVisible(two && passwordSet);
        password.setHelperText(
                !passwordSet
                        ? "1–8 characters; empty: none"
                        : isRenamed()
                                ? "Type it anew, because the name is another"
                                : "One is set; empty: keep it. 1–8 characters");
    }

    private boolean isRenamed() {
        return former != null && !former.equals(name.getValue().strip());
    }

    private void explain(List<Member> members) {
        name.setHelperText("1–32 of a–z, 0–9, -");
        network.setHelperText("The layer-2 segment. Within it no id and no address is had twice, whosever they are");
        id.setHelperText("1–255 (VRID)");
        device.setHelperText("Of the adverts, such as eth0");
        addresses.setHelperText("One per line with its prefix length, such as 192.0.2.10/24; a device may follow");
        addresses.setMinRows(2);
        owner.setLabel("Owner");
        owner.setItems(members);
        owner.setItemLabelGenerator(member -> member == null ? BY_MODE : member.name());
        owner.setEmptySelectionAllowed(true);
        owner.setEmptySelectionCaption(BY_MODE);
        owner.setHelperText("Holds the addresses as long as it is healthy");
        version.setLabel("VRRP version");
        version.setItems(3, 2);
        version.setHelperText("2 knows whole seconds and IPv4 only");
        repeat.setHelperText("After a take-over, 1–100; default 5");
        refresh.setHelperText("0–3\u202f600; 0: never; default 0");
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

    /** @param saved what listens on its addresses, as it is saved */
    void serves(String saved) {
        served.setText(saved);
    }

    void onRemove(Runnable removed) {
        remove.addClickListener(click -> removed.run());
    }

    void onChange(Runnable changed) {
        List.<HasValue<?, ?>>of(
                        name,
                        network,
                        id,
                        device,
                        addresses,
                        owner,
                        version,
                        password,
                        withoutPassword,
                        repeat,
                        refresh)
                .forEach(field -> field.addValueChangeListener(change -> changed.run()));
    }

    /** Where one holds all there is nobody to choose, and where none does it makes no difference. */
    void under(HaMode wished) {
        mode = wished;
        owner.setVisible(wished == HaMode.ACTIVE_ACTIVE || wished == HaMode.CLUSTER);
    }

    /** Says at its field what is missing; the password of another name is not known. */
    boolean isComplete() {
        boolean missing = passwordSet
                && isRenamed()
                && version.getValue() == 2
                && password.isEmpty()
                && !withoutPassword.getValue();
        if (missing) {
            password.setErrorMessage("Type the password anew, or remove it: the router has another name");
            password.setInvalid(true);
        }
        return !missing;
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
        var chosen = mode == HaMode.ACTIVE_PASSIVE ? null : owner.getValue();
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
                wishedPassword(),
                HaForm.number(repeat),
                HaForm.number(refresh));
    }

    /** Null keeps the one that there is under this name, which is another router's if this one is new or renamed. */
    private @Nullable String wishedPassword() {
        if (version.getValue() != 2) {
            return null;
        }
        if (withoutPassword.getValue() && passwordSet) {
            return "";
        }
        if (!password.isEmpty()) {
            return password.getValue();
        }
        return passwordSet && !isRenamed() ? null : "";
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
