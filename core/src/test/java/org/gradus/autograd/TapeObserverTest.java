package org.gradus.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class TapeObserverTest {

    /** Notes what it is told. */
    private static final class Notes implements TapeObserver {
        private final List<String> all = new ArrayList<>();

        @Override
        public void afterForward(int index, Tape.Step step, long nanos) {
            all.add("forward " + index + " " + step.op().name() + " "
                    + step.out().data()[0]);
        }

        @Override
        public void beforeBackward(Tensor loss) {
            all.add("walk from " + loss.name());
        }

        @Override
        public void afterBackward(int index, Tape.Step step, long nanos) {
            all.add("backward " + index + " " + step.op().name() + " "
                    + step.in().get(0).grad()[0]);
        }
    }

    /** y = (2x)^2, dy/dx = 8x; the branch x + x is not walked. */
    @Test
    void hearsOfRecordingReplayAndWalk() {
        Tape tape = Tape.fresh();
        Notes notes = new Notes();
        Tensor x = tape.input(Tensor.scalar(3).trainable());
        HookHandle handle = tape.observe(notes);

        Tensor h = x.scale(2);
        x.add(x);
        Tensor y = h.mul(h).named("y");
        y.backward();
        assertThat(notes.all)
                .containsExactly(
                        "forward 0 scale 6.0",
                        "forward 1 add 6.0",
                        "forward 2 mul 36.0",
                        "walk from y",
                        "backward 2 mul 12.0",
                        "backward 0 scale 24.0");

        notes.all.clear();
        x.data()[0] = 1;
        x.zeroGrad();
        tape.replay();
        y.backward();
        assertThat(notes.all)
                .containsExactly(
                        "forward 0 scale 2.0",
                        "forward 1 add 2.0",
                        "forward 2 mul 4.0",
                        "walk from y",
                        "backward 2 mul 4.0",
                        "backward 0 scale 8.0");

        notes.all.clear();
        handle.remove();
        tape.replay();
        y.backward();
        y.exp();
        assertThat(notes.all).isEmpty();
    }

    @Test
    void stepIsOnTheTapeWhenItsObserverIsTold() {
        Tape tape = Tape.reusing();
        List<Boolean> there = new ArrayList<>();
        tape.observe(new TapeObserver() {
            @Override
            public void afterForward(int index, Tape.Step step, long nanos) {
                there.add(tape.steps().get(index).equals(step) && tape.steps().size() == index + 1);
            }
        });

        tape.variable("x", 1).exp().log();

        assertThat(there).containsExactly(true, true);
    }

    /** An operation that waits 2 ms each way takes at least so long, however busy the machine is. */
    @Test
    void timesAreThoseOfTheOperation() {
        record Slow() implements CustomOp {
            @Override
            public String name() {
                return "slow";
            }

            @Override
            public Shape shapeOf(Shape... in) {
                return in[0];
            }

            @Override
            public void forward(Tensor[] in, Tensor out) {
                pause();
                out.data()[0] = in[0].data()[0];
            }

            @Override
            public void backward(Tensor[] in, Tensor out) {
                pause();
                in[0].grad()[0] += out.grad()[0];
            }

            private static void pause() {
                long end = System.nanoTime() + 2_000_000;
                while (System.nanoTime() < end) {
                    LockSupport.parkNanos(end - System.nanoTime());
                }
            }
        }
        Tape tape = Tape.fresh();
        List<Long> times = new ArrayList<>();
        tape.observe(new TapeObserver() {
            @Override
            public void afterForward(int index, Tape.Step step, long nanos) {
                times.add(nanos);
            }

            @Override
            public void afterBackward(int index, Tape.Step step, long nanos) {
                times.add(nanos);
            }
        });

        Tensor y = Tensor.apply(new Slow(), tape.variable("x", 1));
        tape.replay();
        y.backward();

        assertThat(times).hasSize(3).allMatch(nanos -> nanos >= 2_000_000);
    }

    @Test
    void whatAnObserverComputesIsNotRecorded() {
        Tape tape = Tape.fresh();
        List<Float> means = new ArrayList<>();
        tape.observe(new TapeObserver() {
            @Override
            public void afterForward(int index, Tape.Step step, long nanos) {
                Tensor mean = step.out().mean();
                assertThat(mean.tape()).isEmpty();
                means.add(mean.item());
            }
        });

        Tensor y = tape.input(Tensor.vector(1, 3)).scale(2);
        tape.replay();

        assertThat(means).containsExactly(4f, 4f);
        assertThat(tape.steps()).hasSize(1);
        assertThat(y.tape()).contains(tape);
    }

    @Test
    void observersAreCalledInOrderAndRemovedOneByOne() {
        Tape tape = Tape.fresh();
        StringBuilder heard = new StringBuilder();
        TapeObserver a = noting(heard, "a");
        HookHandle first = tape.observe(a);
        tape.observe(noting(heard, "b"));
        HookHandle third = tape.observe(a);
        Tensor x = tape.variable("x", 1);

        x.exp();
        third.remove();
        third.remove();
        x.exp();
        first.remove();
        x.exp();

        assertThat(heard).hasToString("abaabb");
    }

    private static TapeObserver noting(StringBuilder heard, String name) {
        return new TapeObserver() {
            @Override
            public void afterForward(int index, Tape.Step step, long nanos) {
                heard.append(name);
            }
        };
    }

    @Test
    void anObserverMayEndTheRecording() {
        Tape tape = Tape.fresh();
        HookHandle handle = tape.observe(new TapeObserver() {
            @Override
            public void afterForward(int index, Tape.Step step, long nanos) {
                throw new IllegalStateException("enough");
            }
        });
        Tensor x = tape.variable("x", 1);
        assertThatThrownBy(x::exp).hasMessage("enough");
        handle.remove();
        x.exp();
        assertThat(tape.steps()).as("recording goes on").hasSize(2);
    }
}
