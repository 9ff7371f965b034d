package io.garrison.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnboardingFormTests {

    @ParameterizedTest
    @CsvSource(
            value = {
                "Müller & Söhne GmbH | muller-sohne-gmbh",
                "  Stadtwerke  Lindau  | stadtwerke-lindau",
                "ACME | acme",
                "!!! | ''"
            },
            delimiter = '|')
    void suggestsAShortNameThatAddressesCanCarry(String name, String slug) {
        assertThat(OnboardingForm.suggest(name)).isEqualTo(slug);
    }

    @ParameterizedTest
    @CsvSource({"a very long name that goes on and on and does not end"})
    void suggestsNoEndlessShortName(String name) {
        assertThat(OnboardingForm.suggest(name)).hasSizeLessThanOrEqualTo(40).doesNotEndWith("-");
    }
}
