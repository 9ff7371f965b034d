package io.garrison.edge.state;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Every setting of an instance, what it is and where that comes from (PX-19).
 *
 * @param settings by key
 */
public record SettingsInForce(List<Setting> settings) {

    public static final String DEFAULT = "default";
    public static final String UNSET = "unset";

    /**
     * @param value absent if nobody says and there is none by itself; {@link ClusterSettings} says what then holds
     * @param from {@value SettingsInForce#DEFAULT}, {@value SettingsInForce#UNSET}, or the file that says it
     * @param isDefault whether it is what holds if nobody says
     */
    public record Setting(String key, @Nullable String value, String from, boolean isDefault) {}

    /**
     * @param config what is in force
     * @param file that it was read from
     * @param machine that it was read from as well, and which wins
     * @throws IOException if one of them can't be read
     */
    public static SettingsInForce of(EdgeConfig config, Path file, Optional<Path> machine) throws IOException {
        var values = config.effective();
        var defaults = EdgeConfig.DEFAULT.effective();
        var inFile = EdgeConfig.settingsOf(file);
        var onMachine = machine.isPresent() ? EdgeConfig.settingsOf(machine.get()) : inFile;
        var keys = new TreeSet<>(EdgeConfig.keys());
        keys.addAll(values.keySet());
        var settings = new ArrayList<Setting>();
        for (var key : keys) {
            var value = values.get(key);
            var from = UNSET;
            if (value != null && machine.isPresent() && onMachine.containsKey(key)) {
                from = machine.get().toString();
            } else if (value != null) {
                from = inFile.containsKey(key) ? file.toString() : DEFAULT;
            }
            boolean isDefault = value == null ? !defaults.containsKey(key) : value.equals(defaults.get(key));
            settings.add(new Setting(key, value, from, isDefault));
        }
        return new SettingsInForce(List.copyOf(settings));
    }
}
