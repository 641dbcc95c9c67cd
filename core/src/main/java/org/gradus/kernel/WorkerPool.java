package org.gradus.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A few long-lived threads that take part in one piece of work at a time. The caller works too; {@link #run} returns when all
 * parts are done. Waiting threads spin briefly, then yield, then park: a spinning thread must not hold the core that the
 * other one needs when a foreign process is busy.
 */
final class WorkerPool {

    /** One piece of work in {@code parts} parts; parts must not touch each other's output. */
    interface Task {
        void run(int part, int parts);
    }

    /** About 2 microseconds of {@code onSpinWait}: the usual gap between two operations of a training step. */
    private static final int SPINS = 200;

    /** Yields before parking; each lets another runnable thread have the core. */
    private static final int YIELDS = 50;

    private final Thread[] workers;
    private final AtomicInteger unfinished = new AtomicInteger();
    private final AtomicInteger round = new AtomicInteger();
    private volatile @Nullable Task task;
    private volatile @Nullable Thread caller;
    private volatile @Nullable Throwable failure;

    WorkerPool(int threads) {
        workers = new Thread[threads - 1];
        for (int w = 0; w < workers.length; w++) {
            int part = w + 1;
            workers[w] = new Thread(() -> serve(part), "gradus-worker-" + part);
            workers[w].setDaemon(true);
            workers[w].start();
        }
    }

    int threads() {
        return workers.length + 1;
    }

    /** Runs all parts of a task, part 0 on the calling thread. One caller at a time: {@link Engine} sees to that. */
    void run(Task work) {
        if (workers.length == 0) {
            work.run(0, 1);
            return;
        }
        failure = null;
        caller = Thread.currentThread();
        task = work;
        unfinished.set(workers.length);
        round.incrementAndGet();
        for (Thread worker : workers) {
            LockSupport.unpark(worker);
        }
        try {
            work.run(0, workers.length + 1);
        } finally {
            awaitWorkers();
            task = null;
        }
        Throwable thrown = failure;
        if (thrown != null) {
            throw new AssertionError("a worker thread failed", thrown);
        }
    }

    private void awaitWorkers() {
        for (int i = 0; unfinished.get() > 0; i++) {
            pause(i);
        }
    }

    private void serve(int part) {
        int seen = 0;
        while (true) {
            for (int i = 0; round.get() == seen; i++) {
                pause(i);
            }
            seen++;
            Task work = task;
            try {
                if (work != null) {
                    work.run(part, workers.length + 1);
                }
            } catch (Throwable thrown) {
                failure = thrown;
            }
            if (unfinished.decrementAndGet() == 0) {
                LockSupport.unpark(caller);
            }
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // yielding is the point: the core may be wanted by the thread waited for
    private static void pause(int i) {
        if (i < SPINS) {
            Thread.onSpinWait();
        } else if (i < SPINS + YIELDS) {
            Thread.yield();
        } else {
            LockSupport.park();
        }
    }
}
