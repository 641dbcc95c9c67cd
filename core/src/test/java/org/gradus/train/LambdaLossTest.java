package org.gradus.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.gradus.autograd.Tensor;
import org.gradus.nn.Linear;
import org.gradus.nn.Loss;
import org.gradus.nn.MSELoss;
import org.gradus.nn.Sequential;
import org.gradus.optim.SGD;
import org.gradus.optim.SgdOptions;
import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;
import org.gradus.testing.Bits;
import org.junit.jupiter.api.Test;

/** A loss may be a lambda: it trains like a class with the same formula, and is called custom where a name is needed. */
class LambdaLossTest {

    private static final Loss LAMBDA = Tensor::mse;

    private static Trainer trainer(Sequential net, Loss loss) {
        SgdOptions options = SGD.defaults().withLearningRate(0.1);
        return new Trainer(net, loss, new SGD(net.parameters(), options), new NumpyRandom(1))
                .epochs(2)
                .batchSize(4);
    }

    private static Sequential net() {
        return new Sequential(new Linear(3, 2, new TorchRandom(0)), new Linear(2, 3, new TorchRandom(1)));
    }

    @Test
    void trainsAsTheClassDoes() {
        Tensor x = Tensor.matrix(10, 3, new TorchRandom(2).rand(30));
        Trainer trainer = trainer(net(), LAMBDA);
        History history = trainer.fit(x, x);
        History expected = trainer(net(), new MSELoss()).fit(x, x);

        Bits.assertSame("losses", history.batchLosses(), expected.batchLosses());
        assertThat(history.table()).isEqualTo(expected.table());
        assertThat(trainer.steps().why()).contains("the loss 'custom' does not promise isRepeatable()");
    }

    @Test
    void fullSetLossTakesIt() {
        Tensor x = Tensor.matrix(10, 3, new TorchRandom(2).rand(30));
        assertThat(new FullSetLoss(net(), LAMBDA).of(x, x)).isEqualTo(new FullSetLoss(net(), new MSELoss()).of(x, x));
    }

    @Test
    void hasANameForTablesAndMessages() {
        assertThat(LAMBDA.name()).isEqualTo("custom");
        assertThat(new MSELoss().name()).isEqualTo("mse");
    }
}
