package io.garrison.instances.ui;

import com.vaadin.flow.component.combobox.MultiSelectComboBox;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.select.Select;
import io.garrison.instances.HighAvailability.StackHa;
import io.garrison.instances.availability.MixedModes;
import io.garrison.instances.availability.MixedModes.OwnMode;
import io.garrison.instances.availability.MixedModes.ServiceMode;
import io.garrison.instances.availability.Placement.Served;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** How virtual services are served where both modes are mixed (HC-24): by their type, and some by themselves. */
final class ServiceModes extends Div {
    private static final long serialVersionUID = 1L;

    final Select<ServiceMode> http = new Select<>();
    final Select<ServiceMode> tcp = new Select<>();
    final MultiSelectComboBox<String> spread = new MultiSelectComboBox<>("Active-active services");
    final MultiSelectComboBox<String> single = new MultiSelectComboBox<>("Active-passive services");
    private final transient FieldErrors errors;

    ServiceModes(FieldErrors errors, Touched touched) {
        this.errors = errors;
        addClassName("stacked");
        http.setLabel("HTTP services");
        tcp.setLabel("TCP services");
        for (var type : List.of(http, tcp)) {
            type.setItems(ServiceMode.values());
            type.setItemLabelGenerator(HaWords::of);
            type.setHelperText("Unless named below");
        }
        spread.setHelperText("Their routers go to the instances in turn, beginning after the primary");
        single.setHelperText("Their routers go to the primary");
        touched.watch(http, tcp, spread, single);
        var why = new Span("Addresses move, and with each all services that listen on it: give services of different"
                + " modes addresses of different routers.");
        why.addClassName("quiet");
        add(new H3("Virtual services"), HaForm.form(http, tcp, spread, single), why);
    }

    void show(StackHa ha) {
        var mixed = ha.settings().mixed();
        var names = new TreeSet<String>();
        ha.placement().services().stream().map(Served::service).forEach(names::add);
        mixed.services().stream().map(OwnMode::service).forEach(names::add);
        spread.setItems(names);
        single.setItems(names);
        http.setValue(mixed.http());
        tcp.setValue(mixed.tcp());
        spread.setValue(named(mixed, ServiceMode.ACTIVE_ACTIVE));
        single.setValue(named(mixed, ServiceMode.ACTIVE_PASSIVE));
    }

    private static Set<String> named(MixedModes mixed, ServiceMode mode) {
        var names = new TreeSet<String>();
        mixed.services().stream()
                .filter(own -> own.trafficMode() == mode)
                .map(OwnMode::service)
                .forEach(names::add);
        return names;
    }

    MixedModes modes() {
        var own = new ArrayList<OwnMode>();
        new TreeSet<>(spread.getValue()).forEach(name -> own.add(new OwnMode(name, ServiceMode.ACTIVE_ACTIVE)));
        new TreeSet<>(single.getValue()).forEach(name -> own.add(new OwnMode(name, ServiceMode.ACTIVE_PASSIVE)));
        return new MixedModes(http.getValue(), tcp.getValue(), own);
    }

    /** Where errors of what is wished now are shown. */
    void register() {
        errors.forget("/mixed/services");
        errors.at("/mixed/services", spread);
        for (int at = 0; at < modes().services().size(); at++) {
            errors.at("/mixed/services/" + at, at < spread.getValue().size() ? spread : single);
        }
    }
}
