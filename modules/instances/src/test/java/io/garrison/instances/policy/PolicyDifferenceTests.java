package io.garrison.instances.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.instances.PolicyDiff;
import io.garrison.instances.PolicyDiff.Kind;
import io.garrison.protocol.Policy;
import org.junit.jupiter.api.Test;

class PolicyDifferenceTests {

    private static final String BASE = """
            {"virtualServices":[{"name":"shop","address":"192.0.2.1","port":80,"pool":"web"}],
             "pools":[{"name":"web","members":[{"address":"192.0.2.9","port":8080},{"address":"192.0.2.8","port":8080}]}]}""";

    private static Policy policy(String json) {
        return PolicyReader.read(json.getBytes());
    }

    private static PolicyDiff diff(String after) {
        return PolicyDifference.between(1, policy(BASE), 2, policy(after));
    }

    @Test
    void findsNothingBetweenEqualsAndNothingInAnotherOrderOfMembers() {
        assertThat(diff(BASE).isEmpty()).isTrue();
        var turned =
                BASE.replace("192.0.2.9", "x").replace("192.0.2.8", "192.0.2.9").replace("x", "192.0.2.8");
        assertThat(diff(turned).isEmpty()).isTrue();
    }

    @Test
    void saysInWordsOfTrafficWhatChanges() {
        var diff = diff(BASE.replace("\"port\":80,", "\"port\":81,\"accessList\":{\"deny\":[\"203.0.113.0/24\"]},")
                .replace("192.0.2.8", "192.0.2.7"));

        assertThat(diff.traffic())
                .extracting(change -> change.subject() + " " + change.sentence())
                .containsExactly(
                        "virtual service shop moves from 192.0.2.1:80 to 192.0.2.1:81; clients must follow",
                        "virtual service shop refuses clients from 203.0.113.0/24",
                        "pool web also sends traffic to 192.0.2.7:8080",
                        "pool web no longer sends traffic to 192.0.2.8:8080");
    }

    @Test
    void saysToTheLetterWhatChanges() {
        var diff = diff(BASE.replace("\"port\":80,", "\"port\":81,"));

        assertThat(diff.changes())
                .containsExactly(new PolicyDiff.FieldChange(Kind.CHANGED, "/virtualServices/shop/port", "80", "81"));
    }

    @Test
    void tellsWhatIsNewFromWhatIsGone() {
        var diff = PolicyDifference.between(0, Policy.EMPTY, 1, policy(BASE));

        assertThat(diff.traffic()).extracting(PolicyDiff.TrafficChange::kind).containsOnly(Kind.ADDED);
        assertThat(PolicyDifference.between(1, policy(BASE), 2, Policy.EMPTY).traffic())
                .extracting(PolicyDiff.TrafficChange::kind)
                .containsOnly(Kind.REMOVED);
    }

    @Test
    void comparesDraftsThatAreNotCompleteYet() {
        assertThat(diff("{\"virtualServices\":[{},{}],\"pools\":[{\"members\":[{}]}]}")
                        .isEmpty())
                .isFalse();
    }
}
