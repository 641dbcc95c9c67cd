package org.gradus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.gradus.autograd.ShapeException;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.KernelProvider;
import org.gradus.kernel.simd.PanelKernels;
import org.gradus.nn.Layer;
import org.gradus.nn.Linear;
import org.gradus.nn.Loss;
import org.gradus.nn.MSELoss;
import org.gradus.nn.Sequential;
import org.gradus.optim.Adam;
import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;
import org.junit.jupiter.api.Test;

/** What is told of the steps, to whom, and when. */
class StepReportTest {

    private static final boolean PLANS =
            PanelKernels.of(KernelProvider.kernels()).isPresent();
    private static final String PLAIN = "the plain kernels are in use; plans need the SIMD kernels";
    private static final String NONE = "recorded; not planned because there was no step yet";
    private static final String FIRST = "recorded; not planned because "
            + (PLANS ? "the first step of a size is recorded, and no other has followed" : PLAIN);

    private final Tensor x = Tensor.matrix(20, 3, new TorchRandom(2).rand(60));

    private static Linear linear() {
        return new Linear(3, 3, new TorchRandom(1));
    }

    private static Trainer trainer(Layer net, Loss loss) {
        return new Trainer(net, loss, new Adam(net.parameters()), new NumpyRandom(1))
                .epochs(1)
                .batchSize(5);
    }

    /** Asked by another thread whenever forward is called, which is in the middle of a recording. */
    private static final class Asking implements Layer {

        private final Layer body = linear();
        private final List<String> answers = new ArrayList<>();
        private Supplier<StepReport> asked = () -> StepReport.NONE;

        @Override
        public Tensor forward(Tensor x) {
            Tensor y = body.forward(x).scale(2);
            answers.add(CompletableFuture.supplyAsync(asked).join().toString());
            return y;
        }

        @Override
        public Map<String, Tensor> namedParameters() {
            return body.namedParameters();
        }

        @Override
        public boolean isRepeatable() {
            return true;
        }
    }

    @Test
    void anotherThreadIsToldOfTheLastStepWhileTheNextIsRecorded() {
        Asking layer = new Asking();
        Trainer trainer = trainer(layer, new MSELoss());
        layer.asked = trainer::steps;
        trainer.listener(new TrainingListener() {
            @Override
            public void onBatch(int epoch, int batch, int batches, float loss) {
                if (batch == 2) {
                    layer.namedParameters().get("bias").freeze(); // has the next batch recorded anew
                }
            }
        });
        trainer.fit(x, x);
        String why = "; not planned because " + (PLANS ? "the operation scale has no planned form" : PLAIN);
        assertThat(layer.answers.subList(0, 2)).containsExactly(NONE, "replayed" + why);
        assertThat(trainer.steps()).hasToString("replayed" + why);
    }

    @Test
    void anotherThreadIsToldOfTheLastBlocksWhileTheNextAreRecorded() {
        Asking layer = new Asking();
        FullSetLoss fullSet = new FullSetLoss(layer, new MSELoss());
        layer.asked = fullSet::steps;
        fullSet.of(x, x);
        String why = "; not planned because " + (PLANS ? "the operation scale has no planned form" : PLAIN);
        assertThat(layer.answers).containsExactly(NONE);
        assertThat(fullSet.steps()).hasToString("recorded" + why);
        fullSet.of(x, x);
        assertThat(fullSet.steps()).hasToString("replayed" + why);
    }

    @Test
    void askingAllTheTimeIsAnsweredWithWhatWasSo() throws InterruptedException {
        Sequential net = new Sequential(linear());
        Trainer trainer = trainer(net, new MSELoss()).epochs(20);
        Set<String> answers = new LinkedHashSet<>();
        AtomicBoolean over = new AtomicBoolean();
        List<Throwable> thrown = new ArrayList<>();
        Thread asking = new Thread(() -> {
            while (!over.get()) {
                answers.add(trainer.steps().toString());
            }
        });
        asking.setUncaughtExceptionHandler((thread, wrong) -> thrown.add(wrong));
        asking.start();
        for (int fit = 0; fit < 20; fit++) {
            trainer.fit(x, x);
        }
        over.set(true);
        asking.join();
        assertThat(thrown).isEmpty();
        assertThat(answers).isSubsetOf(NONE, FIRST, PLANS ? "planned" : "replayed; not planned because " + PLAIN);
    }

    /** The listener is told of the step that was just taken, not of what the next will be. */
    @Test
    void listenerIsToldOfTheStepBefore() {
        Sequential net = new Sequential(linear());
        List<String> told = new ArrayList<>();
        Trainer trainer = trainer(net, new MSELoss());
        trainer.listener(new TrainingListener() {
                    @Override
                    public void onBatch(int epoch, int batch, int batches, float loss) {
                        if (batch == 2) {
                            net.onForward("0", (layer, in, out) -> {});
                        }
                        told.add(trainer.steps().toString());
                    }
                })
                .fit(x, x);
        String hook =
                "recorded; not planned because a hook, an observer or a retained gradient sees what a step computes";
        assertThat(told)
                .containsExactly(FIRST, PLANS ? "planned" : "replayed; not planned because " + PLAIN, hook, hook);
    }

    @Test
    void fitThatFailsInItsFirstBatchHadNoStep() {
        Linear wrong = new Linear(2, 3, new TorchRandom(1));
        Trainer inLayer = trainer(wrong, new MSELoss());
        assertThatThrownBy(() -> inLayer.fit(x, x)).isInstanceOf(ShapeException.class);
        assertThat(inLayer.steps()).hasToString(NONE);

        Linear narrow = new Linear(3, 2, new TorchRandom(1));
        Trainer inLoss = trainer(narrow, new MSELoss());
        assertThatThrownBy(() -> inLoss.fit(x, x)).isInstanceOf(ShapeException.class);
        assertThat(inLoss.steps()).hasToString(NONE);

        FullSetLoss block = new FullSetLoss(wrong, new MSELoss());
        assertThatThrownBy(() -> block.of(x, x)).isInstanceOf(ShapeException.class);
        assertThat(block.steps()).hasToString(NONE);
    }

    @Test
    void fitThatFailsTellsNothingOfTheOneBefore() {
        Trainer trainer = trainer(linear(), new MSELoss());
        trainer.fit(x, x);
        assertThat(trainer.steps().kind()).isEqualTo(PLANS ? StepKind.PLANNED : StepKind.REPLAYED);
        Tensor other = Tensor.zeros(20, 2);
        assertThatThrownBy(() -> trainer.fit(other, other)).isInstanceOf(ShapeException.class);
        assertThat(trainer.steps()).hasToString(NONE);
        trainer.fit(x, x);
        assertThatThrownBy(() -> trainer.fit(x, Tensor.zeros(3, 3), x, x)).isInstanceOf(ShapeException.class);
        assertThat(trainer.steps()).hasToString(NONE);
    }

    @Test
    void anomaliesAreLookedForInReplays() {
        Trainer trainer = trainer(linear(), new MSELoss()).detectAnomalies();
        trainer.fit(x, x);
        assertThat(trainer.steps())
                .hasToString("replayed; not planned because no plan was wanted: withoutPlan() or detectAnomalies()");
    }

    @Test
    void lossThatGivesWhatIsNoneIsNamed() {
        String must = " but must give a scalar computed from the network's output on this tape";
        refused((o, t) -> nothing(), IllegalStateException.class, "the loss 'custom' gave null" + must);
        refused(
                (o, t) -> Tensor.scalar(1),
                IllegalStateException.class,
                "the loss 'custom' gave a tensor [] that this tape did not record in this step" + must);
        refused(
                Tensor::sub,
                ShapeException.class,
                "the loss 'custom' gave a tensor [5,3]" + must + "; reduce it with mean() or sum()");
        List<Tensor> kept = new ArrayList<>();
        refused(
                (o, t) -> {
                    kept.add(o.mse(t));
                    return kept.get(0);
                },
                IllegalStateException.class,
                "the loss 'custom' gave a tensor [] that this tape did not record in this step" + must);
    }

    /** What a lambda may return whatever its type says. */
    @SuppressWarnings("NullAway")
    private static Tensor nothing() {
        return null;
    }

    private void refused(Loss loss, Class<? extends Exception> kind, String message) {
        Tensor five = Tensor.matrix(5, 3, new TorchRandom(2).rand(15));
        assertThatThrownBy(() -> trainer(linear(), loss).epochs(2).fit(five, five))
                .isInstanceOf(kind)
                .hasMessage(message);
        FullSetLoss fullSet = new FullSetLoss(linear(), loss);
        assertThatThrownBy(() -> {
                    fullSet.of(five, five);
                    fullSet.of(five, five);
                })
                .isInstanceOf(kind)
                .hasMessage(message);
    }
}
