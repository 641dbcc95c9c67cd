package org.gradus.architecture.planted;

import java.net.Socket;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.logging.Logger;
import org.gradus.optim.Optimizer;

/** Breaks every rule of the architecture once. Never run. */
public final class Violations {

    private Violations() {}

    /** What the rules forbid. */
    public static double all(Socket socket, DoubleUnaryOperator function, Optimizer optimizer) {
        Logger.getLogger("").info(String.valueOf(socket));
        System.out.println(optimizer.parameters().size());
        return Math.exp(StrictMath.log(new Random(1).nextDouble())) + function.applyAsDouble(1);
    }
}
