package org.gradus.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;

/**
 * How many bytes a step of training allocates once warm: by the thread that trains and by the engine's workers.
 *
 * <pre>
 *   java --add-modules jdk.incubator.vector -cp gradus-benchmarks.jar org.gradus.benchmarks.Allocation
 * </pre>
 *
 * <p>One JSON line per network.
 */
final class Allocation {

    private static final int IMAGES = 4096;

    /**
     * For each network at most; the first epoch without allocation ends it. C2 takes up a method after some thousand calls, and of
     * some there is one in a step: the wide network got there after 6 to 25 seconds, those of small batches after 8 to 15.
     */
    private static final int SECONDS = 120;

    private static final ThreadMXBean BEAN = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocation() {}

    /**
     * Measures all networks.
     *
     * @param args none
     */
    public static void main(String[] args) {
        for (Net net : Net.values()) {
            System.out.println("{\"net\": \"" + net.name().toLowerCase(Locale.ROOT) + "\", \"bytes_per_step\": "
                    + bytesPerStep(net, IMAGES, 0, SECONDS) + "}");
        }
        System.exit(0);
    }

    /**
     * The least an epoch allocates in training, evaluation excluded, divided by its steps. The least, because code that the JIT
     * compiler has not reached yet allocates vectors that compiled code keeps in registers.
     *
     * @param net which network
     * @param images how many of MNIST make an epoch
     * @param enough ends the search for a smaller number
     * @param seconds end it too, but not before the second epoch; the first does not count
     */
    static long bytesPerStep(Net net, int images, long enough, int seconds) {
        long least = Long.MAX_VALUE;
        long start = System.nanoTime();
        try (Training training = new Training(net, Training.images(images))) {
            training.epoch(); // also brings forth the workers
            watch(training);
            training.evaluated();
            do {
                training.epoch();
                least = Math.min(least, training.metered() / training.losses().length);
                training.evaluated();
            } while (least > enough && (System.nanoTime() - start) * 1e-9 < seconds);
        }
        return least;
    }

    /** Has the bytes counted that the threads of an epoch allocate. */
    static void watch(Training training) {
        long[] threads = computing(training);
        training.meter(() -> allocated(threads));
    }

    /** The thread that trains and the workers: all that are neither the JVM's own nor this one. */
    private static long[] computing(Training training) {
        List<Thread> all = List.copyOf(Thread.getAllStackTraces().keySet());
        return all.stream()
                .filter(thread -> !thread.equals(Thread.currentThread())
                        && training.thread().getThreadGroup().equals(thread.getThreadGroup()))
                .mapToLong(Thread::getId)
                .toArray();
    }

    /** Thread by thread, because that allocates nothing itself: it runs between two steps, on the thread that trains. */
    private static long allocated(long[] threads) {
        long bytes = 0;
        for (long thread : threads) {
            bytes += BEAN.getThreadAllocatedBytes(thread);
        }
        return bytes;
    }
}
