package org.gradus.examples.programs;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.nn.Linear;
import org.gradus.nn.MSELoss;
import org.gradus.nn.Sequential;
import org.gradus.nn.Tanh;
import org.gradus.optim.Adam;
import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;
import org.gradus.train.FullSetLoss;
import org.gradus.train.Trainer;

/** Fits a table of one's own, here that of "exclusive or" with values between: {@code OwnData [epochs]}. */
public final class OwnData {

    private static final String TABLE = """
            a,b,both differ
            0,0,0
            0,1,1
            1,0,1
            1,1,0
            0.5,0.5,0.5
            """;

    private OwnData() {}

    /** Prints the loss before and after, and what the network says of each row. */
    public static void main(String[] args) {
        int epochs = args.length > 0 ? Integer.parseInt(args[0]) : 1000;

        List<String> rows = TABLE.lines().skip(1).toList();
        float[] inputs = new float[2 * rows.size()];
        float[] targets = new float[rows.size()];
        for (int i = 0; i < rows.size(); i++) {
            String[] cells = rows.get(i).split(",", -1);
            inputs[2 * i] = Float.parseFloat(cells[0]);
            inputs[2 * i + 1] = Float.parseFloat(cells[1]);
            targets[i] = Float.parseFloat(cells[2]);
        }
        Tensor x = Tensor.matrix(rows.size(), 2, inputs);
        Tensor y = Tensor.matrix(rows.size(), 1, targets);

        TorchRandom torch = new TorchRandom(0);
        Sequential net = new Sequential(new Linear(2, 8, torch), new Tanh(), new Linear(8, 1, torch));
        System.out.printf("before %.4f%n", new FullSetLoss(net, new MSELoss()).of(x, y));
        Adam adam = new Adam(net.parameters(), Adam.defaults().withLearningRate(0.01));
        new Trainer(net, new MSELoss(), adam, new NumpyRandom(0))
                .epochs(epochs)
                .batchSize(5)
                .fit(x, y, x, y);
        System.out.printf("after  %.4f%n", new FullSetLoss(net, new MSELoss()).of(x, y));

        Tensor answers = net.forward(x);
        for (int i = 0; i < rows.size(); i++) {
            System.out.printf("%s -> %.2f%n", rows.get(i), answers.get(i, 0));
        }
    }
}
