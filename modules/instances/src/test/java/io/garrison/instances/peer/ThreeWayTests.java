package io.garrison.instances.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.protocol.ProtocolJson;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configuration sync (MS-04): what is to be done follows from three contents alone. */
class ThreeWayTests {

    /** A capital letter is a policy, a small one its certificates; a dash is nothing published. */
    @ParameterizedTest(name = "mine {0}, theirs {1}, in common {2}: {3}")
    @CsvSource({
        "-,  -,  -,  SAME",
        "-,  -,  A,  SAME",
        "A,  A,  -,  SAME",
        "A,  A,  B,  SAME",
        "A,  -,  -,  PUSH",
        "-,  A,  -,  PULL",
        "B,  A,  A,  PUSH",
        "A,  B,  A,  PULL",
        "A,  B,  -,  CONFLICT",
        "B,  C,  A,  CONFLICT",
        "A,  -,  A,  CONFLICT",
        "-,  A,  A,  CONFLICT",
        "B,  -,  A,  CONFLICT",
        "-,  B,  A,  CONFLICT",
        "Aa, Aa, -,  SAME",
        "Ab, Aa, Aa, PUSH",
        "Aa, Ab, Aa, PULL",
        "Ab, Ac, Aa, CONFLICT",
        "Aa, Ab, -,  CONFLICT",
        "Aa, A,  -,  SAME",
        "Ba, A,  A,  PUSH",
        "Aa, Ab, A,  CONFLICT"
    })
    void decides(String mine, String theirs, String base, ThreeWay expected) {
        var decided = ThreeWay.of(of(mine), of(theirs), of(base), of(base));

        assertThat(decided).isEqualTo(expected);
        assertThat(ThreeWay.of(of(theirs), of(mine), of(base), of(base)))
                .as("the other side comes to the same")
                .isEqualTo(expected.fromThere());
    }

    @ParameterizedTest
    @CsvSource({
        "A, A, A, B, SAME",
        "A, B, A, -, CONFLICT",
        "A, B, A, B, CONFLICT",
        "B, A, A, -, CONFLICT",
        "B, A, A, B, CONFLICT",
        "B, A, A, A, PUSH",
        "A, -, -, A, CONFLICT",
        "-, A, -, A, PULL"
    })
    void trustsNoMemoryThatTheOtherSideDoesNotShare(
            String mine, String theirs, String base, String theirBase, ThreeWay expected) {
        assertThat(ThreeWay.of(of(mine), of(theirs), of(base), of(theirBase))).isEqualTo(expected);
    }

    private static @Nullable Fingerprint of(String letters) {
        return letters.equals("-")
                ? null
                : new Fingerprint(
                        ProtocolJson.sha256Hex(letters.substring(0, 1)),
                        letters.length() == 1 ? null : ProtocolJson.sha256Hex(letters.substring(1)));
    }
}
