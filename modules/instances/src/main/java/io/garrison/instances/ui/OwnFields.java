package io.garrison.instances.ui;

import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.NumberField;
import io.garrison.instances.availability.SharedSettings;
import io.garrison.instances.availability.Side;
import io.garrison.protocol.HaSettings;
import io.garrison.protocol.HaSettings.FlapAction;
import java.util.List;

/** What every instance is given alike, though it could differ. */
final class OwnFields extends Div {
    private static final long serialVersionUID = 1L;

    /** Units of a rate, in bit/s. */
    private static final List<Long> UNITS = List.of(1L, 1_000L, 1_000_000L, 1_000_000_000L);

    private final transient FieldErrors errors;

    final IntegerField recovery = new IntegerField("Peer recovery threshold");
    final IntegerField flaps = new IntegerField("Flaps, at most");
    private final IntegerField window = new IntegerField("Within (s)");
    private final Select<FlapAction> action = new Select<>();
    private final Checkbox bandwidth = new Checkbox("Hand over when too little traffic arrives");
    private final NumberField minimum = new NumberField("Minimum bandwidth");
    private final Select<Long> unit = new Select<>();
    private final IntegerField bandwidthInterval = new IntegerField("For how long (s)");
    private final IntegerField linkInterval = new IntegerField("Link monitoring interval (ms)");
    private final IntegerField links = new IntegerField("Active link pairs, at least");
    private final Span differ = new Span("The instances differ in these values. Saving makes them the same.");

    OwnFields(FieldErrors errors) {
        this.errors = errors;
        addClassName("stacked");
        recovery.setHelperText("Good checks in a row before a peer counts again, 1–1000; default 1");
        flaps.setHelperText("Changes of role before the action is taken, 0–100; 0: off; default 6");
        window.setHelperText("10–86400; default 600");
        action.setLabel("Then the primary");
        action.setItems(FlapAction.values());
        action.setItemLabelGenerator(HaWords::of);
        action.setHelperText("Until a person releases it");
        minimum.setHelperText("Both directions together; default 1024 bit/s");
        unit.setLabel("Unit");
        unit.setItems(UNITS);
        unit.setItemLabelGenerator(OwnFields::unitName);
        bandwidthInterval.setHelperText("1–3600; default 10");
        linkInterval.setHelperText("How often carriers are read, 10–60000; default 100");
        links.setHelperText("With fewer it gives up its addresses, 0–32; 0: off; default 0");
        bandwidth.addValueChangeListener(change -> adapt());
        differ.addClassName("quiet");
        add(
                differ,
                HaForm.form(recovery, flaps, window, action),
                bandwidth,
                HaForm.form(minimum, unit, bandwidthInterval),
                HaForm.form(linkInterval, links));
    }

    private static String unitName(Long factor) {
        return switch (UNITS.indexOf(factor)) {
            case 0 -> "bit/s";
            case 1 -> "kbit/s";
            case 2 -> "Mbit/s";
            default -> "Gbit/s";
        };
    }

    private void adapt() {
        minimum.setEnabled(bandwidth.getValue());
        unit.setEnabled(bandwidth.getValue());
        bandwidthInterval.setEnabled(bandwidth.getValue());
    }

    void show(List<Side> sides, int members) {
        var ha = sides.isEmpty() ? HaSettings.DEFAULT : sides.getFirst().ha();
        differ.setVisible(
                sides.stream().map(side -> likeAll(side.ha())).distinct().count() > 1);
        recovery.setValue(ha.peerRecoveryThreshold());
        flaps.setValue(ha.maximumFlaps());
        window.setValue(ha.flapWindowSeconds());
        action.setValue(ha.flapAction());
        bandwidth.setValue(ha.bandwidthMonitoring());
        long factor = UNITS.reversed().stream()
                .filter(each -> ha.minimumBandwidthBps() % each == 0)
                .findFirst()
                .orElse(1L);
        unit.setValue(factor);
        minimum.setValue((double) ha.minimumBandwidthBps() / factor);
        bandwidthInterval.setValue(ha.bandwidthIntervalSeconds());
        linkInterval.setValue(ha.linkMonitoringIntervalMs());
        links.setValue(ha.minimumActiveLinkPairs());
        for (int at = 0; at < members; at++) {
            register("/instances/" + at + "/");
        }
        adapt();
    }

    private static HaSettings likeAll(HaSettings ha) {
        return new HaSettings(
                ha.mode(),
                false,
                ha.port(),
                ha.peerCheckIntervalMs(),
                ha.peerFailureThreshold(),
                ha.peerRecoveryThreshold(),
                ha.maximumFlaps(),
                ha.flapWindowSeconds(),
                ha.flapAction(),
                ha.bandwidthMonitoring(),
                ha.minimumBandwidthBps(),
                ha.bandwidthIntervalSeconds(),
                ha.linkMonitoringIntervalMs(),
                ha.minimumActiveLinkPairs());
    }

    private void register(String at) {
        errors.at(at + "peerRecoveryThreshold", recovery)
                .at(at + "maximumFlaps", flaps)
                .at(at + "flapWindowSeconds", window)
                .at(at + "minimumBandwidthBps", minimum)
                .at(at + "bandwidthIntervalSeconds", bandwidthInterval)
                .at(at + "linkMonitoringIntervalMs", linkInterval)
                .at(at + "minimumActiveLinkPairs", links);
    }

    HaSettings settings(boolean primary) {
        var shared = SharedSettings.DEFAULT; // the form's own take its place
        return new HaSettings(
                shared.mode(),
                primary,
                shared.port(),
                shared.peerCheckIntervalMs(),
                shared.peerFailureThreshold(),
                HaForm.number(recovery),
                HaForm.number(flaps),
                HaForm.number(window),
                action.getValue(),
                bandwidth.getValue(),
                minimum.getValue() == null ? -1L : Math.round(minimum.getValue() * unit.getValue()),
                HaForm.number(bandwidthInterval),
                HaForm.number(linkInterval),
                HaForm.number(links));
    }
}
