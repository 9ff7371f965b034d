package io.garrison.edge.health;

import java.util.Map;
import java.util.TreeMap;

/** Prometheus' text format, version 0.0.4. */
public final class Metrics {

    private final StringBuilder text = new StringBuilder();

    public Metrics gauge(String name, String help, double value) {
        return family(name, help, "gauge", value);
    }

    public Metrics counter(String name, String help, double value) {
        return family(name, help, "counter", value);
    }

    /** One value per virtual service. */
    public Metrics services(String name, String help, String type, Map<String, ? extends Number> values) {
        head(name, help, type);
        new TreeMap<>(values)
                .forEach((service, value) -> line(name, "{virtual_service=\"" + escape(service) + "\"}", value));
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private Metrics family(String name, String help, String type, double value) {
        head(name, help, type);
        line(name, "", value);
        return this;
    }

    private void head(String name, String help, String type) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private void line(String name, String labels, Number value) {
        var number = value.doubleValue() == value.longValue() ? Long.toString(value.longValue()) : value.toString();
        text.append(name).append(labels).append(' ').append(number).append('\n');
    }

    private static String escape(String label) {
        return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
