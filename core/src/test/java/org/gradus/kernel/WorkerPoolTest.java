package org.gradus.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pool whose clock is set by hand: when the caller does all parts alone. */
@Timeout(60)
class WorkerPoolTest {

    private static final long MILLISECOND = 1_000_000;

    private final AtomicLong clock =
            new AtomicLong(Long.MAX_VALUE - 100 * MILLISECOND); // it may overflow, as nanoTime may
    private final WorkerPool pool = new WorkerPool(2, clock::get);

    private Thread[] whoRuns() {
        Thread[] who = new Thread[2];
        pool.run((part, parts) -> {
            assertThat(parts).isEqualTo(2);
            who[part] = Thread.currentThread();
        });
        assertThat(who[0]).isSameAs(Thread.currentThread());
        return who;
    }

    private boolean together() {
        return whoRuns()[1] != Thread.currentThread();
    }

    /** The worker's part ends {@code millis} after the caller's. */
    private void runWithWait(long millis) {
        CountDownLatch callerDone = new CountDownLatch(1);
        Thread caller = Thread.currentThread();
        pool.run((part, parts) -> {
            if (Thread.currentThread() == caller) {
                callerDone.countDown();
            } else {
                try {
                    callerDone.await();
                    // the caller reads the clock once more before it waits: give it the time to
                    while (caller.getState() == Thread.State.RUNNABLE) {
                        Thread.onSpinWait();
                    }
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                clock.addAndGet(millis * MILLISECOND);
            }
        });
    }

    @Test
    void partsRunOnTheirThreads() {
        assertThat(together()).isTrue();
        clock.addAndGet(MILLISECOND);
        assertThat(together()).isTrue();
    }

    @Test
    void afterALostCoreTheCallerIsAloneForAWhileAndLongerEachTime() {
        for (long pause : new long[] {50, 100, 200, 400, 800, 1600, 1600}) {
            runWithWait(3);
            assertThat(together()).isFalse();
            clock.addAndGet((pause - 1) * MILLISECOND);
            assertThat(together()).isFalse();
            clock.addAndGet(MILLISECOND);
            assertThat(together()).isTrue();
        }
    }

    @Test
    void unevenPartsAreNoLostCore() {
        runWithWait(1);
        assertThat(together()).isTrue();
    }

    @Test
    void calmBeginsAnew() {
        runWithWait(3);
        clock.addAndGet(50 * MILLISECOND);
        runWithWait(3);
        clock.addAndGet(100 * MILLISECOND);
        for (int i = 0; i < 2000; i++) {
            assertThat(together()).isTrue();
        }
        runWithWait(3);
        clock.addAndGet(50 * MILLISECOND);
        assertThat(together()).isTrue();
    }

    @Test
    void aloneAllPartsAreDoneInOrder() {
        runWithWait(3);
        int[] order = new int[2];
        int[] next = {0};
        pool.run((part, parts) -> order[next[0]++] = part);
        assertThat(Arrays.stream(order).toArray()).containsExactly(0, 1);
    }
}
