package io.garrison.edge.cluster.election;

import io.garrison.edge.cluster.election.Election.Outgoing;
import io.garrison.edge.cluster.election.Election.Timing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/**
 * Members in simulated time: one schedule of losses, delays, duplicates, partitions, pauses and restarts for each seed. It
 * judges by what was delivered, not by what the members say of their quorum.
 */
final class SimulatedMembers {

    static final Timing TIMING = new Timing(150, 300, 50);
    private static final long TICK = 20;

    private final Random random;
    private final Memory memory;
    private final List<Member> members = new ArrayList<>();
    private final Voters voters;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
    private final Map<Long, UUID> mainOfTerm = new HashMap<>();
    final List<String> wrong = new ArrayList<>();
    long elections;
    long damaged;
    private Set<UUID> leftSide = Set.of();
    private double loss;
    private boolean stormy;
    private long order;
    private long now;

    /** What members that restart know of the votes that they gave. */
    enum Memory {
        KEPT,
        /** Once in a while the ballot is damaged. */
        DAMAGED,
        /** Neither votes nor when they were given, and they take part at once. */
        NONE
    }

    private record Event(long at, long order, Runnable what) {}

    private final class Member {
        private final UUID id;
        private Ballot kept = Ballot.NONE;
        private Election election;
        private boolean lost;
        private long pausedUntil;
        private final Map<UUID, Long> heardOf = new HashMap<>();
        private final List<Runnable> inbox = new ArrayList<>();

        Member(UUID id) {
            this.id = id;
        }

        void start() {
            if (memory == Memory.DAMAGED && random.nextInt(4) == 0) {
                damaged++;
                lost = true;
            }
            var box = new BallotBox() {
                @Override
                public Optional<Ballot> open() {
                    return lost
                            ? Optional.empty()
                            : Optional.of(memory == Memory.NONE ? new Ballot(kept.term(), null) : kept);
                }

                @Override
                public void put(Ballot ballot) {
                    kept = ballot;
                    lost = false;
                }
            };
            try {
                election = new Election(id, TIMING, box, random, memory == Memory.NONE ? now - 1_000 : now);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            election.declare(voters, now);
            heardOf.clear();
            inbox.clear();
        }
    }

    SimulatedMembers(long seed, int count, Memory memory) {
        this.random = new Random(seed);
        this.memory = memory;
        for (int i = 1; i <= count; i++) {
            members.add(new Member(new UUID(0, i)));
        }
        voters = Voters.of(members.stream().map(member -> member.id).toList(), Set.of(members.getFirst().id));
        members.forEach(member -> {
            member.start();
            at(random.nextLong(TICK), () -> tick(member));
        });
    }

    /** Runs with faults for that long. */
    void storm(long ms) {
        stormy = true;
        long end = now + ms;
        while (now < end) {
            loss = random.nextInt(3) == 0 ? random.nextDouble() * 0.6 : 0.02;
            fault();
            run(Math.min(end, now + 20 + random.nextLong(400)));
        }
    }

    /** Runs without faults for that long. */
    void calm(long ms) {
        stormy = false;
        loss = 0;
        leftSide = Set.of();
        run(now + ms);
    }

    /** Whom all follow, if all follow one. */
    Set<UUID> mains() {
        var mains = new HashSet<UUID>();
        members.forEach(member -> mains.add(member.election.standing(now).main()));
        return mains;
    }

    private void fault() {
        var member = members.get(random.nextInt(members.size()));
        switch (random.nextInt(6)) {
            case 0 -> member.start();
            case 1 -> member.pausedUntil = now + random.nextLong(600);
            case 2 -> leftSide = Set.of();
            case 3 -> leftSide = Set.of(member.id);
            case 4 -> {
                leftSide = new HashSet<>();
                members.stream().filter(any -> random.nextBoolean()).forEach(any -> leftSide.add(any.id));
            }
            // The one that leads goes away, which is what matters most.
            default ->
                members.stream()
                        .filter(any -> any.election.standing(now).role() == Role.MAIN)
                        .findFirst()
                        .ifPresent(main -> leftSide = Set.of(main.id));
        }
    }

    private void run(long until) {
        while (!events.isEmpty() && events.peek().at() <= until) {
            var next = events.poll();
            now = next.at();
            next.what().run();
            judge();
        }
        now = until;
        judge();
    }

    private void tick(Member member) {
        if (now >= member.pausedUntil) {
            var waiting = List.copyOf(member.inbox);
            member.inbox.clear();
            waiting.forEach(Runnable::run);
            send(member, member.election.tick(now));
        }
        at(TICK, () -> tick(member));
    }

    private void send(Member from, List<Outgoing> outgoing) {
        for (var message : outgoing) {
            for (var to : members) {
                if (to != from && (message.to() == null || message.to().equals(to.id))) {
                    post(from, to, message.message());
                    if (random.nextInt(50) == 0) {
                        post(from, to, message.message());
                    }
                }
            }
        }
    }

    private void post(Member from, Member to, Message message) {
        if (random.nextDouble() < loss || leftSide.contains(from.id) != leftSide.contains(to.id)) {
            return;
        }
        long delay = stormy && random.nextInt(20) == 0 ? random.nextLong(400) : 1 + random.nextLong(5);
        at(delay, () -> {
            if (leftSide.contains(from.id) == leftSide.contains(to.id)) {
                deliver(from, to, message);
            }
        });
    }

    private void deliver(Member from, Member to, Message message) {
        if (now < to.pausedUntil) {
            to.inbox.add(() -> deliver(from, to, message));
            return;
        }
        to.heardOf.put(from.id, now);
        send(to, to.election.receive(from.id, message, now));
    }

    private void at(long delay, Runnable what) {
        events.add(new Event(now + delay, order++, what));
    }

    private void judge() {
        UUID main = null;
        for (var member : members) {
            var standing = member.election.standing(now);
            if (standing.role() != Role.MAIN) {
                continue;
            }
            if (main != null) {
                wrong.add("two mains at " + now);
            }
            main = member.id;
            var former = mainOfTerm.put(standing.term(), main);
            if (former == null) {
                elections++;
            } else if (!former.equals(main)) {
                wrong.add("two mains in term " + standing.term());
            }
            if (!hasHeardOfAQuorum(member)) {
                wrong.add("a main without a quorum at " + now);
            }
        }
    }

    private boolean hasHeardOfAQuorum(Member main) {
        long heard = 1
                + main.heardOf.values().stream()
                        .filter(at -> now - at <= TIMING.leastSilence())
                        .count();
        return members.size() == 2 ? heard == 2 || main == members.getFirst() : heard * 2 > members.size();
    }
}
