package io.garrison.instances;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.instances.ShareGrants.Member;
import io.garrison.instances.ShareRow.Grant;
import io.garrison.protocol.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** What all that are heard of may be passing together is never more than the cap, whatever gets lost. */
class ShareGrantsTests {

    private static final long CAP = 50_000_000;
    private static final int SEATS = 8;
    private static final long HEARD = ThroughputRows.HEARD.toSeconds();
    private static final int HEARTBEAT = 5;
    private static final long NEVER = Long.MIN_VALUE / 2;

    /** An edge with a kernel that holds it to its share, and management's row of it. */
    private static final class Edge {
        final InstanceId id;
        final StackId stack;
        Grant row = new Grant(0, null, null);
        long demand;
        boolean hungry;
        /** What its kernel passes at most. Nothing before its first answer: it serves nothing yet. */
        @Nullable
        Long passes;

        long inForce;
        /** An answer that is here and not applied yet. */
        @Nullable
        Grant waiting;

        /** A report that is under way for long. */
        Report.@Nullable Throughput old;

        /** When management heard of it last. */
        long heard = NEVER;

        /** No report of it arrives until then. */
        long cutOffUntil = NEVER;

        /** Which answers of management are waiting and in force. */
        long waitingAnswer;

        long answerInForce;

        Edge(int number) {
            this(number, 1);
        }

        Edge(int number, int stack) {
            id = new InstanceId(new UUID(1, number));
            this.stack = new StackId(new UUID(2, stack));
        }

        Member member(boolean silent) {
            return new Member(id, stack, row.bps(), row.heldBps(), demand, hungry, silent);
        }

        Report.Throughput report() {
            return new Report.Throughput(inForce, passes, "TC", null, 0, 0, 0, 0, 0);
        }

        void apply() {
            if (waiting != null) {
                passes = waiting.bps();
                inForce = waiting.number();
                answerInForce = waitingAnswer;
                waiting = null;
            }
        }
    }

    private static final class World {
        final List<Edge> edges = new ArrayList<>();
        long cap = CAP;
        long now;
        private long answers;
        /** The last answer before one that was silent was heard of again. */
        private long answersBeforeReturn = -1;

        /** One heartbeat as it reaches management; the answer is another matter. */
        Grant heartbeat(Edge edge, Report.Throughput report) {
            boolean back = isSilent(edge);
            if (back) {
                answersBeforeReturn = answers;
            }
            edge.row = edge.row.confirmed(report);
            var self = edge.member(false);
            var members = edges.stream()
                    .map(other -> other == edge ? self : other.member(!back && isSilent(other)))
                    .toList();
            edge.heard = now;
            edge.row = edge.row.to(new ShareGrants(cap, members.size() < SEATS).next(members, self));
            answers++;
            return edge.row;
        }

        boolean isSilent(Edge edge) {
            return edge.heard != NEVER && now - edge.heard >= HEARD;
        }

        void receive(Edge edge, Report.Throughput report) {
            edge.waiting = heartbeat(edge, report);
            edge.waitingAnswer = answers;
        }

        void whole(Edge edge) {
            receive(edge, edge.report());
            edge.apply();
        }

        /** So long, with a heartbeat of these each five seconds. */
        void goesOn(int seconds, Edge... heard) {
            for (int i = 0; i < seconds; i += HEARTBEAT) {
                now += HEARTBEAT;
                List.of(heard).forEach(this::whole);
            }
        }

        /** Whether one has just come back, and not everybody has applied an answer since. */
        boolean isSettling() {
            return answersBeforeReturn >= 0
                    && edges.stream()
                            .anyMatch(edge -> edge.passes != null
                                    && !isSilent(edge)
                                    && edge.answerInForce <= answersBeforeReturn);
        }

        /** All that are heard of. */
        long passing() {
            return edges.stream()
                    .filter(edge -> !isSilent(edge))
                    .mapToLong(edge -> edge.passes == null ? 0 : edge.passes)
                    .sum();
        }

        Edge join() {
            return join(1);
        }

        Edge join(int stack) {
            var edge = new Edge(edges.size() + 100, stack);
            edges.add(edge);
            return edge;
        }
    }

    @RepeatedTest(500)
    void neverPassesMoreThanTheCapWhateverIsLostLateOrGone(RepetitionInfo turn) {
        var random = new Random(turn.getCurrentRepetition());
        var world = new World();
        int number = 0;
        int settled = 0;
        int silences = 0;
        for (int step = 0; step < 1_000; step++) {
            world.now += random.nextInt(3);
            if (world.edges.isEmpty() || world.edges.size() < SEATS && random.nextInt(40) == 0) {
                world.edges.add(new Edge(number++, random.nextInt(3)));
            } else if (world.edges.size() > 1 && random.nextInt(60) == 0) {
                world.edges.remove(random.nextInt(world.edges.size())); // its seat ran out
            }
            var edge = world.edges.get(random.nextInt(world.edges.size()));
            edge.demand = random.nextInt(3) == 0 ? random.nextLong(2 * CAP) : edge.demand;
            edge.hungry = random.nextInt(3) == 0;
            if (world.edges.size() > 1 && random.nextInt(50) == 0) {
                edge.cutOffUntil = world.now + HEARD + random.nextLong(2 * HEARD);
            }
            switch (world.now < edge.cutOffUntil ? 0 : random.nextInt(8)) {
                case 0 -> {} // silent, or its report is lost
                case 1 -> world.heartbeat(edge, edge.report()); // the answer is lost
                case 2 -> edge.apply(); // what came before is applied only now
                case 3 -> {
                    // the report overtakes an answer that is not applied yet
                    world.receive(edge, edge.report());
                }
                case 4 -> edge.old = edge.report();
                case 5 -> {
                    if (edge.old != null) {
                        world.heartbeat(edge, edge.old); // it comes when nobody waits for the answer any more
                    }
                }
                default -> world.whole(edge);
            }
            silences += (int) world.edges.stream().filter(world::isSilent).count();
            if (!world.isSettling()) {
                settled++;
                assertThat(world.passing()).as("step " + step).isLessThanOrEqualTo(CAP);
            }
        }
        assertThat(settled).as("steps that were looked at").isGreaterThan(100);
        assertThat(silences).isPositive();
    }

    @RepeatedTest(50)
    void comesToTheFairSplitOnceEverybodyIsHeard(RepetitionInfo turn) {
        var random = new Random(turn.getCurrentRepetition());
        var world = new World();
        for (int i = 0; i < SEATS; i++) {
            world.edges.add(new Edge(i));
        }
        for (int step = 0; step < 100; step++) {
            var edge = world.edges.get(random.nextInt(SEATS));
            edge.demand = random.nextLong(CAP);
            world.whole(edge);
        }
        world.edges.forEach(edge -> {
            edge.demand = 1_000_000;
            edge.hungry = false;
        });
        world.edges.get(3).hungry = true;
        for (int round = 0; round < 4; round++) {
            world.edges.forEach(world::whole);
        }

        assertThat(world.edges.get(3).passes)
                .as("all but a quarter more than the others pass")
                .isBetween(CAP - 7 * 1_300_000, CAP - 7 * 1_250_000);
    }

    /** Two of a sub-licence: one has all the clients, and falls silent. */
    private static final class Failover {
        final World world = new World();
        final Edge gone = world.join(1);
        final Edge survivor;

        Failover(int stackOfSurvivor) {
            survivor = world.join(stackOfSurvivor);
            gone.demand = CAP * 98 / 100;
            gone.hungry = true;
            world.goesOn(30, gone, survivor);
            assertThat(gone.passes).isGreaterThan(CAP * 97 / 100);
            assertThat(survivor.passes).isLessThan(CAP / 50);
        }

        void clientsGoOver() {
            survivor.hungry = true;
        }
    }

    @Test
    void givesAllToWhoHasTheClientsOfASilentInstance() {
        var two = new Failover(1);
        two.clientsGoOver();
        two.world.goesOn(50, two.survivor);
        assertThat(two.survivor.passes).as("it may be a few lost reports").isLessThanOrEqualTo(CAP - two.gone.passes);

        two.world.goesOn(25, two.survivor);

        assertThat(two.survivor.passes).isBetween(CAP * 98 / 100, CAP);
    }

    @Test
    void staysWithItWhenTheClientsWantLessThanAll() {
        var two = new Failover(1);
        two.clientsGoOver();
        two.world.goesOn(90, two.survivor);
        two.survivor.hungry = false;
        two.survivor.demand = CAP * 7 / 10;
        for (int i = 0; i < 10; i++) {
            two.world.goesOn(HEARTBEAT, two.survivor);
            assertThat(two.survivor.passes).isGreaterThan(CAP * 85 / 100);
        }
    }

    @Test
    void leavesASilentInstanceOfAnotherStackAnEqualPart() {
        var two = new Failover(2);
        two.clientsGoOver();

        two.world.goesOn(90, two.survivor);

        assertThat(two.survivor.passes).isBetween(CAP * 48 / 100, CAP / 2);
    }

    @Test
    void endsTheExcessWhenOneThatWasCutOffIsHeardOfAgain() {
        var two = new Failover(1);
        two.clientsGoOver();
        two.world.goesOn(300, two.survivor);

        two.world.goesOn(2 * HEARTBEAT, two.gone, two.survivor);

        assertThat(two.world.passing()).isLessThanOrEqualTo(CAP);
        assertThat(two.gone.passes).as("it is not stopped").isGreaterThan(CAP * 45 / 100);
        assertThat(two.survivor.passes).isGreaterThan(CAP * 45 / 100);
    }

    @Test
    void takesNobodyForSilentWhenManagementWasAway() {
        var two = new Failover(1);
        two.clientsGoOver();
        two.world.now += 300;

        two.world.whole(two.survivor);

        assertThat(two.survivor.passes).isLessThanOrEqualTo(CAP - two.gone.passes);
    }

    @Test
    void hasSomethingForWhoJoinsWhileTheOthersAreSilent() {
        var world = new World();
        var one = world.join();
        one.hungry = true;
        for (int i = 0; i < 3; i++) {
            world.whole(one);
        }
        var joined = world.join();
        world.whole(joined);

        assertThat(joined.passes).as("about half a percent").isBetween(CAP / 210, CAP / 50);
        assertThat(world.passing()).isLessThanOrEqualTo(CAP);
    }

    @Test
    void keepsNothingBackWhenEverySeatIsTaken() {
        var world = new World();
        for (int i = 0; i < SEATS; i++) {
            world.join();
        }
        for (int round = 0; round < 3; round++) {
            world.edges.forEach(world::whole);
        }
        assertThat(world.passing()).isBetween(CAP - CAP / 50, CAP);
    }

    @Test
    void followsACapThatIsLowered() {
        var world = new World();
        var one = world.join();
        var other = world.join();
        for (int i = 0; i < 3; i++) {
            world.whole(one);
            world.whole(other);
        }
        world.cap = CAP / 10;
        world.whole(one);
        world.whole(other);

        assertThat(world.passing()).isLessThanOrEqualTo(CAP / 10);
    }

    @Test
    void believesNoConfirmationOfAnotherShareThatHasTheSameNumber() {
        var row = new Grant(7, 10L, 30L);
        assertThat(row.confirmed(new Report.Throughput(7, 30L, "TC", null, 0, 0, 0, 0, 0))
                        .heldBps())
                .isEqualTo(30);
        assertThat(row.confirmed(new Report.Throughput(7, 10L, "TC", null, 0, 0, 0, 0, 0))
                        .heldBps())
                .isEqualTo(10);
    }
}
