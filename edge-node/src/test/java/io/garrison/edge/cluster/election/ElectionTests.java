package io.garrison.edge.cluster.election;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.garrison.edge.cluster.election.Election.Timing;
import io.garrison.edge.cluster.election.SimulatedMembers.Memory;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PX-20, PX-21, PX-31: who leads, through thousands of schedules of losses, partitions, pauses and restarts. */
class ElectionTests {

    private static final UUID A = new UUID(0, 1);
    private static final UUID B = new UUID(0, 2);
    private static final UUID C = new UUID(0, 3);

    @ParameterizedTest
    @CsvSource({"2, 400", "3, 1000", "4, 200", "5, 400"})
    void neverHasTwoMainsNorOneWithoutAQuorumAndAlwaysFindsOneInTheEnd(int members, int schedules) {
        // Schedules have nothing in common, so each processor takes its part of them.
        long elections = IntStream.range(0, schedules)
                .parallel()
                .mapToLong(seed -> {
                    var world = new SimulatedMembers(seed, members, Memory.KEPT);
                    world.storm(3_000);
                    world.calm(2_500);

                    assertThat(world.wrong).as("seed " + seed).isEmpty();
                    assertThat(world.mains()).as("seed " + seed).hasSize(1).doesNotContainNull();
                    return world.elections;
                })
                .sum();
        assertThat(elections).isGreaterThan(schedules * 2L);
    }

    /** Longer than a member asks in vain, as all may have lost theirs at once. */
    @ParameterizedTest
    @CsvSource({"2, 400", "3, 1000", "4, 200", "5, 400"})
    void holdsWhenBallotsAreDamaged(int members, int schedules) {
        long damaged = IntStream.range(0, schedules)
                .parallel()
                .mapToLong(seed -> {
                    var world = new SimulatedMembers(seed, members, Memory.DAMAGED);
                    world.storm(3_000);
                    world.calm(7_000);

                    assertThat(world.wrong).as("seed " + seed).isEmpty();
                    assertThat(world.mains()).as("seed " + seed).hasSize(1).doesNotContainNull();
                    return world.damaged;
                })
                .sum();
        assertThat(damaged).isGreaterThan(schedules / 4);
    }

    @Test
    void asksForTermsBeforeItVotesAgainWhenItsBallotIsLost() throws IOException {
        var box = lost();
        var election = new Election(A, SimulatedMembers.TIMING, box, new Random(1), 0);
        election.declare(Voters.of(List.of(A, B, C), List.of()), 0);

        assertThat(election.tick(149))
                .as("somebody may become main by the lost vote still")
                .isEmpty();
        assertThat(election.tick(300)).containsExactly(new Election.Outgoing(null, new Message.Ask(1, true, 300)));
        assertThat(election.receive(B, new Message.Ask(7, false, 310), 310))
                .as("no vote")
                .isEmpty();
        election.receive(B, new Message.Vote(6, true, false, 299), 310);
        election.receive(B, new Message.Vote(5, true, false, 300), 310);
        election.tick(320);
        assertThat(box.open()).as("one of two others is not enough").isEmpty();
        election.receive(C, new Message.Vote(6, true, false, 300), 330);
        election.tick(340);

        assertThat(box.open()).hasValue(new Ballot(6, A));
        assertThat(election.receive(B, new Message.Ask(6, false, 900), 900))
                .containsExactly(new Election.Outgoing(B, new Message.Vote(6, false, false, 900)));
        assertThat(election.receive(B, new Message.Ask(7, false, 910), 910))
                .containsExactly(new Election.Outgoing(B, new Message.Vote(7, false, true, 910)));
    }

    @Test
    void goesOnFarAboveWhatItHeardWhenItsBallotIsLostAndTooFewAnswer() throws IOException {
        var box = lost();
        var election = new Election(A, SimulatedMembers.TIMING, box, new Random(1), 0);
        election.declare(Voters.of(List.of(A, B, C), List.of()), 0);
        for (long now = 0; now < 10_000 && box.open().isEmpty(); now++) {
            long at = now;
            election.tick(now).stream()
                    .filter(said -> said.message() instanceof Message.Ask ask && ask.trial())
                    .forEach(said -> election.receive(B, new Message.Vote(41, true, false, at), at));
        }

        assertThat(box.open().orElseThrow().term()).isGreaterThan(1_000_000);
    }

    @Test
    void wouldHaveTwoMainsIfMembersForgotTheirVotesAtARestart() {
        boolean found = false;
        for (int seed = 0; seed < 2_000 && !found; seed++) {
            var world = new SimulatedMembers(seed, 3, Memory.NONE);
            world.storm(3_000);
            found = world.wrong.stream().anyMatch(wrong -> wrong.startsWith("two mains"));
        }
        assertThat(found).as("the judge sees it").isTrue();
    }

    @Test
    void countsAMajorityFromThreeOn() {
        var three = Voters.of(List.of(A, B, C), List.of(A));

        assertThat(three.isQuorum(Set.of(A))).isFalse();
        assertThat(three.isQuorum(Set.of(B, C))).isTrue();
        assertThat(three.isQuorum(Set.of(B, new UUID(9, 9)))).isFalse();
        assertThat(Voters.of(List.of(A, B, C, new UUID(0, 4)), List.of()).isQuorum(Set.of(A, B)))
                .isFalse();
        assertThat(Voters.of(List.of(A), List.of()).isQuorum(Set.of(A))).isTrue();
        assertThat(Voters.NOBODY.isQuorum(Set.of(A))).isFalse();
    }

    @Test
    void letsThePrimaryOfTwoDecide() {
        var two = Voters.of(List.of(A, B), List.of(B));
        assertThat(two.isQuorum(Set.of(B))).isTrue();
        assertThat(two.isQuorum(Set.of(A))).isFalse();
        assertThat(two.isQuorum(Set.of(A, B))).isTrue();

        assertThat(Voters.of(List.of(A, B), List.of(A, B)).isQuorum(Set.of(A))).isTrue();
        assertThat(Voters.of(List.of(A, B), List.of(A, B)).isQuorum(Set.of(B))).isFalse();
        assertThat(Voters.of(List.of(A, B), List.of()).isQuorum(Set.of(A))).isFalse();
        assertThat(Voters.of(List.of(A, B), List.of()).isQuorum(Set.of(A, B))).isTrue();
    }

    @Test
    void doesNotVoteWhenTheVoteCannotBeKept() throws IOException {
        var box = new BallotBox() {
            @Override
            public Optional<Ballot> open() {
                return Optional.of(Ballot.NONE);
            }

            @Override
            public void put(Ballot ballot) throws IOException {
                throw new IOException("disk full");
            }
        };
        var election = new Election(A, SimulatedMembers.TIMING, box, new Random(1), 0);
        election.declare(Voters.of(List.of(A, B, C), List.of()), 0);

        var answer = election.receive(B, new Message.Ask(1, false, 990), 1_000);

        assertThat(answer).containsExactly(new Election.Outgoing(B, new Message.Vote(0, false, false, 990)));
    }

    @Test
    void doesNotListenToWhoIsNotDeclared() throws IOException {
        var election = new Election(A, SimulatedMembers.TIMING, memory(), new Random(1), 0);
        election.declare(Voters.of(List.of(A, B, C), List.of()), 0);

        assertThat(election.receive(new UUID(9, 9), new Message.Beat(7, 0), 1)).isEmpty();
        assertThat(election.standing(1).term()).isZero();
    }

    @Test
    void standsForNothingWithoutADeclaredMembership() throws IOException {
        var election = new Election(A, SimulatedMembers.TIMING, memory(), new Random(1), 0);

        assertThat(election.tick(10_000)).isEmpty();
        assertThat(election.standing(10_000).role()).isEqualTo(Role.WORKER);
    }

    @Test
    void waitsForTheTimeoutThatWasSet() throws IOException {
        for (var timing : List.of(new Timing(150, 300, 50), new Timing(1_000, 1_200, 100))) {
            var election = new Election(A, timing, memory(), new Random(1), 0);
            election.declare(Voters.of(List.of(A, B, C), List.of()), 0);

            assertThat(election.tick(timing.leastSilence() - 1)).isEmpty();
            assertThat(election.tick(timing.mostSilence())).hasSize(1);
        }
    }

    @Test
    void beatsAsOftenAsItWasSet() throws IOException {
        for (long beat : new long[] {20, 70}) {
            var election = new Election(A, new Timing(150, 300, beat), memory(), new Random(1), 0);
            election.declare(Voters.of(List.of(A), List.of()), 0);
            long beats = 0;
            for (long now = 300; now < 1_000; now++) {
                beats += election.tick(now).size();
            }
            assertThat(beats).isEqualTo(700 / beat);
        }
    }

    @Test
    void wantsToBeCalledWhenThereIsSomethingToDo() throws IOException {
        var follows = new Election(A, SimulatedMembers.TIMING, memory(), new Random(1), 0);
        follows.declare(Voters.of(List.of(A, B, C), List.of()), 0);
        follows.receive(B, new Message.Beat(1, 0), 0);
        assertThat(follows.pause(0)).as("the main is there").isEqualTo(150);
        follows.tick(300);
        assertThat(follows.pause(300)).as("it stands").isEqualTo(25);

        var leads = new Election(A, SimulatedMembers.TIMING, memory(), new Random(1), 0);
        leads.declare(Voters.of(List.of(A), List.of()), 0);
        leads.tick(300);
        assertThat(leads.pause(310)).as("the next beat").isEqualTo(40);
    }

    @Test
    void refusesATimingThatCannotWork() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Timing(100, 300, 50));
        assertThatIllegalArgumentException().isThrownBy(() -> new Timing(150, 150, 50));
    }

    private static BallotBox memory() {
        return new Memorized(Optional.of(Ballot.NONE));
    }

    private static BallotBox lost() {
        return new Memorized(Optional.empty());
    }

    private static final class Memorized implements BallotBox {
        private Optional<Ballot> ballot;

        Memorized(Optional<Ballot> ballot) {
            this.ballot = ballot;
        }

        @Override
        public Optional<Ballot> open() {
            return ballot;
        }

        @Override
        public void put(Ballot next) {
            ballot = Optional.of(next);
        }
    }
}
