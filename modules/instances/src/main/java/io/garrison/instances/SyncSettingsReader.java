package io.garrison.instances;

import io.garrison.instances.ConfigurationSync.Settings;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The settings together with their key, as they are at one moment. */
@Component
class SyncSettingsReader {

    private final SyncStore store;

    SyncSettingsReader(SyncStore store) {
        this.store = store;
    }

    record Keyed(Settings settings, byte @Nullable [] key) {}

    @Transactional(readOnly = true)
    Keyed read() {
        return new Keyed(store.settings(), store.key().orElse(null));
    }
}
