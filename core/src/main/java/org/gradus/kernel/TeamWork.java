package org.gradus.kernel;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One piece of work in stages: the members of a team meet before each stage but the first, so that each may read what the others
 * have made. Teams do not wait for one another. An object belongs to a pool and is used again and again.
 */
final class TeamWork implements WorkerPool.Task {

    /** What a part does in a stage. */
    interface Stages {
        void run(int part, int stage);
    }

    /** Counters are two cache lines apart: a processor may fetch lines by the pair. */
    private static final int APART = 32;

    private static final Stages NOTHING = (part, stage) -> {};

    private final LongSupplier clock;
    private final AtomicIntegerArray arrived;
    private final @Nullable Throwable[] thrown;
    private volatile boolean failed;
    private Stages work = NOTHING;
    private int stages;
    private int members = 1;
    private int parts;
    private long waited;

    TeamWork(int threads, LongSupplier clock) {
        this.clock = clock;
        arrived = new AtomicIntegerArray(threads * APART);
        thrown = new Throwable[threads];
    }

    /** Before the parts are run; {@code teams * members} of them have something to do. */
    void begin(int teams, int ofEach, int stageCount, Stages what) {
        for (int t = 0; t < teams; t++) {
            arrived.set(t * APART, 0);
        }
        for (int p = 0; p < thrown.length; p++) {
            thrown[p] = null;
        }
        failed = false;
        members = ofEach;
        parts = teams * ofEach;
        stages = stageCount;
        waited = 0;
        work = what;
    }

    /** When all is done: the work, and what it refers to, is not kept. */
    void end() {
        work = NOTHING;
    }

    /** All stages of a part. What one of them threw is thrown at the end: others would wait for ever for who left early. */
    @Override
    public void run(int part, int all) {
        for (int s = 0; s < stages && part < parts; s++) {
            if (s > 0) {
                meet(part, s * members);
            }
            stage(part, s);
        }
        throwOf(part);
    }

    /** One stage of all parts, one after the other. */
    void runAlone(int stage) {
        for (int part = 0; part < parts; part++) {
            stage(part, stage);
        }
    }

    private void stage(int part, int stage) {
        if (failed && stage > 0) {
            return; // what it would read may be missing
        }
        try {
            work.run(part, stage);
        } catch (Throwable problem) {
            thrown[part] = problem;
            failed = true;
        }
    }

    /** Throws what a part threw. */
    void throwOf(int part) {
        Throwable problem = thrown[part];
        if (problem instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (problem instanceof Error error) {
            throw error;
        }
    }

    /** Waits until so many members have come; each comes once per stage. */
    private void meet(int part, int all) {
        int team = part / members * APART;
        arrived.getAndIncrement(team);
        if (arrived.get(team) >= all) {
            return;
        }
        for (int i = 0; i < WorkerPool.SPINS; i++) {
            Thread.onSpinWait();
            if (arrived.get(team) >= all) {
                return;
            }
        }
        long began = clock.getAsLong();
        for (int i = 0; arrived.get(team) < all; i++) {
            WorkerPool.giveWay(i);
        }
        if (part == 0) {
            waited += clock.getAsLong() - began;
        }
    }

    /** How many nanoseconds the caller has waited at meetings, short waits not counted. */
    long waited() {
        return waited;
    }
}
