package io.garrison.instances.ui;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.instances.LifecycleState;
import io.garrison.protocol.SyncState;
import io.garrison.tenancy.ui.Signal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StateWordsTests {

    @ParameterizedTest
    @CsvSource({"OUT_OF_SYNC, Out of sync", "ACTIVE, Active", "haproxyVersion, Haproxy version", "os, Os"})
    void readsWordsOfTheWireAloud(String word, String read) {
        assertThat(StateWords.of(word)).isEqualTo(read);
    }

    @Test
    void showsOnlyAnInstanceThatRunsWhatIsDesiredAsGood() {
        for (var state : SyncState.values()) {
            assertThat(InstanceStates.signal(state) == Signal.GOOD).isEqualTo(state == SyncState.IN_SYNC);
        }
    }

    @ParameterizedTest
    @EnumSource(LifecycleState.class)
    void neverShowsASilentInstanceAsGood(LifecycleState state) {
        if (!state.isConnected()) {
            assertThat(InstanceStates.signal(state)).isNotEqualTo(Signal.GOOD);
        }
    }
}
