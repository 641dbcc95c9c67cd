package org.gradus.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
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

    private List<String> stagesInOrder() {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        pool.runInStages(1, 2, 3, (part, stage) -> order.add(stage + "." + part));
        return order;
    }

    /** A part reads what others wrote in the stage before. */
    @Test
    void aloneTheCallerGoesStageByStage() {
        assertThat(stagesInOrder()).containsExactlyInAnyOrder("0.0", "0.1", "1.0", "1.1", "2.0", "2.1");
        runWithWait(3);
        assertThat(stagesInOrder()).containsExactly("0.0", "0.1", "1.0", "1.1", "2.0", "2.1");
        assertThatThrownBy(() -> pool.runInStages(1, 2, 2, (part, stage) -> {
                    throw new IllegalStateException(part + " in stage " + stage);
                }))
                .hasMessage("0 in stage 0")
                .satisfies(first -> assertThat(first.getSuppressed()).hasSize(1));
        assertThat(together()).isFalse();
    }

    /** The caller waits at a meeting inside its part, and not at the end. */
    @Test
    void aCoreLostBeforeAMeetingIsNoticed() {
        Thread caller = Thread.currentThread();
        pool.runInStages(1, 2, 2, (part, stage) -> {
            if (part == 1 && stage == 0) {
                while (caller.getState() != Thread.State.TIMED_WAITING) { // it naps, so it has read the clock
                    Thread.onSpinWait();
                }
                clock.addAndGet(3 * MILLISECOND);
            }
        });
        assertThat(together()).isFalse();
    }

    @Test
    void unevenPartsAreNoLostCore() {
        runWithWait(1);
        assertThat(together()).isTrue();
    }

    /** Both parts take {@code millis}, at the same time. */
    private void runWithWork(long millis) {
        pool.run((part, parts) -> {
            if (part == 0) {
                clock.addAndGet(millis * MILLISECOND);
            }
        });
    }

    @Test
    void aCoreThatIsSeldomLostIsWorthWaitingFor() {
        for (int times = 0; times < 10; times++) {
            runWithWork(4);
            runWithWait(3);
            assertThat(together()).isTrue();
        }
        runWithWork(2);
        runWithWait(3);
        assertThat(together()).as("it cost more than was saved").isFalse();
    }

    @Test
    void aWaitThatWasWorthItBeginsAnew() {
        runWithWait(3);
        clock.addAndGet(50 * MILLISECOND);
        runWithWait(3);
        clock.addAndGet(100 * MILLISECOND);
        runWithWork(4);
        runWithWait(3);
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
