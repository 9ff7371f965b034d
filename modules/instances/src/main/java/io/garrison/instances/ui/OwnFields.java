package io.garrison.instances.ui;

import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.NumberField;
import io.garrison.instances.availability.SharedSettings;
import io.garrison.instances.availability.Side;
import io.garrison.protocol.HaSettings;
import io.garrison.protocol.HaSettings.FlapAction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What every instance has of its own, shown once: a field that is changed is the same for all of them afterwards. */
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
    private final transient Touched touched;
    final Div differ = new Div();

    OwnFields(FieldErrors errors, Touched touched) {
        this.errors = errors;
        this.touched = touched;
        addClassName("stacked");
        recovery.setHelperText("Good checks in a row before a peer counts again, 1–1\u202f000; default 1");
        flaps.setHelperText(
                "How often it may leave the active state before the action is taken, 0–100; 0: off; default 6");
        window.setHelperText("10–86\u202f400; default 600");
        action.setLabel("Then the primary");
        action.setItems(FlapAction.values());
        action.setItemLabelGenerator(HaWords::of);
        action.setHelperText("Until a person releases it");
        minimum.setHelperText("Both directions together; default 1\u202f024 bit/s");
        unit.setLabel("Unit");
        unit.setItems(UNITS);
        unit.setItemLabelGenerator(OwnFields::unitName);
        bandwidthInterval.setHelperText("1–3\u202f600; default 10");
        linkInterval.setHelperText("How often carriers are read, 10–60\u202f000; default 100");
        links.setHelperText("With fewer it gives up its addresses, 0–32; 0: off; default 0");
        bandwidth.addValueChangeListener(change -> adapt());
        differ.addClassNames("hint", "warning");
        touched.watch(
                recovery, flaps, window, action, bandwidth, minimum, unit, bandwidthInterval, linkInterval, links);
        add(
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
        var different = different(sides);
        differ.setVisible(!different.isEmpty());
        differ.setText(
                "The instances differ in: %s. Saving makes them the same in what you change here; in the rest each keeps its own."
                        .formatted(String.join(", ", different)));
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

    private List<String> different(List<Side> sides) {
        var values = new LinkedHashMap<String, Function<HaSettings, Object>>();
        values.put(recovery.getLabel(), HaSettings::peerRecoveryThreshold);
        values.put(flaps.getLabel(), HaSettings::maximumFlaps);
        values.put(window.getLabel(), HaSettings::flapWindowSeconds);
        values.put(action.getLabel(), HaSettings::flapAction);
        values.put(bandwidth.getLabel(), HaSettings::bandwidthMonitoring);
        values.put(minimum.getLabel(), HaSettings::minimumBandwidthBps);
        values.put(bandwidthInterval.getLabel(), HaSettings::bandwidthIntervalSeconds);
        values.put(linkInterval.getLabel(), HaSettings::linkMonitoringIntervalMs);
        values.put(links.getLabel(), HaSettings::minimumActiveLinkPairs);
        return values.entrySet().stream()
                .filter(value -> sides.stream()
                                .map(side -> value.getValue().apply(side.ha()))
                                .distinct()
                                .count()
                        > 1)
                .map(Map.Entry::getKey)
                .toList();
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

    /** @param own what the instance has now, which it keeps where nobody typed anything */
    HaSettings settings(HaSettings own, boolean primary) {
        var shared = SharedSettings.DEFAULT; // the form's own take its place
        boolean rate = touched.is(minimum) || touched.is(unit);
        return new HaSettings(
                shared.mode(),
                primary,
                shared.port(),
                shared.peerCheckIntervalMs(),
                shared.peerFailureThreshold(),
                typed(recovery, own.peerRecoveryThreshold()),
                typed(flaps, own.maximumFlaps()),
                typed(window, own.flapWindowSeconds()),
                touched.is(action) ? action.getValue() : own.flapAction(),
                touched.is(bandwidth) ? bandwidth.getValue() : own.bandwidthMonitoring(),
                rate ? minimumBps() : own.minimumBandwidthBps(),
                typed(bandwidthInterval, own.bandwidthIntervalSeconds()),
                typed(linkInterval, own.linkMonitoringIntervalMs()),
                typed(links, own.minimumActiveLinkPairs()));
    }

    private int typed(IntegerField field, int own) {
        return touched.is(field) ? HaForm.number(field) : own;
    }

    private long minimumBps() {
        return minimum.getValue() == null ? -1L : Math.round(minimum.getValue() * unit.getValue());
    }
}
