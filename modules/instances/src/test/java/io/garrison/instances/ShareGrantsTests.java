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

/** What all instances may be passing together is never more than the cap, whatever gets lost. */
class ShareGrantsTests {

    private static final long CAP = 50_000_000;
    private static final int SEATS = 8;

    /** An edge with a kernel that holds it to its share, and management's row of it. */
    private static final class Edge {
        final InstanceId id;
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

        Edge(int number) {
            id = new InstanceId(new UUID(1, number));
        }

        Member member() {
            return new Member(id, row.bps(), row.heldBps(), demand, hungry);
        }

        Report.Throughput report() {
            return new Report.Throughput(inForce, passes, "TC", null, 0, 0, 0, 0, 0);
        }

        void apply() {
            if (waiting != null) {
                passes = waiting.bps();
                inForce = waiting.number();
                waiting = null;
            }
        }
    }

    private static final class World {
        final List<Edge> edges = new ArrayList<>();
        long cap = CAP;

        /** One heartbeat as it reaches management; the answer is another matter. */
        Grant heartbeat(Edge edge, Report.Throughput report) {
            edge.row = edge.row.confirmed(report);
            var members = edges.stream().map(Edge::member).toList();
            long next = new ShareGrants(cap, members.size() < SEATS).next(members, edge.member());
            edge.row = edge.row.to(next);
            return edge.row;
        }

        void whole(Edge edge) {
            edge.waiting = heartbeat(edge, edge.report());
            edge.apply();
        }

        long passing() {
            return edges.stream()
                    .mapToLong(edge -> edge.passes == null ? 0 : edge.passes)
                    .sum();
        }

        Edge join() {
            var edge = new Edge(edges.size() + 100);
            edges.add(edge);
            return edge;
        }
    }

    @RepeatedTest(500)
    void neverPassesMoreThanTheCapWhateverIsLostLateOrGone(RepetitionInfo turn) {
        var random = new Random(turn.getCurrentRepetition());
        var world = new World();
        int number = 0;
        for (int step = 0; step < 400; step++) {
            if (world.edges.isEmpty() || world.edges.size() < SEATS && random.nextInt(40) == 0) {
                world.edges.add(new Edge(number++));
            } else if (world.edges.size() > 1 && random.nextInt(60) == 0) {
                world.edges.remove(random.nextInt(world.edges.size())); // its seat ran out
            }
            var edge = world.edges.get(random.nextInt(world.edges.size()));
            edge.demand = random.nextInt(3) == 0 ? random.nextLong(2 * CAP) : edge.demand;
            edge.hungry = random.nextInt(3) == 0;
            switch (random.nextInt(8)) {
                case 0 -> {} // silent, or its report is lost
                case 1 -> world.heartbeat(edge, edge.report()); // the answer is lost
                case 2 -> edge.apply(); // what came before is applied only now
                case 3 -> {
                    // the report overtakes an answer that is not applied yet
                    var report = edge.report();
                    edge.waiting = world.heartbeat(edge, report);
                }
                case 4 -> edge.old = edge.report();
                case 5 -> {
                    if (edge.old != null) {
                        world.heartbeat(edge, edge.old); // it comes when nobody waits for the answer any more
                    }
                }
                default -> world.whole(edge);
            }
            assertThat(world.passing()).as("step " + step).isLessThanOrEqualTo(CAP);
        }
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

    @Test
    void takesTheShareOfASilentInstanceOnlyWithItsSeat() {
        var world = new World();
        var one = world.join();
        var other = world.join();
        for (int i = 0; i < 3; i++) {
            world.whole(one);
            world.whole(other);
        }
        assertThat(one.passes).isBetween(CAP * 48 / 100, CAP / 2);
        other.hungry = true;
        one.demand = 0;
        for (int i = 0; i < 5; i++) {
            world.whole(other); // the one is silent
        }
        assertThat(other.passes).as("its traffic goes on").isLessThanOrEqualTo(CAP - one.passes);

        world.edges.remove(one);
        world.whole(other);

        assertThat(other.passes).isBetween(CAP * 98 / 100, CAP);
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
