package io.garrison.tenancy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.garrison.tenancy.http.EntityTag.PreconditionRequired;
import io.garrison.tenancy.http.EntityTag.Stale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntityTagTests {

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 10, 999_999_999_999_999_999L})
    void readsWhatItWrites(long version) {
        assertThat(EntityTag.require(EntityTag.of(version))).isEqualTo(version);
        assertThat(EntityTag.require(" " + EntityTag.of(version) + "\t")).isEqualTo(version);
    }

    @Test
    void takesTheStarForAnyVersionAndATagForOne() {
        assertThatNoException().isThrownBy(() -> EntityTag.check(EntityTag.require("*"), 7));
        assertThatNoException().isThrownBy(() -> EntityTag.check(EntityTag.require("\"7\""), 7));
        assertThatExceptionOfType(Stale.class).isThrownBy(() -> EntityTag.check(EntityTag.require("\"6\""), 7));
    }

    /** Minus one stands for the star inside; nobody may write it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"-1\"",
                "\"+1\"",
                "\"01\"",
                "\"\u0661\"",
                "W/\"1\"",
                "1",
                "\"1",
                "\"\"",
                "\"",
                "\"*\"",
                "\"1\", \"2\"",
                "\"99999999999999999999\"",
                "abc"
            })
    void takesNothingElseForAVersion(String ifMatch) {
        assertThatExceptionOfType(Stale.class).isThrownBy(() -> EntityTag.require(ifMatch));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " "})
    void asksForAVersion(String ifMatch) {
        assertThatExceptionOfType(PreconditionRequired.class).isThrownBy(() -> EntityTag.require(ifMatch));
    }
}
