package org.gradus.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A few long-lived threads that take part in one piece of work at a time. The caller works too; {@link #run} returns when all
 * parts are done. Waiting threads spin briefly, then yield, then park: a spinning thread must not hold the core that the
 * other one needs when a foreign process is busy.
 *
 * <p>When a foreign process takes a core, a worker loses it in the middle of a part, and the caller waits for a whole time slice of
 * the scheduler, thousands of times as long as the part. Now and then every machine does that, and it costs little; with a busy
 * neighbour it happens every few milliseconds. So after such a wait, if it was longer than what the workers have saved since the
 * last one, the caller does all parts alone for a while, at first {@value #FIRST_PAUSE_MILLIS} milliseconds and twice as long each time,
 * at most {@value #LONGEST_PAUSE_MILLIS}; a wait that had been worth it begins anew. So a busy neighbour costs about what one thread
 * costs, and seldom more. Who does a part changes no bit. Waits at the
 * meetings of {@link TeamWork} count, too.
 */
final class WorkerPool {

    /** One piece of work in {@code parts} parts; parts must not touch each other's output. */
    interface Task {
        void run(int part, int parts);
    }

    /** About 2 microseconds of {@code onSpinWait}: the usual gap between two operations of a training step. */
    static final int SPINS = 200;

    /** Yields before parking; each lets another runnable thread have the core. With the spins they are about 10 microseconds. */
    private static final int YIELDS = 50;

    /** A thread that waits at a meeting in the middle of its part sleeps so long, once it has yielded in vain: nobody wakes it. */
    private static final long NAP_NANOS = 20_000;

    /** A wait this much longer than the caller's own part is no uneven division but a lost core; time slices are milliseconds. */
    private static final long STALL_NANOS = 1_000_000;

    private static final int FIRST_PAUSE_MILLIS = 50;
    private static final int LONGEST_PAUSE_MILLIS = 1600;

    private final LongSupplier clock;
    private final Thread[] workers;
    private long aloneUntil;
    private long pauseMillis = FIRST_PAUSE_MILLIS;
    private long saved;
    private final TeamWork teams;
    private final Task whatTeamsThrew = this::throwWhatTeamsThrew;
    private final AtomicInteger unfinished = new AtomicInteger();
    private final AtomicInteger round = new AtomicInteger();
    private volatile @Nullable Task task;
    private volatile @Nullable Thread caller;
    private volatile @Nullable Throwable failure;
    private volatile boolean closed;

    WorkerPool(int threads) {
        this(threads, System::nanoTime);
    }

    /** A pool that reads the time, in nanoseconds, from {@code clock}. */
    WorkerPool(int threads, LongSupplier clock) {
        this.clock = clock;
        aloneUntil = clock.getAsLong();
        teams = new TeamWork(threads, clock);
        workers = new Thread[threads - 1];
        for (int w = 0; w < workers.length; w++) {
            int part = w + 1;
            workers[w] = new Thread(() -> serve(part), "gradus-worker-" + part);
            workers[w].setDaemon(true);
        }
        try {
            for (Thread worker : workers) {
                worker.start();
            }
        } catch (OutOfMemoryError noMoreThreads) {
            close();
            throw noMoreThreads;
        }
    }

    /** Ends the threads and waits until they are gone; not while {@link #run} is under way, and no {@link #run} may follow. */
    void close() {
        closed = true;
        round.incrementAndGet();
        boolean interrupted = false;
        for (Thread worker : workers) {
            LockSupport.unpark(worker);
            while (worker.isAlive()) {
                try {
                    worker.join();
                } catch (InterruptedException goOn) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Runs all parts of a task, part 0 on the calling thread, and throws what one of them threw. One caller at a time: {@link
     * Engine} sees to that.
     */
    void run(Task work) {
        if (workers.length == 0) {
            work.run(0, 1);
            return;
        }
        long start = clock.getAsLong();
        if (start - aloneUntil < 0) {
            runAlone(work);
            return;
        }
        runTogether(work, start);
    }

    /**
     * Runs work in which the members of a team meet between stages: {@code teams * members} parts, at most as many as there are threads.
     * Who has no part waits as if it had.
     */
    void runInStages(int teamCount, int members, int stages, TeamWork.Stages work) {
        teams.begin(teamCount, members, stages, work);
        try {
            long start = clock.getAsLong();
            if (workers.length > 0 && start - aloneUntil >= 0) {
                runTogether(teams, start);
                return;
            }
            for (int s = 0; s < stages; s++) {
                teams.runAlone(s);
            }
            runAlone(whatTeamsThrew);
        } finally {
            teams.end();
        }
    }

    private void throwWhatTeamsThrew(int part, int parts) {
        teams.throwOf(part);
    }

    private void runTogether(Task work, long start) {
        failure = null;
        caller = Thread.currentThread();
        task = work;
        unfinished.set(workers.length);
        round.incrementAndGet();
        for (Thread worker : workers) {
            LockSupport.unpark(worker);
        }
        runPart(work, 0);
        long done = clock.getAsLong();
        awaitWorkers();
        task = null;
        long inside = work.equals(teams) ? teams.waited() : 0;
        watch(done - start - inside, clock.getAsLong() - done + inside);
        throwFailure();
    }

    /** All parts on the calling thread, and the same errors as with workers. */
    private void runAlone(Task work) {
        failure = null;
        for (int part = 0; part <= workers.length; part++) {
            runPart(work, part);
        }
        throwFailure();
    }

    private void runPart(Task work, int part) {
        try {
            work.run(part, workers.length + 1);
        } catch (Throwable thrown) {
            failed(thrown);
        }
    }

    private synchronized void failed(Throwable thrown) {
        Throwable first = failure;
        if (first == null) {
            failure = thrown;
        } else if (!first.equals(thrown)) { // an exception cannot suppress itself
            first.addSuppressed(thrown);
        }
    }

    private void throwFailure() {
        Throwable thrown = failure;
        failure = null;
        if (thrown instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown != null) {
            throw new AssertionError("a part threw a checked exception", thrown);
        }
    }

    /** Each worker has saved the caller a part as long as its own. */
    private void watch(long own, long waited) {
        saved += own * workers.length;
        if (waited <= STALL_NANOS + own) {
            return;
        }
        if (waited > saved) {
            aloneUntil = clock.getAsLong() + pauseMillis * 1_000_000;
            pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
        } else {
            pauseMillis = FIRST_PAUSE_MILLIS;
        }
        saved = 0;
    }

    private void awaitWorkers() {
        for (int i = 0; unfinished.get() > 0; i++) {
            backOff(i);
        }
    }

    private void serve(int part) {
        int seen = 0;
        while (true) {
            for (int i = 0; round.get() == seen; i++) {
                backOff(i);
            }
            if (closed) {
                return;
            }
            seen++;
            takePart(part);
        }
    }

    /** A method of its own: in a variable of the endless loop the work, and with it the engine, would be kept while waiting for the next. */
    private void takePart(int part) {
        Task work = task;
        if (work != null) {
            runPart(work, part);
        }
        if (unfinished.decrementAndGet() == 0) {
            LockSupport.unpark(caller);
        }
    }

    /** As {@link #backOff} after the spins, for who is not woken. */
    @SuppressWarnings("ThreadPriorityCheck")
    static void giveWay(int i) {
        if (i < YIELDS) {
            Thread.yield();
        } else {
            LockSupport.parkNanos(NAP_NANOS);
        }
    }

    /** How the i-th look in vain is followed by the next. */
    @SuppressWarnings("ThreadPriorityCheck") // yielding is the point: the core may be wanted by the thread waited for
    private static void backOff(int i) {
        if (i < SPINS) {
            Thread.onSpinWait();
        } else if (i < SPINS + YIELDS) {
            Thread.yield();
        } else {
            LockSupport.park();
        }
    }
}
